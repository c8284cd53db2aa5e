"""How does something leave the house? As a delivery in the matter: a worker claims it, tries, and writes what came of
it. A slow or dead receiver delays itself alone."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, Generic, Protocol, TypeVar

from pymongo.errors import PyMongoError

from chassis import metrics
from chassis.messages import of_worker
from chassis.refusals import Erased, NotFound, Unavailable
from chassis.repository import Repository

log = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 0.25
AT_ONCE = 200
UNDER_WAY_MOST = 2_000
#: How long a claimed delivery belongs to its worker; a try takes less.
CLAIM = timedelta(seconds=60)
TRY_SECONDS = 30.0


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
        self._gates: dict[str, asyncio.Semaphore] = {}
        self._under_way: set[str] = set()

    async def ensure_indexes(self) -> None:
        await self._matters.collection.create_index([("state.deliveries.due_at", 1)], name="due")

    async def run(self) -> None:
        """For ever; an outage is waited out. A try under way is not waited for by the others."""
        async with asyncio.TaskGroup() as group:
            while True:
                try:
                    taken = await self._once(group) if len(self._under_way) < UNDER_WAY_MOST else 0
                except (PyMongoError, Unavailable) as error:
                    log.warning("deliveries wait", extra={"error": type(error).__name__})
                    taken = 0
                if taken < AT_ONCE:
                    await asyncio.sleep(LOOK_EVERY_SECONDS)

    async def _once(self, group: asyncio.TaskGroup) -> int:
        now = self._matters.clock.now()
        # What waits for a slow receiver must not fill the page and hide the others.
        due = {"state.deliveries.due_at": {"$lte": now}, "_id": {"$nin": list(self._under_way)}}
        found = await self._matters.collection.find(due, {"_id": 1}).limit(AT_ONCE).to_list(AT_ONCE)
        numbers = [d["_id"] for d in found]
        self._under_way.update(numbers)
        for number in numbers:
            group.create_task(self._matter(number))
        return len(numbers)

    async def _matter(self, number: str) -> None:
        claimed: list[Any] = []
        until = self._matters.clock.now() + CLAIM

        def claim(matter: D) -> None:
            nonlocal until
            now = self._matters.clock.now()
            until = now + CLAIM
            claimed[:] = matter.claim(now, until)

        try:
            changed = await self._matters.change(of_worker(number), claim)
            await asyncio.gather(*(self._one(changed.aggregate, delivery, until) for delivery in claimed))
        except Exception as error:
            # One matter's trouble does not end the worker; what was claimed comes up again when the claim has run out.
            log.warning("delivery postponed", extra={"number": number, "error": type(error).__name__})
        finally:
            self._under_way.discard(number)

    async def _one(self, matter: D, delivery: Any, until: datetime) -> None:
        gate = self._gates.setdefault(self._receiver(delivery), asyncio.Semaphore(self._per_receiver))
        now = self._matters.clock.now
        try:
            async with gate, asyncio.timeout(TRY_SECONDS):
                if now() + timedelta(seconds=TRY_SECONDS) > until:
                    # It waited so long for a slow receiver that another replica may claim it while this one tries.
                    return
                await self._send(matter, delivery)
        except Undeliverable as error:
            why = error.reason
            await self._outcome(matter, "given-up", lambda m: m.not_delivered(delivery.id, now(), why, True))
        except Exception as error:
            reason = type(error).__name__
            log.warning("delivery failed", extra={"number": matter.number, "reason": reason})
            await self._outcome(matter, "failed", lambda m: m.not_delivered(delivery.id, now(), reason, False))
        else:
            await self._outcome(matter, "delivered", lambda m: m.delivered(delivery.id, now()))

    async def _outcome(self, matter: D, outcome: str, change: Callable[[D], None]) -> None:
        metrics.DELIVERIES.labels(self._kind, outcome).inc()
        pause = 0.1
        while True:
            try:
                await self._matters.change(of_worker(matter.number), change)
                return
            except (NotFound, Erased):
                return
            except (PyMongoError, Unavailable):
                # What is known must be written: else the same is sent again.
                await asyncio.sleep(pause)
                pause = min(pause * 2, 5.0)
