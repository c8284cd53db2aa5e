"""When does a term of working days end, and why that day: every date between beginning and end is explained.

The first day is the working day after receipt. Days are those of Asia/Jakarta, whose offset has been +07:00 all
year round since 1964. What came out of hours is received when the office takes it up. A term ends with its last day,
23:59:59 in Jakarta, given in UTC. A working day at whose end the clock stands still is left out: whoever waits from
Monday until Wednesday has two working days more.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from fractions import Fraction
from math import ceil
from typing import Any, Literal

JAKARTA = timezone(timedelta(hours=7), "WIB")
PUBLIC = "public"
CUTI_BERSAMA = "cuti_bersama"
END_OF_DAY = time(23, 59, 59, tzinfo=JAKARTA)

Counted = Literal["counted", "weekend", "holiday", "paused", "out_of_hours"]
#: From when until when a clock stood still.
Pause = tuple[datetime, datetime]


class NoSuchDay(ValueError):
    """A date lies outside the years the calendar knows; guessing that it has no holidays would move a deadline."""


@dataclass(frozen=True)
class Calendar:
    """The days that are not worked, by one version of one source. Dates outside `first`..`last` are refused."""

    version: str
    holidays: Mapping[date, tuple[str, str]]  # date → (name, category)
    closed_categories: frozenset[str] = frozenset({PUBLIC, CUTI_BERSAMA})
    first: date = date.min
    last: date = date.max

    def look_up(self, day: date) -> tuple[Counted, str | None, str | None]:
        """Say whether `day` counts, with the name and category of its holiday if it has one."""
        if not self.first <= day <= self.last:
            raise NoSuchDay(f"{day} is outside {self.first}..{self.last}, which calendar {self.version} knows")
        name, category = self.holidays.get(day, (None, None))
        if day.weekday() >= 5:
            return "weekend", name, category
        closed = category in self.closed_categories
        return ("holiday" if closed else "counted"), name, category


@dataclass(frozen=True)
class Day:
    """One line of a deadline's explanation. `number` is the how-many-th working day it is, for a day that counts."""

    on: date
    counted: Counted
    number: int | None = None
    name: str | None = None
    category: str | None = None

    @property
    def why(self) -> str | None:
        """Why the day does not count: "weekend", "paused", "out_of_hours", or the category and name of its holiday."""
        if self.counted == "counted":
            return None
        return f"{self.category}: {self.name}" if self.counted == "holiday" else self.counted


@dataclass(frozen=True)
class Deadline:
    """A due time that explains itself. `days` runs from the day of receipt's morrow to the due day, none left out."""

    received_at: datetime
    due_at: datetime
    working_days: int
    days: tuple[Day, ...]
    calendar_version: str
    rule_id: str
    rule_version: str
    extension_days: int | None = None

    @property
    def due_on(self) -> date:
        return self.days[-1].on

    def over_at(self, part: Fraction) -> datetime:
        """When at least that part of the working days is over: the end of one of them."""
        wanted = ceil(self.working_days * part)
        return end_of(next(day.on for day in self.days if day.number == wanted))

    def to_dict(self) -> dict[str, Any]:
        """The deadline as JSON values, in the shape of `contracts.routing.Deadline`."""
        return {
            "due": self.due_at.isoformat(),
            "working_days": self.working_days,
            "rule": self.rule_id,
            "rule_version": self.rule_version,
            "calendar_version": self.calendar_version,
            "days": [{"date": day.on.isoformat(), "counted": day.number, "why": day.why} for day in self.days],
            "extension_days": self.extension_days,
        }


def add_working_days(
    received_at: datetime,
    days: int,
    calendar: Calendar,
    *,
    rule_id: str = "",
    rule_version: str = "",
    pauses: Sequence[Pause] = (),
    counted_from: datetime | None = None,
) -> Deadline:
    """The deadline `days` working days after `received_at` (aware; ValueError if naive or `days` < 1), or after
    `counted_from`, where it came out of hours and was taken up later: the days between are explained, too."""
    if days < 1:
        raise ValueError(f"a term is at least one working day, not {days}")
    taken_up = jakarta_day(counted_from or received_at)
    explained = tuple(_walk(jakarta_day(received_at), days, calendar, pauses, taken_up))
    due_at = end_of(explained[-1].on)
    return Deadline(received_at, due_at, days, explained, calendar.version, rule_id, rule_version)


def end_of(day: date) -> datetime:
    """The last second of that day in Jakarta, in UTC."""
    return datetime.combine(day, END_OF_DAY).astimezone(UTC)


def jakarta_day(moment: datetime) -> date:
    """The day in Jakarta; ValueError for a moment without its zone."""
    if moment.tzinfo is None:
        raise ValueError(f"a time of receipt must carry its zone: {moment.isoformat()} does not")
    return moment.astimezone(JAKARTA).date()


def _walk(received_on: date, days: int, calendar: Calendar, pauses: Sequence[Pause], taken_up: date) -> Iterable[Day]:
    number, day = 0, received_on
    while number < days:
        day += timedelta(days=1)
        counted, name, category = calendar.look_up(day)
        if counted == "counted" and any(since <= end_of(day) < until for since, until in pauses):
            counted = "paused"
        if counted == "counted" and day <= taken_up:
            counted = "out_of_hours"
        number += counted == "counted"
        yield Day(day, counted, number if counted == "counted" else None, name, category)
