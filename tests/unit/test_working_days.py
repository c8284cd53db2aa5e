"""Every deadline can be explained, and ends on the day the rules say."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import contracts.routing
import pytest
from chassis.calendar import load_calendar
from chassis.working_days import CUTI_BERSAMA, JAKARTA, PUBLIC, Calendar, NoSuchDay, add_working_days
from hypothesis import given
from hypothesis import strategies as st
from routing.adapters.calendar import load_service_levels
from routing.service_levels import NoRule, deadline

CALENDAR = load_calendar()
LEVELS = load_service_levels()
NOTHING_CLOSED = Calendar(version="weekends only", holidays={})


def jakarta(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=JAKARTA)  # type: ignore[arg-type,misc]


MONDAY_16_MARCH = jakarta(2026, 3, 16, 10, 0)


@pytest.mark.parametrize(
    ("closed", "due"),
    [
        (frozenset[str](), date(2026, 3, 30)),
        (frozenset({PUBLIC}), date(2026, 3, 31)),
        (frozenset({PUBLIC, CUTI_BERSAMA}), date(2026, 4, 7)),
    ],
)
def test_ten_working_days_from_16_march_2026_end_as_the_domain_says(closed: frozenset[str], due: date) -> None:
    calendar = replace(CALENDAR, closed_categories=closed)
    assert add_working_days(MONDAY_16_MARCH, 10, calendar).due_on == due


def test_every_day_between_receipt_and_due_is_named() -> None:
    days = add_working_days(MONDAY_16_MARCH, 10, CALENDAR).days
    said = {day.on: (day.counted, day.number, day.name, day.category) for day in days}
    assert [day.on for day in days] == [date(2026, 3, 17) + timedelta(days=n) for n in range(22)]
    assert said[date(2026, 3, 17)] == ("counted", 1, None, None)
    assert said[date(2026, 3, 18)] == ("holiday", None, "Cuti Bersama Hari Suci Nyepi", CUTI_BERSAMA)
    assert said[date(2026, 3, 19)] == ("holiday", None, "Hari Suci Nyepi", PUBLIC)
    assert said[date(2026, 3, 21)] == ("weekend", None, "Hari Raya Idul Fitri", PUBLIC)
    assert said[date(2026, 4, 4)] == ("weekend", None, None, None)
    assert said[date(2026, 4, 7)] == ("counted", 10, None, None)


def test_a_holiday_that_is_worked_counts_and_is_still_named() -> None:
    worked = replace(CALENDAR, closed_categories=frozenset({PUBLIC}))
    first = add_working_days(jakarta(2026, 3, 17, 9), 1, worked).days[0]
    assert (first.counted, first.number, first.name) == ("counted", 1, "Cuti Bersama Hari Suci Nyepi")


def test_a_term_ends_with_its_last_day_in_jakarta() -> None:
    due_at = add_working_days(MONDAY_16_MARCH, 10, CALENDAR).due_at
    assert due_at == datetime(2026, 4, 7, 16, 59, 59, tzinfo=UTC)
    assert due_at.utcoffset() == timedelta(0)


def test_the_day_of_receipt_is_jakartas_not_utcs() -> None:
    still_monday_in_utc = datetime(2026, 7, 6, 17, 30, tzinfo=UTC)  # Tuesday 00:30 in Jakarta
    assert add_working_days(still_monday_in_utc, 1, NOTHING_CLOSED).due_on == date(2026, 7, 8)
    assert add_working_days(still_monday_in_utc - timedelta(hours=1), 1, NOTHING_CLOSED).due_on == date(2026, 7, 7)


def test_what_comes_on_a_saturday_counts_from_monday() -> None:
    assert add_working_days(jakarta(2026, 7, 4, 12), 1, NOTHING_CLOSED).due_on == date(2026, 7, 6)


@given(
    st.datetimes(datetime(2010, 1, 1), datetime(2029, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
    st.integers(1, 40),
)
def test_exactly_the_asked_number_of_days_count_and_the_last_one_is_due(received_at: datetime, days: int) -> None:
    found = add_working_days(received_at, days, CALENDAR)
    counted = [day for day in found.days if day.counted == "counted"]
    assert [day.number for day in counted] == list(range(1, days + 1))
    assert found.days[-1] is counted[-1]
    assert all(day.on.weekday() < 5 and day.on not in CALENDAR.holidays for day in counted)
    assert found.due_at > received_at


def test_a_naive_time_of_receipt_is_refused() -> None:
    with pytest.raises(ValueError, match="must carry its zone"):
        add_working_days(MONDAY_16_MARCH.replace(tzinfo=None), 10, CALENDAR)


def test_a_term_of_no_days_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        add_working_days(MONDAY_16_MARCH, 0, CALENDAR)


def test_a_day_the_calendar_does_not_know_is_refused_rather_than_taken_for_a_working_day() -> None:
    with pytest.raises(NoSuchDay, match="2031-01-01"):
        add_working_days(jakarta(2030, 12, 30, 9), 5, CALENDAR)


def test_the_calendar_names_its_package_and_marks_what_is_estimated() -> None:
    assert CALENDAR.version.startswith("holidays-0.")
    assert CALENDAR.holidays[date(2026, 8, 17)] == ("Hari Kemerdekaan Republik Indonesia", PUBLIC)
    assert CALENDAR.holidays[date(2026, 12, 24)] == ("Cuti Bersama Hari Raya Natal", CUTI_BERSAMA)
    assert CALENDAR.holidays[date(2029, 2, 15)][0].endswith("(perkiraan)")


@pytest.mark.parametrize(
    ("kind", "form", "received_at", "rule", "days"),
    [
        ("complaint", "written", jakarta(2024, 8, 8, 23, 59), ("complaint-written", "1"), 20),
        ("complaint", "written", jakarta(2024, 8, 9, 0, 0), ("complaint-written", "2"), 10),
        ("complaint", "oral", jakarta(2026, 3, 16, 9), ("complaint-oral", "1"), 5),
        ("indication", "written", jakarta(2026, 3, 16, 9), ("indication-written", "1"), 10),
    ],
)
def test_the_rule_is_the_newest_that_was_valid_on_the_day_of_receipt(
    kind: str, form: str, received_at: datetime, rule: tuple[str, str], days: int
) -> None:
    found = LEVELS.rule_for(kind, form, received_at)
    assert ((found.id, found.version), found.working_days) == (rule, days)
    assert found.source
    set_by = deadline(received_at, found, CALENDAR)
    assert (set_by.rule_id, set_by.rule_version, set_by.working_days) == (*rule, days)


def test_a_kind_without_a_rule_is_refused() -> None:
    with pytest.raises(NoRule, match="written question"):
        LEVELS.rule_for("question", "written", MONDAY_16_MARCH)


def test_cuti_bersama_is_closed_by_dated_policy() -> None:
    assert LEVELS.closed_categories(MONDAY_16_MARCH) == {PUBLIC, CUTI_BERSAMA}
    worked_later = replace(LEVELS, cuti_bersama_closed=((date(2010, 1, 1), True), (date(2026, 3, 16), False)))
    assert worked_later.closed_categories(MONDAY_16_MARCH) == {PUBLIC}
    assert worked_later.closed_categories(MONDAY_16_MARCH - timedelta(days=1)) == {PUBLIC, CUTI_BERSAMA}


def test_an_explanation_travels_in_the_shape_of_the_contract() -> None:
    set_by = deadline(MONDAY_16_MARCH, LEVELS.rule_for("complaint", "written", MONDAY_16_MARCH), CALENDAR)
    said = contracts.routing.Deadline.model_validate_json(json.dumps(set_by.to_dict()))
    assert said.due == datetime(2026, 4, 7, 16, 59, 59, tzinfo=UTC)
    assert (said.rule, said.rule_version, said.calendar_version) == ("complaint-written", "2", CALENDAR.version)
    assert (said.days[0].counted, said.days[0].why) == (1, None)
    assert (said.days[2].counted, said.days[2].why) == (None, "public: Hari Suci Nyepi")
    assert (said.days[4].counted, said.days[4].why) == (None, "weekend")


@pytest.mark.parametrize(
    ("since", "until", "left_out"),
    [
        (jakarta(2026, 7, 7, 10), jakarta(2026, 7, 9, 9), [7, 8]),
        (jakarta(2026, 7, 7, 10), jakarta(2026, 7, 7, 17), []),
        (jakarta(2026, 7, 10, 10), jakarta(2026, 7, 13, 0, 30), [10]),
        (jakarta(2026, 7, 3, 9), jakarta(2026, 7, 7, 9), [6]),
    ],
)
def test_a_working_day_at_whose_end_the_clock_stands_still_is_left_out(
    since: datetime, until: datetime, left_out: list[int]
) -> None:
    term = add_working_days(jakarta(2026, 7, 3, 8), 5, NOTHING_CLOSED, pauses=[(since, until)])
    assert [day.on.day for day in term.days if day.why == "paused"] == left_out
    assert term.due_on == date(2026, 7, 10 if not left_out else 13 + len(left_out) - 1)


def test_four_fifths_of_the_days_are_over_at_the_end_of_one_of_them() -> None:
    term = add_working_days(MONDAY_16_MARCH, 10, NOTHING_CLOSED)
    assert term.over_at(Fraction(4, 5)) == datetime(2026, 3, 26, 16, 59, 59, tzinfo=UTC)
    assert add_working_days(MONDAY_16_MARCH, 1, NOTHING_CLOSED).over_at(Fraction(4, 5)) == jakarta(
        2026, 3, 17, 23, 59, 59
    )
