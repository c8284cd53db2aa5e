"""What everybody is told says nothing of one person: small numbers are hidden, no sum gives them back, and a year says
nothing that its months do not."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from random import Random

import pytest
from chassis.refusals import Invalid
from tracking.domain.figures import Figures
from tracking.domain.periods import named
from tracking.domain.rows import Row
from tracking.pages.statistics.asked import asked_of, closed_beside, closed_of
from tracking.usecases.telling import Told
from tracking.views.figures import Line, shown_of
from tracking.views.public import Totals, month_totals, public, year_totals

TODAY = date(2026, 11, 22)
BELOW = 5


def told(month: str, regions: Mapping[str, int], indications: Mapping[str, int] | None = None) -> Totals:
    """Of so many complaints from each province."""
    figures = Figures()
    for kind, counts in (("complaint", regions), ("indication", indications or {})):
        for region, count in counts.items():
            for _ in range(count):
                figures.add(a_row(kind, month, region))
    period = named(month)
    assert period is not None
    return month_totals(shown_of(Told(period, figures, None), TODAY), BELOW)


def a_row(kind: str, month: str, region: str) -> Row:
    nothing = dict.fromkeys(("level", "answered", "closed", "score", "pujk", "name", "sector", "product", "issue"))
    counted = {"relief": 0, "relieved": False, "returned": 0, "reopened": 0}
    made: Row = {**nothing, **counted, "v": 1, "check": 1, "kind": kind, "day": f"{month}-02"}
    made |= {"region": region, "channel": "web"}
    return made


def regions(totals: Totals) -> list[tuple[str, int | None]]:
    return [(one.code, one.count) for one in totals.tables.get("region", ())]


@pytest.mark.parametrize(
    ("counts", "seen"),
    [
        ((100, 7, 3, 9), [100, None, None, 9]),
        ((100, 7, 3, 4), [100, 7, None, None]),
        ((100, 5, 0), [100, 5, 0]),
        # Two hidden ones that come to two are one each.
        ((100, 7, 1, 1), [100, None, None, None]),
        # Five that come to five are one each; two that come to eight are four each; of two sevens none is before.
        ((40, 30, 1, 1, 1, 1, 1), [40, None, None, None, None, None, None]),
        ((100, 9, 4, 4), [100, None, None, None]),
        ((100, 7, 3, 7), [100, None, None, None]),
    ],
)
def test_small_numbers_are_hidden_and_no_total_gives_them_back(counts: list[int], seen: list[int | None]) -> None:
    lines = [Line(str(at), {}, one, 0) for at, one in enumerate(counts)]
    found = public(lines, BELOW)
    assert found and [one.count for one in found] == seen


def tables(lines: int, most: int) -> Iterator[tuple[int, ...]]:
    if not lines:
        yield ()
        return
    for one in range(most + 1):
        yield from ((one, *others) for others in tables(lines - 1, most - one))


@pytest.mark.parametrize(("lines", "below", "most"), [(4, 3, 13), (3, 5, 24), (5, 2, 10)])
def test_who_knows_the_rule_and_the_total_knows_no_hidden_number(lines: int, below: int, most: int) -> None:
    """Of all tables that are told alike, each hidden line has several numbers."""
    alike = defaultdict(list)
    for counts in tables(lines, most):
        if found := public([Line(str(at), {}, one, 0) for at, one in enumerate(counts)], below):
            alike[sum(counts), tuple(one.count for one in found)].append(counts)
    for (_, seen), all_ in alike.items():
        for at in (at for at, one in enumerate(seen) if one is None):
            assert len({counts[at] for counts in all_}) > 1, (seen, all_)
    assert any(None in seen for _, seen in alike)


def test_of_a_month_whose_table_would_tell_what_it_hides_nothing_is_told() -> None:
    assert told("2026-03", {"94": 1, "12": 1, "73": 1, "32": 1, "51": 1}) == Totals(None, {})
    assert told("2026-03", {"94": 4, "12": 4}) == Totals(None, {})
    assert regions(told("2026-03", {"94": 4, "12": 3})) == [("12", None), ("94", None)]


def test_the_order_of_what_is_hidden_says_nothing() -> None:
    found = regions(told("2026-03", {"94": 4, "12": 1, "73": 3, "31": 40}))
    assert found == [("31", 40), ("12", None), ("73", None), ("94", None)]


def test_no_line_says_that_there_are_indications() -> None:
    assert regions(told("2026-03", {"31": 40}, {"94": 2})) == [("31", 40)]
    assert told("2026-03", {}, {"94": 7}) == Totals(None, {}), "nothing but indications"


def test_of_fewer_than_are_told_nothing_is_told_not_even_where_from() -> None:
    assert told("2026-03", {"94": 1, "31": 3}) == Totals(None, {})
    year = year_totals({"2025-01": told("2025-01", {"94": 1}), "2025-02": told("2025-02", {"31": 30})})
    assert year.total == 30 and regions(year) == [("31", 30)]
    assert [(one.code, one.count) for one in year.tables["month"]] == [("2025-01", None), ("2025-02", 30)]


def test_a_year_less_its_months_never_gives_what_a_month_hides() -> None:
    random = Random(11)
    for _ in range(20):
        codes = ("12", "31", "32", "73", "94")
        counts = {
            f"2025-{month:02d}": {code: random.choice((0, 1, 4, 5, 9, 60)) for code in codes} for month in range(1, 13)
        }
        months = {month: told(month, of) for month, of in counts.items()}
        year, known = dict(regions(year_totals(months))), {month: dict(regions(one)) for month, one in months.items()}
        for code in year:
            hidden = [month for month in counts if known[month].get(code, 0) is None]
            assert (year[code] is None) is bool(hidden), (code, hidden)
            assert hidden or year[code] == sum(of.get(code, 0) or 0 for of in known.values())
        assert year_totals(months).total == sum(one.total or 0 for one in months.values())


def test_everybody_asks_for_what_is_over_and_for_no_quarter() -> None:
    assert closed_of({}, TODAY).period.name == "2026-10"
    assert closed_of({"year": "2025", "part": "02"}, TODAY).period.name == "2025-02"
    assert "year" in closed_of({"period": "2025-Q1"}, TODAY).form.errors
    assert closed_of({"period": "2025-02"}, TODAY).checked().name == "2025-02"
    for asked in (
        closed_of({"period": "2026-13"}, TODAY),
        asked_of({"from": "2026-03-011", "to": "2026-03-02"}, TODAY),
    ):
        with pytest.raises(Invalid):
            asked.checked()
    assert closed_beside(date(2026, 1, 31)) == ["2025-12", "2025-11", "2025", "2024"]
