"""What may a firm do with a ticket, and when? Take over, release, follow up, propose, decline; each moves the basis."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from chassis.working_days import jakarta_day

from pujk_gateway.domain.case import Case
from pujk_gateway.domain.contradictions import contradictions
from pujk_gateway.domain.filing import named
from pujk_gateway.domain.handing import hand
from pujk_gateway.domain.parts import Answer, Deed, Proposal
from pujk_gateway.domain.refusals import (
    AlreadyAccepted,
    AmountMissing,
    AnswersContradict,
    DemandsUnanswered,
    NoSuchFile,
)
from pujk_gateway.domain.turns import broken, nothing_proposed, room, same_basis, taken_over, turn_for
from pujk_gateway.domain.waiting import waits_no_more


def take_over(case: Case, deed: Deed) -> None:
    """The officer makes the ticket theirs; a colleague's is handed over. Refuses NoLongerYours, CaseClosed."""
    turn = turn_for(case, deed)
    if turn.holder == deed.officer:
        return
    before, turn.holder = turn.holder, deed.officer
    if turn.state == "sent":
        turn.state = case.state = "in-handling"
    hand(case, deed, before)
    case.moved("taken-over", turn, deed.cause, by=deed.officer, before=before)
    case.said.append(("ticket-taken-over", {"round": turn.round, "holder": deed.officer}))


def release(case: Case, deed: Deed) -> None:
    """Nobody holds the ticket any more; what was begun stays begun. Refuses NotTakenOver and what any act refuses.

    A colleague may do it, too: they could take the ticket over anyway, and who holds it may be away.
    """
    turn = taken_over(case, deed)
    before, turn.holder = turn.holder, None
    case.moved("released", turn, deed.cause, by=deed.officer, before=before)
    case.said.append(("ticket-released", {"round": turn.round, "holder": before, "by": deed.officer}))


def follow_up(case: Case, deed: Deed, *, kind: str, sealed: str, files: Sequence[str] = ()) -> None:
    """What the firm did; refuses NotTakenOver, CaseFull, NoSuchFile and what any act refuses."""
    turn = taken_over(case, deed)
    room(case, sealed)
    brought = named(case, deed, files)
    case.moved(
        "follow-up-added", turn, deed.cause, by=deed.officer, kind=kind, sealed=sealed, attachments=brought
    )  # fmt: skip
    about = {"round": turn.round, "kind": kind, "by": deed.officer, "sealed": sealed, "attachments": brought}
    case.said.append(("follow-up-added", about))


def propose(
    case: Case, deed: Deed, *, basis: int, kind: str, amount: int | None, answers: Sequence[Answer], sealed: str,
    latest: date, files: Sequence[str] = (),
) -> None:  # fmt: skip
    """``latest``: nothing is promised for a later day. Refuses AlreadyProposed, CaseHasMoved, AmountMissing,
    DemandsUnanswered, AnswersContradict, and what a follow-up refuses."""
    turn = taken_over(case, deed)
    same_basis(case, basis, deed.pujk)
    nothing_proposed(case)
    if kind == "monetary-relief" and amount is None:
        problem = {"field": "data.amount", "came": "nothing", "expected": "the amount in rupiah of the relief"}
        raise AmountMissing("monetary relief says how much", problems=[problem])
    _every_demand(case, answers)
    _agree(kind, amount, answers, jakarta_day(deed.cause.at), latest)
    room(case, sealed, *(one.sealed or "" for one in answers))
    evidence = named(case, deed, files)
    _shown_by(answers, evidence)
    waits_no_more(case, "firm", deed.cause, by=deed.officer)
    number = 1 + sum(one.round == turn.round for one in case.proposals)
    case.proposals.append(
        Proposal(
            number, turn.round, kind, amount, list(answers), sealed, deed.officer, deed.cause.at, attachments=evidence
        )
    )
    turn.state = case.state = "proposed"
    case.moved("proposed", turn, deed.cause, by=deed.officer, kind=kind, proposal=number)
    about = {"round": turn.round, "proposal": number, "kind": kind, "amount": amount, "by": deed.officer}
    said = [asdict(one) for one in answers]
    case.said.append(("resolution-proposed", {**about, "answers": said, "sealed": sealed, "attachments": evidence}))


def decline(case: Case, deed: Deed, *, basis: int, kind: str, sealed: str) -> None:
    """The ticket is not this firm's to answer; another is found. Refuses AlreadyProposed, AlreadyAccepted,
    CaseHasMoved, CaseFull."""
    turn = turn_for(case, deed)
    same_basis(case, basis, deed.pujk)
    nothing_proposed(case)
    if broken(case):
        raise AlreadyAccepted(f"ticket {case.number} is back for what was promised: keep it, or propose anew")
    room(case, sealed)
    waits_no_more(case, "firm", deed.cause, by=deed.officer)
    turn.state, turn.ended_at = "declined", deed.cause.at
    case.state, case.to_announce = "declined", False
    case.lapse()
    case.moved("declined", turn, deed.cause, by=deed.officer, kind=kind, sealed=sealed)
    case.said.append(("ticket-declined", {"round": turn.round, "kind": kind, "sealed": sealed}))


def _agree(kind: str, amount: int | None, answers: Sequence[Answer], today: date, latest: date) -> None:
    problems = [
        {
            "field": f"data.{one.field}" if one.demand is None else "data.answers",
            "came": one.came if one.demand is None else f"demand {one.demand}: {one.came}",
            "expected": one.expected,
        }
        for one in contradictions(kind, amount, answers, today, latest)
    ]
    if problems:
        raise AnswersContradict("the proposal contradicts itself; see problems", problems=problems)


def _shown_by(answers: Sequence[Answer], files: Sequence[str]) -> None:
    """What an answer rests on is among what the proposal brings."""
    if unknown := [one.demand for one in answers if not {*one.evidence} <= {*files}]:
        problems = [
            {"field": "data.answers", "came": f"evidence of demand {one} that is not in 'attachments'"}
            | {"expected": "ids that 'attachments' names too"}
            for one in unknown
        ]
        raise NoSuchFile("name a file in 'attachments' first, then as evidence", problems=problems)


def _every_demand(case: Case, answers: Sequence[Answer]) -> None:
    asked, answered = [one.id for one in case.demands], [one.demand for one in answers]
    expected = f"one answer to each of {', '.join(map(str, asked))}" if asked else "no answers: nothing is demanded"
    found = [f"no answer to demand {one}" for one in asked if one not in answered]
    found += [f"{answered.count(one)} answers to demand {one}" for one in asked if answered.count(one) > 1]
    found += [f"an answer to demand {one}, which there is not" for one in sorted({*answered} - {*asked})]
    if found:
        problems = [{"field": "data.answers", "came": came, "expected": expected} for came in found]
        raise DemandsUnanswered("the proposal does not answer each demand once; see problems", problems=problems)
