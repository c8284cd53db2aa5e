"""What one matter contributes to the figures follows from what was said of it; figures add up, however they are put
together; shares add up to a hundred."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from random import Random
from typing import Any

import pytest
from chassis.pages.words import Words
from kit.counted import FIRMS, SEED, Matter, a_number, the_first_year
from tracking.counting import WORDS
from tracking.domain.figures import GROWS, Figures, bin_of, minutes_of, together
from tracking.domain.periods import Period, named, parent
from tracking.domain.rows import Row
from tracking.pages.statistics.saying import Saying
from tracking.pages.statistics.sheet import HEAD, rows_of
from tracking.usecases.telling import Told
from tracking.views.figures import columns, shares, shown_of

#: 00.30 of the next day in Jakarta.
LATE = datetime(2026, 3, 16, 17, 30, tzinfo=UTC)
TODAY = date(2026, 11, 22)


def a_matter(kind: str = "complaint", **but: Any) -> Matter:
    return Matter(a_number(1), LATE).registered(kind, **but)


def row(matter: Matter) -> Row:
    assert matter.timeline.row is not None
    return matter.timeline.row


def figures(rows: Sequence[Row]) -> Figures:
    found = Figures()
    for one in rows:
        found.add(one)
    return found


def test_nothing_is_counted_that_was_not_registered() -> None:
    matter = Matter(a_number(1), LATE).routed(FIRMS[0])
    assert (matter.timeline.row, matter.timeline.uncounted) == (None, None)
    assert row(matter.registered("complaint"))["pujk"] == "BANK-001"


def test_a_matter_belongs_to_the_day_in_jakarta_on_which_it_was_received() -> None:
    assert row(a_matter())["day"] == "2026-03-17"


def test_an_upgraded_indication_is_a_complaint() -> None:
    assert row(a_matter("indication").upgraded())["kind"] == "complaint"


def test_what_changes_a_row_marks_it_and_what_does_not_leaves_it() -> None:
    matter = a_matter("question")
    first = matter.timeline.uncounted
    matter.says("intake.data-viewed", by="cso-1")
    assert matter.timeline.uncounted == first
    assert matter.answered(90).timeline.uncounted not in (first, None)
    assert (row(matter)["answered"], row(matter)["closed"]) == (90, 90)


def test_a_question_that_was_reopened_is_closed_by_its_last_answer() -> None:
    matter = a_matter("question").answered(90)
    matter.says("intake.service-reopened", 100, standing={"kind": "question", "state": "open"})
    assert (row(matter)["answered"], row(matter)["closed"], row(matter)["reopened"]) == (90, None, 1)
    assert row(matter.answered(300))["closed"] == 300


@pytest.mark.parametrize("reason", ["duplicate", "in-court", "fraud", "not-supervised", "withdrawn"])
def test_a_matter_that_ended_without_a_firm_is_closed(reason: str) -> None:
    matter = a_matter()
    matter.says("routing.ticket-closed", 45, reason=reason, standing={"state": "closed", "reason": reason})
    assert row(matter)["closed"] == 45
    assert figures([row(matter)]).times["closed_complaint"].total() == 1


def test_a_late_answer_is_over_and_one_in_the_last_fifth_is_near() -> None:
    matter = a_matter().routed(FIRMS[0])
    assert row(matter)["level"] == "running"
    matter.says("routing.deadline-near", 5, round=1)
    matter.says("routing.deadline-missed", 9, round=1)
    assert row(matter)["level"] == "over"
    # It was under way in time.
    assert row(matter.says("routing.deadline-met", 10, round=1))["level"] == "near"
    assert row(a_matter().routed(FIRMS[0]).says("routing.deadline-met", 9, round=1))["level"] == "within"
    assert row(a_matter("question").routed(FIRMS[0]))["level"] is None


def test_relief_counts_once_when_it_is_there() -> None:
    owed = {"obligations": [{"demand": 1, "amount": 750_000}, {"demand": 2, "amount": 90_000}]}
    matter = a_matter()
    assert (row(matter)["relief"], row(matter)["relieved"]) == (0, False)
    for _ in range(2):
        matter.says("pujk_gateway.relief-fulfilled", 9, round=1, demand=1, standing={"state": "owed", **owed})
    assert (row(matter)["relief"], row(matter)["relieved"]) == (750_000, True)


def a_promise(demand: int, amount: int | None = None, answer: str = "granted") -> dict[str, Any]:
    return {"demand": demand, "answer": answer, "amount": amount, "promised_by": "2026-04-01"}


def in_any_order(*facts: tuple[str, dict[str, Any]]) -> set[tuple[int, bool]]:
    """Relief by each order of hearing; their owner said them in the given one."""
    found = set()
    for order in permutations(enumerate(facts, 1)):
        timeline = a_matter().timeline
        for seq, (fact, data) in order:
            told = {"type": f"pujk_gateway.{fact}.v1", "time": LATE, "data": data, "seq": seq, "clock": seq}
            timeline.hear({"id": str(seq), "owner": "pujk_gateway", **told}, str)
        assert timeline.row is not None
        found.add((timeline.row["relief"], timeline.row["relieved"]))
    return found


def proposed(number: int, amount: int | None, *answers: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return "resolution-proposed", {"round": 1, "proposal": number, "amount": amount, "answers": answers}


def kept(number: int, demand: int, *owed: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return "relief-fulfilled", {
        "round": 1, "proposal": number, "demand": demand, "standing": {"state": "owed", "obligations": owed},
    }  # fmt: skip


def test_two_promises_to_one_demand_that_were_kept_both_count() -> None:
    first = {"demand": 1, "proposal": 1, "amount": 1_000_000, "state": "fulfilled"}
    second = first | {"proposal": 2, "amount": 500_000}
    for proposals in (
        (),
        (proposed(1, 1_000_000, a_promise(1, 1_000_000)), proposed(2, 500_000, a_promise(1, 500_000))),
    ):
        facts = (*proposals, kept(1, 1, first), kept(2, 1, first, second))
        assert in_any_order(*facts) == {(1_500_000, True)}


def test_the_amount_of_a_proposal_counts_when_all_its_promises_are_kept() -> None:
    whole = proposed(1, 164_650_000, a_promise(1), a_promise(2), {"demand": 3, "answer": "refused"})
    assert in_any_order(whole, kept(1, 1)) == {(0, True)}, "how much of it is not known"
    assert in_any_order(whole, kept(1, 1), kept(1, 2)) == {(164_650_000, True)}
    # More than the answers come to: the rest with the last of them.
    some = proposed(1, 900, a_promise(1, 500), a_promise(2), {"demand": 3, "answer": "granted", "amount": 100})
    assert in_any_order(some, kept(1, 1)) == {(500, True)}
    assert in_any_order(some, kept(1, 1), kept(1, 2)) == {(800, True)}, "nobody promised the 100 for a day"


def test_what_a_settlement_gives_counts_and_what_the_consumer_denies_in_time_does_not() -> None:
    settled = {"demand": 0, "proposal": 0, "amount": 250_000, "state": "fulfilled"}
    earlier = {"demand": 0, "proposal": 0, "amount": 70_000, "state": "promised"}
    assert in_any_order(kept(0, 0, settled, earlier)) == {(250_000, True)}
    denied = ("relief-overdue", kept(0, 0)[1])
    assert in_any_order(kept(0, 0, settled), denied) == {(0, False)}
    assert in_any_order(kept(0, 0, settled), denied, kept(0, 0, settled)) == {(250_000, True)}


def test_the_last_score_counts() -> None:
    matter = a_matter("question").says("tracking.feedback-given", 1, score=2)
    assert row(matter.says("tracking.feedback-given", 2, score=5))["score"] == 5


def test_figures_are_the_same_however_they_are_put_together_and_kept() -> None:
    rows = [row(one) for one in the_first_year()][::9]
    whole, random = figures(rows).document(), Random(7)
    random.shuffle(rows)
    parts = [figures(rows[at::5]) for at in range(5)]
    again = together(Figures.of(one.document()) for one in parts)
    assert again.document() == whole == figures(rows).document()
    assert again.count == len(rows) and again.check == sum(one["check"] for one in rows)


def test_the_table_of_the_first_year() -> None:
    rows = [row(one) for one in the_first_year()]
    shown = shown_of(Told(Period(date(2013, 1, 21), date(2013, 12, 31)), figures(rows), None), TODAY)
    assert {one.code: (one.count, one.share / 100) for one in shown.kinds} == {
        "information": (495, 6.47),
        "question": (6_271, 81.92),
        "complaint": (889, 11.61),
    }
    assert (shown.total, shown.indications) == (sum(SEED.values()), 37) == (7_655, 37)
    assert all(sum(one.share for one in lines) == 10_000 for lines in shown.by.values())
    assert len(columns(shown.by["month"])) == 12


@pytest.mark.parametrize("counts", [[1, 1, 1], [0, 0], [495, 6_271, 889], [1] * 7, [0, 5], [999_999, 1]])
def test_shares_add_up(counts: list[int]) -> None:
    found = shares(counts)
    assert sum(found) == (10_000 if sum(counts) else 0)
    assert all(abs(share - 10_000 * one / (sum(counts) or 1)) < 1 for share, one in zip(found, counts, strict=True))


@pytest.mark.parametrize("counts", [[148, 2, 2], [7, 7, 3], [60, 2, 30, 2, 20, 1, 37], [*range(1, 60), *range(1, 60)]])
def test_equal_counts_have_equal_shares_wherever_that_adds_up(counts: list[int]) -> None:
    found = shares(counts)
    told = {count: {share for one, share in zip(counts, found, strict=True) if one == count} for count in counts}
    assert sum(found) == 10_000 and all(len(one) == 1 for one in told.values())
    assert found == [min(told[count]) for count in counts]
    assert sorted(told) == sorted(told, key=lambda one: min(told[one])), "more is never told as less"


@pytest.mark.parametrize("minutes", [0, 1, 2, 59, 60, 1_440, 14_400, 525_600])
def test_a_time_is_right_within_a_fortieth(minutes: int) -> None:
    assert abs(minutes_of(bin_of(minutes)) - minutes) <= max(0.03, (GROWS**0.5 - 1) * minutes * 1.001)


def test_half_and_nine_tenths_are_found_by_rank() -> None:
    found = figures([row(a_matter("question").answered(minutes)) for minutes in (10, 20, 30, 40, 1_000)])
    median, most = found.quantile("answered_question", 0.5), found.quantile("answered_question", 0.9)
    assert median == pytest.approx(30, rel=0.03) and most == pytest.approx(1_000, rel=0.03)
    assert found.quantile("closed_complaint", 0.5) is None


def test_a_period_is_made_of_as_few_figures_as_there_are() -> None:
    found = Period(date(2012 + 1, 1, 21), date(2015, 3, 2)).cells()
    assert found[:12] == [f"2013-01-{day}" for day in range(21, 32)] + ["2013-02"]
    assert found[-5:] == ["2014", "2015-01", "2015-02", "2015-03-01", "2015-03-02"]
    assert [parent(one) for one in ("2015-03-02", "2015-03", "2015")] == ["2015-03", "2015", None]
    days = timedelta()
    for one in (named("2016-02"), named("2016-Q1"), named("2016")):
        assert one is not None
        days += one.last - one.first + timedelta(days=1)
    assert days == timedelta(days=29 + 91 + 366)
    assert [named(one) for one in ("2016-13", "2016-Q5", "0000", "x", "2012")] == [None] * 5


def test_each_number_of_the_file_stands_in_the_column_of_its_name() -> None:
    rows = [row(a_matter("indication").routed(FIRMS[0])), row(a_matter("question").answered(10))]
    shown = shown_of(Told(Period(date(2026, 3, 1), date(2026, 3, 31)), figures(rows), None), TODAY)
    lines = [dict(zip(HEAD, one, strict=True)) for one in rows_of(shown, Saying(Words(("chassis.pages", WORDS)), "en"))]

    def said(table: str, code: str) -> dict[str, Any]:
        [line] = [one for one in lines if (one["table"], one["code"]) == (table, code)]
        return {name: value for name, value in line.items() if value != "" and name not in ("table", "code", "name")}

    assert said("kind", "indication") == {"indication": 1}
    assert said("service-level", "running") == {"running": 1}
    assert said("kind", "question") == {"total": 1, "percent": 100.0}
    assert said("relief", "matters") == {"total": 0}
    assert said("sector", "bank").items() >= {"indication": 1, "question": 0, "running": 1, "total": 0}.items()
    # What is no number of services; without a unit only how often something was.
    assert {one["table"] for one in lines if one["value"] != "" and not one["unit"]} == {"returned", "reopened"}
    assert said("time-answered", "question-median")["unit"] == "minutes"
