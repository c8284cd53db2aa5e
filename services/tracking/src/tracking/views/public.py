"""What is everybody told? Of a month that is over what is not small; of a year what its months say together, and
nothing that they do not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tracking.views.figures import WHOLE, Line, Shown, shares

#: Of firms nothing is told to everybody, and of times and levels nothing by parts.
OPEN = ("channel", "sector", "product", "issue", "region")


@dataclass(frozen=True)
class Hidden:
    """A line of the public totals; none where it is hidden."""

    code: str
    count: int | None
    share: int | None


@dataclass(frozen=True)
class Totals:
    """No total and no tables where there is less than is told of anything."""

    total: int | None
    tables: Mapping[str, Sequence[Hidden]]


NOTHING = Totals(None, {})


def month_totals(shown: Shown, below: int) -> Totals:
    if shown.total < below:
        return NOTHING
    tables = {"kind": public(shown.kinds, below)}
    for one in OPEN:
        # A line of indications alone would say that there are some.
        tables[one] = _by_count(public([line for line in shown.by[one] if line.count], below))
    return Totals(shown.total, tables)


def year_totals(months: Mapping[str, Totals]) -> Totals:
    """Put together of what is told of the months alone, so that a year less its months says nothing new: a line that a
    month hides is hidden, and a month of which nothing is told is not in it."""
    told = [one for one in months.values() if one.total is not None]
    if not told:
        return NOTHING
    total = sum(one.total or 0 for one in told)
    tables = {"kind": _sums([one.tables["kind"] for one in told], total)}
    tables |= {name: _by_count(_sums([one.tables[name] for one in told], total)) for name in OPEN}
    tables["month"] = _lines({code: one.total for code, one in months.items()}, total)
    return Totals(total, tables)


def public(lines: Sequence[Line], below: int) -> list[Hidden]:
    """Small ones are hidden; one that stood alone among them, or a few that come to less than is told, could be found
    by taking the others off the total, so the next smallest are hidden with them."""
    small = [one for one in lines if 0 < one.count < below]
    others = sorted((one for one in lines if one.count >= below), key=lambda one: (one.count, one.code))
    while small and others and (len(small) == 1 or sum(one.count for one in small) < below):
        small.append(others.pop(0))
    hidden = {one.code for one in small}
    counts = {one.code: None if one.code in hidden else one.count for one in lines}
    return _lines(counts, sum(one.count for one in lines))


def _sums(tables: Sequence[Sequence[Hidden]], total: int) -> list[Hidden]:
    sums: dict[str, int | None] = {}
    for one in (line for table in tables for line in table):
        before = sums.get(one.code, 0)
        sums[one.code] = None if before is None or one.count is None else before + one.count
    return _lines(sums, total)


def _lines(counts: Mapping[str, int | None], total: int) -> list[Hidden]:
    known = [one for one in counts.values() if one is not None]
    # What rounding leaves is shared out only where no hidden line has a part in it.
    parts = shares(known) if len(known) == len(counts) else [round(one * WHOLE / total) for one in known]
    left = iter(parts)
    return [Hidden(code, one, None if one is None else next(left)) for code, one in counts.items()]


def _by_count(lines: Sequence[Hidden]) -> list[Hidden]:
    """Hidden ones last, by their codes: their order says nothing."""
    return sorted(lines, key=lambda one: (one.count is None, -(one.count or 0), one.code))
