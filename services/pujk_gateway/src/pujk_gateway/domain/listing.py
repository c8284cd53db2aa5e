"""What does a list show of a ticket, and how much of its service level is left? What routing counted says it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from typing import Literal, cast, get_args

from chassis.working_days import end_of

from pujk_gateway.domain.case import Case
from pujk_gateway.domain.parts import AFTER, Deadline, Round
from pujk_gateway.domain.reading import turn_of
from pujk_gateway.domain.turns import broken

#: As a firm's list tells it, in the order of a ticket's life.
ListedState = Literal[
    "sent", "in-handling", "documents", "proposed", "accepted", "owed", "broken", "objected", "facilitation", "at-laps",
    "closed",
]  # fmt: skip
STATES: tuple[ListedState, ...] = get_args(ListedState)
ACTIVE: tuple[ListedState, ...] = STATES[:-1]
#: It is the firm's move, and its time runs.
FIRMS_MOVE: tuple[ListedState, ...] = ("sent", "in-handling", "broken")
#: Overdue, at most two working days, more.
Left = Literal["overdue", "soon", "later"]
SOON_WORKING_DAYS = 2
#: Terms are counted and end by Jakarta's clock.
JAKARTA = timezone(timedelta(hours=7))


@dataclass(frozen=True)
class Listed:
    """One ticket in the list of the firm whose turn it is. ``near``: from then on two working days are left at most."""

    number: str
    pujk: str
    kind: str
    state: ListedState
    round: int
    received: datetime
    came: datetime
    due: datetime
    near: datetime
    product: str
    issue: str
    region: str
    holder: str


@dataclass(frozen=True)
class Sought:
    """What a firm's system asks for: as a person's list, of either kind, by due day."""

    pujk: str
    kinds: tuple[Literal["indication", "complaint"], ...]
    states: tuple[ListedState, ...]
    received: tuple[datetime | None, datetime | None] = (None, None)
    product: str | None = None
    issue: str | None = None
    holder: str | None = None
    left: Left | None = None


@dataclass(frozen=True)
class Row:
    """What is shown of it, with its working days."""

    listed: Listed
    deadline: Deadline | None

    def left(self, now: datetime) -> "Remaining":
        return remaining(self.listed.state, self.listed.due, self.deadline, now)


@dataclass(frozen=True)
class Remaining:
    """How much of the service level is left: ``stands`` while the firm's move is not awaited, else ``runs`` or
    ``over``. ``days`` are working days, None where the day-by-day count is not known."""

    how: Literal["runs", "over", "stands", "ended"]
    days: int | None = None


def listed_of(case: Case) -> Listed | None:
    """None where no firm sees the ticket now."""
    turn = case.turn
    if turn is None or turn_of(case, turn.pujk) is None:
        return None
    due = _promised(case) or turn.due or turn.started_at
    return Listed(
        case.number,
        turn.pujk,
        case.kind,
        _state(case, turn),
        turn.round,
        case.received_at or turn.started_at,
        turn.started_at,
        due,
        _near(turn, due),
        case.product or "",
        case.issue or "",
        case.region or "",
        turn.holder or "",
    )


def remaining(state: ListedState, due: datetime, deadline: Deadline | None, now: datetime) -> Remaining:
    if state == "closed":
        return Remaining("ended")
    if state not in FIRMS_MOVE:
        return Remaining("stands")
    if due < now:
        return Remaining("over")
    today = now.astimezone(JAKARTA).date()
    days = _working(deadline)
    return Remaining("runs", sum(one > today for one in days) if days else None)


def _state(case: Case, turn: Round) -> ListedState:
    if turn.state == "closed":
        return "closed"
    if turn.state == "proposed" or turn.state in AFTER:
        return cast(ListedState, turn.state)
    # What was promised is not there, whatever else the firm waits for.
    if broken(case):
        return "broken"
    if case.waiting_for:
        return "documents"
    return "in-handling" if turn.state == "in-handling" else "sent"


def _promised(case: Case) -> datetime | None:
    """By when the firm does what it promised next, where that alone is left; what it says is there it promised, too."""
    if case.state != "owed" and not broken(case):
        return None
    left = [one.promised_by for one in case.owed if one.state in ("promised", "overdue")]
    days = left or [one.promised_by for one in case.owed if one.state == "paid"]
    return end_of(min(days)) if days else None


def _near(turn: Round, due: datetime) -> datetime:
    days = _working(turn.deadline)
    if not days:
        return due - timedelta(days=SOON_WORKING_DAYS)
    if len(days) <= SOON_WORKING_DAYS:
        return turn.started_at
    return datetime.combine(days[-1 - SOON_WORKING_DAYS], time(), JAKARTA)


def _working(deadline: Deadline | None) -> list[date]:
    return [one.date for one in deadline.days if one.counted is not None] if deadline else []
