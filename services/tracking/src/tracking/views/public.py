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
    """Nothing of a month either where one of its tables would tell what it hides, whatever is hidden of it."""
    if shown.total < below:
        return NOTHING
    # A line of indications alone would say that there are some.
    lines = {"kind": shown.kinds} | {name: [one for one in shown.by[name] if one.count] for name in OPEN}
    tables: dict[str, Sequence[Hidden]] = {}
    for name, all_ in lines.items():
        if (told := public(all_, below)) is None:
            return NOTHING
        tables[name] = told if name == "kind" else _by_count(told)
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


def public(lines: Sequence[Line], below: int) -> list[Hidden] | None:
    """Small ones are hidden, and the next smallest with them until the total less what is told leaves room for what
    each of them may be. Who is hidden follows from the numbers alone, and all of one number are: so any of the hidden
    may have changed places. None where even all of them together leave no room."""
    hidden = {one.code for one in lines if 0 < one.count < below}
    smalls = len(hidden)
    others = sorted({one.count for one in lines if one.count >= below}, reverse=True)

    def has_room() -> bool:
        many, hides = len(hidden), sum(one.count for one in lines if one.code in hidden)
        # None but small ones may not come to the most that they could either.
        return many > 1 and hides >= many + below and (many > smalls or hides < many * (below - 1))

    while hidden and not has_room():
        if not others:
            return None
        next_ = others.pop()
        hidden |= {one.code for one in lines if one.count == next_}
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
