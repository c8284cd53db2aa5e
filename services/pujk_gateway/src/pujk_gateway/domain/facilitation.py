"""How does OJK bring consumer and firm together? It looks at the conditions, hears both sides, and says what came of
it: settled with terms, not settled, or LAPS SJK's to decide."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from pujk_gateway.domain.case import Case
from pujk_gateway.domain.disputes import Check, Ending, Facilitation, Promise, Side, StepKind
from pujk_gateway.domain.limits import DisputeRules
from pujk_gateway.domain.parts import Cause, Deed, Entry, Obligation, Round
from pujk_gateway.domain.refusals import AlreadyPlanned, CaseClosed, ChecksFail, NoFacilitation, NotForOjk
from pujk_gateway.domain.turns import broken, room, same_basis, turn_for


def checks_of(case: Case, rules: DisputeRules, at: datetime) -> tuple[list[Check], str]:
    """Every condition with what was found, and the version of the rule that set the limit."""
    turn = case.turn
    applied = rules.limit(turn.sector if turn else None, case.product, at)
    answered = any(turn and one.round == turn.round and one.state == "accepted" for one in case.proposals)
    return [
        Check("complaint", case.kind == "complaint", case.kind),
        Check("firm-tried-first", answered, "answered" if answered else "unanswered"),
        _loss(case.loss, applied.least, applied.most),
        Check("not-in-court", *_court(case.in_court)),
    ], applied.version


def open_(case: Case, cause: Cause, *, by: str, basis: int | None, checks: Sequence[Check], rule_version: str) -> None:
    """Both sides are invited. Refuses NotForOjk, CaseClosed, CaseHasMoved, ChecksFail with what does not hold."""
    turn = for_ojk(case, basis)
    if case.facilitation is not None and case.facilitation.round == turn.round:
        raise NotForOjk(f"OJK facilitated ticket {case.number} before: {case.facilitation.outcome}")
    failed = [one.what for one in checks if one.holds is False]
    if failed:
        raise ChecksFail(f"OJK does not facilitate this: {', '.join(failed)}", extra={"failed": failed})
    case.facilitation = Facilitation(turn.round, cause.at, by, list(checks), rule_version)
    case.stands_as(turn, "facilitation")
    case.moved("facilitation-opened", turn, cause, by=by)
    said = [{"what": one.what, "holds": one.holds, "found": one.found, "limit": one.most} for one in checks]
    about = {"round": turn.round, "by": by, "checks": said, "rule_version": rule_version}
    case.said.append(("facilitation-opened", about))


def firm_states(case: Case, deed: Deed, *, sealed: str) -> None:
    """What the firm says. Refuses NoFacilitation, CaseFull and what any act refuses."""
    turn = turn_for(case, deed)
    running(case)
    room(case, sealed)
    _step(case, turn, deed.cause, kind="position", side="pujk", by=deed.officer, sealed=sealed)


def consumer_states(case: Case, cause: Cause, *, round_: int, sealed: str) -> None:
    """What the consumer says; afterwards it is heard and left out."""
    turn = case.turn
    if turn is not None and turn.round == round_ and case.state == "facilitation":
        _step(case, turn, cause, kind="position", side="consumer", by="consumer", sealed=sealed)


def ojk_adds(
    case: Case, cause: Cause, *, kind: StepKind, by: str, basis: int | None, sealed: str,
    held_at: datetime | None = None,
) -> None:  # fmt: skip
    """A session that is planned, cancelled or was held; or a note, which nobody else is told of. When sessions are is
    judged by what was seen; what is only written down is taken from everybody. Refuses NoFacilitation, CaseClosed,
    AlreadyPlanned, CaseHasMoved, CaseFull."""
    turn = running(case)
    planned = sessions_ahead((one for one in case.entries if one.round == turn.round), cause.at)
    if kind == "session-planned" and held_at in planned:
        raise AlreadyPlanned(f"a session of ticket {case.number} is planned for that moment")
    if basis is not None and kind in ("session-planned", "session-cancelled"):
        same_basis(case, basis)
    room(case, sealed)
    _step(case, turn, cause, kind=kind, side="ojk", by=by, sealed=sealed, held_at=held_at)


def end(
    case: Case, cause: Cause, *, by: str, basis: int | None, outcome: Ending, sealed: str, called_off: str,
    promises: Sequence[Promise] = (),
) -> None:  # fmt: skip
    """Settled, with what the firm promised; or OJK says how it goes on. Sessions ahead are cancelled first, with the
    words of ``called_off``. Refuses NoFacilitation, CaseClosed, CaseHasMoved, CaseFull."""
    turn, facilitation = running(case), case.facilitation
    assert facilitation is not None
    if basis is not None:
        same_basis(case, basis)
    ahead = sessions_ahead((one for one in case.entries if one.round == turn.round), cause.at)
    room(case, sealed, *(called_off for _ in ahead))
    for at in ahead:
        _step(case, turn, cause, kind="session-cancelled", side="ojk", by=by, sealed=called_off, held_at=at)
    facilitation.outcome, facilitation.ended_at, facilitation.ended_by = outcome, cause.at, by
    if outcome == "settled":
        case.void_promises()
        case.obligations += [
            Obligation(one.demand, one.promised_by, turn.round, 0, amount=one.amount) for one in promises
        ]
    if outcome != "settled" or promises:
        case.stands_as(turn, "owed" if outcome == "settled" else "objected")
    case.moved("facilitation-ended", turn, cause, by=by, kind=outcome, sealed=sealed)
    case.said.append(("facilitation-ended", {"round": turn.round, "outcome": outcome, "by": by, "sealed": sealed}))
    if outcome == "settled" and not promises:
        case.close("settled", cause, by)


def sessions_ahead(entries: Iterable[Entry], now: datetime) -> list[datetime]:
    """When sessions are, of those that were planned and not cancelled, the next one first."""
    ahead: list[datetime] = []
    for one in entries:
        if one.kind == "session-planned" and one.held_at is not None and one.held_at not in ahead:
            ahead.append(one.held_at)
        elif one.kind == "session-cancelled" and one.held_at in ahead:
            ahead.remove(one.held_at)
    return sorted(at for at in ahead if at > now)


def running(case: Case) -> Round:
    """Refuses NoFacilitation, CaseClosed."""
    if case.state == "closed":
        raise CaseClosed(f"ticket {case.number} has ended: {case.reason}", extra={"reason": case.reason})
    if case.turn is None or case.state != "facilitation":
        raise NoFacilitation(f"OJK does not facilitate ticket {case.number} now; it is {case.state}")
    return case.turn


def waits_for_ojk(case: Case) -> bool:
    """The consumer does not agree; or the firm did not keep its promise: OJK need not wait for what it does now."""
    return case.state == "objected" or broken(case)


def for_ojk(case: Case, basis: int | None) -> Round:
    """The turn of a matter in which OJK says how it goes on. Refuses NotForOjk, CaseClosed, CaseHasMoved."""
    if case.state == "closed":
        raise CaseClosed(f"ticket {case.number} has ended: {case.reason}", extra={"reason": case.reason})
    if case.turn is None or not waits_for_ojk(case):
        raise NotForOjk(f"ticket {case.number} is {case.state}: nobody waits for OJK to say how it goes on")
    if basis is not None:
        same_basis(case, basis)
    return case.turn


def _step(
    case: Case, turn: Round, cause: Cause, *, kind: StepKind, side: Side, by: str, sealed: str,
    held_at: datetime | None = None,
) -> None:  # fmt: skip
    case.moved("facilitation-step", turn, cause, by=by, kind=kind, side=side, sealed=sealed, held_at=held_at)
    if kind == "note":
        return
    about = {"round": turn.round, "kind": kind, "side": side, "held_at": held_at, "by": by, "sealed": sealed}
    case.said.append(("facilitation-step", about))


def _loss(loss: int | None, least: int, most: int) -> Check:
    found = None if loss is None else str(loss)
    holds = None if loss is None else True if loss <= least else False if loss > most else None
    # Where it is not known which limit it is, the greater one is shown: over that it cannot be.
    return Check("loss", holds, found, least if holds else most)


def _court(in_court: bool | None) -> tuple[bool | None, str | None]:
    if in_court is None:
        return None, "not-stated"
    return not in_court, "in-court" if in_court else "not-in-court"
