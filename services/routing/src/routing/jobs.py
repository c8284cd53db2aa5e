"""Who works off what two people decided over many tickets? One replica at a time, and nothing twice."""

import asyncio
import logging
from typing import Protocol

from chassis.refusals import Unavailable

log = logging.getLogger(__name__)


class Lease(Protocol):
    async def held(self) -> bool: ...


class WorksOff(Protocol):
    async def __call__(self) -> bool: ...


class BulkWork:
    """Works off what two people decided over many tickets. One replica at a time, by a lease; two at once do each
    ticket once all the same."""

    def __init__(self, work: WorksOff, lease: Lease, every_seconds: float) -> None:
        self._work = work
        self._lease = lease
        self._every_seconds = every_seconds

    async def run(self) -> None:
        while True:
            more = False
            try:
                more = await self._lease.held() and await self._work()
            except Unavailable as error:
                log.warning("no act over many tickets worked off", extra={"error": str(error)})
            except Exception as error:
                log.error("an act over many tickets stands still", exc_info=error)
            if not more:
                await asyncio.sleep(self._every_seconds)
