"""What tracking does by the clock: what all chains were when a day had ended is signed and told; figures follow what
happens."""

import asyncio
import logging
from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

from chassis.clock import Clock
from chassis.clocks import Lease
from chassis.database import transient
from chassis.messages import of_worker
from chassis.receipts import heads, leaf
from chassis.refusals import Erased, NotFound, Unavailable

from tracking.ports import Timelines
from tracking.usecases.counting import CountMatters
from tracking.usecases.receipts import MakesRoots, Root, digest
from tracking.words import WIB

log = logging.getLogger(__name__)

LOOK_SECONDS = 30.0
AT_ONCE = 1_000
#: Two processes' clocks may differ, and a write may take its time.
MARGIN = timedelta(minutes=10)
#: Who keeps the figures rests so many times as long as it worked.
COUNT_SECONDS, COUNT_MOST_SECONDS, RESTS = 1.0, 10.0, 3


@dataclass(frozen=True)
class ReceiptRoots:
    """One replica makes them, by a lease; a second one at the same time would find the root kept. ``every`` divides a
    day, which begins at midnight in Jakarta; ``file`` is where no master of the database can write."""

    timelines: Timelines
    roots: MakesRoots
    lease: Lease
    clock: Clock
    every: timedelta
    file: Path | None = None

    async def run(self) -> None:
        while True:
            try:
                if await self.lease.held():
                    await self.look()
            except Unavailable as error:
                log.warning("no root of receipts", extra={"error": str(error)})
            await asyncio.sleep(min(LOOK_SECONDS, self.every.total_seconds() / 2))

    async def look(self) -> Root | None:
        """The root that is due, if one is. Errors: Unavailable, OSError; then it is due again."""
        now, newest = self.clock.now(), await self.roots.newest()
        if newest and not newest.kept:
            await self._tell(newest.root)
            await self.roots.index(newest.root.until)
        until = self._ended(now)
        if newest and newest.root.until >= f"{until:%Y-%m-%dT%H:%M:%S}Z":
            return None
        leaves = await self._moved(newest.upto if newest else "")
        found = await self.roots.keep(until, now, leaves, _stamped(now - MARGIN))
        if found:
            # Told before it counts as kept: who dies in between tells it again.
            await self._tell(found)
            await self.roots.index(found.until)
        return found

    async def _moved(self, since: str) -> list[bytes]:
        """Leaves of all chains that stand in no root as they are."""
        found, some = set[bytes](), list[bytes]()
        async for number, digests, chained in self.roots.moved_since(since):
            digests = digests if chained else await self._chained(number)
            if digests:
                some.append(leaf(heads(number, digests)[-1]))
            if len(some) >= AT_ONCE:
                found.update(await self.roots.unknown(some))
                some = []
        return [*found.union(await self.roots.unknown(some))]

    async def _chained(self, number: str) -> list[str]:
        """The chain of a timeline that was made before there were chains, or was made again from its facts."""
        try:
            changed = await self.timelines.change(of_worker(number), lambda one: one.link(digest))
        except (NotFound, Erased):
            return []
        return [one.digest for one in changed.aggregate.links]

    async def _tell(self, root: Root) -> None:
        signature = b64encode(root.signature).decode()
        log.info("root of receipts", extra={"root": root.document, "signature": signature})
        if self.file is not None:
            line = f"{root.until} {b64encode(root.document.encode()).decode()} {signature}\n"
            await asyncio.to_thread(_append, self.file, line)

    def _ended(self, now: datetime) -> datetime:
        """When the last whole stretch ended."""
        there = now.astimezone(WIB)
        midnight = there.replace(hour=0, minute=0, second=0, microsecond=0)
        return (midnight + (there - midnight) // self.every * self.every).astimezone(UTC)


def _append(file: Path, line: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a") as out:
        out.write(line)


def _stamped(moment: datetime) -> str:
    """What every stamp (UUIDv7) since then is not less than."""
    milliseconds = f"{int(moment.timestamp() * 1000):012x}"
    return f"{milliseconds[:8]}-{milliseconds[8:]}"


@dataclass(frozen=True)
class KeepFigures:
    """One replica counts at a time, by a lease; two at once come to the same."""

    count: CountMatters
    lease: Lease

    async def run(self) -> None:
        while True:
            began = monotonic()
            try:
                if await self.lease.held():
                    await self.count()
            except Exception as error:
                if not transient(error):
                    raise
                log.warning("figures wait", extra={"error": type(error).__name__})
            await asyncio.sleep(min(COUNT_MOST_SECONDS, max(COUNT_SECONDS, RESTS * (monotonic() - began))))
