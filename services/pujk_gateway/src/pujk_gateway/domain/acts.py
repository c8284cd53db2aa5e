"""What may a firm do with a ticket, and when? Take over, add a follow-up, propose, decline; each moves the basis."""

from collections.abc import Sequence

from pujk_gateway.domain.case import Case
from pujk_gateway.domain.parts import Answer, Deed, Proposal, Round
from pujk_gateway.domain.refusals import (
    AlreadyProposed,
    AmountMissing,
    CaseClosed,
    CaseFull,
    CaseHasMoved,
    DemandsUnanswered,
    NoLongerYours,
    NoSuchRound,
    NotTakenOver,
    UnknownBasis,
)

#: What a firm may write into one case. Below the chassis' ceiling of a matter, so that OJK can always decide.
MOST_ENTRIES = 1_000
MOST_SEALED_CHARACTERS = 2 * 2**20
CHANGES_TOLD = 20


def take_over(case: Case, deed: Deed) -> None:
    """The officer makes the ticket theirs; a colleague's is handed over. Refuses NoLongerYours, CaseClosed."""
    turn = _turn(case, deed)
    if turn.holder == deed.officer:
        return
    turn.holder = deed.officer
    if turn.state == "sent":
        turn.state = case.state = "in-handling"
    case.moved("taken-over", turn, deed.cause, by=deed.officer)
    case.said.append(("ticket-taken-over", {"round": turn.round, "holder": deed.officer}))


def follow_up(case: Case, deed: Deed, *, kind: str, sealed: str) -> None:
    """What the firm did; refuses NotTakenOver, CaseFull and what any act refuses."""
    turn = _taken_over(case, deed)
    _room(case, sealed)
    case.moved("follow-up-added", turn, deed.cause, by=deed.officer, kind=kind, sealed=sealed)
    about = {"round": turn.round, "kind": kind, "by": deed.officer, "sealed": sealed}
    case.said.append(("follow-up-added", about))


def propose(
    case: Case, deed: Deed, *, basis: int, kind: str, amount: int | None, answers: Sequence[Answer], sealed: str
) -> None:
    """Refuses AlreadyProposed, CaseHasMoved, AmountMissing, DemandsUnanswered and what a follow-up refuses."""
    turn = _taken_over(case, deed)
    _nothing_waits(case)
    same_basis(case, basis, deed.pujk)
    if kind == "monetary-relief" and amount is None:
        problem = {"field": "data.amount", "came": "nothing", "expected": "the amount in rupiah of the relief"}
        raise AmountMissing("monetary relief says how much", problems=[problem])
    _every_demand(case, answers)
    _room(case, sealed)
    number = 1 + sum(one.round == turn.round for one in case.proposals)
    case.proposals.append(
        Proposal(number, turn.round, kind, amount, list(answers), sealed, deed.officer, deed.cause.at)
    )
    turn.state = case.state = "proposed"
    case.moved("proposed", turn, deed.cause, by=deed.officer, kind=kind, proposal=number)
    about = {"round": turn.round, "proposal": number, "kind": kind, "amount": amount, "by": deed.officer}
    said = [{"demand": a.demand, "answer": a.answer, "amount": a.amount, "promised_by": a.promised_by} for a in answers]
    case.said.append(("resolution-proposed", {**about, "answers": said, "sealed": sealed}))


def decline(case: Case, deed: Deed, *, basis: int, kind: str, sealed: str) -> None:
    """The ticket is not this firm's to answer; another is found. Refuses AlreadyProposed, CaseHasMoved, CaseFull."""
    turn = _turn(case, deed)
    _nothing_waits(case)
    same_basis(case, basis, deed.pujk)
    _room(case, sealed)
    turn.state, turn.ended_at = "declined", deed.cause.at
    case.state, case.to_announce = "declined", False
    case.moved("declined", turn, deed.cause, by=deed.officer, kind=kind, sealed=sealed)
    case.said.append(("ticket-declined", {"round": turn.round, "kind": kind, "sealed": sealed}))


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


def _turn(case: Case, deed: Deed) -> Round:
    turn = case.turn
    assert turn is not None
    if turn.pujk != deed.pujk or turn.round > deed.round or turn.state in ("declined", "recalled"):
        raise NoLongerYours(f"round {deed.round} of ticket {case.number} is no longer yours")
    if turn.round != deed.round:
        problem = {"field": "data.round", "came": str(deed.round), "expected": f"{turn.round}, the present round"}
        raise NoSuchRound("the ticket has no such round", problems=[problem])
    if case.state == "closed":
        raise _closed(case)
    return turn


def _taken_over(case: Case, deed: Deed) -> Round:
    turn = _turn(case, deed)
    if turn.holder is None:
        raise NotTakenOver("nobody has taken the ticket over; send pujk.take-over.v1 first")
    return turn


def _closed(case: Case) -> CaseClosed:
    return CaseClosed(f"ticket {case.number} has ended: {case.reason}", extra={"reason": case.reason})


def _nothing_waits(case: Case) -> None:
    if waiting := case.waiting_proposal:
        raise AlreadyProposed(f"proposal {waiting.number} of round {waiting.round} waits for OJK's decision")


def _every_demand(case: Case, answers: Sequence[Answer]) -> None:
    asked, answered = [one.id for one in case.demands], [one.demand for one in answers]
    expected = f"one answer to each of {', '.join(map(str, asked))}" if asked else "no answers: nothing is demanded"
    found = [f"no answer to demand {one}" for one in asked if one not in answered]
    found += [f"{answered.count(one)} answers to demand {one}" for one in asked if answered.count(one) > 1]
    found += [f"an answer to demand {one}, which there is not" for one in sorted({*answered} - {*asked})]
    if found:
        problems = [{"field": "data.answers", "came": came, "expected": expected} for came in found]
        raise DemandsUnanswered("the proposal does not answer each demand once; see problems", problems=problems)


def _room(case: Case, sealed: str) -> None:
    written = sum(len(one.sealed or "") for one in case.entries) + sum(len(one.sealed) for one in case.proposals)
    if len(case.entries) >= MOST_ENTRIES or written + len(sealed) > MOST_SEALED_CHARACTERS:
        raise CaseFull(f"the case holds {len(case.entries)} entries and {written} characters of the firm's notes")
