"""What does a firm wait for? Documents that it asks the consumer for, and more time that it asks OJK for."""

from datetime import datetime

from pujk_gateway.domain.case import Case
from pujk_gateway.domain.parts import Cause, Deed, Entry, Received, Round
from pujk_gateway.domain.refusals import (
    AlreadyWaiting,
    AskedOften,
    CaseClosed,
    ExtensionSpent,
    ExtensionTooLate,
    NoExtension,
    NoExtensionAsked,
    NotWaiting,
)
from pujk_gateway.domain.turns import broken, nothing_proposed, room, same_basis, taken_over


def ask_documents(case: Case, deed: Deed, *, basis: int, sealed: str, most: int, until: datetime) -> None:
    """The consumer is asked for documents and the firm's time pauses; ``most``: so often in one round; ``until``: so
    long they are awaited at most. Refuses AlreadyWaiting, AskedOften, AlreadyProposed, CaseHasMoved and what a
    follow-up refuses."""
    turn = taken_over(case, deed)
    same_basis(case, basis, deed.pujk)
    nothing_proposed(case)
    if case.waiting_for:
        raise AlreadyWaiting(
            "documents are awaited already; say that they are there, or needed no more, before others are asked for"
        )
    if sum(one.what == "documents-asked" and one.round == turn.round for one in case.entries) >= most:
        raise AskedOften(f"documents were asked for {most} times in this round; ask OJK for more time instead")
    room(case, sealed)
    case.waiting_for, case.waiting_since, case.waiting_until = "documents", deed.cause.at, until
    case.moved("documents-asked", turn, deed.cause, by=deed.officer, sealed=sealed)
    case.said.append(("documents-asked", {"round": turn.round, "by": deed.officer, "sealed": sealed}))


def receive_documents(case: Case, deed: Deed) -> None:
    """What was asked for is there, or is needed no more. Refuses NotWaiting and what a follow-up refuses."""
    taken_over(case, deed)
    if not waits_no_more(case, "firm", deed.cause, by=deed.officer):
        raise NotWaiting("no documents are awaited; how the ticket stands shows GET /pujk/tickets/{number}")


def brought(case: Case, cause: Cause, because: Received, round_: int | None = None) -> None:
    """Documents came, or their time is over. What was asked for only afterwards is still awaited."""
    since = case.waiting_since
    of_now = round_ is None or (case.turn is not None and case.turn.round == round_)
    if of_now and since is not None and since <= cause.at:
        waits_no_more(case, because, cause)


def waits_no_more(case: Case, because: Received, cause: Cause, by: str | None = None) -> bool:
    """Whether documents were awaited; they are no more."""
    turn = case.turn
    if turn is None or case.waiting_for is None:
        return False
    case.waiting_for = case.waiting_since = case.waiting_until = None
    case.moved("documents-received", turn, cause, by=by, kind=because)
    case.said.append(("documents-received", {"round": turn.round, "by": by, "because": because}))
    return True


def ask_extension(case: Case, deed: Deed, *, basis: int, sealed: str) -> None:
    """More time, once a round. Refuses NoExtension, ExtensionSpent, ExtensionTooLate, AlreadyProposed, CaseHasMoved
    and what a follow-up refuses."""
    turn = taken_over(case, deed)
    same_basis(case, basis, deed.pujk)
    nothing_proposed(case)
    _extendable(case, turn, deed.cause)
    room(case, sealed)
    case.extension = "asked"
    case.moved("extension-asked", turn, deed.cause, by=deed.officer, sealed=sealed)
    case.said.append(("extension-asked", {"round": turn.round, "by": deed.officer, "sealed": sealed}))


def decide_extension(
    case: Case, cause: Cause, *, by: str, basis: int | None, granted: bool, sealed: str | None
) -> None:
    """OJK's answer; ``sealed`` says why not. The new day is routing's to say. Refuses NoExtensionAsked, CaseClosed,
    CaseHasMoved."""
    turn = case.turn
    if case.state == "closed":
        raise CaseClosed(f"ticket {case.number} has ended: {case.reason}", extra={"reason": case.reason})
    if turn is None or case.extension != "asked":
        raise NoExtensionAsked(f"no wish for more time waits in ticket {case.number}")
    if basis is not None:
        same_basis(case, basis)
    case.extension = "granted" if granted else "refused"
    case.moved("extension-decided", turn, cause, by=by, kind=case.extension, sealed=sealed)
    about = {"round": turn.round, "granted": granted, "by": by, "sealed": sealed}
    case.said.append(("extension-decided", about))


def asked_for_time(case: Case) -> Entry | None:
    """The firm's wish for more time that waits for an answer."""
    if case.extension != "asked":
        return None
    return next((one for one in reversed(case.entries) if one.what == "extension-asked"), None)


def _extendable(case: Case, turn: Round, cause: Cause) -> None:
    if broken(case):
        raise NoExtension("what is due is what was promised; OJK gives no more time for that")
    # Facts of older releases do not tell whether the rule has one: then OJK may judge.
    if turn.due is None or (turn.deadline is not None and turn.deadline.extension_days == 0):
        raise NoExtension("the rule of this ticket's term knows of no extension")
    if case.extension is not None:
        raise ExtensionSpent(f"more time was asked for in round {turn.round}, and {_became(case.extension)}")
    # While documents are awaited the day stands still, however late it is by the calendar.
    if case.waiting_for is None and cause.at > turn.due:
        raise ExtensionTooLate(f"the day was {turn.due.isoformat()}; more time is asked for before it ends")


def _became(extension: str) -> str:
    return "waits for OJK's decision" if extension == "asked" else f"was {extension}"
