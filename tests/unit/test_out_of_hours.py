"""What comes when nobody is at the office is accepted, and its clock starts when somebody is; the proof says so."""

from datetime import UTC, date, datetime

import pytest
from chassis.calendar import load_calendar
from chassis.working_days import JAKARTA, Day
from intake.adapters.hours import load_hours
from intake.hours import DatedHours, NeverOpen
from routing.adapters.calendar import DatedTerms, load_service_levels
from routing.domain.assignment import Assignment
from routing.domain.parts import Firm, Found, NoDeskFound
from tracking.words import Words

HOURS = load_hours()


def at(day: str, clock: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}:00+07:00")


@pytest.mark.parametrize(
    ("channel", "came", "taken_up"),
    [
        # 2013: the office is open from 8 to 17, on working days.
        ("phone", at("2013-03-05", "08:00"), None),
        ("phone", at("2013-03-05", "16:59"), None),
        ("phone", at("2013-03-05", "17:00"), at("2013-03-06", "08:00")),
        ("web", at("2013-03-05", "06:30"), at("2013-03-05", "08:00")),
        # A Friday evening before a holiday: Tuesday 12 March 2013 was Nyepi.
        ("web", at("2013-03-08", "18:00"), at("2013-03-11", "08:00")),
        ("web", at("2013-03-11", "18:00"), at("2013-03-13", "08:00")),
        # Since 10 October 2025 day and night, but for what comes on paper.
        ("phone", at("2025-10-09", "22:00"), at("2025-10-10", "00:00")),
        ("phone", at("2025-10-12", "03:00"), None),
        ("import", at("2026-08-14", "18:00"), at("2026-08-18", "08:00")),
    ],
)
def test_a_channel_takes_up_by_the_hours_of_its_day(channel: str, came: datetime, taken_up: datetime | None) -> None:
    assert HOURS.counted_from(channel, came) == taken_up


def test_the_moment_is_the_same_in_any_zone() -> None:
    assert HOURS.counted_from("phone", at("2013-03-05", "17:00").astimezone(UTC)) == at("2013-03-06", "08:00")


def test_before_the_first_rule_nobody_knows() -> None:
    with pytest.raises(NeverOpen):
        HOURS.counted_from("web", at("2012-12-03", "10:00"))


def test_a_rule_of_other_days_is_not_read() -> None:
    rule = {"channel": "*", "valid_from": "2013-01-21", "days": "some", "from": "08:00", "until": "17:00"}
    with pytest.raises(ValueError, match="working"):
        DatedHours.parse({"rules": [rule], "questions": []}, load_calendar())


def registered(came: datetime, taken_up: datetime | None, found: Found | NoDeskFound) -> Assignment:
    assignment = Assignment("5043812177304")
    terms = DatedTerms(load_service_levels(), load_calendar())
    assignment.registered(
        kind="complaint", form="oral", received_at=came, product="savings", named="Bank", found=found, terms=terms,
        taken_up=taken_up,
    )  # fmt: skip
    return assignment


FOUND = Found(Firm("BANK-002", "Bank Rakyat Indonesia", (), "bank"), "name")


def test_the_term_counts_from_when_it_was_taken_up_and_says_why() -> None:
    came = at("2026-03-06", "18:00")  # a Friday
    late, at_once = registered(came, at("2026-03-09", "08:00"), FOUND), registered(came, None, FOUND)
    assert at_once.due == datetime(2026, 3, 13, 16, 59, 59, tzinfo=UTC)
    assert late.due == datetime(2026, 3, 16, 16, 59, 59, tzinfo=UTC)
    [(_, said)] = late.said
    days = {one["date"]: one["why"] for one in said["deadline"]["days"]}
    assert days["2026-03-09"] == "out_of_hours"
    assert days["2026-03-07"] == "weekend" and days["2026-03-10"] is None
    assert Words().day(None, days["2026-03-09"]).id == "Belum dihitung: diterima di luar jam layanan"


def test_it_stays_so_when_the_time_is_counted_again() -> None:
    late = registered(at("2026-03-06", "18:00"), at("2026-03-09", "08:00"), FOUND)
    assert late.term is not None
    again = late.term.recount(
        DatedTerms(load_service_levels(), load_calendar()), "complaint", "oral", at("2026-03-10", "09:00")
    )
    assert again.due_at == late.due
    assert Day(date(2026, 3, 9), "out_of_hours") in again.days


def test_what_names_nobody_waits_for_a_supervisor_from_then_on() -> None:
    parked = registered(at("2026-03-06", "18:00"), at("2026-03-09", "08:00"), NoDeskFound("no-pujk-named"))
    assert parked.route_by == datetime(2026, 3, 10, 23, 59, 59, tzinfo=JAKARTA)
