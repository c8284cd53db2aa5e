"""What does intake do by itself? It scans files, sweeps contents that came into no matter, and marks old matters."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Protocol

from chassis.receivers import Undeliverable
from chassis.refusals import NotFound, Unavailable

from intake.attachments import Scanning
from intake.domain import Service
from intake.usecases.attaching import ScanAttachment
from intake.usecases.finding import MarkOld

log = logging.getLogger(__name__)

SWEEP_SECONDS = 600.0
#: A replica of the release before may register unmarked matters so long after this one began.
AGAIN_SECONDS = 600.0
#: Whoever waits for it waits for a mail.
LOOK_SECONDS = 1.0


class Sweeper:
    """Every ten minutes, in each replica."""

    def __init__(self, sweep: Callable[[], Awaitable[int]]) -> None:
        self._sweep = sweep

    async def run(self) -> None:
        while True:
            if gone := await self._sweep():
                log.info("contents of no matter were swept", extra={"count": gone})
            await asyncio.sleep(SWEEP_SECONDS)


class Scans:
    """For the worker: one scan that is due."""

    def __init__(self, scan: ScanAttachment) -> None:
        self._scan = scan

    async def __call__(self, service: Service, scanning: Scanning) -> None:
        """Errors: Undeliverable with a finding; Away, Unavailable; whatever else failed counts as a try."""
        try:
            await self._scan(service, scanning.id)
        except NotFound as error:
            raise Undeliverable("content-missing") from error


class Lease(Protocol):
    async def held(self) -> bool: ...


class Passes(Protocol):
    async def done(self, what: str) -> bool: ...

    async def finish(self, what: str) -> None: ...


class MarksOld:
    """Goes through all matters that have no marks under the present key, until a later look finds none; never again
    then. One replica at a time."""

    def __init__(self, mark: MarkOld, lease: Lease, passes: Passes, again_seconds: float = AGAIN_SECONDS) -> None:
        self._mark, self._lease, self._passes, self._again_seconds = mark, lease, passes, again_seconds

    async def run(self) -> None:
        what, passed = f"marks-{self._mark.marking.by}", 0
        while not await self._passes.done(what):
            if await self._lease.held():
                marked = await self._all()
                log.info("matters got their marks", extra={"count": marked})
                passed += 1
                if passed > 1 and not marked:
                    await self._passes.finish(what)
                    return
            await asyncio.sleep(self._again_seconds)

    async def _all(self) -> int:
        after, marked = "", 0
        while True:
            try:
                after, count = await self._mark(after)
            except Unavailable:
                await asyncio.sleep(1.0)
                continue
            marked += count
            if not after or not await self._lease.held():
                return marked


class WorksOff(Protocol):
    async def __call__(self) -> bool: ...


class Works:
    """Does what waits, and looks again soon; in each replica, or with a lease in one at a time."""

    def __init__(
        self, work: WorksOff, what: str, every_seconds: float = LOOK_SECONDS, lease: Lease | None = None
    ) -> None:
        self._work, self._what, self._every_seconds, self._lease = work, what, every_seconds, lease

    async def run(self) -> None:
        while True:
            more = False
            try:
                more = (self._lease is None or await self._lease.held()) and await self._work()
            except Unavailable as error:
                log.warning("work rests", extra={"reason": self._what, "error": str(error)})
            if not more:
                await asyncio.sleep(self._every_seconds)
