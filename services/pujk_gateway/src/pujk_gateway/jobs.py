"""Which firms' queues does this process read, and who minds firms at the broker? Every replica, within seconds."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Protocol

from chassis.inbox import Inbox
from chassis.refusals import Unavailable

from pujk_gateway.domain.firm import Firm
from pujk_gateway.usecases.minding import Claimed, DueFirms, MindFirm, NotAsWanted
from pujk_gateway.usecases.reaching import ANNOUNCED_AT_ONCE, AnnounceTickets

log = logging.getLogger(__name__)

Stop = Callable[[], Awaitable[None]]
#: One firm takes some 0.1 s. A worker that was held up stops well before its lease ends.
WORK_SECONDS = 20
AT_ONCE = 16
OLD_AT_ONCE = 200
LOOK_EVERY_SECONDS = 1.0
RETRY_MOST_SECONDS = 60


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


class FirmsAtBroker:
    """Makes true what is wanted of firms at the broker, one worker a firm, and looks again every ``verify_seconds``."""

    def __init__(self, firms: DueFirms, mind: MindFirm, verify_seconds: float) -> None:
        self._firms = firms
        self._mind = mind
        self._verify = timedelta(seconds=verify_seconds)
        self._woken = asyncio.Event()

    def wake(self) -> None:
        self._woken.set()

    async def run(self) -> None:
        """For ever; an outage is waited out."""
        while True:
            self._woken.clear()
            try:
                while claimed := await self._firms.claim(AT_ONCE):
                    await self._minded(claimed)
            except Unavailable as error:
                log.warning("firms not minded", extra={"error": type(error).__name__})
            await self._next()

    async def _minded(self, claimed: Sequence[Claimed]) -> None:
        try:
            async with asyncio.timeout(WORK_SECONDS):
                await self._mind.prepare([one.firm for one in claimed])
        except (Unavailable, NotAsWanted, TimeoutError):
            # Each by itself tells what is amiss.
            log.debug("firms not prepared together")
        await asyncio.gather(*map(self._one, claimed))

    async def _next(self) -> None:
        try:
            async with asyncio.timeout(LOOK_EVERY_SECONDS):
                await self._woken.wait()
        except TimeoutError:
            return

    async def _one(self, claimed: Claimed) -> None:
        firm = claimed.firm
        trouble = await self._tried(firm)
        # What is gone is looked for again, too: somebody may have made it anew, or a slow worker of before.
        again = self._verify if firm.broker is not None else None
        if trouble:
            again = timedelta(seconds=min(2**claimed.tries, RETRY_MOST_SECONDS))
            log.warning("a firm is not as wanted at the broker", extra={"firm": firm.code, "trouble": trouble})
        await self._firms.minded(claimed, trouble=trouble, again=again)

    async def _tried(self, firm: Firm) -> str | None:
        try:
            async with asyncio.timeout(WORK_SECONDS):
                await self._mind(firm)
        except (Unavailable, NotAsWanted, TimeoutError) as error:
            return str(error) or type(error).__name__
        except Exception as error:
            # One odd answer holds up no other firm. Its text may quote what came; its type does not.
            log.error("a firm could not be minded", exc_info=error, extra={"firm": firm.code})
            return type(error).__name__
        return None


class OldCases:
    """Gives each case that an older release wrote its row in a firm's list; ends when all have one."""

    def __init__(self, unlisted: Callable[[int], Awaitable[Sequence[str]]], touch: Callable[[str], Awaitable[object]]):
        self._unlisted = unlisted
        self._touch = touch

    async def run(self) -> None:
        """Errors: those of the database; then it is begun again."""
        while numbers := await self._unlisted(OLD_AT_ONCE):
            await asyncio.gather(*map(self._touch, numbers))
