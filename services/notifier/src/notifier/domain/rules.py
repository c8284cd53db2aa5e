"""Who is told what, when, on which way? One rule a line, each with the day from which it holds; the rules are data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal

from chassis.working_days import JAKARTA, Calendar, NoSuchDay, add_working_days, jakarta_day

from notifier.domain.mails import WAYS, WISHED, Turn, Way
from notifier.domain.timing import Timing

#: As the consumer wishes to be told; or these ways, the first that reaches them.
Ways = Literal["as-wished"] | list[Way]
#: Of a value: one of these, or that there is one.
Condition = Literal["given"] | list[str]


def value_at(data: Any, path: str) -> Any:
    """``standing.state`` of a fact. Errors: AttributeError."""
    for name in path.split("."):
        data = getattr(data, name)
    return data


@dataclass(frozen=True)
class Rule:
    """Of ``fact``, where its values are as ``when`` says, and not all as ``unless`` does, ``audience`` is told by the
    text ``template``.

    ``firm``: the text names the firm, and waits for its name; ``words``: it holds what the fact seals; ``at_once``: it
    goes alone, at any hour; ``if_reached``: without a contact nobody sees to it;
    ``feedback_days``: it asks how the service was, so long.
    """

    id: str
    fact: str
    turn: Turn
    template: str
    valid_from: date
    audience: Literal["consumer", "contact-on-file"] = "consumer"
    ways: Ways = "as-wished"
    language: Literal["theirs", "id", "en"] = "theirs"
    when: Mapping[str, Condition] = field(default_factory=dict)
    unless: Mapping[str, Condition] = field(default_factory=dict)
    firm: bool = False
    words: bool = False
    at_once: bool = False
    if_reached: bool = False
    feedback_days: int | None = None
    valid_until: date | None = None

    def fits(self, data: Any, on: date) -> bool:
        if on < self.valid_from or (self.valid_until is not None and on > self.valid_until):
            return False
        return _all_hold(data, self.when) and not (self.unless and _all_hold(data, self.unless))


def _all_hold(data: Any, conditions: Mapping[str, Condition]) -> bool:
    return all(_holds(value_at(data, path), wanted) for path, wanted in conditions.items())


def _holds(value: Any, wanted: Condition) -> bool:
    return value is not None if wanted == "given" else str(value) in wanted


@dataclass(frozen=True)
class ReminderRule:
    """So many working days after something began to be awaited, or before its time is over, at this hour (WIB)."""

    id: str
    turn: Turn
    when: Literal["documents-awaited", "answer-awaited", "relief-to-be-confirmed"]
    at: time
    valid_from: date
    source: str
    firm: bool = False
    after_working_days: int | None = None
    before_working_days: int | None = None
    valid_until: date | None = None

    def moment(self, since: datetime, until: datetime | None, calendar: Calendar) -> datetime | None:
        """None where no day is left for it, or the calendar does not know it."""
        try:
            if self.after_working_days is not None:
                day = add_working_days(since, self.after_working_days, calendar).due_on
            elif until is not None and self.before_working_days is not None:
                day = _before(jakarta_day(until), self.before_working_days, calendar)
            else:
                return None
        except NoSuchDay:
            return None
        found = datetime.combine(day, self.at, JAKARTA).astimezone(UTC)
        return found if found > since else None


def _before(day: date, working_days: int, calendar: Calendar) -> date:
    left = working_days
    while left:
        day -= timedelta(days=1)
        left -= calendar.look_up(day)[0] == "counted"
    return day


@dataclass(frozen=True)
class DatedWays:
    """How each way is used from a day on."""

    valid_from: date
    source: str
    ways: Mapping[Way, Timing]


def in_force(dated: Sequence[DatedWays], on: date) -> DatedWays:
    """The latest that holds. Errors: LookupError."""
    found = [one for one in dated if one.valid_from <= on]
    if not found:
        raise LookupError(f"no rule of ways holds on {on}")
    return max(found, key=lambda one: one.valid_from)


def ways_of(rule: Rule | ReminderRule) -> Sequence[Way]:
    """All on which a message may tell of it."""
    if isinstance(rule, Rule) and rule.ways != "as-wished":
        return [way for way in rule.ways if way in WAYS]
    return list(dict.fromkeys(way for ways in WISHED.values() for way in ways if way in WAYS))
