"""Which days are asked for, and of which figures that are kept are they put together?"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

#: No service is older than the first, and none younger than this.
FIRST, LAST = date(2013, 1, 1), date(2199, 12, 31)
_NAMED = re.compile(r"(\d{4})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?")


@dataclass(frozen=True)
class Period:
    """From the first to the last day, both of them whole days of Jakarta. ``name``: 2013, 2013-Q2 or 2013-07, of one
    that is a year, quarter or month."""

    first: date
    last: date
    name: str = ""

    def cells(self) -> list[str]:
        """Whole years, whole months, and days: as few as there are. ``2013``, ``2013-02``, ``2013-02-21``."""
        found, day = list[str](), self.first
        while day <= self.last:
            month_ends, year_ends = _end(day.year, day.month), date(day.year, 12, 31)
            if (day.month, day.day) == (1, 1) and year_ends <= self.last:
                found.append(f"{day.year}")
                day = year_ends
            elif day.day == 1 and month_ends <= self.last:
                found.append(f"{day:%Y-%m}")
                day = month_ends
            else:
                found.append(day.isoformat())
            day += timedelta(days=1)
        return found

    @property
    def months(self) -> list[str]:
        """Every month that a day of it is in."""
        ends = self.last.year * 12 + self.last.month
        return [
            f"{(at - 1) // 12}-{(at - 1) % 12 + 1:02d}"
            for at in range(self.first.year * 12 + self.first.month, ends + 1)
        ]


def named(text: str) -> Period | None:
    """A year, quarter or month; None where it is none of those."""
    found = _NAMED.fullmatch(text)
    if not found or not FIRST.year <= int(found[1]) <= LAST.year:
        return None
    year = int(found[1])
    begins, ends = (1, 12)
    if found[2]:
        begins, ends = 3 * int(found[2]) - 2, 3 * int(found[2])
    elif found[3]:
        begins = ends = int(found[3])
    return Period(date(year, begins, 1), _end(year, ends), text)


def parent(cell: str) -> str | None:
    """Whose figures those of a cell are a part of."""
    return cell[:-3] or None if len(cell) > 4 else None


def _end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])
