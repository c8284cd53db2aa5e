"""What was taken over from somebody while they were away? Told on their pages, until they have read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from chassis.messages import of_worker

from pujk_gateway.domain import handing
from pujk_gateway.ports import Cases
from pujk_gateway.usecases.acting import NoSuchTicket

#: Told at once; the others follow when these were read.
TOLD_MOST = 5


@dataclass(frozen=True)
class HandedOver:
    """One such ticket: ``by`` is the colleague."""

    number: str
    kind: str
    by: str
    at: datetime


class HandedCases(Protocol):
    async def handed(self, officer: str, firm: str, most: int) -> Sequence[HandedOver]:
        """Tickets of the firm's present turns, the latest first. Errors: Unavailable."""
        ...


@dataclass(frozen=True)
class TellHanded:
    cases: Cases
    found: HandedCases

    async def __call__(self, officer: str, firm: str) -> Sequence[HandedOver]:
        return await self.found.handed(officer, firm, TOLD_MOST)

    async def read(self, number: str, officer: str, firm: str) -> None:
        """Errors: NoSuchTicket, Unavailable."""
        case = await self.cases.get(number)
        if case is None or not case.was_with(firm):
            raise NoSuchTicket("no ticket of yours has that number")
        if any(one.officer == officer for one in case.handed):
            await self.cases.change(of_worker(number), lambda case: handing.read(case, officer))
