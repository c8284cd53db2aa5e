"""LAPS SJK gets the matter once, has its dated times, and what it says ends the matter."""

from datetime import date, timedelta

import pytest
from chassis.working_days import jakarta_day
from kit.cases import START
from kit.disputes import RULES, ADispute
from pujk_gateway.domain import laps as laps_
from pujk_gateway.domain.limits import NoRule
from pujk_gateway.domain.refusals import CaseClosed, CaseHasMoved, NotAtLaps, NotForOjk

MILLION = 1_000_000


@pytest.mark.parametrize(
    ("story", "because"),
    [
        (ADispute().opened().ended("not-settled"), "not-settled"),
        (ADispute().opened().ended("referred"), "referred"),
        (ADispute(loss=501 * MILLION), "over-limit"),
        (ADispute(loss=600 * MILLION, sector=None, product="vehicle_insurance"), "referred"),
        (ADispute(loss=None), "referred"),
    ],
)
def test_it_is_told_why_a_matter_goes_there(story: ADispute, because: str) -> None:
    story.sent_to_laps()
    name, said = story.said[-1]
    assert (name, said["because"], said["working_days"]) == ("sent-to-laps", because, 20)
    assert story.case.standing()["state"] == "at-laps"


def test_its_time_to_verify_is_twenty_working_days_that_explain_themselves() -> None:
    laps = ADispute(loss=None).sent_to_laps().case.laps
    assert laps is not None
    # Sent on Monday 16 March 2026: eid and cuti bersama lie between, 3 April is Good Friday.
    assert jakarta_day(laps.verified_by) == date(2026, 4, 21)
    assert [one.counted for one in laps.days if one.counted] == list(range(1, 21))
    assert laps.days[-1].date == date(2026, 4, 21) and all(one.why for one in laps.days if one.counted is None)


def test_then_it_mediates_for_thirty_days() -> None:
    story = ADispute(loss=None).sent_to_laps()
    with pytest.raises(CaseHasMoved):
        laps_.verified(story.case, story.next(), by="decider-1", basis=1)
    story.verified()
    laps = story.case.laps
    assert laps is not None and laps.verified_at is not None and laps.mediated_by is not None
    assert jakarta_day(laps.mediated_by) == jakarta_day(laps.verified_at) + timedelta(days=30)
    assert story.case.standing()["laps_until"] == laps.mediated_by
    assert story.said[-1] == (
        "laps-step",
        {"round": 1, "step": "verified", "by": "decider-1", "mediated_by": laps.mediated_by},
    )
    with pytest.raises(NotAtLaps, match="before"):
        story.verified()


def test_each_of_its_times_is_told_to_be_over_once() -> None:
    story = ADispute(loss=None).sent_to_laps()
    laps = story.case.laps
    assert laps is not None
    assert not story.looked_at(laps.verified_by - timedelta(minutes=2))
    assert story.looked_at(laps.verified_by + timedelta(minutes=2))
    assert not story.looked_at(laps.verified_by + timedelta(minutes=9))
    assert story.said[-1][1] == {"round": 1, "step": "time-over", "by": None, "mediated_by": None}
    story.verified()
    assert laps.mediated_by is not None and not story.looked_at(laps.mediated_by - timedelta(minutes=9))
    assert story.looked_at(laps.mediated_by + timedelta(minutes=2))
    assert laps.late == ["verification", "mediation"] and story.names.count("laps-step") == 3
    story.laps_decided()
    assert not story.looked_at(laps.mediated_by + timedelta(days=9))


def test_what_it_says_ends_the_matter() -> None:
    story = ADispute(loss=None).sent_to_laps().laps_decided("not-taken")
    assert story.names[-2:] == ["laps-decided", "ticket-closed"]
    stands = story.case.standing()
    assert (stands["state"], stands["reason"], stands["laps_until"]) == ("closed", "laps", None)
    with pytest.raises(CaseClosed):
        story.laps_decided()


def test_what_is_withdrawn_while_it_has_the_matter_waits_for_it_no_more() -> None:
    story = ADispute(loss=None).sent_to_laps().verified()
    story.withdrawal_asked()
    stands = story.case.standing()
    assert (stands["state"], stands["reason"], stands["laps_until"]) == ("closed", "withdrawn", None)


def test_it_gets_only_what_waits_for_ojk_and_only_once() -> None:
    with pytest.raises(NotForOjk, match="facilitation"):
        ADispute().opened().sent_to_laps()
    story = ADispute(loss=None)
    with pytest.raises(CaseHasMoved):
        story.sent_to_laps(basis=story.case.basis - 1)
    story.sent_to_laps(basis=story.case.basis)
    with pytest.raises(NotForOjk, match="at-laps"):
        story.sent_to_laps()
    with pytest.raises(NotAtLaps):
        ADispute().verified()


@pytest.mark.parametrize(
    ("sector", "product", "least", "most"),
    [
        ("bank", "savings", 500, 500),
        ("multifinance", "pay_later", 200, 200),
        ("insurance", "vehicle_insurance", 750, 750),
        (None, "savings", 200, 500),
    ],
)
def test_up_to_which_loss_it_asks_for_no_money(sector: str | None, product: str, least: int, most: int) -> None:
    applied = RULES.free(sector, product, START)
    assert (applied.least, applied.most) == (least * MILLION, most * MILLION)


def test_a_day_before_all_rules_has_none() -> None:
    before = START.replace(year=2012)
    with pytest.raises(NoRule):
        RULES.laps_terms(before)
    with pytest.raises(NoRule):
        RULES.limit("bank", "savings", before)
