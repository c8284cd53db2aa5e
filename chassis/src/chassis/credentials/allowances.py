"""How often may a machine ask, over all replicas, without a write for each time? Each process takes portions of a
minute's allowance from the database, and deals them out by itself."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from math import ceil

from chassis.clock import Clock
from chassis.database import Database, unavailable
from chassis.refusals import TooMany

MINUTE_SECONDS = 60
#: So many portions is a minute's allowance at most: what a process took and did not use nobody else can.
PORTIONS = 20


@dataclass
class _Held:
    """What this process has of one minute of one key."""

    minute: int
    left: int = 0
    #: Nothing is left in the database.
    over: bool = False
    asking: asyncio.Lock = field(default_factory=asyncio.Lock)


class Allowances:
    """Of a minute by the database's clock never more than ``per_minute`` are let in, by however many replicas; and of
    what each further replica took, up to a twentieth may go unused."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._stored = database["allowances"]
        self._clock = clock
        self._held: dict[str, _Held] = {}

    async def prepare(self) -> None:
        await self._stored.create_index([("until", 1)], name="until", expireAfterSeconds=0)

    async def take(self, key: str, per_minute: int) -> None:
        """Errors: TooMany with ``retry_after`` in seconds, Unavailable."""
        seconds = self._clock.now().timestamp()
        minute = int(seconds // MINUTE_SECONDS)
        held = self._held.get(key)
        if held is None or held.minute < minute:
            held = self._held[key] = _Held(minute)
        while not held.left and not held.over:
            async with held.asking:
                if not held.left and not held.over:
                    await self._ask(key, held, per_minute)
        if not held.left:
            wait = ceil((held.minute + 1) * MINUTE_SECONDS - seconds)
            raise TooMany(f"more than {per_minute} a minute; send the same again later", extra={"retry_after": wait})
        held.left -= 1

    async def _ask(self, key: str, held: _Held, per_minute: int) -> None:
        portion = max(1, per_minute // PORTIONS)
        until = self._clock.now() + timedelta(seconds=2 * MINUTE_SECONDS)
        with unavailable():
            before = await self._stored.find_one_and_update(
                {"_id": f"{key}:{held.minute}"},
                {"$inc": {"taken": portion}, "$setOnInsert": {"until": until}},
                upsert=True,
            )
        taken = int(before["taken"]) if before else 0
        held.left = max(0, min(portion, per_minute - taken))
        held.over = taken + portion >= per_minute
