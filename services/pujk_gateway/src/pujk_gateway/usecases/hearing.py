"""What does the gateway do with what intake and routing say? It keeps the case and tells the firm whose turn it is."""

from dataclasses import dataclass
from typing import Any

from chassis.messages import AnyEvent
from contracts.base import Event
from contracts.intake import DataViewed, IntakeStanding, ServiceAmended, ServiceRegistered
from contracts.routing import ClockResumed, DeadlineMoved, RoutingStanding, TicketRouted

from contracts import routing
from pujk_gateway.domain import viewing, waiting
from pujk_gateway.domain.case import Case
from pujk_gateway.domain.parts import About, Cause, Day, Deadline, Demand
from pujk_gateway.domain.terms import Term
from pujk_gateway.ports import Cases, Endpoints


def cause_of(event: AnyEvent) -> Cause:
    return Cause(event.id, event.time)


def deadline_of(said: routing.Deadline) -> Deadline:
    """Routing's own count, kept as it explained it."""
    days = [Day(one.date, one.counted, one.why) for one in said.days]
    return Deadline(said.working_days, said.rule, said.rule_version, said.calendar_version, days, said.extension_days)


@dataclass(frozen=True)
class OpenCase:
    """A service was registered: the case knows what it is about."""

    cases: Cases
    endpoints: Endpoints

    async def __call__(self, event: Event[ServiceRegistered]) -> None:
        data, cause, queues = event.data, cause_of(event), self.endpoints.queues

        def register(case: Case) -> None:
            demands = [Demand(one.id, one.amount) for one in data.demands]
            in_court = data.in_court if data.in_court_stated else None
            about = About(data.issue, data.region, data.received_at, data.loss, data.transaction_date, in_court)
            case.registered(kind=data.kind, product=data.product, demands=demands, seal_key=data.seal_key, about=about)
            case.intake_stands(event.seq, cause, withdrawal_asked=data.standing.withdrawal_asked)
            case.announce(cause, queues)

        await self.cases.change(event, register)


@dataclass(frozen=True)
class HearIntake:
    """Intake's standing moved: a wish to withdraw ends the case where the gateway may end it."""

    cases: Cases

    async def __call__(self, event: AnyEvent, standing: IntakeStanding) -> None:
        await self.cases.change(
            event,
            lambda case: case.intake_stands(event.seq, cause_of(event), withdrawal_asked=standing.withdrawal_asked),
        )


@dataclass(frozen=True)
class StartRound:
    """Routing found the firm that must answer, or another one: its round begins, the old one ends."""

    cases: Cases
    endpoints: Endpoints

    async def __call__(self, event: Event[TicketRouted]) -> None:
        data, cause, queues = event.data, cause_of(event), self.endpoints.queues

        def start(case: Case) -> None:
            due, name, deadline = data.deadline.due, data.pujk_name, deadline_of(data.deadline)
            about: dict[str, Any] = {"name": name, "due": due, "deadline": deadline, "sector": data.sector}
            by = ", ".join(data.by) or None
            case.routed(event.seq, cause, round_=data.round, pujk=data.pujk, by=by, **about)
            case.announce(cause, queues)

        await self.cases.change(event, start)


@dataclass(frozen=True)
class HearDocuments:
    """Files were added to the matter: the consumer's end the wait for them."""

    cases: Cases

    async def __call__(self, event: Event[ServiceAmended]) -> None:
        data, cause = event.data, cause_of(event)

        def amend(case: Case) -> None:
            case.intake_stands(event.seq, cause, withdrawal_asked=data.standing.withdrawal_asked)
            if data.by == "consumer":
                waiting.brought(case, cause, "consumer")

        await self.cases.change(event, amend)


@dataclass(frozen=True)
class HearViewed:
    """Somebody opened personal data: the history tells it. Of what nobody knows here yet nothing is opened here."""

    cases: Cases

    async def __call__(self, event: Event[DataViewed]) -> None:
        data, cause = event.data, cause_of(event)

        def view(case: Case) -> None:
            viewing.viewed(case, cause, by=data.by, pujk=data.pujk, fields=data.fields, sealed=data.sealed)

        await self.cases.change(event, view)


@dataclass(frozen=True)
class HearRouting:
    """Routing's standing moved: it parked the ticket, or ended it while nobody's turn ran."""

    cases: Cases

    async def __call__(self, event: AnyEvent, standing: RoutingStanding) -> None:
        await self.cases.change(event, lambda case: _stands(case, event, standing))


@dataclass(frozen=True)
class NameDay:
    """Routing named another day: the firm has more time, or its time runs on. Documents that were waited for too long
    are awaited no more."""

    cases: Cases

    async def __call__(self, event: Event[DeadlineMoved] | Event[ClockResumed]) -> None:
        data = event.data
        term = Term(event.seq, data.round, data.deadline.due, deadline_of(data.deadline))

        def name(case: Case) -> None:
            _stands(case, event, data.standing)
            case.name_day(term)
            if data.because == "time-over":
                waiting.brought(case, cause_of(event), "time-over", data.round)

        await self.cases.change(event, name)


def _stands(case: Case, event: AnyEvent, standing: RoutingStanding) -> None:
    closed = standing.state == "closed"
    case.routing_stands(event.seq, cause_of(event), closed=closed, reason=standing.reason)
