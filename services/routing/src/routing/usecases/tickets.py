"""The stories of routing, one class each: fields are what it needs, ``__call__`` is what happens."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from chassis.messages import Act, AnyEvent, of_worker
from chassis.refusals import Erased, NotFound
from chassis.sealing import seal
from contracts.base import Event
from contracts.cases import GatewayStanding
from contracts.intake import IntakeStanding, ServiceRegistered

from routing.domain.assignment import Assignment
from routing.domain.parts import Ending, Firm, Found, NoDeskFound, NoSuchPujk, NothingDue
from routing.domain.term import Mark, Terms, What
from routing.ports import Assignments, Firms, Now


@dataclass(frozen=True)
class RouteService:
    """A registered service finds its PUJK and its deadline, or is parked."""

    assignments: Assignments
    firms: Firms
    terms: Terms

    async def __call__(self, event: Event[ServiceRegistered]) -> None:
        data = event.data
        named, code = (data.pujk.name, data.pujk.code) if data.pujk else (None, None)
        found = self.firms.directory.find(named, code)

        def register(assignment: Assignment) -> None:
            assignment.registered(
                kind=data.kind,
                form=data.form,
                received_at=data.received_at,
                product=data.product,
                named=named,
                found=found,
                terms=self.terms,
                taken_up=data.counted_from,
                seal_key=data.seal_key,
            )

        await self.assignments.change(event, register)


@dataclass(frozen=True)
class HearIntake:
    """Intake's standing moved: a parked matter that is to be withdrawn ends here."""

    assignments: Assignments

    async def __call__(self, event: AnyEvent, standing: IntakeStanding) -> None:
        await self.assignments.change(
            event,
            lambda assignment: assignment.intake_stands(
                event.seq, withdrawal_asked=standing.withdrawal_asked, state=standing.state
            ),
        )


@dataclass(frozen=True)
class HearGateway:
    """The gateway's standing moved: a declined ticket is parked again, a closed one is over. ``what`` of it moves the
    firm's time, at the moment when the gateway took it."""

    assignments: Assignments
    terms: Terms

    async def __call__(
        self, event: AnyEvent, standing: GatewayStanding, what: What | None = None, declined: str | None = None
    ) -> None:
        """``declined``: why a firm says that it is not its to answer."""
        mark = Mark(event.seq, what, event.time) if what else None
        owes = any(one.state != "fulfilled" for one in standing.obligations)
        await self.assignments.change(
            event,
            lambda assignment: assignment.gateway_stands(
                event.seq,
                state=standing.state,
                round_=standing.round,
                at=event.time,
                terms=self.terms,
                mark=mark,
                owes=owes,
                declined=declined,
            ),
        )


@dataclass(frozen=True)
class TellTime:
    """What time does to a ticket is said: near, missed, told further up, documents waited for long enough."""

    assignments: Assignments
    terms: Terms
    clock: Now

    async def __call__(self, number: str, *, all_heard: bool) -> None:
        """Whoever comes second finds nothing to do. Errors: those of the rules and of the repository."""
        now = self.clock.now()
        try:
            await self.assignments.change(
                of_worker(number), lambda assignment: assignment.tick(now, self.terms, all_heard=all_heard)
            )
        except (NothingDue, NotFound, Erased):
            return


@dataclass(frozen=True)
class RouteTicket:
    """A supervisor names the PUJK of a parked ticket, or another one than it is with."""

    assignments: Assignments
    firms: Firms
    terms: Terms
    clock: Now

    async def __call__(self, act: Act, code: str, seen: str | None = None, by: Sequence[str] = ()) -> Assignment:
        """``by``: who stands for it, told with the fact."""
        firm = self.firms.directory.by_code(code)
        if firm is None:
            raise NoSuchPujk(f"the directory has no PUJK {code!r}; see /directory")
        changed = await self.assignments.change(
            act, lambda assignment: assignment.route_to(firm, self.clock.now(), self.terms, seen, by)
        )
        return changed.aggregate


@dataclass(frozen=True)
class EndTicket:
    """A supervisor ends a parked ticket that no firm can be asked to answer, and tells the consumer why."""

    assignments: Assignments

    async def __call__(self, act: Act, ending: Ending, text: str, seen: str, by: str) -> Assignment:
        """Errors: NotFound and what the domain refuses."""
        found = await self.assignments.get(act.subject)
        if found is None or found.seal_key is None:
            raise NotFound(f"no ticket {act.subject} here that could be ended")
        sealed = seal(json.dumps({"text": text}, ensure_ascii=False), found.seal_key, act.subject)
        changed = await self.assignments.change(act, lambda assignment: assignment.end(ending, seen, by, sealed))
        return changed.aggregate


@dataclass(frozen=True)
class ShowTicket:
    """Where is this ticket routed, and by when must it be answered?"""

    assignments: Assignments

    async def __call__(self, number: str) -> Assignment:
        found = await self.assignments.get(number)
        if found is None:
            raise NotFound(f"no ticket {number} here")
        return found


@dataclass(frozen=True)
class ListParked:
    """What waits for a supervisor?"""

    assignments: Assignments

    async def __call__(self, after: str | None, limit: int) -> Sequence[Assignment]:
        return await self.assignments.parked(after, limit)


@dataclass(frozen=True)
class LoadDirectory:
    """An administrator loads firms and their aliases."""

    firms: Firms

    async def __call__(self, firms: Sequence[Firm]) -> int:
        return await self.firms.load(firms)


@dataclass(frozen=True)
class FindPujk:
    """Which PUJK would a matter go to that names it so?"""

    firms: Firms

    async def __call__(self, name: str | None, code: str | None) -> Found | NoDeskFound:
        return self.firms.directory.find(name, code)


@dataclass(frozen=True)
class SearchDirectory:
    """Which firms could be meant by a part of a name, or by a code?"""

    firms: Firms

    def __call__(self, typed: str) -> Sequence[Firm]:
        return self.firms.directory.like(typed)

    def by_code(self, code: str) -> Firm:
        """Errors: NotFound."""
        firm = self.firms.directory.by_code(code)
        if firm is None:
            raise NotFound(f"the directory has no PUJK {code!r}")
        return firm
