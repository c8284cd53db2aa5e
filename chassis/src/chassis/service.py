"""How does a service live? Starts, works, and stops cleanly: readers first, then doors, then what is still unsaid."""

import asyncio
import logging
import signal
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

import uvicorn
import uvloop
from contracts.broker import Queue, Topology, Wire
from fastapi import APIRouter
from pydantic import ValidationError

from chassis import crash, database, logs, telemetry
from chassis.clock import DatabaseClock
from chassis.consuming import Consumer
from chassis.documents import A, Documents
from chassis.health import Health, ops_app
from chassis.http import http_app
from chassis.inbox import Inbox
from chassis.letters import Letters
from chassis.messaging import Link, Publisher
from chassis.outside import Outside
from chassis.refusals import Refusals, Rule
from chassis.relay import Relay
from chassis.repository import Repository
from chassis.saying import Voice
from chassis.sealing import Vault
from chassis.settings import ServiceSettings
from chassis.surround import Surround
from chassis.tasks import Tasks, first, until
from chassis.topology import declare

log = logging.getLogger(__name__)

#: Broker user of those who run the suite; its word about a replayed message's sender is believed.
OPERATOR = "operator"


#: Starts reading one more inbox; what it returns stops that again.
ReadAlso = Callable[[Inbox], Callable[[], Awaitable[None]]]


class Job(Protocol):
    async def run(self) -> None: ...


@dataclass
class Parts:
    """What a service's composition root hands over."""

    inboxes: Sequence[Inbox] = ()
    routers: Sequence[APIRouter] = ()
    jobs: Sequence[Job] = ()
    refusals: Mapping[type[Exception], Rule] = field(default_factory=dict)
    vault: Vault | None = None
    close: Sequence[Callable[[], Awaitable[None]]] = ()
    prepare: Sequence[Callable[[], Awaitable[None]]] = ()


class Base:
    """What the chassis gives a composition root: database, clock, publisher, repositories, and new inboxes later."""

    def __init__(self, name: str, settings: ServiceSettings, wire: Wire) -> None:
        self.name = name
        self.settings = settings
        self.wire = wire
        self._client = database.connect(settings.mongo_url.get_secret_value())
        self.database = self._client[settings.mongo_database]
        self.clock = DatabaseClock(self._client["admin"])
        url = settings.amqp_url.get_secret_value()
        # Two connections: a blocked publisher (disk alarm) must not hold up acknowledgements.
        self.speaking = Link(url, f"{name}-speaks")
        self.hearing = Link(url, f"{name}-hears")
        self.publisher = Publisher(self.speaking, app_id=name, user_id=name)
        self.repositories: list[Repository[Any]] = []
        self.read_also: ReadAlso = _too_early

    def repository(self, collection: str, documents: Documents[A]) -> Repository[A]:
        """The repository of this service's matters."""
        voice = Voice(self.name, self.wire.events, {fact.name(): fact for fact in self.wire.facts[self.name]})
        made = Repository(
            self.database, collection, documents, voice, self.publisher, self.clock, self.settings.lease_seconds
        )
        self.repositories.append(made)
        return made

    async def recreate(self, queue: Queue) -> None:
        await declare(
            self.settings.amqp_url.get_secret_value(), Topology(queues=(queue,)), dead_exchange=self.wire.dead
        )


S = TypeVar("S", bound=ServiceSettings)


class Service:
    """One running service."""

    def __init__(self, base: Base, parts: Parts) -> None:
        self._base = base
        self._parts = parts
        self._tasks = Tasks()
        self._consumers: list[Consumer] = []
        self._relays = [Relay(repository) for repository in base.repositories]
        settings = base.settings
        self._refusals = Refusals(parts.refusals)
        self._letters = Letters(
            base.publisher,
            dead=base.wire.dead,
            retry=base.wire.retry,
            service=base.name,
            vault=parts.vault,
            trusted=frozenset({base.name, OPERATOR}),
        )
        self._outside = (
            Outside(base.database, base.publisher, base.clock, parts.vault, base.wire.replies, base.wire.reply_ttl_ms)
            if parts.vault
            else None
        )
        self._health = Health(base.database, (base.speaking, base.hearing), self._relays, settings.unsent_alarm_seconds)
        app = http_app(base.name, self._refusals)
        for router in parts.routers:
            app.include_router(router)
        self._servers = [
            _server(app, settings.http_host, settings.http_port),
            _server(ops_app(self._health), settings.ops_host, settings.ops_port),
        ]

    async def run(self) -> None:
        """Until SIGTERM or SIGINT. Waits for broker and database at the start for as long as it takes."""
        stop = asyncio.Event()
        for one in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(one, stop.set)
        serving = [self._tasks.start(server.serve()) for server in self._servers[1:]]
        try:
            await first(self._prepare(), stop.wait())
            if not stop.is_set():
                serving += [self._tasks.start(server.serve()) for server in self._servers[:1]]
                log.info("started")
                await stop.wait()
        finally:
            self._health.stopping = True
            await self._stop(serving)

    async def _prepare(self) -> None:
        base = self._base
        await until(base.clock.sync)
        for repository in base.repositories:
            await until(repository.ensure_indexes)
        for prepare in self._parts.prepare:
            await until(prepare)
        await until(base.speaking.connection)
        for relay in self._relays:
            self._tasks.start(relay.run())
        self._tasks.start(base.clock.keep())
        base.read_also = self._read
        for inbox in self._parts.inboxes:
            self._read(inbox)
        for job in self._parts.jobs:
            self._tasks.start(job.run())

    def _read(self, inbox: Inbox) -> Callable[[], Awaitable[None]]:
        base, own = self._base, inbox.sender_of is None
        consumer = Consumer(
            base.hearing,
            Surround(inbox, self._letters, self._refusals, None if own else self._outside),
            prefetch=base.settings.prefetch if own else base.settings.outsider_prefetch,
            recreate=(lambda: base.recreate(inbox.queue)) if own else None,
            healthy=self._healthy,
        )
        self._consumers.append(consumer)
        if own:
            self._health.consumers.append(consumer)
        self._tasks.start(consumer.run())
        return consumer.stop

    async def _healthy(self) -> None:
        await self._base.database.command("ping")

    async def _stop(self, serving: Sequence[asyncio.Task[Any]]) -> None:
        log.info("stopping")
        try:
            async with asyncio.timeout(self._base.settings.drain_seconds):
                await asyncio.gather(*(consumer.stop() for consumer in self._consumers))
                for server in self._servers:
                    server.should_exit = True
                await asyncio.gather(*serving, return_exceptions=True)
                await asyncio.gather(*(repository.close() for repository in self._base.repositories))
                if self._outside:
                    await self._outside.close()
        except TimeoutError:
            log.warning("not everything finished in time; what is unsaid is said by the next relay")
        for close in self._parts.close:
            await close()
        await self._tasks.cancel()
        await asyncio.gather(self._base.speaking.close(), self._base.hearing.close())
        log.info("stopped")


def _too_early(inbox: Inbox) -> Callable[[], Awaitable[None]]:
    raise RuntimeError(f"{inbox.queue.name} can be read when the service has started: ask from a job")


def _server(app: Any, host: str, port: int) -> uvicorn.Server:
    config = uvicorn.Config(
        app, host=host, port=port, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=10
    )
    server = uvicorn.Server(config)
    # The service handles signals itself: readers stop before doors.
    server.capture_signals = _no_signals  # type: ignore[method-assign]
    return server


@contextmanager
def _no_signals() -> Iterator[None]:
    yield


def run(name: str, settings: type[S], compose: Callable[[Base, S], Parts], wire: Wire) -> None:
    """The whole life of a service process; exits with 2 and one line a problem where settings are missing or wrong."""
    try:
        read = settings()
    except ValidationError as error:
        prefix = settings.model_config.get("env_prefix", "")
        for one in error.errors(include_input=False, include_url=False):
            print(f"{prefix}{'_'.join(map(str, one['loc'])).upper()}: {one['msg']}", file=sys.stderr)
        raise SystemExit(2) from None
    logs.start(name, read.log_level)
    crash.arm(crash.FaultSettings())

    async def live() -> None:
        provider = telemetry.start(name, read)
        base = Base(name, read, wire)
        await Service(base, compose(base, read)).run()
        provider.shutdown()

    uvloop.run(live())
