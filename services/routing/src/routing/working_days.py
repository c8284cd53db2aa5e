"""When is an answer due, and why that day: every date between receipt and due is explained.

The first day is the working day after receipt. Days are those of Asia/Jakarta, whose offset has been +07:00 all
year round since 1964. A term ends with its last day, 23:59:59 in Jakarta, given in UTC.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any, Literal

JAKARTA = timezone(timedelta(hours=7), "WIB")
PUBLIC = "public"
CUTI_BERSAMA = "cuti_bersama"
END_OF_DAY = time(23, 59, 59, tzinfo=JAKARTA)

Counted = Literal["counted", "weekend", "holiday"]


class NoSuchDay(ValueError):
    """A date lies outside the years the calendar knows; guessing that it has no holidays would move a deadline."""


class NoRule(LookupError):
    """No dated rule covers this kind and form on this day."""


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
        """Why the day does not count: "weekend", or the category and name of its holiday."""
        if self.counted == "counted":
            return None
        return "weekend" if self.counted == "weekend" else f"{self.category}: {self.name}"


@dataclass(frozen=True)
class Rule:
    """One dated rule of the service levels; `valid_from` is compared with the day of receipt in Jakarta."""

    id: str
    version: str
    valid_from: date
    kind: str
    form: str
    working_days: int
    extension_days: int
    source: str


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


@dataclass(frozen=True)
class ServiceLevels:
    """The dated rules, and from when cuti bersama is not worked."""

    rules: tuple[Rule, ...]
    cuti_bersama_closed: tuple[tuple[date, bool], ...]

    @classmethod
    def parse(cls, document: Mapping[str, Any]) -> "ServiceLevels":
        """Read the document of `data/service_levels.json`; KeyError or ValueError where it is not of that shape."""
        rules = (Rule(**{**rule, "valid_from": date.fromisoformat(rule["valid_from"])}) for rule in document["rules"])
        switch = document["counts_cuti_bersama_as_holiday"]
        return cls(
            rules=tuple(sorted(rules, key=lambda rule: rule.valid_from)),
            cuti_bersama_closed=tuple(sorted((date.fromisoformat(s["valid_from"]), bool(s["value"])) for s in switch)),
        )

    def rule_for(self, kind: str, form: str, received_at: datetime) -> Rule:
        """The newest rule for this kind and form that was valid on the day of receipt."""
        received_on = _jakarta_day(received_at)
        found = [r for r in self.rules if (r.kind, r.form) == (kind, form) and r.valid_from <= received_on]
        if not found:
            raise NoRule(f"no service level for a {form} {kind} received on {received_on}; dated rules need one")
        return found[-1]

    def closed_categories(self, received_at: datetime) -> frozenset[str]:
        """The categories of holidays that are not worked, by the policy of the day of receipt."""
        received_on = _jakarta_day(received_at)
        closed = [value for valid_from, value in self.cuti_bersama_closed if valid_from <= received_on]
        return frozenset({PUBLIC, CUTI_BERSAMA} if closed and closed[-1] else {PUBLIC})


def add_working_days(
    received_at: datetime, days: int, calendar: Calendar, *, rule_id: str = "", rule_version: str = ""
) -> Deadline:
    """The deadline `days` working days after `received_at` (aware; ValueError if naive or `days` < 1)."""
    if days < 1:
        raise ValueError(f"a term is at least one working day, not {days}")
    explained = tuple(_walk(_jakarta_day(received_at), days, calendar))
    due_at = datetime.combine(explained[-1].on, END_OF_DAY).astimezone(UTC)
    return Deadline(received_at, due_at, days, explained, calendar.version, rule_id, rule_version)


def deadline(received_at: datetime, rule: Rule, calendar: Calendar) -> Deadline:
    """The deadline that `rule` sets for what was received at `received_at`."""
    term = add_working_days(received_at, rule.working_days, calendar, rule_id=rule.id, rule_version=rule.version)
    return replace(term, extension_days=rule.extension_days)


def _walk(received_on: date, days: int, calendar: Calendar) -> Iterable[Day]:
    number, day = 0, received_on
    while number < days:
        day += timedelta(days=1)
        counted, name, category = calendar.look_up(day)
        number += counted == "counted"
        yield Day(day, counted, number if counted == "counted" else None, name, category)


def _jakarta_day(moment: datetime) -> date:
    if moment.tzinfo is None:
        raise ValueError(f"a time of receipt must carry its zone: {moment.isoformat()} does not")
    return moment.astimezone(JAKARTA).date()
