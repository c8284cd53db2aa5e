"""What does intake do by itself? It scans files, and sweeps contents that came into no matter."""

import asyncio
import logging

from chassis.receivers import Undeliverable
from chassis.refusals import NotFound

from intake.attachments import Scanning
from intake.domain import Service
from intake.usecases.attaching import ScanAttachment, SweepOrphans

log = logging.getLogger(__name__)

SWEEP_SECONDS = 600.0


class Sweeper:
    """Every ten minutes, in each replica."""

    def __init__(self, sweep: SweepOrphans) -> None:
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
