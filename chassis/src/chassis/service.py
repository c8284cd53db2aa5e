"""How does a service live? Starts, works, and stops cleanly: readers first, then doors, then what is still unsaid."""

import asyncio
import gc
import logging
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

import uvloop
from contracts.broker import Wire
from fastapi import Depends
from pydantic import ValidationError

from chassis import crash, logs, telemetry
from chassis.access import Gate, Reader
from chassis.common import common_doors
from chassis.consuming import Consumer
from chassis.health import Health, ops_app
from chassis.http import door, http_app, server
from chassis.inbox import Inbox
from chassis.lean import LeanRoute
from chassis.letters import Letters
from chassis.nowhere import Nowhere
from chassis.openapi import described
from chassis.outside import Outside
from chassis.pages.passes import Visitor, visitor_reader
from chassis.parts import Base as Base
from chassis.parts import Job as Job
from chassis.parts import Parts as Parts
from chassis.parts import ReadAlso as ReadAlso
from chassis.parts import Stops
from chassis.readers import staff_reader
from chassis.refusals import Refusals
from chassis.relay import Relay
from chassis.rooms import Rooms
from chassis.settings import ServiceSettings
from chassis.surround import Surround
from chassis.tasks import Tasks, always, first, until
from chassis.trials import Trials

log = logging.getLogger(__name__)

#: Broker user of those who run the suite; its word about a replayed message's sender is believed.
OPERATOR = "operator"
CLOSE_SECONDS = 10.0
#: New objects before a look for cycles; Python's own 700 is met several times in a batch.
GARBAGE_AFTER = 20_000

S = TypeVar("S", bound=ServiceSettings)


def readers_of_staff(base: Base) -> Mapping[str, Reader]:
    """Of people of OJK, who are logged in elsewhere: by program and by browser."""
    issuer, stands = base.staff_issuer, base.ended.stands
    return {
        "staff": staff_reader(issuer, stands),
        Visitor.kind: visitor_reader(issuer, base.settings.behind_tls, stands),
    }


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
        # Letters and replies have channels of their own: where the broker forbids one, it closes the channel at every
        # try, and no fact may be under way on it.
        self._letters = Letters(
            base.publisher.beside(),
            dead=base.wire.dead,
            retry=base.wire.retry,
            service=base.name,
            vault=parts.vault,
            trusted=frozenset({base.name, OPERATOR}),
        )
        self._trials = Trials(base.database, base.clock)
        self._outside = (
            Outside(
                base.database,
                base.publisher.beside(),
                base.clock,
                parts.vault,
                base.wire.replies,
                base.wire.reply_ttl_ms,
            )
            if parts.vault
            else None
        )
        self._health = Health(base.database, (base.speaking, base.hearing), self._relays, settings.unsent_alarm_seconds)
        routers = [*parts.routers, *common_doors(base, parts.access)]
        routes = [route for router in routers for route in router.routes]
        rooms = Rooms(routes)
        app = http_app(base.name, self._refusals, base.audit, rooms, Nowhere(routes))
        # The staff's issuer brings its own: it knows more than what is heard of an account.
        elsewhere = {} if "staff" in parts.readers else readers_of_staff(base)
        gate = Gate(parts.access, {**elsewhere, **parts.readers})
        gate.check(routes)
        for router in routers:
            app.include_router(router, dependencies=[Depends(gate)])
        lean = (route for route in routes if isinstance(route, LeanRoute))
        self._servers = [
            server(
                door(app, self._refusals, lean, gate, base.audit),
                settings.http_host,
                settings.http_port,
                proxies=settings.trusted_proxies,
                behind_tls=settings.behind_tls,
                rooms=rooms,
            ),
            server(ops_app(self._health, partial(described, app, parts.access)), settings.ops_host, settings.ops_port),
        ]

    async def run(self) -> None:
        """Until SIGTERM or SIGINT. Waits for broker and database at the start for as long as it takes."""
        stop = asyncio.Event()
        for one in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(one, stop.set)
        serving = [self._tasks.start(one.serve()) for one in self._servers[1:]]
        try:
            await first(self._prepare(), stop.wait())
            if not stop.is_set():
                serving += [self._tasks.start(one.serve()) for one in self._servers[:1]]
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
        await until(self._trials.ensure_indexes)
        await until(base.audit.ensure_indexes)
        for prepare in self._parts.prepare:
            await until(prepare)
        await until(base.speaking.connection)
        self._always("clock", base.clock.keep)
        for link in (base.speaking, base.hearing):
            self._always("broker connection", link.keep)
        for relay in self._relays:
            self._always("relay", relay.run)
        self._always("audit roots", base.audit_roots.run)
        for keys in base.known_keys:
            self._always("keys of an issuer", keys.run)
        base.read_also = self._read
        for inbox in self._parts.inboxes:
            self._read(inbox)
        for job in self._parts.jobs:
            self._always(type(job).__name__, job.run)

    def _always(self, name: str, run: Callable[[], Awaitable[None]]) -> None:
        self._tasks.start(always(name, run, self._health.failing))

    def _read(self, inbox: Inbox) -> Callable[[], Awaitable[None]]:
        base, own = self._base, inbox.sender_of is None
        if not own and self._outside is None:
            raise ValueError(f"{inbox.queue.name} is open to outsiders: Parts.vault must seal what they send")
        consumer = Consumer(
            base.hearing if own else base.doors,
            Surround(inbox, self._letters, self._refusals, self._trials, None if own else self._outside, base.audit),
            prefetch=base.settings.prefetch if own else base.settings.outsider_prefetch,
            recreate=(lambda: base.recreate(inbox.queue)) if own else None,
            healthy=self._healthy,
        )
        self._consumers.append(consumer)
        if own:
            self._health.consumers.append(consumer)
        self._always(consumer.queue, consumer.run)
        return consumer.stop

    async def _healthy(self) -> None:
        """Errors: those of the driver; Unavailable while acts are refused: each vain delivery counts as a death."""
        await self._base.database.command("ping")
        for repository in self._base.repositories:
            repository.check_open()

    async def _stop(self, serving: Sequence[asyncio.Task[Any]]) -> None:
        log.info("stopping")
        base = self._base
        try:
            async with asyncio.timeout(base.settings.drain_seconds):
                # Those that take something new first, at once; then what they began.
                jobs = (job.stop() for job in self._parts.jobs if isinstance(job, Stops))
                await asyncio.gather(*(consumer.stop() for consumer in self._consumers), *jobs)
                for one in self._servers:
                    one.should_exit = True
                await asyncio.gather(*serving, return_exceptions=True)
                await asyncio.gather(*(repository.close() for repository in base.repositories))
                if self._outside:
                    await self._outside.close()
        except TimeoutError:
            log.warning("not everything finished in time; what is unsaid is said by the next relay")
        except Exception as error:
            log.error("not everything finished", exc_info=error)
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await self._tasks.cancel()
        except TimeoutError:
            log.error("something does not end; what it held comes back to the next reader")
        for close in (*self._parts.close, base.audit.close, base.audit_roots.close, base.close):
            try:
                async with asyncio.timeout(CLOSE_SECONDS):
                    await close()
            except Exception as error:
                log.warning("not closed in order", exc_info=error)
        log.info("stopped")


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

    # What was loaded by now stays for ever; looking through it for garbage again and again is work for nothing.
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE_AFTER)

    async def live() -> None:
        provider = telemetry.start(name, read)
        base = Base(name, read, wire)
        await Service(base, compose(base, read)).run()
        provider.shutdown()

    uvloop.run(live())
