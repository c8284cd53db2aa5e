"""What does OJK decide about a proposal? Accepting it ends the matter; returned, it is the firm's again."""

from pujk_gateway.domain.case import Case
from pujk_gateway.domain.parts import Cause, Proposal, Round
from pujk_gateway.domain.refusals import CaseClosed, NothingProposed
from pujk_gateway.domain.turns import same_basis


def accept(case: Case, cause: Cause, *, by: str, basis: int | None) -> None:
    """Refuses NothingProposed, CaseClosed, CaseHasMoved."""
    turn, proposal = _waiting(case, basis)
    proposal.state, proposal.decided_by, proposal.decided_at = "accepted", by, cause.at
    case.moved("accepted", turn, cause, by=by, proposal=proposal.number)
    case.said.append(("resolution-accepted", {"round": turn.round, "proposal": proposal.number, "by": by}))
    case.close("resolved", cause, by)


def send_back(case: Case, cause: Cause, *, by: str, basis: int | None, sealed: str) -> None:
    """Refuses NothingProposed, CaseClosed, CaseHasMoved."""
    turn, proposal = _waiting(case, basis)
    proposal.state, proposal.decided_by, proposal.decided_at, proposal.reason = "returned", by, cause.at, sealed
    turn.state = case.state = "in-handling"
    turn.returned += 1
    case.moved("returned", turn, cause, by=by, proposal=proposal.number)
    about = {"round": turn.round, "proposal": proposal.number, "by": by, "sealed": sealed}
    case.said.append(("resolution-returned", about))
    if case.announced(turn.round):
        case.notify(turn, "resolution-returned", case.basis, cause, proposal.number)


def _waiting(case: Case, basis: int | None) -> tuple[Round, Proposal]:
    turn, proposal = case.turn, case.waiting_proposal
    if case.state == "closed":
        raise CaseClosed(f"ticket {case.number} has ended: {case.reason}", extra={"reason": case.reason})
    if turn is None or proposal is None:
        raise NothingProposed(f"no proposal waits in ticket {case.number}; it is {case.state}")
    if basis is not None:
        same_basis(case, basis)
    return turn, proposal
