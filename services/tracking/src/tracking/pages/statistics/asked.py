"""Which period does an address ask for? A year, quarter or month by name, or from one day to another; this year where
it asks for none."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from chassis.pages.forms import Form
from chassis.pages.posted import asked_for
from chassis.refusals import Invalid

from tracking.domain.periods import FIRST, LAST, Period, named

NAME, SINCE, UNTIL, YEAR, PART = "period", "from", "to", "year", "part"
PARTS = ("", "Q1", "Q2", "Q3", "Q4", *(f"{month:02d}" for month in range(1, 13)))
#: What everybody is told has no quarters.
CLOSED_PARTS = tuple(one for one in PARTS if not one.startswith("Q"))
#: The year of the first service.
FIRST_YEAR = 2013
#: One more than a day has: what is longer is wrong, and not cut until it fits.
MOST = 11
_DAY = {"pattern": r"^(\d{4}-\d{2}-\d{2})?$"}
BY_NAME: list[dict[str, Any]] = [
    asked_for(NAME, {"pattern": r"^(\d{4}(-Q[1-4]|-\d{2})?)?$"}),
    asked_for(YEAR, {"pattern": r"^(\d{4})?$"}),
    asked_for(PART, {"enum": list(PARTS)}),
]
CLOSED: list[dict[str, Any]] = [
    asked_for(NAME, {"pattern": r"^(\d{4}(-\d{2})?)?$"}),
    asked_for(YEAR, {"pattern": r"^(\d{4})?$"}),
    asked_for(PART, {"enum": list(CLOSED_PARTS)}),
]
BY_DAYS: list[dict[str, Any]] = [*BY_NAME, asked_for(SINCE, _DAY), asked_for(UNTIL, _DAY)]


@dataclass(frozen=True)
class Asked:
    """``form`` says what is wrong with what was asked; ``period`` is shown all the same."""

    period: Period
    form: Form

    def checked(self) -> Period:
        """For a file, which has no place to say what is wrong. Errors: Invalid."""
        if self.form.errors:
            asked = [
                {"field": name, "came": self.form[name], "expected": "a period that the page offers"}
                for name in self.form
                if self.form[name]
            ]
            raise Invalid("there is no such period; see problems", problems=asked)
        return self.period

    @property
    def query(self) -> str:
        if self.period.name:
            return f"{NAME}={self.period.name}"
        return f"{SINCE}={self.period.first}&{UNTIL}={self.period.last}"

    @property
    def year(self) -> int:
        return self.period.first.year

    @property
    def part(self) -> str:
        return self.period.name[5:]


def closed_of(query: Mapping[str, str], today: date) -> Asked:
    """Of what everybody may ask for: a year or a month; the last month that is over where an address asks for none."""
    form = Form({name: [query.get(name, "").strip()[:MOST]] for name in (NAME, YEAR, PART)})
    last = named(f"{_month_before(today):%Y-%m}")
    assert last is not None
    name = form[NAME] or (f"{form[YEAR]}-{form[PART]}" if form[PART] else form[YEAR])
    period = named(name) if name else last
    if period is None or "Q" in name:
        form.wrong(YEAR, "statistics.no_closed_period")
        return Asked(last, form)
    return Asked(period, form)


def asked_of(query: Mapping[str, str], today: date) -> Asked:
    values = {name: [query.get(name, "").strip()[:MOST]] for name in (NAME, YEAR, PART, SINCE, UNTIL)}
    form = Form(values)
    whole = Period(date(today.year, 1, 1), date(today.year, 12, 31), str(today.year))
    if form[SINCE] or form[UNTIL]:
        days = {name: _day(form, name) for name in (SINCE, UNTIL)}
        since, until = days[SINCE], days[UNTIL]
        if since and until and since > until:
            form.wrong(UNTIL, "statistics.backwards")
        return Asked(whole if form.errors or not since or not until else Period(since, until), form)
    name = form[NAME] or (f"{form[YEAR]}-{form[PART]}" if form[PART] else form[YEAR])
    period = named(name) if name else whole
    if period is None:
        form.wrong(YEAR, "statistics.no_period")
    return Asked(period or whole, form)


def _day(form: Form, name: str) -> date | None:
    try:
        day = date.fromisoformat(form[name])
    except ValueError:
        form.wrong(name, "statistics.no_day")
        return None
    if not FIRST <= day <= LAST:
        form.wrong(name, "statistics.no_day")
        return None
    return day


def beside(today: date) -> list[str]:
    """Periods that people ask for most, by name: this month and the last, this quarter, this year and the last."""
    quarter = f"{today.year}-Q{(today.month + 2) // 3}"
    return [f"{today:%Y-%m}", f"{_month_before(today):%Y-%m}", quarter, str(today.year), str(today.year - 1)]


def closed_beside(today: date) -> list[str]:
    """The same of those that are over: two months and two years."""
    last = _month_before(today)
    return [f"{last:%Y-%m}", f"{_month_before(last):%Y-%m}", str(today.year - 1), str(today.year - 2)]


def _month_before(day: date) -> date:
    return day.replace(day=1) - timedelta(days=1)
