"""Is a handler all that an author writes? The smallest service hears, keeps, says once, and stops cleanly."""

import json
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from chassis.messaging import Link, Publisher
from contracts.base import CONTENT_TYPE, Event
from contracts.topology import EVENTS
from kit import smallest
from kit.facts import AMatter
from kit.servers import Suite
from slkt_local.ports import free_ports
from slkt_local.processes import Program
from slkt_local.secrets import a_signing_key, make_secrets
from slkt_local.settings import inherited
from slkt_local.waiting import wait_until

FILE = Path(smallest.__file__)


class Greeter:
    """The running service, seen from outside."""

    def __init__(self, suite: Suite, database: str, program: Program, ops: str) -> None:
        self.program = program
        self.ops = ops
        self._suite = suite
        self._database = database

    def ready(self) -> bool:
        try:
            return httpx.get(f"{self.ops}/ready", timeout=2, trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False

    def facts(self, number: str) -> list[dict[str, Any]]:
        with self._suite.database.client() as client:
            return [json.loads(one["body"]) for one in client[self._database]["facts"].find({"subject": number})]

    def stored(self, number: str) -> dict[str, Any]:
        with self._suite.database.client() as client:
            return client[self._database]["greetings"].find_one({"_id": number}) or {}


@pytest.fixture
def greeter(suite: Suite, empty_database: str, tmp_path: Path) -> Iterator[Greeter]:
    http, ops = free_ports(2)
    audit = tmp_path / "audit.jwk"
    audit.write_text(json.dumps(a_signing_key("greeter:1")[0]))
    told = {
        "GREETER_MONGO_URL": suite.database.mongo_url,
        "GREETER_MONGO_DATABASE": empty_database,
        "GREETER_AMQP_URL": suite.broker.amqp_url,
        "GREETER_HTTP_PORT": str(http),
        "GREETER_OPS_PORT": str(ops),
        "GREETER_STAFF_KEYS": str(make_secrets(tmp_path / "secrets").staff_keys),
        "GREETER_AUDIT_KEY": str(audit),
    }
    program = Program("greeter", [sys.executable, "-P", str(FILE)], env={**inherited(), **told}, log=tmp_path / "log")
    running = Greeter(suite, empty_database, program, f"http://127.0.0.1:{ops}")
    wait_until(running.ready, what="the smallest service is ready", timeout_seconds=60)
    yield running
    program.stop()


@pytest.fixture
async def intake(suite: Suite) -> AsyncIterator[Publisher]:
    link = Link(suite.accounts.service_amqp["intake"], "test-intake")
    yield Publisher(link, app_id="intake")
    await link.close()


async def say(intake: Publisher, event: Event[Any]) -> None:
    body = event.model_dump_json(exclude_none=True).encode()
    key = event.type.removeprefix("slkt.")
    await intake.publish(EVENTS, key, body, message_id=event.id, type=event.type, content_type=CONTENT_TYPE)


async def test_a_fact_heard_twice_is_kept_and_said_once(greeter: Greeter, intake: Publisher) -> None:
    twice, after = AMatter(), AMatter()
    registered = twice.registered(channel="phone")
    for event in (registered, registered, after.registered()):
        await say(intake, event)
    wait_until(lambda: bool(greeter.facts(after.number)), what="the later matter is greeted", timeout_seconds=20)
    (greeted,) = greeter.facts(twice.number)
    assert (greeted["type"], greeted["data"]) == ("slkt.greeter.greeted.v1", {"channel": "phone"})
    assert (greeted["seq"], greeted["clock"], greeted["cause"]) == (1, 2, registered.id)
    stored = greeter.stored(twice.number)
    assert (stored["heard"], stored["unsent"]) == ({"intake": [[1, 1]]}, [])


def test_it_stops_in_order_and_names_the_settings_it_lacks(greeter: Greeter) -> None:
    greeter.program.stop()
    assert greeter.program.exit_code == 0
    log = greeter.program.log.with_name("bare.log")
    bare = Program("greeter", [sys.executable, "-P", str(FILE)], env=inherited(), log=log)
    assert bare.wait(20) == 2
    assert "GREETER_MONGO_URL: Field required" in log.read_text()
