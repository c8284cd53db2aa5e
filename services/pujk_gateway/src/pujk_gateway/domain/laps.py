"""What becomes of a matter at LAPS SJK? It is sent as one bundle, verified, mediated, and ends with what LAPS says."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from chassis.working_days import Deadline

from pujk_gateway.domain.case import Case
from pujk_gateway.domain.disputes import Because, Laps, Outcome
from pujk_gateway.domain.facilitation import for_ojk
from pujk_gateway.domain.limits import DisputeRules, LapsTerms, mediation
from pujk_gateway.domain.parts import Cause, Day, Round
from pujk_gateway.domain.refusals import CaseClosed, NotAtLaps
from pujk_gateway.domain.turns import same_basis


def because_of(case: Case, rules: DisputeRules, at: datetime) -> Because:
    """Why it goes to LAPS SJK: what the facilitation came to, or that OJK may not facilitate so great a loss."""
    turn, facilitation = case.turn, case.facilitation
    if turn and facilitation and facilitation.round == turn.round:
        return "not-settled" if facilitation.outcome in (None, "not-settled") else "referred"
    over = case.loss is not None and case.loss > rules.limit(turn.sector if turn else None, case.product, at).most
    return "over-limit" if over else "referred"


def may_send(case: Case, basis: int | None) -> Round:
    """Asked before anything is put together for it. Refuses NotForOjk, CaseClosed, CaseHasMoved."""
    return for_ojk(case, basis)


@dataclass(frozen=True)
class Sent:
    """What went to LAPS SJK, why, and by when it is verified. ``file`` is where the bundle is kept."""

    because: Because
    bundle: str
    file: str
    terms: LapsTerms
    until: Deadline


def send(case: Case, cause: Cause, *, by: str, basis: int | None, sent: Sent) -> None:
    """LAPS SJK has the bundle. Refuses what ``may_send`` refuses."""
    turn, because, bundle, terms, until = may_send(case, basis), sent.because, sent.bundle, sent.terms, sent.until
    days = [Day(one.on, one.number, one.why) for one in until.days]
    case.laps = Laps(
        turn.round, cause.at, by, because, bundle, sent.file, until.working_days, terms.mediation_days, terms.version,
        until.calendar_version, until.due_at, days,
    )  # fmt: skip
    case.stands_as(turn, "at-laps")
    case.laps_until = case.laps.until
    case.moved("sent-to-laps", turn, cause, by=by, kind=because)
    about = {"round": turn.round, "by": by, "because": because, "bundle": bundle, "verified_by": until.due_at}
    said = about | {"working_days": until.working_days, "rule_version": terms.version}
    case.said.append(("sent-to-laps", said))


def verified(case: Case, cause: Cause, *, by: str, basis: int | None) -> None:
    """LAPS SJK takes the matter and mediates. Refuses NotAtLaps, CaseClosed, CaseHasMoved."""
    turn, laps = at_laps(case, basis)
    if laps.verified_at is not None:
        raise NotAtLaps(f"LAPS SJK took ticket {case.number} before, on {laps.verified_at.isoformat()}")
    laps.verified_at, laps.mediated_by = cause.at, mediation(cause.at, laps.mediation_days)
    case.laps_until = laps.until
    _step(case, turn, laps, cause, "verified", by)


def time_over(case: Case, cause: Cause) -> bool:
    """Whether one of LAPS SJK's times passed without a word, and nobody was told of it yet."""
    laps = case.laps
    if case.state != "at-laps" or case.turn is None or laps is None or laps.phase in laps.late:
        return False
    if laps.until is None or cause.at <= laps.until:
        return False
    laps.late.append(laps.phase)
    _step(case, case.turn, laps, cause, "time-over", None)
    return True


def wakes_at(case: Case) -> datetime | None:
    """When a worker has something to say of it."""
    laps = case.laps
    return laps.until if laps and case.state == "at-laps" and laps.phase not in laps.late else None


def decided(case: Case, cause: Cause, *, by: str, basis: int | None, outcome: Outcome, sealed: str) -> None:
    """What LAPS SJK said ends the matter. Refuses NotAtLaps, CaseClosed, CaseHasMoved."""
    turn, laps = at_laps(case, basis)
    laps.outcome, laps.decided_at = outcome, cause.at
    case.moved("laps-decided", turn, cause, by=by, kind=outcome, sealed=sealed)
    case.said.append(("laps-decided", {"round": turn.round, "outcome": outcome, "by": by, "sealed": sealed}))
    case.close("laps", cause, by)


def at_laps(case: Case, basis: int | None) -> tuple[Round, Laps]:
    """Refuses NotAtLaps, CaseClosed, CaseHasMoved."""
    if case.state == "closed":
        raise CaseClosed(f"ticket {case.number} has ended: {case.reason}", extra={"reason": case.reason})
    if case.turn is None or case.laps is None or case.state != "at-laps":
        raise NotAtLaps(f"ticket {case.number} is {case.state}, and not at LAPS SJK")
    if basis is not None:
        same_basis(case, basis)
    return case.turn, case.laps


def _step(
    case: Case, turn: Round, laps: Laps, cause: Cause, step: Literal["verified", "time-over"], by: str | None
) -> None:
    case.moved("laps-step", turn, cause, by=by, kind=step)
    about = {"round": turn.round, "step": step, "by": by, "mediated_by": laps.mediated_by}
    case.said.append(("laps-step", about))
