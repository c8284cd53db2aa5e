"""What becomes of an accepted proposal? The consumer agrees, objects or says nothing in time; what was promised is
done, confirmed, or not there: then the matter goes on by itself. Nothing is said twice, in any order of hearing."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

from chassis.working_days import end_of

from pujk_gateway.domain import laps
from pujk_gateway.domain.case import Case
from pujk_gateway.domain.decisions import Terms
from pujk_gateway.domain.parts import Cause, Deed, Obligation, Round
from pujk_gateway.domain.refusals import NothingDue, NothingOwed
from pujk_gateway.domain.turns import room, taken_over
from pujk_gateway.domain.waiting import waits_no_more

Because = Literal["consumer", "time-over"]
#: What was said in time may still be under way: a reader may hold a message for 10 minutes (chassis.surround).
UNDER_WAY = timedelta(minutes=15)
#: Where a promise that is not kept sends the matter back to its firm.
_KEPT = ("accepted", "owed")


def agrees(case: Case, cause: Cause, *, round_: int, proposal: int) -> None:
    """The consumer agrees to the proposal; to another one, or a second time, changes nothing."""
    if not _asked_about(case, round_, proposal) or case.state != "accepted":
        return
    _go_on(case, cause, "agrees")


def objects(case: Case, cause: Cause, *, round_: int, proposal: int, facilitation: bool, sealed: str) -> None:
    """The consumer does not agree. Said in time and heard after their time was over, the matter goes on again."""
    asked, turn = case.asked, case.turn
    if not _asked_about(case, round_, proposal) or asked is None or turn is None:
        return
    late = asked.answer == "silent" and cause.at <= asked.until and case.state in ("owed", "closed")
    if case.state != "accepted" and not late:
        return
    asked.answer, case.facilitation_asked = "objects", facilitation
    case.void_promises(("promised",))
    case.stands_as(turn, "objected")
    case.moved("consumer-answered", turn, cause, kind="objects", proposal=proposal, sealed=sealed)
    case.said.append(("consumer-answered", {"round": round_, "proposal": proposal, "answer": "objects"}))
    if late:
        _reopened(case, turn, cause, "objected")


def pay(case: Case, deed: Deed, *, demand: int, sealed: str, terms: Terms) -> None:
    """The firm says that it did what it promised. Refuses NothingOwed and what a follow-up refuses."""
    turn = taken_over(case, deed)
    one = _owed(case, turn.round, demand)
    if one is None or one.state in ("paid", "fulfilled"):
        how = f"it is {one.state} already" if one else "there is no such promise"
        raise NothingOwed(f"nothing is owed to demand {demand} of ticket {case.number} now: {how}")
    room(case, sealed)
    one.state, one.paid_at, one.until = "paid", deed.cause.at, terms.relief_denied_until(deed.cause.at)
    _resume(case, turn, deed.cause, one.until)
    case.moved("relief-paid", turn, deed.cause, by=deed.officer, demand=demand, sealed=sealed)
    about = {**_named(one), "by": deed.officer, "sealed": sealed}
    case.said.append(("relief-paid", about))


def confirm(case: Case, cause: Cause, seq: int, *, round_: int, demand: int, proposal: int | None = None) -> None:
    """What was promised is there, says the consumer; ``seq`` is tracking's."""
    one = _owed(case, round_, demand, proposal)
    if one is None or seq < one.seq or one.state == "fulfilled" or case.state == "closed":
        return
    one.seq = seq
    _fulfilled(case, one, cause, "consumer")


def deny(
    case: Case, cause: Cause, seq: int, *, round_: int, demand: int, sealed: str | None, proposal: int | None = None
) -> None:
    """It is not there, says the consumer: of what the firm says it did, or whose day has passed. Said in time and heard
    after their time was over, the matter goes on again."""
    one = _owed(case, round_, demand, proposal)
    if one is None or seq < one.seq:
        return
    one.seq = seq
    in_time = one.because == "time-over" and one.until is not None and cause.at <= one.until
    passed = one.state == "promised" and cause.at > end_of(one.promised_by) and case.state in _KEPT
    if (one.state == "fulfilled" and in_time) or (one.state == "paid" and case.state != "closed") or passed:
        _overdue(case, one, cause, "consumer", sealed)


def tick(case: Case, cause: Cause) -> None:
    """What is due is said, one thing at a time. Refuses NothingDue."""
    now, asked = cause.at, case.asked
    if asked and case.state == "accepted" and asked.until + UNDER_WAY <= now:
        about = {"round": asked.round, "proposal": asked.proposal, "until": asked.until}
        return _go_on(case, cause, "silent", about)
    for one in case.owed:
        at = _due_at(case, one)
        if at is None or at > now:
            continue
        if one.state == "paid":
            return _fulfilled(case, one, cause, "time-over")
        return _overdue(case, one, cause, "time-over")
    if case.waiting_until and case.waiting_until + UNDER_WAY <= now:
        waits_no_more(case, "time-over", cause)
    elif not laps.time_over(case, cause):
        raise NothingDue(case.number)


def wakes_at(case: Case) -> datetime | None:
    """When a worker has something to say of it."""
    asked = case.asked
    answers = [asked.until + UNDER_WAY] if asked and case.state == "accepted" else []
    awaited = case.waiting_until + UNDER_WAY if case.waiting_until else None
    due = (_due_at(case, one) for one in case.owed)
    return min([*answers, *_given([laps.wakes_at(case), awaited, *due])], default=None)


def _due_at(case: Case, one: Obligation) -> datetime | None:
    if one.state == "paid" and one.until and case.state != "closed":
        return one.until + UNDER_WAY
    return end_of(one.promised_by) + UNDER_WAY if one.state == "promised" and case.state in _KEPT else None


def _given(moments: Iterable[datetime | None]) -> list[datetime]:
    return [one for one in moments if one is not None]


def _asked_about(case: Case, round_: int, proposal: int) -> bool:
    asked, turn = case.asked, case.turn
    if asked is None or turn is None or turn.round != round_:
        return False
    return (asked.round, asked.proposal) == (round_, proposal)


def _owed(case: Case, round_: int, demand: int, proposal: int | None = None) -> Obligation | None:
    """The promise to that demand; where no proposal is named the one that is still awaited, which is the latest. What
    was kept before stays beside it."""
    found = [one for one in case.owed if (one.round, one.demand) == (round_, demand)]
    if proposal is not None:
        return next((one for one in found if one.proposal == proposal), None)
    return next((one for one in reversed(found) if one.state != "fulfilled"), found[-1] if found else None)


def _named(one: Obligation) -> dict[str, object]:
    return {"round": one.round, "demand": one.demand, "proposal": one.proposal}


def _go_on(
    case: Case, cause: Cause, answer: Literal["agrees", "silent"], lapsed: dict[str, object] | None = None
) -> None:
    """The consumer agrees, or is taken to: what is owed is awaited, or the matter ends."""
    asked, turn = case.asked, case.turn
    assert asked is not None and turn is not None
    asked.answer = answer
    waits = any(one.state != "fulfilled" for one in case.owed)
    if waits:
        case.stands_as(turn, "owed")
    if lapsed:
        case.moved("consumer-time-lapsed", turn, cause, proposal=asked.proposal)
        case.said.append(("consumer-time-lapsed", lapsed))
    else:
        case.moved("consumer-answered", turn, cause, kind=answer, proposal=asked.proposal)
        about = {"round": asked.round, "proposal": asked.proposal, "answer": answer}
        case.said.append(("consumer-answered", about))
    if not waits:
        case.close("silent" if lapsed else "resolved", cause)


def _fulfilled(case: Case, one: Obligation, cause: Cause, because: Because) -> None:
    turn = case.turn
    assert turn is not None
    one.state, one.because = "fulfilled", because
    _resume(case, turn, cause)
    case.moved("relief-fulfilled", turn, cause, kind=because, demand=one.demand)
    case.said.append(("relief-fulfilled", {**_named(one), "because": because}))
    if case.state == "owed" and all(other.state == "fulfilled" for other in case.owed):
        case.close("settled" if one.proposal == 0 else "resolved", cause)


def _overdue(case: Case, one: Obligation, cause: Cause, because: Because, sealed: str | None = None) -> None:
    turn = case.turn
    assert turn is not None
    one.state, one.because = "overdue", because
    back = case.state in (*_KEPT, "closed")
    if back:
        case.stands_as(turn, "in-handling")
    case.moved("relief-overdue", turn, cause, kind=because, demand=one.demand, sealed=sealed)
    about = {**_named(one), "promised_by": one.promised_by, "because": because}
    case.said.append(("relief-overdue", about))
    if back:
        _reopened(case, turn, cause, "relief-overdue")


def _reopened(case: Case, turn: Round, cause: Cause, because: Literal["relief-overdue", "objected"]) -> None:
    case.reopened += 1
    case.moved("reopened", turn, cause, kind=because)
    case.said.append(("ticket-reopened", {"round": turn.round, "because": because}))
    if because == "relief-overdue" and case.announced(turn.round):
        # By queue a firm knows no other word for "it is your turn again".
        case.notify(turn, "resolution-returned", case.basis, cause, f"reopened-{case.reopened}")


def _resume(case: Case, turn: Round, cause: Cause, until: datetime | None = None) -> None:
    """Nothing is overdue any more: what went back to the firm for that alone waits for the consumer again, and the firm
    for nothing. Whether they agree could not be said meanwhile: they have until then at least."""
    asked = case.asked
    if case.state != "in-handling" or asked is None or any(one.state == "overdue" for one in case.owed):
        return
    waits_no_more(case, "firm", cause)
    case.lapse()
    if asked.answer is None and until is not None:
        asked.until = max(asked.until, until)
    case.stands_as(turn, "owed" if asked.answer else "accepted")
