"""What is the consumer told of what follows an accepted proposal? What they get, until when they answer, how it
ended."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chassis.messages import AnyEvent
from contracts.base import Event, Fact
from contracts.topology import OWNERS

from contracts import pujk_gateway, settling
from notifier.domain.mails import About, Got, Mail, Proposal, Turn
from notifier.ports import Notifications
from notifier.usecases.telling import mail_of

#: What is told of one fact: which mail, and about what; None: nobody is told of this one.
Told = tuple[Turn, About] | None


def _accepted(data: pujk_gateway.ResolutionAccepted) -> Told:
    if data.consumer_until is None:
        # Nothing is asked of them: the ending is told.
        return None
    own = [one for one in data.standing.obligations if one.proposal in (None, data.proposal)]
    days = {str(one.demand): one.promised_by for one in own}
    return "accepted", About(link="proposal", of=data.proposal, until=data.consumer_until, days=days)


def _lapsed(data: settling.ConsumerTimeLapsed) -> Told:
    """Where nothing is owed the matter ends, and the ending says why."""
    return ("lapsed", About()) if data.standing.state == "owed" else None


def _paid(data: settling.ReliefPaid) -> Told:
    return "relief-paid", _of_a_demand(data, link="relief", until=data.standing.consumer_until)


def _overdue(data: settling.ReliefOverdue) -> Told:
    return "relief-overdue", _of_a_demand(data)


def _reopened(data: settling.TicketReopened) -> Told:
    """What is overdue was told as that."""
    return ("reopened", About()) if data.because == "objected" else None


def _step(data: settling.FacilitationStep) -> Told:
    if data.kind == "session-planned" or data.kind == "session-cancelled":
        return data.kind, About(at=data.held_at)
    return None


def _laps_step(data: settling.LapsStep) -> Told:
    return ("laps-step", About(until=data.mediated_by)) if data.step == "verified" else None


def _of_a_demand(
    data: settling.ReliefPaid | settling.ReliefOverdue, *, link: Any = "", until: datetime | None = None
) -> About:
    """Of one demand there may be several promises, one kept and one owed: that of the fact's proposal is meant."""
    found = [one for one in data.standing.obligations if one.demand == data.demand and one.proposal == data.proposal]
    amount, day = (found[0].amount, found[0].promised_by) if found else (None, None)
    about = About(link=link if until else "", of=data.demand, proposal=data.proposal, until=until)
    about.amount, about.promised_by = amount, day
    return about


SETTLING: dict[type[Fact], Callable[[Any], Told]] = {
    pujk_gateway.ResolutionAccepted: _accepted,
    settling.ConsumerTimeLapsed: _lapsed,
    settling.ReliefPaid: _paid,
    settling.ReliefOverdue: _overdue,
    settling.TicketReopened: _reopened,
    settling.FacilitationOpened: lambda data: ("facilitation-opened", About()),
    settling.FacilitationStep: _step,
    settling.FacilitationEnded: lambda data: ("facilitation-ended", About(what=data.outcome)),
    settling.SentToLaps: lambda data: ("sent-to-laps", About(until=data.verified_by)),
    settling.LapsStep: _laps_step,
    settling.LapsDecided: lambda data: ("laps-decided", About(what=data.outcome)),
    settling.ConsumerAnswered: lambda data: None,
    settling.ReliefFulfilled: lambda data: None,
}


def settling_mail(event: AnyEvent) -> Mail | None:
    """The mail that tells of ``event``; None where nobody is told of it."""
    told = SETTLING[type(event.data)](event.data)
    if told is None:
        return None
    turn, about = told
    return Mail(
        id=event.id,
        turn=turn,
        template=turn,
        order=[event.clock, OWNERS.index(event.owner), event.seq],
        not_before=event.time,
        round=event.data.round,
        sealed=getattr(event.data, "sealed", None),
        about=about,
    )


@dataclass(frozen=True)
class TellOfSettling:
    """Something followed an accepted proposal: of some of it the consumer is told."""

    notifications: Notifications

    async def __call__(self, event: AnyEvent) -> None:
        mail = settling_mail(event)
        await self.notifications.change(event, lambda one: one.happened(mail) if mail else None)


@dataclass(frozen=True)
class TellOfProposal:
    """A firm proposed: what it would give is kept, and told when OJK accepts it."""

    notifications: Notifications

    async def __call__(self, event: Event[pujk_gateway.ResolutionProposed]) -> None:
        data = event.data
        answers = [Got(one.demand, one.answer, one.amount, one.promised_by) for one in data.answers]
        proposal = Proposal(data.kind, data.amount, answers)
        await self.notifications.change(event, lambda one: one.proposed(mail_of(event), data.proposal, proposal))
