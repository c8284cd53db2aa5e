"""How is a queue read? Many at once, acknowledged last; one at a time after a crash, so that a message that kills its
reader takes no innocent with it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any

from aiormq.exceptions import AMQPError, ChannelInvalidStateError, ChannelNotFoundEntity

from chassis import metrics
from chassis.messaging import Link
from chassis.surround import Delivered, NotNow, Surround
from chassis.tasks import Tasks

log = logging.getLogger(__name__)

#: From this many earlier deliveries of the first message on, a queue is read one by one (the limit is 20).
CAREFUL_FROM = 3
RESTART_SECONDS = 1.0
#: Dead letters within a minute that stop a queue for a while: something is wrong with us, not with them.
DEAD_MOST, DEAD_WINDOW_SECONDS, PAUSE_SECONDS = 100, 60.0, 30.0


class Acker:
    """Acknowledges in as few frames as can be: what is done without a gap by one frame, the rest one by one."""

    def __init__(self, channel: Any) -> None:
        self._channel = channel
        self._open: set[int] = set()
        self._done: set[int] = set()
        self._flushing = False

    def delivered(self, tag: int) -> None:
        self._open.add(tag)

    def done(self, tag: int) -> None:
        self._open.discard(tag)
        self._done.add(tag)
        if not self._flushing:
            # One flush at a time: a later "all up to here" must not overtake the single acknowledgements of an
            # earlier one, or the broker hears of a tag twice and closes the channel.
            self._flushing = True
            _flushes.start(self._flush())

    async def _flush(self) -> None:
        # One turn of the loop lets everything that is done together share a frame.
        await asyncio.sleep(0)
        try:
            while self._done:
                await self._once()
        except (AMQPError, ChannelInvalidStateError, OSError, RuntimeError):
            # The channel is gone: the broker delivers again, and what was applied is known.
            return
        finally:
            self._flushing = False

    async def _once(self) -> None:
        done, self._done = self._done, set()
        oldest = min(self._open, default=None)
        together = [tag for tag in done if oldest is None or tag < oldest]
        if together:
            await self._channel.basic_ack(max(together), multiple=True, wait=False)
        for tag in sorted(done.difference(together)):
            await self._channel.basic_ack(tag, wait=False)


_flushes = Tasks()


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
        self._break: asyncio.Future[str] | None = None
        self._dead: list[float] = []

    async def run(self) -> None:
        """Until ``stop``. Errors of broker and database end a session, never the reader."""
        while not self._stopping.is_set():
            try:
                await self._session()
            except ChannelNotFoundEntity:
                await self._missing()
            except (AMQPError, ChannelInvalidStateError, OSError, TimeoutError, RuntimeError) as error:
                log.warning("queue not read", exc_info=error, extra={"queue": self.queue})
            except asyncio.CancelledError:
                # A frozen connection raises a cancellation that nobody asked for.
                task = asyncio.current_task()
                if task is not None and task.cancelling():
                    raise
            finally:
                self.live = False
            await self._rest(RESTART_SECONDS)

    async def _missing(self) -> None:
        if self._recreate is None:
            log.warning("queue is missing", extra={"queue": self.queue})
            return
        log.error("queue_recreated: what was in it needs a republish", extra={"queue": self.queue})
        metrics.QUEUE_RECREATED.labels(self.queue).inc()
        await self._recreate()

    async def _session(self) -> None:
        channel: Any = await (await self._link.channel(confirms=False)).get_underlay_channel()
        self._break = asyncio.get_running_loop().create_future()
        channel.on_consumer_cancel_callbacks.add(lambda _: self._end("cancelled by the broker"))
        channel.closing.add_done_callback(lambda _: self._end("channel closed"))
        acker = Acker(channel)
        try:
            await channel.queue_declare(self.queue, passive=True)
            await self._read(channel, acker)
            reason = await self._break
            if reason == "stopping":
                return
            log.warning("session ended", extra={"queue": self.queue, "reason": reason})
            if reason == "not now":
                await channel.close()
                await self._until_healthy()
        finally:
            self.live = False
            await self._tasks.finish()
            if not channel.is_closed:
                await asyncio.sleep(0)
                await channel.close()

    async def _read(self, channel: Any, acker: Acker) -> None:
        """Starts one by one; goes over to the full prefetch at the first message that nobody died of."""
        tag = f"{self.queue}.careful"
        await channel.basic_qos(prefetch_count=1)
        fast = asyncio.Event()

        async def first(message: Any) -> None:
            delivered = Delivered.of(message)
            if delivered.earlier < CAREFUL_FROM:
                fast.set()
            self._start(delivered, acker, careful=not fast.is_set())

        async def any_message(message: Any) -> None:
            self._start(Delivered.of(message), acker, careful=False)

        await channel.basic_consume(self.queue, first, consumer_tag=tag)
        self.live = True
        assert self._break is not None
        waiting = asyncio.create_task(fast.wait())
        ends: set[asyncio.Future[Any]] = {waiting, self._break}
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if fast.is_set() and not self._break.done():
            await channel.basic_cancel(tag)
            await channel.basic_qos(prefetch_count=self._prefetch)
            await channel.basic_consume(self.queue, any_message, consumer_tag=f"{self.queue}.fast")

    def _start(self, delivered: Delivered, acker: Acker, *, careful: bool) -> None:
        acker.delivered(delivered.tag)
        self._tasks.start(self._handle(delivered, acker, careful))

    async def _handle(self, delivered: Delivered, acker: Acker, careful: bool) -> None:
        started = monotonic()
        try:
            outcome = await self._surround.handle(delivered, careful=careful)
        except NotNow:
            self._end("not now")
            return
        acker.done(delivered.tag)
        metrics.MESSAGES.labels(self.queue, outcome).inc()
        metrics.HANDLING.labels(self.queue).observe(monotonic() - started)
        if outcome == "dead":
            self._count_dead()

    def _count_dead(self) -> None:
        now = monotonic()
        self._dead = [*(at for at in self._dead if at > now - DEAD_WINDOW_SECONDS), now]
        if len(self._dead) > DEAD_MOST:
            self._dead = []
            log.error("too many dead letters: the queue rests", extra={"queue": self.queue, "count": DEAD_MOST})
            self._end("not now")

    async def _until_healthy(self) -> None:
        await self._rest(PAUSE_SECONDS if not self._dead else RESTART_SECONDS)
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

    def _end(self, reason: str) -> None:
        if self._break is not None and not self._break.done():
            self._break.set_result(reason)

    async def stop(self) -> None:
        """Takes nothing new, lets what is being handled finish."""
        self._stopping.set()
        self._surround.stop()
        self._end("stopping")
        await self._tasks.finish()
