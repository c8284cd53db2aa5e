"""The whole suite running for tests: five processes, their servers, and everybody who acts on them."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import aio_pika
import httpx
import pymongo
import pytest
from contracts.base import CONTENT_TYPE, Command
from contracts.topology import OWNERS, PUJK_ACTIONS, pujk_inbox, pujk_user, reply_queue
from kit.tokens import deciding, have_account, have_officer, staff_token
from slkt_local.stack import Stack

FIRMS = ("BANK-002", "BANK-008")
DIRECTORY = [
    {"code": "BANK-002", "name": "Bank Rakyat Indonesia (Persero)", "sector": "bank", "aliases": ["BANK BRI", "BRI"]},
    {"code": "BANK-008", "name": "Bank Mandiri (Persero)", "sector": "bank", "aliases": ["BANK MANDIRI"]},
]
WAIT_SECONDS = 60.0
POLL_SECONDS = 0.1
#: The broker counts its queues each second: what was just published is in no figure yet.
FIGURES_SECONDS = 1.5


async def eventually(
    check: Callable[[], Awaitable[Any]] | Callable[[], Any], what: str, seconds: float = WAIT_SECONDS
) -> Any:
    """Asks until the answer is true and returns it; fails with what was waited for and the last answer."""
    until, last = time.monotonic() + seconds, None
    while time.monotonic() < until:
        answer = check()
        last = await answer if asyncio.iscoroutine(answer) else answer
        if last:
            return last
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.Event().wait(), POLL_SECONDS)
    raise AssertionError(f"waited {seconds:g} s for: {what}; last answer: {last!r}")


def a_complaint(**but: Any) -> dict[str, Any]:
    """A complete complaint to the first firm; ``private`` is replaced field by field."""
    private = {
        "consumer": {"name": "Sari Dewi", "nik": "3171014501900001", "email": f"sari-{uuid4().hex[:8]}@example.org"},
        "story": "Saldo tabungan saya berkurang tanpa transaksi apa pun.",
        "demands": ["Kembalikan saldo saya."],
    } | but.pop("private", {})
    data = {
        "kind": "complaint",
        "pujk": {"name": "BANK BRI"},
        "product": "savings",
        "issue": "unauthorised_transaction",
        "region": "31",
        "consent": True,
        "demands": [{"amount": 750_000}],
        "private": private,
    }
    return {name: value for name, value in (data | but).items() if value is not None}


class FirmSystem:
    """A PUJK's own system, one act at a time."""

    def __init__(self, code: str, amqp: str) -> None:
        self.code = code
        self._amqp = amqp
        self.notices: list[dict[str, Any]] = []
        self._replies: dict[str, asyncio.Future[dict[str, Any]]] = {}

    async def __aenter__(self) -> "FirmSystem":
        self._connection = await aio_pika.connect(self._amqp)
        channel = await self._connection.channel(publisher_confirms=True, on_return_raises=True)
        self._exchange = await channel.get_exchange(PUJK_ACTIONS, ensure=False)
        reading = await self._connection.channel()
        inbox = await reading.get_queue(pujk_inbox(self.code).name, ensure=False)
        await inbox.consume(self._noticed)
        replies = await reading.get_queue(reply_queue(pujk_user(self.code)).name, ensure=False)
        await replies.consume(self._replied)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._connection.close()

    async def _noticed(self, message: Any) -> None:
        self.notices.append(json.loads(message.body)["data"])
        await message.ack()

    async def _replied(self, message: Any) -> None:
        await message.ack()
        waiting = self._replies.pop(message.correlation_id, None)
        if waiting and not waiting.done():
            waiting.set_result(json.loads(message.body))

    async def notice(self, number: str, notice: str) -> dict[str, Any]:
        def told() -> dict[str, Any] | None:
            return next((n for n in self.notices if n["number"] == number and n["notice"] == notice), None)

        found: dict[str, Any] = await eventually(told, f"{self.code} is told {notice} of {number}")
        return found

    async def act(self, command: type[Command], number: str, *, id_: str | None = None, **data: Any) -> dict[str, Any]:
        """Sends one act and returns its reply."""
        id_ = id_ or uuid4().hex
        waiting = self._replies[id_] = asyncio.get_running_loop().create_future()
        event = {
            "specversion": "1.0",
            "id": id_,
            "type": command.type(),
            "source": f"/pujk/{self.code}",
            "subject": number,
            "data": data,
        }
        await self.send(f"{self.code}.{command.key.split('.')[1]}", json.dumps(event).encode(), command.type(), id_)
        async with asyncio.timeout(WAIT_SECONDS):
            reply: dict[str, Any] = await waiting
        return reply

    async def send(self, key: str, body: bytes, type_: str, id_: str, user: str | None = None) -> None:
        message = aio_pika.Message(
            body,
            content_type=CONTENT_TYPE,
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
            message_id=id_,
            correlation_id=id_,
            type=type_,
            user_id=user or pujk_user(self.code),
        )
        await self._exchange.publish(message, key, mandatory=True)


class Suite:
    """A running stack and short ways to act on it and look into it."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.known = stack.description()
        self.mongo: pymongo.MongoClient[dict[str, Any]] = pymongo.MongoClient(self.known["mongo"], tz_aware=True)
        self.http = httpx.Client(timeout=30, trust_env=False)
        self._staff: set[str] = set()

    def url(self, service: str) -> str:
        return str(self.known["services"][service])

    def staff(self, role: str) -> dict[str, str]:
        # Once: whoever acts while the database is away asks it nothing.
        if role not in self._staff:
            have_account(self.mongo["intake"], self.stack.secrets, f"{role}-1")
            self._staff.add(role)
        return {"Authorization": f"Bearer {staff_token(self.stack.secrets, role)}"}

    def submit(self, data: dict[str, Any], key: str | None = None, channel: str = "web") -> httpx.Response:
        api_key = self.known["credentials"]["channels"][channel]["api_key"]
        headers = {"X-API-Key": api_key, "Idempotency-Key": key or uuid4().hex}
        return self.http.post(f"{self.url('intake')}/submissions", json=data, headers=headers)

    def bring(self, **but: Any) -> dict[str, Any]:
        """A complaint accepted over HTTP: its receipt."""
        answer = self.submit(a_complaint(**but))
        assert answer.status_code == 201, answer.text
        receipt: dict[str, Any] = answer.json()
        return receipt

    def track(self, receipt: dict[str, Any]) -> dict[str, Any]:
        body = {"number": receipt["number"], "pin": receipt["pin"]}
        answer = self.http.post(f"{self.url('tracking')}/track", json=body)
        return answer.json() if answer.status_code == 200 else {}

    def facts(self, number: str) -> list[str]:
        """Every fact said of a matter, by ``<owner>.<fact>``."""
        return [
            fact["type"].removeprefix("slkt.").rsplit(".", 1)[0]
            for owner in OWNERS
            for fact in self.mongo[owner]["facts"].find({"subject": number}).sort("seq", 1)
        ]

    async def said(self, number: str, fact: str) -> None:
        await eventually(lambda: fact in self.facts(number), f"{fact} of {number}")

    def firm(self, code: str) -> FirmSystem:
        return FirmSystem(code, self.known["credentials"]["pujk"][code]["amqp"])

    def management(self, path: str) -> Any:
        amqp = httpx.URL(self.known["amqp"].replace("amqp://", "http://"))
        login = (amqp.username, amqp.password)
        return self.http.get(f"{self.known['amqp_management']}/api{path}", auth=login).json()

    async def quiet(self, seconds: float = WAIT_SECONDS) -> None:
        """Until nothing is unsaid and every service has emptied its inbox."""

        def unsaid() -> int:
            return sum(
                collection.count_documents({"unsent._id": {"$exists": True}})
                for collection in (
                    self.mongo["intake"]["services"],
                    self.mongo["intake"]["accounts"],
                    self.mongo["pujk_gateway"]["accounts"],
                    self.mongo["routing"]["assignments"],
                    self.mongo["pujk_gateway"]["cases"],
                    self.mongo["notifier"]["notifications"],
                    self.mongo["tracking"]["timelines"],
                )
            )

        def waiting() -> dict[str, int]:
            return {
                q["name"]: q.get("messages", 0)
                for q in self.management("/queues/slkt")
                if q["name"].endswith(".inbox") and q["name"].split(".")[0] in OWNERS and q.get("messages", 0)
            }

        def said() -> int:
            return sum(self.mongo[owner]["facts"].estimated_document_count() for owner in OWNERS)

        seen, since = -1, 0.0

        def settled() -> bool:
            nonlocal seen, since
            if unsaid() or waiting() or said() != seen:
                seen, since = said(), time.monotonic()
            return time.monotonic() - since > FIGURES_SECONDS

        await eventually(settled, "nothing unsaid, no inbox filled", seconds)

    def close(self) -> None:
        self.http.close()
        self.mongo.close()


def load(suite: Suite) -> None:
    """The directory, and for each firm a queue and somebody who decides."""
    headers = suite.staff("administrator")
    suite.http.put(f"{suite.url('routing')}/directory", json=DIRECTORY, headers=headers).raise_for_status()
    for code in FIRMS:
        url = f"{suite.url('pujk_gateway')}/endpoints/{code}"
        suite.http.put(url, json={"kind": "queue"}, headers=headers).raise_for_status()
        have_officer(suite.mongo["pujk_gateway"], suite.stack.secrets, deciding(code), code, "deciding")


#: Of one address a minute: more than all tests together, few enough to be used up by one of them.
LOOK_UPS = 300


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Suite]:
    """The whole suite, shared by the tests of a run; every span recorded to a file."""
    root: Path = tmp_path_factory.mktemp("suite")
    traces = {name: {"TRACE_FILE": str(root / f"{name}.spans"), "TRACE_RATIO": "1"} for name in OWNERS}
    # All who are tried here come from one address.
    traces["intake"]["FORMS_PER_CLIENT"] = traces["routing"]["FINDS_PER_CLIENT"] = "1000000"
    traces["intake"]["PERSON_SECONDS"] = "0.5"
    traces["tracking"]["TRIES_PER_CLIENT"] = str(LOOK_UPS)
    # Nobody waits for a broker that has just been started to be half a minute old.
    for clocked in ("routing", "pujk_gateway", "notifier"):
        traces[clocked]["STEADY_SECONDS"] = "1"
    with Stack(root, say=lambda _: None, firms=FIRMS, environment=traces, failpoints=True, log_level="DEBUG") as stack:
        suite = Suite(stack)
        load(suite)
        yield suite
        suite.close()
