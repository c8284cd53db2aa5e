"""How does something leave the house? As a delivery in the matter: a worker claims it, tries, and writes what came of
it. A slow or dead receiver delays itself alone."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, Generic, Protocol, TypeVar

from chassis import metrics
from chassis.database import DriverError
from chassis.messages import of_worker
from chassis.refusals import Erased, NotFound, Unavailable
from chassis.repository import Repository
from chassis.tasks import Tasks

log = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 0.25
AT_ONCE = 200
UNDER_WAY_MOST = 2_000
#: How long a claimed delivery belongs to its worker; a try takes less.
CLAIM = timedelta(seconds=60)
TRY_SECONDS = 30.0
#: A receiver with a try older than this is slow: nothing waits in line for it.
SLOW_SECONDS = 5.0


class Delivery(Protocol):
    """What the chassis needs of a delivery in an aggregate's ``deliveries``."""

    @property
    def id(self) -> str: ...
    @property
    def due_at(self) -> datetime: ...
    @property
    def tries(self) -> int: ...


class Delivers(Protocol):
    """What the chassis needs of an aggregate with deliveries."""

    number: str
    said: list[Any]

    def standing(self) -> dict[str, Any]: ...
    def claim(self, now: datetime, until: datetime) -> list[Any]:
        """Moves what is due to ``until`` and returns it."""
        ...

    def delivered(self, delivery_id: str, now: datetime) -> None: ...
    def not_delivered(self, delivery_id: str, now: datetime, reason: str, final: bool) -> None:
        """Plans the next try, or gives up where ``final`` or where the domain says it is enough."""
        ...


D = TypeVar("D", bound=Delivers)


class Undeliverable(Exception):
    """The receiver said that no later try can help; ``reason`` is a code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Postponed(Exception):
    """This try was not made: the claim would run out meanwhile, or its receiver is slow and busy."""


class Receiver:
    """Who is sent to: at most so many at once. One that is slow takes no more than that of the worker's room."""

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._gate = asyncio.Semaphore(at_once)
        self._begun: dict[object, float] = {}
        self._failures = 0
        self.users = 0

    @property
    def _slow(self) -> bool:
        """By its oldest try under way, or by a whole row of failures."""
        return (
            self._failures >= self._at_once
            or min(self._begun.values(), default=monotonic()) < monotonic() - SLOW_SECONDS
        )

    async def send(self, sending: Callable[[], Awaitable[None]], still_ours: Callable[[], bool]) -> None:
        """Errors: Postponed; those of ``sending``; TimeoutError."""
        await self._enter()
        me = object()
        self._begun[me] = monotonic()
        try:
            if not still_ours():
                raise Postponed
            async with asyncio.timeout(TRY_SECONDS):
                await sending()
        except Postponed:
            raise
        except Undeliverable:
            self._failures = 0
            raise
        except Exception:
            self._failures += 1
            raise
        else:
            self._failures = 0
        finally:
            del self._begun[me]
            self._gate.release()

    async def _enter(self) -> None:
        """Waits in line, but not for a receiver that is slow or becomes so: the room is needed for others."""
        while True:
            if self._gate.locked() and self._slow:
                raise Postponed
            try:
                async with asyncio.timeout(SLOW_SECONDS):
                    await self._gate.acquire()
                return
            except TimeoutError:
                continue


class DeliveryWorker(Generic[D]):
    """Sends what is due, many at once, at most ``per_receiver`` to one receiver."""

    def __init__(
        self,
        repository: Repository[D],
        send: Callable[[D, Any], Awaitable[None]],
        *,
        kind: str,
        receiver: Callable[[Any], str],
        per_receiver: int = 20,
    ) -> None:
        self._matters = repository
        self._send = send
        self._kind = kind
        self._receiver = receiver
        self._per_receiver = per_receiver
        self._receivers: dict[str, Receiver] = {}
        self._under_way: set[str] = set()
        self._tasks = Tasks()
        self._stopping = asyncio.Event()

    async def ensure_indexes(self) -> None:
        await self._matters.collection.create_index([("state.deliveries.due_at", 1)], name="due")

    async def run(self) -> None:
        """Until ``stop``; an outage is waited out. A try under way is not waited for by the others."""
        while not self._stopping.is_set():
            try:
                taken = await self._once() if len(self._under_way) < UNDER_WAY_MOST else 0
            except (DriverError, Unavailable) as error:
                log.warning("deliveries wait", extra={"error": type(error).__name__})
                taken = 0
            if taken < AT_ONCE:
                await self._rest(LOOK_EVERY_SECONDS)

    async def stop(self) -> None:
        """Takes nothing new; what is being sent ends, and its outcome is written."""
        self._stopping.set()
        await self._tasks.finish()

    async def _rest(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return

    async def _once(self) -> int:
        now = self._matters.clock.now()
        # What waits for a slow receiver must not fill the page and hide the others.
        due = {"state.deliveries.due_at": {"$lte": now}, "_id": {"$nin": list(self._under_way)}}
        found = await self._matters.collection.find(due, {"_id": 1}).limit(AT_ONCE).to_list(AT_ONCE)
        numbers = [d["_id"] for d in found]
        self._under_way.update(numbers)
        for number in numbers:
            self._tasks.start(self._matter(number))
        return len(numbers)

    async def _matter(self, number: str) -> None:
        claimed: list[Any] = []
        until = self._matters.clock.now()

        def claim(matter: D) -> None:
            nonlocal until
            now = self._matters.clock.now()
            until = now + CLAIM
            claimed[:] = matter.claim(now, until)

        try:
            changed = await self._matters.change(of_worker(number), claim)
            sent = [self._one(changed.aggregate, delivery, until) for delivery in claimed]
            for error in await asyncio.gather(*sent, return_exceptions=True):
                if isinstance(error, BaseException):
                    raise error
        except Exception as error:
            # One matter's trouble does not end the worker; what was claimed comes up again when the claim has run out.
            log.warning("delivery postponed", extra={"number": number, "error": type(error).__name__})
        finally:
            self._under_way.discard(number)

    async def _one(self, matter: D, delivery: Any, until: datetime) -> None:
        now = self._matters.clock.now
        last = until - timedelta(seconds=TRY_SECONDS)
        name = self._receiver(delivery)
        receiver = self._receivers.setdefault(name, Receiver(self._per_receiver))
        receiver.users += 1
        try:
            # A claim that runs out while it waits belongs to whoever claims it next.
            await receiver.send(
                lambda: self._send(matter, delivery), lambda: now() <= last and not self._stopping.is_set()
            )
        except Postponed:
            return
        except Undeliverable as error:
            why = error.reason
            await self._outcome(matter, "given-up", lambda m: m.not_delivered(delivery.id, now(), why, True))
        except Exception as error:
            reason = type(error).__name__
            log.warning("delivery failed", extra={"number": matter.number, "reason": reason})
            await self._outcome(matter, "failed", lambda m: m.not_delivered(delivery.id, now(), reason, False))
        else:
            await self._outcome(matter, "delivered", lambda m: m.delivered(delivery.id, now()))
        finally:
            receiver.users -= 1
            if not receiver.users:
                self._receivers.pop(name, None)

    async def _outcome(self, matter: D, outcome: str, change: Callable[[D], None]) -> None:
        metrics.DELIVERIES.labels(self._kind, outcome).inc()
        pause = 0.1
        while True:
            try:
                await self._matters.change(of_worker(matter.number), change)
                return
            except (NotFound, Erased):
                return
            except (DriverError, Unavailable):
                # What is known must be written: else the same is sent again.
                await asyncio.sleep(pause)
                pause = min(pause * 2, 5.0)
