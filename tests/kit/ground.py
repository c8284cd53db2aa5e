"""The ground that tests of the chassis stand on: a virtual host and a database of their own, and hands on both."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import aio_pika
import httpx
import pytest
from chassis.audit import Audit
from chassis.clock import DatabaseClock
from chassis.consuming import Consumer
from chassis.database import connect
from chassis.documents import Documents
from chassis.ids import new_id
from chassis.inbox import Inbox
from chassis.letters import Letters
from chassis.messaging import Link, Publisher
from chassis.outside import Outside
from chassis.refusals import Refusals
from chassis.repository import Repository
from chassis.saying import Voice
from chassis.surround import Surround
from chassis.topology import declare
from chassis.trials import Trials
from contracts.base import CONTENT_TYPE, Event
from kit.ping_process import Process
from kit.pings import REFUSALS, TOPOLOGY, VAULT, WIRE, Ask, Ping, Pinged, Ponged
from slkt_local.addresses import Login
from slkt_local.broker import Broker, NativeBroker
from slkt_local.database import Database

USERS = ("ping", "outsider-a", "outsider-b")
PASSWORD = "for-tests-only"


def a_number() -> str:
    return str(uuid4().int)[:13]


def pong(number: str, seq: int = 1, *, text: str = "", clock: int | None = None, deadly: bool = False) -> Event[Ponged]:
    """One fact of the made-up service that this one hears."""
    return Event[Ponged](
        id=new_id(),
        type=Ponged.type(),
        source="/slkt/pong",
        subject=number,
        time="2026-03-02T02:00:00Z",
        seq=seq,
        clock=clock or seq,
        correlation="first-of-all",
        data=Ponged(text=text, deadly=deadly),
    )


@dataclass
class Ground:
    """Everything one test needs; what it opens is closed with it."""

    broker: Broker
    mongod: Database
    admin_url: str
    name: str
    links: list[Link] = field(default_factory=list)
    others: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.client = connect(self.mongod.mongo_url)
        self.database = self.client[self.name]
        self.clock = DatabaseClock(self.client["admin"])
        self.vhost = self.admin_url.rpartition("/")[2]
        self.publisher = Publisher(self.link("ping"), app_id="ping", user_id="ping")

    def url(self, user: str) -> str:
        if user == "operator":
            return self.admin_url
        return f"{self.broker.url_for(Login(user, PASSWORD)).rpartition('/')[0]}/{self.vhost}"

    def link(self, user: str, url: str | None = None) -> Link:
        self.links.append(Link(url or self.url(user), f"test-{user}"))
        return self.links[-1]

    def repository(
        self, *, publisher: Publisher | None = None, database: Any = None, collection: str = "pings", **but: Any
    ) -> Repository[Ping]:
        """Another one is another process, as far as the database can tell."""
        voice = Voice("ping", WIRE.events, {Pinged.name(): Pinged})
        home = self.database if database is None else database
        documents = Documents(Ping, Ping)
        return Repository(home, collection, documents, voice, publisher or self.publisher, self.clock, **but)

    async def matter(self, number: str) -> dict[str, Any]:
        return await self.database["pings"].find_one({"_id": number}) or {}

    async def facts(self, number: str) -> list[dict[str, Any]]:
        found = await self.database["facts"].find({"subject": number}).sort("seq", 1).to_list(None)
        return [json.loads(one["body"]) for one in found]

    @asynccontextmanager
    async def reading(
        self, inbox: Inbox, *, user: str = "ping", prefetch: int = 50, audit: Audit | None = None, **but: Any
    ) -> AsyncIterator[Consumer]:
        """A consumer of one inbox; ``recreate`` and ``healthy`` as in a service."""
        letters = Letters(
            self.publisher,
            dead=WIRE.dead,
            retry=WIRE.retry,
            service="ping",
            vault=VAULT,
            trusted=frozenset({"ping", "operator"}),
        )
        outside = None
        if inbox.sender_of is not None:
            outside = Outside(self.database, self.publisher, self.clock, VAULT, WIRE.replies, WIRE.reply_ttl_ms)
        surround = Surround(inbox, letters, Refusals(REFUSALS), Trials(self.database, self.clock), outside, audit)
        but.setdefault("healthy", lambda: self.database.command("ping"))
        consumer = Consumer(but.pop("link", None) or self.link(user), surround, prefetch=prefetch, **but)
        running = asyncio.create_task(consumer.run())
        try:
            yield consumer
        finally:
            async with asyncio.timeout(30):
                await consumer.stop()
                await running

    async def say(self, *events: Event[Ponged]) -> None:
        await asyncio.gather(*(self.send("t.events", Ponged.key, body_of(e), e.type, message_id=e.id) for e in events))

    async def send(
        self, exchange: str, key: str, body: bytes, type_: str | None, *, user: str = "operator", **properties: Any
    ) -> None:
        """Publishes as anybody, with any properties."""
        properties.setdefault("content_type", CONTENT_TYPE)
        message = aio_pika.Message(body, type=type_, delivery_mode=2, **properties)
        channel = await self._channel(user)
        await (await channel.get_exchange(exchange, ensure=False)).publish(message, key)

    async def _channel(self, user: str) -> Any:
        connection = self.others.get(user)
        if connection is None or not connection.connected.is_set():
            connection = self.others[user] = await aio_pika.connect(self.url(user))
        return await connection.channel(publisher_confirms=True, on_return_raises=True)

    async def take(self, queue: str) -> Any:
        """The next message of a queue, taken away; None where there is none."""
        channel = await self._channel("operator")
        message = await (await channel.get_queue(queue, ensure=False)).get(fail=False, no_ack=True)
        await channel.close()
        return message

    async def dead(self, queue: str) -> list[Any]:
        """All dead letters of a queue, taken away."""
        found = []
        while message := await self.take(f"{queue}.dead"):
            found.append(message)
        return found

    async def waits_in(self, queue: str) -> int:
        """Messages in a queue, those under way included, as the broker counts them now."""
        channel = await self._channel("operator")
        declared = await (await channel.get_underlay_channel()).queue_declare(queue, passive=True)
        await channel.close()
        return int(declared.message_count)

    async def mend(self) -> None:
        """The whole topology stands again; what is in it stays."""
        await declare(self.admin_url, TOPOLOGY, dead_exchange="t.dead")

    async def empty(self) -> None:
        """The whole topology, as new."""
        await self.mend()
        channel = await (await self._channel("operator")).get_underlay_channel()
        for queue in TOPOLOGY.queues:
            await channel.queue_purge(queue.name)
        await channel.close()

    async def management(self, method: str, path: str, **but: Any) -> Any:
        login = (self.broker.operator.user, self.broker.operator.password)
        url = self.broker.management_url
        async with httpx.AsyncClient(base_url=url, auth=login, trust_env=False, timeout=30) as client:
            (answer := await client.request(method, f"/api{path}", **but)).raise_for_status()
            return answer.json() if answer.content else None

    def alarm(self, on: bool) -> None:
        """The broker runs out of memory, as it says: it takes no message from whoever publishes."""
        assert isinstance(self.broker, NativeBroker)
        what = ["set_vm_memory_high_watermark", *(["absolute", "1"] if on else ["0.6"])]
        self.broker.control(*what)

    @contextmanager
    def failing(self, point: str, mode: Any, **data: Any) -> Iterator[None]:
        """A failpoint of mongod for as long as the block runs."""
        with self.mongod.client() as client:
            client.admin.command({"configureFailPoint": point, "mode": mode, "data": data})
            try:
                yield
            finally:
                client.admin.command({"configureFailPoint": point, "mode": "off"})

    @contextmanager
    def process(self, tmp_path: Path, *arguments: str, **settings: str) -> Iterator[Process]:
        """The ping service as a process of its own."""
        servers = {
            "PING_MONGO_URL": self.mongod.mongo_url,
            "PING_MONGO_DATABASE": self.name,
            "PING_AMQP_URL": self.url("ping"),
        }
        running = Process(tmp_path, arguments, servers | settings)
        try:
            yield running
        finally:
            running.program.kill()


def body_of(event: Event[Any]) -> bytes:
    return event.model_dump_json(exclude_none=True, serialize_as_any=True).encode()


def an_ask(number: str, id_: str, **data: Any) -> bytes:
    envelope = {"specversion": "1.0", "id": id_, "type": Ask.type(), "source": "/a", "subject": number}
    return json.dumps(envelope | {"data": {"times": 1} | data}).encode()


@pytest.fixture(scope="session")
def ground_vhost(broker: Broker) -> Iterator[str]:
    """Administrator's AMQP URL of a virtual host with the smallest service's topology and users."""
    name = f"ground-{uuid4().hex[:8]}"
    rights = {"configure": ".*", "write": ".*", "read": ".*"}
    login = (broker.operator.user, broker.operator.password)
    with httpx.Client(base_url=f"{broker.management_url}/api", auth=login, trust_env=False, timeout=30) as management:

        def put(path: str, **body: Any) -> None:
            management.put(path, json=body).raise_for_status()

        put(f"/vhosts/{name}")
        put(f"/permissions/{name}/{broker.operator.user}", **rights)
        for user in USERS:
            put(f"/users/{user}", password=PASSWORD, tags="")
            put(f"/permissions/{name}/{user}", **rights)
        yield f"{broker.amqp_url.rpartition('/')[0]}/{name}"
        for user in USERS:
            management.delete(f"/users/{user}").raise_for_status()
        management.delete(f"/vhosts/{name}").raise_for_status()


@pytest.fixture
async def ground(broker: Broker, mongod: Database, ground_vhost: str, empty_database: str) -> AsyncIterator[Ground]:
    made = Ground(broker, mongod, ground_vhost, empty_database)
    await made.empty()
    await made.clock.sync()
    await made.repository().ensure_indexes()
    try:
        yield made
    finally:
        for link in (*made.links, *made.others.values()):
            await link.close()
        made.client.close()


async def together(*all_: Awaitable[Any]) -> list[Any]:
    """Results and errors of what runs at the same time."""
    return await asyncio.gather(*all_, return_exceptions=True)
