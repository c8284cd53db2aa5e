"""When does the office take up what came, and by when does it answer a question? By rules that are data: of each
channel, and of that day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal, Protocol

from chassis.working_days import JAKARTA, Calendar, add_working_days

#: The rule of channels that have none of their own.
EVERY = "*"
#: No office is closed for longer: who looks further has a rule that never opens.
LOOKED_DAYS = 60


class NeverOpen(LookupError):
    """No rule says when this channel is open."""


class OpeningHours(Protocol):
    def counted_from(self, channel: str, came_at: datetime) -> datetime | None:
        """When the office takes it up; None where it is open as it comes."""
        ...

    def answer_by(self, came_at: datetime, counted_from: datetime | None) -> datetime:
        """By when a question that came then is to be answered."""
        ...


@dataclass(frozen=True)
class Hours:
    """One dated rule; ``until`` 24:00 is the end of the day."""

    channel: str
    valid_from: date
    days: Literal["working", "all"]
    opens: time
    closes: time | None

    def span(self, on: date) -> tuple[datetime, datetime]:
        begin = datetime.combine(on, self.opens, JAKARTA)
        end = datetime.combine(on, self.closes, JAKARTA) if self.closes else begin.replace(hour=0, minute=0)
        return begin, end if self.closes else end + timedelta(days=1)


@dataclass(frozen=True)
class DatedHours:
    """All rules, on the calendar of working days."""

    rules: Sequence[Hours]
    calendar: Calendar
    #: From which day on, within how many working days a question is answered.
    questions: Sequence[tuple[date, int]] = ()

    @classmethod
    def parse(cls, document: Mapping[str, Any], calendar: Calendar) -> "DatedHours":
        """Of the document of ``data/opening_hours.json``; KeyError or ValueError where it is not of that shape."""
        rules = sorted((_rule(one) for one in document["rules"]), key=lambda rule: rule.valid_from)
        questions = sorted(
            (date.fromisoformat(one["valid_from"]), one["working_days"]) for one in document["questions"]
        )
        return cls(tuple(rules), calendar, tuple(questions))

    def answer_by(self, came_at: datetime, counted_from: datetime | None) -> datetime:
        """Errors: NeverOpen, NoSuchDay."""
        came_on = came_at.astimezone(JAKARTA).date()
        held = [days for valid_from, days in self.questions if valid_from <= came_on]
        if not held:
            raise NeverOpen(f"no rule says by when a question of {came_on} is answered")
        return add_working_days(came_at, held[-1], self.calendar, counted_from=counted_from).due_at

    def counted_from(self, channel: str, came_at: datetime) -> datetime | None:
        """When the office takes it up; None where it is open as it comes. Errors: NeverOpen, NoSuchDay."""
        came_on = came_at.astimezone(JAKARTA).date()
        for on in (came_on + timedelta(days=later) for later in range(LOOKED_DAYS)):
            rule = self._rule_of(channel, on)
            if rule.days == "working" and self.calendar.look_up(on)[0] != "counted":
                continue
            begin, end = rule.span(on)
            if came_at < begin:
                return begin.astimezone(UTC)
            if came_at < end:
                return None
        raise NeverOpen(f"channel {channel} does not open within {LOOKED_DAYS} days from {came_on}")

    def _rule_of(self, channel: str, on: date) -> Hours:
        """A channel's own rule of that day, else the latest of all channels."""
        held = [one for one in self.rules if one.valid_from <= on]
        for whose in (channel, EVERY):
            if own := [one for one in held if one.channel == whose]:
                return own[-1]
        raise NeverOpen(f"no opening hours of channel {channel} on {on}")


def _rule(one: Mapping[str, Any]) -> Hours:
    closes = None if one["until"] == "24:00" else time.fromisoformat(one["until"])
    if one["days"] not in ("working", "all"):
        raise ValueError(f"days are 'working' or 'all', not {one['days']!r}")
    return Hours(
        one["channel"], date.fromisoformat(one["valid_from"]), one["days"], time.fromisoformat(one["from"]), closes
    )
