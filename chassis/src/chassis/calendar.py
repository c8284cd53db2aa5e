"""Which days are not worked in Indonesia? Read once, and versioned.

The holidays come from the package `holidays` as installed, never asked live. Dates after the present year's joint
decree are its computations: names of lunar and islamic ones end in "(perkiraan)", and cuti bersama of years without
a decree is missing. A new decree is a new version of the package, so a new `Calendar.version`.
"""

from datetime import date
from importlib.metadata import version

from holidays import country_holidays
from holidays.constants import GOVERNMENT
from holidays.constants import PUBLIC as PUBLIC_CATEGORY

from chassis.working_days import CUTI_BERSAMA, PUBLIC, Calendar

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
