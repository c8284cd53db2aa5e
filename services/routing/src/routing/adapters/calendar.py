"""Which days are not worked in Indonesia, and which rules set a term? Both read once, dated and versioned.

The holidays come from the package `holidays` as installed, never asked live. Dates after the present year's joint
decree are its computations: names of lunar and islamic ones end in "(perkiraan)", and cuti bersama of years without
a decree is missing. A new decree is a new version of the package, so a new `Calendar.version`.
"""

import json
from dataclasses import replace
from datetime import date, datetime
from importlib.metadata import version
from importlib.resources import files

from holidays import country_holidays
from holidays.constants import GOVERNMENT
from holidays.constants import PUBLIC as PUBLIC_CATEGORY

from routing.working_days import CUTI_BERSAMA, PUBLIC, Calendar, Deadline, ServiceLevels, deadline

YEARS = range(2010, 2031)


def load_calendar(closed_categories: frozenset[str] = frozenset({PUBLIC, CUTI_BERSAMA})) -> Calendar:
    """The calendar of 2010 to 2030 with Indonesian names; its version names the package's."""
    days: dict[date, tuple[str, str]] = {}
    for theirs, ours in ((GOVERNMENT, CUTI_BERSAMA), (PUBLIC_CATEGORY, PUBLIC)):
        found = country_holidays("ID", years=YEARS, categories=(theirs,), language="id")
        days.update({day: (name, ours) for day, name in found.items()})
    return Calendar(
        version=f"holidays-{version('holidays')}-ID-{YEARS[0]}-{YEARS[-1]}",
        holidays=days,
        closed_categories=closed_categories,
        first=date(YEARS[0], 1, 1),
        last=date(YEARS[-1], 12, 31),
    )


def load_service_levels() -> ServiceLevels:
    """The dated rules shipped in `data/service_levels.json`."""
    text = files("routing").joinpath("data/service_levels.json").read_text(encoding="utf-8")
    return ServiceLevels.parse(json.loads(text))


class DatedDeadlines:
    """The deadline that the rule valid on the day of receipt sets, on the calendar that this day's policy closes."""

    def __init__(self, service_levels: ServiceLevels, calendar: Calendar) -> None:
        self._levels = service_levels
        self._calendar = calendar

    def __call__(self, kind: str, form: str, received_at: datetime) -> Deadline:
        """Errors: NoRule, NoSuchDay."""
        calendar = replace(self._calendar, closed_categories=self._levels.closed_categories(received_at))
        return deadline(received_at, self._levels.rule_for(kind, form, received_at), calendar)
