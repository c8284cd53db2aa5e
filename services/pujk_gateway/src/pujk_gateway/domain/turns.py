"""May this firm act on the ticket now, and has it seen how the case stands? What all acts ask first."""

from pujk_gateway.domain.case import Case
from pujk_gateway.domain.parts import AFTER, Deed, Round
from pujk_gateway.domain.refusals import (
    AlreadyAccepted,
    AlreadyProposed,
    CaseClosed,
    CaseFull,
    CaseHasMoved,
    NoLongerYours,
    NoSuchRound,
    NotTakenOver,
    UnknownBasis,
)

#: What a firm may write into one case. Below the chassis' ceiling of a matter, so that OJK can always decide.
MOST_ENTRIES = 1_000
MOST_SEALED_CHARACTERS = 2 * 2**20
CHANGES_TOLD = 20


def same_basis(case: Case, basis: int, pujk: str | None = None) -> None:
    """Refuses CaseHasMoved with what changed since, UnknownBasis for one that never was. A firm (``pujk``) is told of
    its own rounds alone."""
    if basis > case.basis:
        problem = {"field": "data.basis", "came": str(basis), "expected": f"at most {case.basis}"}
        raise UnknownBasis("no such state of the case", problems=[problem])
    if basis < case.basis:
        own = {one.round for one in case.rounds if pujk in (None, one.pujk)}
        since = [one for one in case.entries if one.basis > basis and one.round in own]
        changes = [{"basis": one.basis, "what": one.what, "at": one.at.isoformat()} for one in since[-CHANGES_TOLD:]]
        raise CaseHasMoved(
            f"the case moved from {basis} to {case.basis}; look at what changed, then send the act with the new basis",
            extra={"basis": case.basis, "changes": changes},
        )


def turn_for(case: Case, deed: Deed) -> Round:
    """The running turn that the act is about. Refuses NoLongerYours, NoSuchRound, CaseClosed."""
    turn = case.turn
    assert turn is not None
    if turn.pujk != deed.pujk or turn.round > deed.round or turn.state in ("declined", "recalled"):
        raise NoLongerYours(f"round {deed.round} of ticket {case.number} is no longer yours")
    if turn.round != deed.round:
        problem = {"field": "data.round", "came": str(deed.round), "expected": f"{turn.round}, the present round"}
        raise NoSuchRound("the ticket has no such round", problems=[problem])
    if case.state == "closed":
        raise CaseClosed(f"ticket {case.number} has ended: {case.reason}", extra={"reason": case.reason})
    return turn


def taken_over(case: Case, deed: Deed) -> Round:
    """The same, where somebody holds the ticket. Refuses NotTakenOver, too."""
    turn = turn_for(case, deed)
    if turn.holder is None:
        raise NotTakenOver("nobody has taken the ticket over; a take-over comes first")
    return turn


def nothing_proposed(case: Case) -> None:
    """Refuses AlreadyProposed, AlreadyAccepted."""
    if waiting := case.waiting_proposal:
        raise AlreadyProposed(f"proposal {waiting.number} of round {waiting.round} waits for OJK's decision")
    if case.state in AFTER:
        raise AlreadyAccepted(f"a proposal was accepted; ticket {case.number} stands as {case.state}")


def broken(case: Case) -> bool:
    """Whether it came back to its firm for a promise that was not kept."""
    return case.state == "in-handling" and any(one.state == "overdue" for one in case.owed)


def room(case: Case, *sealed: str) -> None:
    """Whether the case takes these texts of the firm. Refuses CaseFull."""
    written = sum(len(one.sealed or "") for one in case.entries) + sum(
        len(text) for one in case.proposals for text in one.written
    )
    if len(case.entries) >= MOST_ENTRIES or written + sum(map(len, sealed)) > MOST_SEALED_CHARACTERS:
        raise CaseFull(f"the case holds {len(case.entries)} entries and {written} characters of the firm's notes")
