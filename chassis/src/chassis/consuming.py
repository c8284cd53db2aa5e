"""How is a queue read? Many at once, acknowledged last; one at a time after a crash, so that a message that kills its
reader takes no innocent with it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any

from aiormq.exceptions import ChannelNotFoundEntity

from chassis import metrics
from chassis.delivered import Delivered
from chassis.lately import Lately
from chassis.messaging import Link
from chassis.patience import NotNow
from chassis.session import Session
from chassis.surround import Surround
from chassis.tasks import Tasks, unasked

log = logging.getLogger(__name__)

#: From this many earlier deliveries of a message on, its queue is read one by one (the limit is 20).
CAREFUL_FROM = 3
RESTART_SECONDS = 1.0
RECREATE_SECONDS = 30.0
#: Dead letters within a minute that stop a queue for a while: something is wrong with us, not with them.
DEAD_MOST, DEAD_WINDOW_SECONDS, PAUSE_SECONDS = 100, 60.0, 30.0

STOPPING = "stopping"
NOT_NOW = "what a handler needs stayed away too long"
DEAD_PILE_UP = "too many dead letters"
ONE_BY_ONE = "a message may have killed its readers"


class Consumer:
    """Reads one queue for as long as the service runs; a new session after every break."""

    def __init__(
        self,
        link: Link,
        surround: Surround,
        *,
        prefetch: int,
        recreate: Callable[[], Awaitable[None]] | None = None,
        healthy: Callable[[], Awaitable[None]],
    ) -> None:
        self.queue = surround.inbox.queue.name
        self.live = False
        self._link = link
        self._surround = surround
        self._prefetch = prefetch
        self._recreate = recreate
        self._healthy = healthy
        self._tasks = Tasks()
        self._stopping = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._session: Session | None = None
        self._dead: list[float] = []
        self._handling = metrics.HANDLING.labels(self.queue)
        #: Facts of our own services; a second delivery of one needs no look into the database.
        self._applied = Lately()

    async def run(self) -> None:
        """Until ``stop``. No error ends the reader: it ends a session, and the next begins."""
        while not self._stopping.is_set():
            try:
                await self._once()
            except ChannelNotFoundEntity:
                await self._missing()
            except asyncio.CancelledError as error:
                unasked(error)
            except Exception as error:
                log.warning("queue not read", exc_info=error, extra={"queue": self.queue})
            await self._rest(RESTART_SECONDS)

    async def _missing(self) -> None:
        if self._recreate is None:
            log.warning("queue is missing", extra={"queue": self.queue})
            return
        try:
            async with asyncio.timeout(RECREATE_SECONDS):
                await self._recreate()
        except Exception as error:
            log.error("queue is missing and cannot be made", exc_info=error, extra={"queue": self.queue})
            return
        log.error("queue_recreated: what was in it needs a republish", extra={"queue": self.queue})
        metrics.QUEUE_RECREATED.labels(self.queue).inc()

    async def _once(self) -> None:
        session = Session(*await self._link.ear())
        self._session = session
        self._idle.clear()
        try:
            await session.channel.queue_declare(self.queue, passive=True)
            if not self._stopping.is_set():
                await self._read(session)
                reason = await session.ended
        finally:
            self.live = False
            await session.leave(self._tasks)
            self._idle.set()
        if self._stopping.is_set():
            return
        log.warning("session ended", extra={"queue": self.queue, "reason": reason})
        if reason in (NOT_NOW, DEAD_PILE_UP):
            await self._until_healthy(PAUSE_SECONDS if reason == DEAD_PILE_UP else 0)

    async def _read(self, session: Session) -> None:
        """Starts one by one; goes over to the full prefetch at the first message that nobody died of."""
        fast = asyncio.Event()

        def first(delivered: Delivered) -> None:
            if delivered.earlier < CAREFUL_FROM:
                fast.set()
            self._start(delivered, session, careful=not fast.is_set())

        def any_message(delivered: Delivered) -> None:
            if delivered.earlier >= CAREFUL_FROM:
                # Another reader died of it, perhaps: it comes back as the first of a careful session.
                session.end(ONE_BY_ONE)
            self._start(delivered, session, careful=False)

        await session.channel.basic_qos(prefetch_count=1)
        await session.consume(self.queue, first, f"{self.queue}.careful")
        self.live = True
        waiting = asyncio.create_task(fast.wait())
        ends: set[asyncio.Future[Any]] = {waiting, session.ended}
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()
        if fast.is_set() and not session.ended.done():
            await session.cancel()
            await session.channel.basic_qos(prefetch_count=self._prefetch)
            await session.consume(self.queue, any_message, f"{self.queue}.fast")

    def _start(self, delivered: Delivered, session: Session, *, careful: bool) -> None:
        session.acker.delivered(delivered.tag)
        if session.ended.done():
            return
        if delivered.message_id in self._applied:
            self._over(delivered, session, "repeated")
        else:
            self._tasks.start(self._handle(delivered, session, careful))

    async def _handle(self, delivered: Delivered, session: Session, careful: bool) -> None:
        started = monotonic()
        try:
            outcome = await self._surround.handle(delivered, careful=careful)
        except NotNow:
            session.end(NOT_NOW)
            return
        except Exception as error:
            # Not even putting it aside worked: it stays with the broker, whose delivery limit bounds this.
            log.error("message not put aside", exc_info=error, extra={"queue": self.queue})
            session.end(NOT_NOW)
            return
        self._handling.observe(monotonic() - started)
        if outcome == "ok" and self._surround.inbox.sender_of is None:
            self._applied.add(delivered.message_id)
        self._over(delivered, session, outcome)

    def _over(self, delivered: Delivered, session: Session, outcome: str) -> None:
        session.acker.done(delivered.tag)
        metrics.MESSAGES.labels(self.queue, outcome).inc()
        if outcome == "dead":
            self._count_dead(session)

    def _count_dead(self, session: Session) -> None:
        now = monotonic()
        self._dead = [*(at for at in self._dead if at > now - DEAD_WINDOW_SECONDS), now]
        if len(self._dead) > DEAD_MOST:
            self._dead = []
            log.error("too many dead letters: the queue rests", extra={"queue": self.queue, "count": DEAD_MOST})
            session.end(DEAD_PILE_UP)

    async def _until_healthy(self, pause: float) -> None:
        await self._rest(pause)
        while not self._stopping.is_set():
            try:
                await self._healthy()
                return
            except Exception as error:
                log.warning("waiting", extra={"queue": self.queue, "error": type(error).__name__})
                await self._rest(RESTART_SECONDS)

    async def _rest(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return

    async def stop(self) -> None:
        """Takes nothing new, lets what is being handled finish."""
        self._stopping.set()
        self._surround.stop()
        if self._session is not None:
            self._session.end(STOPPING)
        await self._idle.wait()
