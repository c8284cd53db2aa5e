"""How does something leave the house? As a delivery in the matter: the write that makes it claims it, a try follows at
once, and what came of it is written. A slow or dead receiver delays itself alone.

What nobody claimed at its making, what is to be tried again and what a dead process had claimed is found by looking.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Generic

from chassis import metrics
from chassis.claims import Claimed, Claims, D
from chassis.database import DriverError
from chassis.matter import Changed
from chassis.messages import Message, of_worker
from chassis.receivers import Away, Postponed, Receiver, Undeliverable
from chassis.refusals import Erased, NotFound, Unavailable
from chassis.repository import Repository
from chassis.tasks import Tasks

log = logging.getLogger(__name__)

BY_DUE = "deliveries_due"
LOOK_EVERY_SECONDS = 1.0
AT_ONCE = 200
UNDER_WAY_MOST = 1_000
#: How long a delivery rests that found that nobody can be reached.
PAUSE = timedelta(seconds=3)


class DeliveryWorker(Generic[D]):
    """Sends what is due, many at once, at most ``per_receiver`` to one receiver.

    ``send`` raises Undeliverable where no later try can help, Away where its receiver takes nothing now, Unavailable
    where nobody can be reached; anything else is a failure of this delivery, and counts.
    """

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
        self._claims = Claims(repository)
        self._send = send
        self._kind = kind
        self._receiver = receiver
        self._per_receiver = per_receiver
        self._receivers: dict[str, Receiver] = {}
        self._claimed: set[Claimed[D]] = set()
        self._claiming = 0
        #: Something due may be in nobody's hands for want of room.
        self._left = False
        #: Nobody can be reached: one delivery at a time finds out whether that is over.
        self._trouble = False
        self._tasks = Tasks()
        self._look = asyncio.Event()
        self._stopping = False

    async def ensure_indexes(self) -> None:
        waiting = {"state.deliveries.due_at": {"$exists": True}}
        await self._matters.collection.create_index(
            [("state.deliveries.due_at", 1)], name=BY_DUE, partialFilterExpression=waiting
        )

    async def change(self, message: Message, change: Callable[[D], None]) -> Changed[D]:
        """As the repository's; what is due by it is claimed in the same write, and sent at once."""
        if self._trouble or self._stopping:
            return await self._matters.change(message, change)
        if self._room() < 1:
            self._left = True
            return await self._matters.change(message, change)
        return await self._change(message, change)

    async def run(self) -> None:
        """Until ``stop``; an outage is waited out. A try under way is not waited for by the others."""
        while not self._stopping:
            self._look.clear()
            try:
                more = await self._found()
            except (DriverError, Unavailable) as error:
                log.warning("deliveries wait", extra={"error": type(error).__name__})
                more = False
            if not more:
                await self._rest()

    async def stop(self) -> None:
        """Takes nothing new; what is being sent ends, and its outcome is written."""
        self._stopping = True
        self._look.set()
        await self._tasks.finish()
        await self._claims.finish()

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(LOOK_EVERY_SECONDS):
                await self._look.wait()
        except TimeoutError:
            return

    def _room(self) -> int:
        return UNDER_WAY_MOST - len(self._claimed) - self._claiming

    async def _found(self) -> bool:
        """Claims what is due and in nobody's hands; in trouble one delivery. True where more may be due."""
        at_once = min(1 if self._trouble else AT_ONCE, self._room())
        if at_once < 1:
            self._left = True
            return False
        # A claim may run out under a try that cannot renew it.
        mine = [one.matter.number for one in self._claimed]
        due = {"state.deliveries.due_at": {"$lte": self._claims.now(), "$exists": True}, "_id": {"$nin": mine}}
        # Named, for the planner would rather go through all matters by their number.
        looking = self._matters.collection.find(due, {"_id": 1}).hint(BY_DUE).limit(at_once)
        found = await looking.to_list(at_once)
        await asyncio.gather(*(self._take(one["_id"]) for one in found))
        self._left = not self._trouble and len(found) == at_once < AT_ONCE
        return len(found) == AT_ONCE

    async def _take(self, number: str) -> None:
        try:
            await self._change(of_worker(number), lambda _: None)
        except Exception as error:
            # One matter's trouble does not end the worker.
            log.warning("delivery postponed", extra={"number": number, "error": type(error).__name__})

    async def _change(self, message: Message, change: Callable[[D], None]) -> Changed[D]:
        self._claiming += 1
        try:
            changed, claimed = await self._claims.change(message, change)
        finally:
            self._claiming -= 1
        for one in claimed:
            one.looking = self._trouble
            self._claimed.add(one)
            self._tasks.start(self._one(one))
        return changed

    async def _one(self, one: Claimed[D]) -> None:
        name = self._receiver(one.delivery)
        receiver = self._receivers.setdefault(name, Receiver(self._per_receiver))
        receiver.users += 1
        try:
            await self._tried(one, receiver)
        finally:
            self._claimed.discard(one)
            receiver.users -= 1
            if receiver.forgettable:
                self._receivers.pop(name, None)
            if self._left and self._room() >= AT_ONCE:
                self._look.set()

    async def _tried(self, one: Claimed[D], receiver: Receiver) -> None:
        id_, now = one.delivery.id, self._claims.now
        try:
            await receiver.send(lambda: self._try(one), lambda: self._may_begin(one))
        except Postponed:
            return
        except Unavailable as error:
            if not self._trouble:
                log.warning("deliveries rest", extra={"reason": str(error) or type(error).__name__})
            self._trouble = True
            await self._put_off(one, PAUSE, error)
            return
        except Away as error:
            self._reached()
            await self._put_off(one, timedelta(seconds=receiver.pause_seconds), error)
        except Undeliverable as error:
            self._reached()
            why = error.reason
            await self._outcome(one, "given-up", lambda m: m.not_delivered(id_, now(), why, True))
        except Exception as error:
            self._reached()
            reason = type(error).__name__
            log.warning("delivery failed", extra={"number": one.matter.number, "reason": reason})
            await self._outcome(one, "failed", lambda m: self._failed(m, one, reason))
        else:
            self._reached()
            await self._outcome(one, "delivered", lambda m: m.delivered(id_, now()))

    def _may_begin(self, one: Claimed[D]) -> bool:
        return self._claims.time_to_begin(one) and not self._stopping and (one.looking or not self._trouble)

    async def _try(self, one: Claimed[D]) -> None:
        with self._claims.renewing(one):
            await self._send(one.matter, one.delivery)

    def _reached(self) -> None:
        if self._trouble:
            self._trouble = False
            self._look.set()

    def _failed(self, matter: D, one: Claimed[D], reason: str) -> None:
        # Whoever claimed it meanwhile may be at it.
        if matter.hold(one.delivery.id, one.until, one.until):
            matter.not_delivered(one.delivery.id, self._claims.now(), reason, False)

    async def _put_off(self, one: Claimed[D], pause: timedelta, why: Exception) -> None:
        def hold(matter: D) -> None:
            matter.hold(one.delivery.id, one.until, self._claims.now() + pause, str(why) or type(why).__name__)

        await self._outcome(one, "put-off", hold)

    async def _outcome(self, one: Claimed[D], outcome: str, change: Callable[[D], None]) -> None:
        metrics.DELIVERIES.labels(self._kind, outcome).inc()
        pause = 0.1
        while True:
            try:
                await self.change(of_worker(one.matter.number), change)
                return
            except (NotFound, Erased):
                return
            except (DriverError, Unavailable):
                # What is known must be written: else the same is sent again.
                await asyncio.sleep(pause)
                pause = min(pause * 2, 5.0)
