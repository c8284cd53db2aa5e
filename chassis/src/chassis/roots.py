"""What was the audit when a day had ended? A signed root of each day, told where the database's masters do not reach:
who cuts off the end of the chain, or brings back an old one, is found by it."""

import asyncio
import logging
import re
from contextlib import suppress
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
_LINE = re.compile(r"^(\d{4}-\d\d-\d\d) \S+$", re.M)


class AuditRoots:
    """A job for every replica: each makes the root of a day, which is the same for all, and tells it in its log, in its
    file if it has one, and to the database."""

    def __init__(self, database: Database, clock: Clock, key: AuditKey, service: str, folder: Path | None) -> None:
        self._entries = database["audit"]
        self._roots = database["audit_roots"]
        self._clock = clock
        self._key = key
        self._file = folder / f"{service}.roots" if folder else None
        #: The last day that was told.
        self._told: date | None = None

    async def run(self) -> None:
        while True:
            await self.look()
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Makes and tells the roots that are due. Errors: those of driver and file; then they are due again."""
        ended = (self._clock.now() - GRACE).date() - DAY
        self._told = self._told or await self._last_told(ended)
        while self._told is not None and self._told < ended:
            await self._make(self._told + DAY)
            self._told += DAY

    async def _last_told(self, ended: date) -> date | None:
        """By the file, else by the database; the day before the first entry; None where there is none."""
        if self._file is not None and self._file.exists() and (days := _LINE.findall(self._file.read_text())):
            return date.fromisoformat(days[-1])
        if self._file is None:
            # What somebody put there for days to come, or for none, does not count.
            async for one in self._roots.find({"_id": {"$lte": ended.isoformat()}}, sort=[("_id", -1)]):
                with suppress(ValueError):
                    return date.fromisoformat(one["_id"])
        first = await self._entries.find_one({"_id": 1}, {"at": 1})
        return first["at"].date() - DAY if first else None

    async def _make(self, day: date) -> None:
        before, after = await self._until(day), await self._until(day + DAY)
        jws = self._key.root(day.isoformat(), after, after.last - before.last)
        # Told first: who dies now tells it again.
        log.info("audit root", extra={"root": jws})
        if self._file is not None:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with self._file.open("a") as file:
                file.write(f"{day} {jws}\n")
        await insert_until_taken(self._roots, [{"_id": day.isoformat(), "jws": jws}])

    async def _until(self, day: date) -> Head:
        """The last entry before a day begins."""
        return await last_entry(self._entries, at={"$lt": datetime.combine(day, time(), UTC)})
