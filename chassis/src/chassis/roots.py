"""What was the audit when a day had ended? A signed root of each day, told where the database's masters do not reach:
who cuts off the end of the chain, or brings back an old one, is found by it."""

import asyncio
import logging
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from chassis.audit import last_entry
from chassis.chain import AuditKey, Head
from chassis.clock import Clock
from chassis.database import Database, insert_until_taken

log = logging.getLogger(__name__)

LOOK_SECONDS = 60
#: An entry is written that long after its moment at most.
GRACE = timedelta(minutes=2)
DAY = timedelta(days=1)


class AuditRoots:
    """A job for every replica: one makes the root of a day, each tells it in its log, and in its file if it has one."""

    def __init__(self, database: Database, clock: Clock, key: AuditKey, service: str, folder: Path | None) -> None:
        self._entries = database["audit"]
        self._roots = database["audit_roots"]
        self._clock = clock
        self._key = key
        self._file = folder / f"{service}.roots" if folder else None
        #: The last day that this process told.
        self._told: str | None = None
        #: What this process signed and has not told: told from here, whatever became of it in the database.
        self._made: dict[str, str] = {}

    async def run(self) -> None:
        while True:
            await self.look()
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Makes the roots that are due, and tells those not told yet. Errors: those of driver and file."""
        ended = (self._clock.now() - GRACE).date() - DAY
        if self._told is None:
            self._told = await self._last_told()
        day = await self._next()
        while day is not None and day <= ended:
            await self._make(day)
            day += DAY
        others = {one["_id"]: one["jws"] async for one in self._roots.find({"_id": {"$gt": self._told}})}
        for ended_day, jws in sorted((others | self._made).items()):
            self._tell(ended_day, jws)
        self._made.clear()

    async def _next(self) -> date | None:
        """The first day that has no root; None before the first entry."""
        if last := await self._roots.find_one(sort=[("_id", -1)]):
            return date.fromisoformat(last["_id"]) + DAY
        first = await self._entries.find_one({"_id": 1}, {"at": 1})
        return first["at"].date() if first else None

    async def _make(self, day: date) -> None:
        before, after = await self._until(day), await self._until(day + DAY)
        jws = self._key.root(day.isoformat(), after, after.last - before.last)
        # Another replica may be first.
        if await insert_until_taken(self._roots, [{"_id": day.isoformat(), "jws": jws}]):
            self._made[day.isoformat()] = jws

    async def _until(self, day: date) -> Head:
        """The last entry before a day begins."""
        return await last_entry(self._entries, at={"$lt": datetime.combine(day, time(), UTC)})

    async def _last_told(self) -> str:
        """The last day in the file; without a file the last but one that there is: a start tells one root again."""
        if self._file is not None:
            lines = self._file.read_text().splitlines() if self._file.exists() else []
            return lines[-1].partition(" ")[0] if lines else ""
        newest = await self._roots.find(sort=[("_id", -1)], limit=2).to_list(None)
        return str(newest[1]["_id"]) if len(newest) > 1 else ""

    def _tell(self, day: str, jws: str) -> None:
        log.info("audit root", extra={"root": jws})
        if self._file is not None:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with self._file.open("a") as file:
                file.write(f"{day} {jws}\n")
        self._told = day
