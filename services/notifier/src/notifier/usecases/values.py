"""What does a text need of the fact that it tells? How the values of each fact are taken; whether it is told at all,
and by which text, is a matter of the rules."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from contracts.base import Fact
from contracts.cases import GatewayStanding

from contracts import intake, pujk_gateway, settling
from notifier.domain.mails import About


def _accepted(data: pujk_gateway.ResolutionAccepted) -> About:
    own = [one for one in data.standing.obligations if one.proposal in (None, data.proposal)]
    days = {str(one.demand): one.promised_by for one in own}
    return About(link="proposal", of=data.proposal, until=data.consumer_until, days=days)


def of_a_promise(
    standing: GatewayStanding, demand: int, proposal: int | None, *, until: datetime | None = None
) -> About:
    """Of something that is owed; with ``until`` the consumer says by a link whether it is there. Of one demand there
    may be several promises, one kept and one owed: that of this proposal is meant."""
    found = [one for one in standing.obligations if one.demand == demand and one.proposal == proposal]
    about = About(link="relief" if until else "", of=demand, proposal=proposal, until=until)
    about.amount, about.promised_by = (found[0].amount, found[0].promised_by) if found else (None, None)
    return about


def _paid(data: settling.ReliefPaid) -> About:
    return of_a_promise(data.standing, data.demand, data.proposal, until=data.standing.consumer_until)


def _question(data: intake.ServiceRegistered | intake.ServiceReopened) -> About | None:
    """By when OJK answers; no other kind says so."""
    return About(until=data.answer_by) if data.answer_by else None


ABOUT: dict[type[Fact], Callable[[Any], About | None]] = {
    intake.ServiceRegistered: _question,
    intake.ServiceReopened: _question,
    intake.PinLinkAsked: lambda data: About(link="pin", of=data.round, until=data.until),
    pujk_gateway.ResolutionAccepted: _accepted,
    settling.ReliefPaid: _paid,
    settling.ReliefOverdue: lambda data: of_a_promise(data.standing, data.demand, data.proposal),
    settling.FacilitationStep: lambda data: About(at=data.held_at),
    settling.FacilitationEnded: lambda data: About(what=data.outcome),
    settling.SentToLaps: lambda data: About(until=data.verified_by),
    settling.LapsStep: lambda data: About(until=data.mediated_by),
    settling.LapsDecided: lambda data: About(what=data.outcome),
}


def round_of(data: Any) -> int:
    """Of the firm that a text names."""
    found = getattr(data, "round", None)
    return int(data.standing.round if found is None else found)
