"""What was the audit some minutes ago, and when each day had ended? Signed roots, told where the database's masters do
not reach: who cuts off the end of the chain, or brings back an old one, is found by them."""

import asyncio
import logging
import re
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from chassis.audit import last_entry
from chassis.chain import AuditKey, Head
from chassis.clock import Clock
from chassis.database import Database, as_held, insert_until_taken
from chassis.stored import moment_in, stored

log = logging.getLogger(__name__)

LOOK_SECONDS = 60
#: An entry is written that long after its moment at most.
GRACE = timedelta(minutes=2)
DAY = timedelta(days=1)
#: Also where nothing came: until when the audit can be vouched for.
TELL_ANYHOW = timedelta(hours=1)
_LINE = re.compile(r"^(\d{4}-\d\d-\d\d) \S+$", re.M)


class AuditRoots:
    """A job for every replica: each makes the root of a moment, and of a day, which is the same for all, and tells it
    in its log and in its file if it has one; those of days to the database, too. ``every`` divides a day."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        key: AuditKey,
        service: str,
        folder: Path | None,
        every: timedelta = timedelta(minutes=5),
    ) -> None:
        self._entries = database["audit"]
        self._roots = database["audit_roots"]
        self._clock = clock
        self._key = key
        self._file = folder / f"{service}.roots" if folder else None
        self._every = every
        #: The last day that was told; the last moment, and the last entry that its root saw.
        self._told: date | None = None
        self._moment: datetime | None = None
        self._saw = 0
        #: What this process told last: no master of the database can have changed it.
        self.newest: str | None = None

    async def run(self) -> None:
        while True:
            await self.look()
            await asyncio.sleep(min(LOOK_SECONDS, self._every.total_seconds()))

    async def look(self) -> None:
        """Makes and tells the roots that are due. Errors: those of driver and file; then they are due again."""
        settled = self._clock.now() - GRACE
        ended = settled.date() - DAY
        self._told = self._told or await self._last_told(ended)
        while self._told is not None and self._told < ended:
            await self._make(self._told + DAY)
            self._told += DAY
        midnight = datetime.combine(settled.date(), time(), UTC)
        moment = midnight + (settled - midnight) // self._every * self._every
        if moment > midnight and (self._moment is None or moment > self._moment):
            await self._mark(moment, await self._before(moment))

    async def close(self) -> None:
        """What stands when a process ends. Errors: those of driver and file."""
        head = await last_entry(self._entries)
        if head.last > self._saw:
            await self._mark(min(head.at, self._clock.now()), head)

    async def _mark(self, moment: datetime, head: Head) -> None:
        news = head.last != self._saw or self._moment is None or moment - self._moment >= TELL_ANYHOW
        if not head.last or not news:
            return
        day = moment.date()
        self._tell(
            f"{moment:%Y-%m-%dT%H:%M:%SZ}", self._key.root(day.isoformat(), head, await self._of(day, head), moment)
        )
        self._moment, self._saw = moment, head.last

    async def _last_told(self, ended: date) -> date | None:
        """By the file, else by the database; the day before the first entry; None where there is none."""
        if self._file is not None and self._file.exists() and (days := _LINE.findall(self._file.read_text())):
            return date.fromisoformat(days[-1])
        if self._file is None:
            # What somebody put there for days to come, or for none, does not count.
            async for one in self._roots.find({"_id": {"$lte": ended.isoformat()}}, {"_id": 1}, sort=[("_id", -1)]):
                with suppress(ValueError):
                    return date.fromisoformat(one["_id"])
        if (first := await as_held(self._entries).find_one({"_id": 1}, {"at": 1})) is None:
            return None
        at = moment_in(stored(first).entry)
        # Where it was harmed, days are told from now on.
        return at.date() - DAY if at else ended

    async def _make(self, day: date) -> None:
        after = await self._before(datetime.combine(day + DAY, time(), UTC))
        jws = self._key.root(day.isoformat(), after, await self._of(day, after))
        # Told first: who dies now tells it again.
        self._tell(day.isoformat(), jws)
        await insert_until_taken(self._roots, [{"_id": day.isoformat(), "jws": jws}])

    def _tell(self, name: str, jws: str) -> None:
        log.info("audit root", extra={"root": jws})
        self.newest = jws
        if self._file is not None:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with self._file.open("a") as file:
                file.write(f"{name} {jws}\n")

    async def _of(self, day: date, head: Head) -> int:
        """How many of a day's entries there were."""
        return head.last - (await self._before(datetime.combine(day, time(), UTC))).last

    async def _before(self, moment: datetime) -> Head:
        """The last entry before a moment."""
        return await last_entry(self._entries, at={"$lt": moment})
