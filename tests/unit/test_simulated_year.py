"""A simulated year is as busy as the published figures say, and the same for the same seed."""

from collections import Counter
from datetime import UTC, date, datetime

from contracts.channel import Submission
from slkt.simulating.year import NEEDS_FIRM, Year

FIRST = date(2025, 1, 1)


def test_the_same_seed_gives_the_same_services_and_another_one_others() -> None:
    once, again, other = (list(Year(seed, FIRST, 40)) for seed in (1, 1, 2))
    assert once == again
    assert {one.key for one in once}.isdisjoint(one.key for one in other)


def test_what_comes_in_is_of_the_year_in_the_order_of_time_and_may_be_submitted() -> None:
    year = list(Year(1, FIRST, 400))
    moments = [one.at for one in year]
    assert moments == sorted(moments)
    assert datetime(2024, 12, 31, 17, tzinfo=UTC) <= moments[0] and moments[-1] < datetime(2025, 12, 31, 17, tzinfo=UTC)
    for one in year:
        submitted = Submission.model_validate(one.data)
        assert (submitted.pujk is not None) == (submitted.kind in NEEDS_FIRM) == (one.firm is not None)


def test_kinds_and_hours_are_as_many_as_published() -> None:
    year = list(Year(1, FIRST, 4_000))
    kinds = Counter(one.data["kind"] for one in year)
    assert 0.82 < kinds["question"] / 4_000 < 0.92
    assert 0.04 < kinds["complaint"] / (kinds["complaint"] + kinds["question"] + kinds["information"]) < 0.06
    weekend = sum((one.at.weekday() in (5, 6)) for one in year)
    assert weekend / 4_000 < 0.2


def test_complaints_name_firms_that_act_where_there_are_any() -> None:
    year = Year(1, FIRST, 600, ["BANK-002", "BANK-008"])
    assert {one.firm for one in year if one.firm} == {"BANK-002", "BANK-008"}
