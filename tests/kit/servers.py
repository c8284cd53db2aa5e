"""A real broker and a real database for integration tests: one of each a run, started at the first test that asks."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import httpx
import pytest
from chassis.topology import declare
from contracts.broker import Topology
from slkt_local.accounts import Accounts, declare_accounts
from slkt_local.broker import Broker
from slkt_local.database import Database
from slkt_local.servers import both

from contracts import topology

FIRMS = ("BANK-001", "BANK-002")


@dataclass(frozen=True)
class Suite:
    """Broker and database with the accounts and the topology of the whole suite."""

    broker: Broker
    database: Database
    accounts: Accounts
    store: Path


def silently(_: str) -> None:
    """Tests say what they wait for when they fail."""


def declare_now(url: str, page: Topology) -> None:
    """Declare a topology from a fixture that is not asynchronous."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, declare(url, page, dead_exchange=topology.DEAD)).result()


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Broker, Database]]:
    with both(tmp_path_factory.mktemp("servers"), say=silently, failpoints=True) as running:
        # Many tests set the clock: the database would forget by its own what is kept until a day long past.
        with running[1].client() as client:
            client.admin.command("setParameter", 1, ttlMonitorEnabled=False)
        yield running


@pytest.fixture(scope="session")
def broker(servers: tuple[Broker, Database]) -> Broker:
    """RabbitMQ, shared by the run: stop or kill it only where the same test starts it again."""
    return servers[0]


@pytest.fixture(scope="session")
def mongod(servers: tuple[Broker, Database]) -> Database:
    """MongoDB with failpoints, shared by the run: stop or kill it only where the same test starts it again."""
    return servers[1]


@pytest.fixture(scope="session")
def declared(broker: Broker, mongod: Database, tmp_path_factory: pytest.TempPathFactory) -> Suite:
    """All users and all queues, as a running stack has them; with whatever the tests before left in the queues."""
    store = tmp_path_factory.mktemp("accounts") / "accounts.json"
    accounts = declare_accounts(broker, mongod, store, firms=FIRMS)
    for page in (topology.suite(), *map(topology.firm, FIRMS)):
        declare_now(broker.amqp_url, page)
    return Suite(broker, mongod, accounts, store)


@pytest.fixture(scope="module")
def suite(declared: Suite) -> Suite:
    """The same with all queues empty: which files run before this one in this process is not for a test to know."""
    broker = declared.broker
    login = (broker.operator.user, broker.operator.password)
    queues = f"/api/queues/{quote(broker.vhost, safe='')}"
    with httpx.Client(base_url=broker.management_url, auth=login, trust_env=False, timeout=30) as management:
        for queue in management.get(queues).raise_for_status().json():
            management.delete(f"{queues}/{quote(queue['name'], safe='')}/contents").raise_for_status()
    return declared


@pytest.fixture
async def empty_vhost(broker: Broker) -> AsyncIterator[str]:
    """Administrator's AMQP URL of a virtual host that exists for this test only."""
    name = f"test-{uuid4().hex[:12]}"
    login = (broker.operator.user, broker.operator.password)
    async with httpx.AsyncClient(base_url=broker.management_url, auth=login, trust_env=False, timeout=30) as management:
        (await management.put(f"/api/vhosts/{name}")).raise_for_status()
        rights = {"configure": ".*", "write": ".*", "read": ".*"}
        (await management.put(f"/api/permissions/{name}/{broker.operator.user}", json=rights)).raise_for_status()
        try:
            yield f"{broker.amqp_url.rpartition('/')[0]}/{name}"
        finally:
            (await management.delete(f"/api/vhosts/{name}")).raise_for_status()


@pytest.fixture
def empty_database(mongod: Database) -> Iterator[str]:
    """Name of a database that exists for this test only; `mongod.mongo_url` reaches it."""
    name = f"test_{uuid4().hex[:12]}"
    yield name
    with mongod.client() as client:
        client.drop_database(name)
