"""Which firms' queues does this process read? Those with an endpoint, in every replica, within seconds of a change."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Protocol

from chassis.inbox import Inbox

from pujk_gateway.usecases.reaching import ANNOUNCED_AT_ONCE, AnnounceTickets

log = logging.getLogger(__name__)

Stop = Callable[[], Awaitable[None]]


class Queues(Protocol):
    queues: frozenset[str]

    async def read(self) -> None: ...


class FirmDoors:
    """Starts and stops reading firms' actions as endpoints come and go, and announces what waited for an endpoint."""

    def __init__(
        self,
        endpoints: Queues,
        announce: AnnounceTickets,
        inbox_of: Callable[[str], Inbox],
        read: Callable[[Inbox], Stop],
        every_seconds: float,
    ) -> None:
        self._endpoints = endpoints
        self._announce = announce
        self._inbox_of = inbox_of
        self._read = read
        self._every_seconds = every_seconds
        self._open: dict[str, Stop] = {}

    async def run(self) -> None:
        """For ever; an outage is waited out."""
        while True:
            try:
                await self._endpoints.read()
                await self._follow()
                while await self._announce() == ANNOUNCED_AT_ONCE:
                    continue
            except Exception as error:
                log.warning("endpoints not followed", extra={"error": type(error).__name__})
            await asyncio.sleep(self._every_seconds)

    async def _follow(self) -> None:
        wanted = self._endpoints.queues
        for code in sorted(wanted.difference(self._open)):
            self._open[code] = self._read(self._inbox_of(code))
        for code in sorted(set(self._open).difference(wanted)):
            await self._open.pop(code)()
