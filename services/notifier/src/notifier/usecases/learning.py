"""What does a fact say of the matter itself, whoever is told? Whom to tell and how, the firm, its day, its offer."""

from collections.abc import Callable
from typing import Any

from contracts.base import Event, Fact

from contracts import intake, pujk_gateway, routing, tracking
from notifier.domain.mails import Got, Proposal
from notifier.domain.notification import Notification
from notifier.domain.timing import Quiet


def _registered(one: Notification, event: Event[intake.ServiceRegistered]) -> None:
    data = event.data
    one.registered(kind=data.kind, language=data.language, tell_by=data.tell_by, sealed=data.sealed)


def _routed(one: Notification, event: Event[routing.TicketRouted]) -> None:
    one.routed(event.data.round, event.data.pujk_name, event.data.deadline.due)


def _moved(one: Notification, event: Event[routing.DeadlineMoved]) -> None:
    one.due_moved(event.data.round, event.seq, event.data.deadline.due)


def _proposed(one: Notification, event: Event[pujk_gateway.ResolutionProposed]) -> None:
    data = event.data
    answers = [Got(answer.demand, answer.answer, answer.amount, answer.promised_by) for answer in data.answers]
    one.proposed(data.round, data.proposal, Proposal(data.kind, data.amount, answers))


def _wishes(one: Notification, event: Event[tracking.PreferencesSet]) -> None:
    data = event.data
    quiet = Quiet(data.quiet.begin, data.quiet.end, data.quiet.zone) if data.quiet else None
    one.wishes(event.seq, data.language, data.tell_by, quiet)


LEARNT: dict[type[Fact], Callable[[Notification, Any], None]] = {
    intake.ServiceRegistered: _registered,
    routing.TicketRouted: _routed,
    routing.TicketRerouted: _routed,
    routing.DeadlineMoved: _moved,
    routing.ClockResumed: _moved,
    pujk_gateway.ResolutionProposed: _proposed,
    tracking.PreferencesSet: _wishes,
}
