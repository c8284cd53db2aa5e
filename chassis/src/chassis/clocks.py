"""What does time do to matters? A worker looks and tells each what is due; each is said once, by any number of them."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from time import monotonic
from typing import Protocol

from pymongo.errors import DuplicateKeyError

from chassis.database import unavailable
from chassis.ids import new_id
from chassis.refusals import Unavailable
from chassis.service import Base

log = logging.getLogger(__name__)

AT_ONCE = 200
#: So long a matter is left alone that could not be told; so many of them are remembered.
TROUBLE_SECONDS, TROUBLED_MOST = 60.0, 1_000


class Due(Protocol):
    async def __call__(self, now: datetime, most: int, but: Collection[str], all_heard: bool) -> Sequence[str]:
        """Numbers of matters to which time does something by now, the longest due first. Errors: Unavailable."""
        ...


class Tell(Protocol):
    async def __call__(self, number: str, *, all_heard: bool) -> None:
        """Says what is due of one matter; whoever comes second finds nothing to do."""
        ...


class Now(Protocol):
    def now(self) -> datetime: ...


class Lease:
    """One worker of all replicas at a time, by the database's clock; where its holder dies, it is free again."""

    def __init__(self, base: Base, name: str) -> None:
        self._leases = base.database["leases"]
        self._name = name
        self._holder = new_id()
        self._until = {"$add": ["$$NOW", round(base.settings.lease_seconds * 1000)]}

    async def prepare(self) -> None:
        with suppress(DuplicateKeyError):
            await self._leases.insert_one({"_id": self._name, "holder": None, "until": datetime.fromtimestamp(0, UTC)})

    async def held(self) -> bool:
        """Takes or keeps it. Errors: Unavailable."""
        mine_or_free = {"$or": [{"$eq": ["$holder", self._holder]}, {"$lt": ["$until", "$$NOW"]}]}
        take = [{"$set": {"holder": self._holder, "until": self._until}}]
        with unavailable():
            taken = await self._leases.update_one({"_id": self._name, "$expr": mine_or_free}, take)
        return bool(taken.matched_count)


class Listening:
    """Is everything heard that was said a quarter of an hour ago? The broker answered each look for ``steady_seconds``,
    and at the last two of them nothing waited in the queues of what is heard: what was read before the first of them is
    handled by the second.

    What another replica has read and not handled is not seen: it holds a message for 10 minutes at most, then gives it
    back; one that is frozen loses its connection within half a minute. What an owner has not said yet is not seen
    either: while the broker is away nobody is told to be late, and an answer in time that comes later than a quarter of
    an hour after the day revokes what was said.
    """

    def __init__(self, waiting: Callable[[], Awaitable[int]], steady_seconds: float) -> None:
        self._waiting = waiting
        self._steady_seconds = steady_seconds
        self._since: float | None = None
        self._empty = False

    async def all_heard(self) -> bool:
        try:
            waits = await self._waiting()
        except Unavailable:
            self._since, self._empty = None, False
            return False
        now, before = monotonic(), self._empty
        self._since = self._since if self._since is not None else now
        self._empty = waits == 0
        return before and self._empty and now - self._since >= self._steady_seconds


class Clocks:
    """One replica looks, by a lease; that two look now and then harms nothing, for a matter is told by a guarded write
    that asks the matter itself what is left to say."""

    def __init__(
        self, tell: Tell, due: Due, lease: Lease, listening: Listening, clock: Now, every_seconds: float
    ) -> None:
        self._tell = tell
        self._due = due
        self._lease = lease
        self._listening = listening
        self._clock = clock
        self._every_seconds = every_seconds
        self._troubled: dict[str, float] = {}

    async def run(self) -> None:
        """For ever; an outage is waited out, and what fell due meanwhile is told afterwards."""
        while True:
            more = False
            try:
                # Listened to by every replica: whoever gets the lease next need not begin to.
                all_heard = await self._listening.all_heard()
                if await self._lease.held():
                    more = await self._look(all_heard)
            except Unavailable as error:
                log.warning("clocks not looked at", extra={"error": str(error)})
            if not more:
                await asyncio.sleep(self._every_seconds)

    async def _look(self, all_heard: bool) -> bool:
        """True where more may be due."""
        due = await self._due(self._clock.now(), AT_ONCE, self._left_alone(), all_heard)
        # A matter is told one thing at a time: what else is due is found by the next look.
        await asyncio.gather(*(self._one(number, all_heard) for number in {*due}))
        return bool(due)

    async def _one(self, number: str, all_heard: bool) -> None:
        try:
            await self._tell(number, all_heard=all_heard)
        except Exception as error:
            # One matter's trouble holds up no other's.
            log.error("a matter could not be told the time", exc_info=error, extra={"number": number})
            self._troubled[number] = monotonic() + TROUBLE_SECONDS

    def _left_alone(self) -> Sequence[str]:
        now = monotonic()
        still = [(number, until) for number, until in self._troubled.items() if until > now]
        self._troubled = dict(still[-TROUBLED_MOST:])
        return list(self._troubled)
