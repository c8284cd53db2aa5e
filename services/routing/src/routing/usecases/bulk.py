"""Many tickets that name one firm alike are routed in one act of two people, and a worker does it ticket by ticket."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from chassis.messages import Act
from chassis.refusals import Erased, NotFound

from routing.domain.bulk import MOST, Bulk, Meant, NothingToRoute
from routing.domain.parts import AlreadyThere, BeingSettled, NoSuchPujk, NotRoutable, TicketEnded, TicketHasMoved
from routing.ports import Assignments, Firms, Now
from routing.usecases.tickets import RouteTicket

AT_ONCE = 50
_LEFT = (TicketHasMoved, TicketEnded, BeingSettled, AlreadyThere, NotRoutable, NoSuchPujk, NotFound, Erased)


class Bulks(Protocol):
    """Acts over many tickets, by id. Errors of all: Unavailable."""

    async def add(self, bulk: Bulk) -> Bulk:
        """What stands under the id: the same form sent twice proposes once."""
        ...

    async def get(self, id_: str) -> Bulk | None: ...

    async def latest(self, most: int) -> Sequence[Bulk]:
        """Those that wait for somebody first."""
        ...

    async def confirmed(self) -> Bulk | None:
        """The one that has waited longest to be worked off."""
        ...

    async def change(self, id_: str, change: Callable[[Bulk], None]) -> Bulk:
        """``change`` may run again. Errors: NotFound, whatever ``change`` refuses."""
        ...


class Alike(Protocol):
    async def alike(self, named: str, most: int) -> Sequence[Meant]:
        """Parked tickets that name the firm so, whatever the size of letters, the oldest number first."""
        ...


@dataclass(frozen=True)
class ProposeBulk:
    """A supervisor proposes where all go that name a firm alike."""

    assignments: Assignments
    found: Alike
    firms: Firms
    bulks: Bulks
    clock: Now

    async def alike(self, number: str) -> tuple[str, Sequence[Meant]]:
        """The name in this ticket, and who else names it so. Errors: NotFound."""
        ticket = await self.assignments.get(number)
        if ticket is None:
            raise NotFound(f"no ticket {number} here")
        if not ticket.named or ticket.state != "parked":
            return ticket.named or "", ()
        return ticket.named, await self.found.alike(ticket.named, MOST)

    async def __call__(self, number: str, code: str, by: str, id_: str) -> Bulk:
        """Errors: NotFound, NoSuchPujk, NothingToRoute."""
        firm = self.firms.directory.by_code(code)
        if firm is None:
            raise NoSuchPujk(f"the directory has no PUJK {code!r}")
        named, tickets = await self.alike(number)
        if not tickets:
            raise NothingToRoute("no parked ticket names the firm so any more")
        return await self.bulks.add(Bulk(id_, named, firm.code, firm.name, list(tickets), by, self.clock.now()))


@dataclass(frozen=True)
class DecideBulk:
    """Somebody else confirms it; or it is refused, or taken back."""

    bulks: Bulks
    clock: Now

    async def __call__(self, id_: str, by: str, *, confirms: bool) -> Bulk:
        """Errors: NotFound, SamePerson, BulkDecided."""
        now = self.clock.now()
        return await self.bulks.change(id_, lambda bulk: bulk.confirm(by, now) if confirms else bulk.refuse(by, now))


@dataclass(frozen=True)
class WorkBulkOff:
    """The next tickets of what was confirmed. Each is an act of its own with one id: who dies in between begins again
    where it was written down, and nothing is done twice."""

    bulks: Bulks
    route: RouteTicket

    async def __call__(self) -> bool:
        """False where nothing is left to do. Errors: Unavailable."""
        bulk = await self.bulks.confirmed()
        if bulk is None:
            return False
        position, tickets = bulk.position, bulk.next(AT_ONCE)
        done = await asyncio.gather(*(self._one(bulk, one) for one in tickets))
        left = [one.number for one, was in zip(tickets, done, strict=True) if not was]

        def did(now: Bulk) -> None:
            if now.position == position:
                now.did(len(tickets), left)

        await self.bulks.change(bulk.id, did)
        return True

    async def _one(self, bulk: Bulk, ticket: Meant) -> bool:
        try:
            await self.route(Act(f"{bulk.id}:{ticket.number}", ticket.number), bulk.pujk, ticket.seen, bulk.people)
        except _LEFT:
            return False
        return True
