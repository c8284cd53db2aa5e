"""What does OJK decide about a proposal? Accepted, the consumer says whether they agree; returned, it is the firm's
again, also one that was accepted and that the consumer objects to."""

from datetime import date, datetime
from typing import Protocol

from pujk_gateway.domain.case import Case
from pujk_gateway.domain.parts import Asked, Cause, Deadline, Obligation, Proposal, Round
from pujk_gateway.domain.refusals import CaseClosed, NothingProposed
from pujk_gateway.domain.turns import same_basis


class Terms(Protocol):
    """How long may it take? By the policies of the day it began. Errors: NoPolicy, NoSuchDay."""

    def consumer_answers(self, accepted_at: datetime) -> tuple[datetime, Deadline]:
        """By when the consumer says whether they agree, counted day by day."""
        ...

    def relief_denied_until(self, paid_at: datetime) -> datetime:
        """By when the consumer says that what the firm says it did is not there."""
        ...

    def documents_most(self, at: datetime) -> int:
        """How often a firm may ask the consumer for documents in one round."""
        ...

    def documents_until(self, at: datetime) -> datetime:
        """Until when documents are awaited that were asked for then."""
        ...

    def promised_most(self, at: datetime) -> date:
        """For no later day is anything promised."""
        ...

    def owed_by(self, promised_by: date, accepted_at: datetime) -> date:
        """The day that was promised, or another one where that had passed before OJK accepted."""
        ...


def accept(case: Case, cause: Cause, *, by: str, basis: int | None, terms: Terms) -> None:
    """Refuses NothingProposed, CaseClosed, CaseHasMoved."""
    turn, proposal = _waiting(case, basis)
    proposal.state, proposal.decided_by, proposal.decided_at = "accepted", by, cause.at
    until, term = terms.consumer_answers(cause.at)
    case.asked = Asked(turn.round, proposal.number, until, term)
    case.facilitation_asked = False
    case.void_promises()
    case.obligations += [
        Obligation(one.demand, terms.owed_by(one.promised_by, cause.at), turn.round, proposal.number, one.amount)
        for one in proposal.answers
        if one.promised_by is not None and one.answer != "refused"
    ]
    case.lapse()
    case.stands_as(turn, "accepted")
    case.moved("accepted", turn, cause, by=by, proposal=proposal.number)
    about = {"round": turn.round, "proposal": proposal.number, "by": by, "consumer_until": until}
    said = {"consumer_days": term.working_days, "rule_version": term.rule_version}
    case.said.append(("resolution-accepted", about | said))


def send_back(case: Case, cause: Cause, *, by: str, basis: int | None, sealed: str) -> None:
    """Refuses NothingProposed, CaseClosed, CaseHasMoved."""
    turn, proposal = _waiting(case, basis, also_objected=True)
    proposal.state, proposal.decided_by, proposal.decided_at, proposal.reason = "returned", by, cause.at, sealed
    if case.state == "objected":
        case.asked, case.facilitation_asked = None, False
        case.void_promises()
    case.stands_as(turn, "in-handling")
    turn.returned += 1
    case.moved("returned", turn, cause, by=by, proposal=proposal.number)
    about = {"round": turn.round, "proposal": proposal.number, "by": by, "sealed": sealed}
    case.said.append(("resolution-returned", about))
    if case.announced(turn.round):
        case.notify(turn, "resolution-returned", case.basis, cause, proposal.number)


def objected_proposal(case: Case) -> Proposal | None:
    """The accepted proposal to which the consumer objects, while OJK has not said how it goes on."""
    asked = case.asked
    if case.state != "objected" or asked is None:
        return None
    found = [one for one in case.proposals if (one.round, one.number) == (asked.round, asked.proposal)]
    return found[0] if found else None


def _waiting(case: Case, basis: int | None, *, also_objected: bool = False) -> tuple[Round, Proposal]:
    turn, proposal = case.turn, case.waiting_proposal
    if also_objected and proposal is None:
        proposal = objected_proposal(case)
    if case.state == "closed":
        raise CaseClosed(f"ticket {case.number} has ended: {case.reason}", extra={"reason": case.reason})
    if turn is None or proposal is None:
        raise NothingProposed(f"no proposal waits in ticket {case.number}; it is {case.state}")
    if basis is not None:
        same_basis(case, basis)
    return turn, proposal
