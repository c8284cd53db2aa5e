"""OJK facilitates what it may, hears both sides, and ends it once; every condition is told before and kept."""

from datetime import timedelta

import pytest
from kit.cases import START, ACase
from kit.disputes import RULES, ADispute, a_promise
from pujk_gateway.domain import facilitation
from pujk_gateway.domain.disputes import Ending
from pujk_gateway.domain.reading import own_entries
from pujk_gateway.domain.refusals import (
    AlreadyPlanned,
    CaseClosed,
    CaseHasMoved,
    ChecksFail,
    NoFacilitation,
    NoLongerYours,
    NoSuchRound,
    NotForOjk,
)

MILLION = 1_000_000


def found(story: ADispute) -> dict[str, bool | None]:
    checks, _ = facilitation.checks_of(story.case, RULES, START)
    return {one.what: one.holds for one in checks}


def test_every_condition_is_looked_at_and_kept_as_it_was_found() -> None:
    story = ADispute(loss=500 * MILLION).opened()
    name, said = story.said[-1]
    assert (name, said["by"], said["rule_version"]) == ("facilitation-opened", "decider-1", "1")
    assert said["checks"] == [
        {"what": "complaint", "holds": True, "found": "complaint", "limit": None},
        {"what": "firm-tried-first", "holds": True, "found": "answered", "limit": None},
        {"what": "loss", "holds": True, "found": "500000000", "limit": 500 * MILLION},
        {"what": "not-in-court", "holds": True, "found": "not-in-court", "limit": None},
    ]
    assert story.case.standing()["state"] == "facilitation"


@pytest.mark.parametrize(
    ("dispute", "failed"),
    [
        (ADispute(loss=500 * MILLION + 1), ["loss"]),
        (ADispute(loss=750 * MILLION + 1, sector="insurance", product="vehicle_insurance"), ["loss"]),
        (ADispute(loss=600 * MILLION, sector="insurance", product="life_insurance"), ["loss"]),
        (ADispute(in_court=True), ["not-in-court"]),
        (ADispute(kind="indication", in_court=True), ["complaint", "not-in-court"]),
    ],
)
def test_what_does_not_hold_is_told_and_nothing_is_opened(dispute: ADispute, failed: list[str]) -> None:
    with pytest.raises(ChecksFail) as refused:
        dispute.opened()
    assert refused.value.extra == {"failed": failed}
    assert (dispute.case.state, dispute.case.facilitation) == ("objected", None)


@pytest.mark.parametrize(
    ("loss", "sector", "product", "holds"),
    [
        (750 * MILLION, "insurance", "vehicle_insurance", True),
        (600 * MILLION, None, "vehicle_insurance", None),
        (500 * MILLION, None, "vehicle_insurance", True),
        (750 * MILLION + 1, None, "vehicle_insurance", False),
        (600 * MILLION, None, "savings", False),
        (None, "bank", "savings", None),
    ],
)
def test_a_limit_is_unknown_only_where_the_sector_would_decide(
    loss: int | None, sector: str | None, product: str, holds: bool | None
) -> None:
    story = ADispute(loss=loss, sector=sector, product=product)
    assert found(story)["loss"] is holds
    if holds is not False:
        assert story.opened().case.state == "facilitation"


def test_what_older_cases_do_not_tell_is_unknown_and_the_decider_judges() -> None:
    story = ADispute(in_court=None)
    assert found(story)["not-in-court"] is None
    checks, _ = facilitation.checks_of(story.case, RULES, story.now)
    assert [one.found for one in checks if one.what == "not-in-court"] == ["not-stated"]


def test_it_is_opened_once_by_whoever_saw_how_the_matter_stands() -> None:
    story = ADispute()
    with pytest.raises(CaseHasMoved):
        story.opened(basis=story.case.basis - 1)
    story.opened(basis=story.case.basis)
    with pytest.raises(NotForOjk):
        story.opened()
    story.ended("not-settled")
    with pytest.raises(NotForOjk, match="before: not-settled"):
        story.opened()


def test_only_what_waits_for_ojk_is_opened() -> None:
    story = ACase().registered().routed().taken_over().proposed()
    with pytest.raises(NotForOjk, match="proposed"):
        facilitation.for_ojk(story.case, None)


def test_each_side_is_heard_and_sessions_are_written_down() -> None:
    at = START + timedelta(days=3)
    story = ADispute().opened().consumer_stated().firm_stated().added("session-planned", at).added("session-held", at)
    steps = [(said["kind"], said["side"], said["held_at"]) for name, said in story.said if name == "facilitation-step"]
    assert steps == [
        ("position", "consumer", None),
        ("position", "pujk", None),
        ("session-planned", "ojk", at),
        ("session-held", "ojk", at),
    ]


def test_a_session_that_is_cancelled_is_not_ahead_until_it_is_planned_again() -> None:
    first, second = START + timedelta(days=3), START + timedelta(days=5)
    story = ADispute().opened().added("session-planned", second).added("session-planned", first)
    assert facilitation.sessions_ahead(story.case.entries, START) == [first, second]
    assert facilitation.sessions_ahead(story.case.entries, first) == [second]
    story.added("session-cancelled", first)
    assert facilitation.sessions_ahead(story.case.entries, START) == [second]
    story.added("session-planned", first)
    assert facilitation.sessions_ahead(story.case.entries, START) == [first, second]


def test_a_session_is_planned_for_a_moment_once() -> None:
    at = START + timedelta(days=3)
    story = ADispute().opened().added("session-planned", at)
    with pytest.raises(AlreadyPlanned):
        story.added("session-planned", at)
    twice = [*story.case.entries, story.case.entries[-1]]
    assert facilitation.sessions_ahead(twice, START) == [at]
    story.added("session-cancelled", at)
    assert facilitation.sessions_ahead([*twice, story.case.entries[-1]], START) == []


def test_a_session_is_planned_or_cancelled_by_whoever_saw_what_is_planned() -> None:
    first, second = START + timedelta(days=3), START + timedelta(days=5)
    story = ADispute().opened()
    seen = story.case.basis
    story.added("session-planned", first, seen)
    for kind, at in (("session-planned", second), ("session-cancelled", first)):
        with pytest.raises(CaseHasMoved):
            story.added(kind, at, seen)  # type: ignore[arg-type]
    with pytest.raises(AlreadyPlanned):
        story.added("session-planned", first, seen)
    story.added("note", None, seen).added("session-held", START, seen)
    assert facilitation.sessions_ahead(story.case.entries, START) == [first]


@pytest.mark.parametrize("outcome", ["settled", "not-settled"])
def test_sessions_ahead_are_over_with_the_facilitation(outcome: Ending) -> None:
    past, first, second = START, START + timedelta(days=3), START + timedelta(days=5)
    story = ADispute().opened().added("session-planned", second).added("session-planned", first)
    story.added("session-planned", past).ended(outcome, basis=story.case.basis)
    steps = [said for name, said in story.said if name == "facilitation-step" and said["kind"] == "session-cancelled"]
    assert [(one["held_at"], one["sealed"]) for one in steps] == [(first, "1.off"), (second, "1.off")]
    assert facilitation.sessions_ahead(story.case.entries, START) == []
    names = story.names[story.names.index("facilitation-opened") :]
    assert names[4:7] == ["facilitation-step", "facilitation-step", "facilitation-ended"]
    assert [one.held_at for one in own_entries(story.case, "BANK-001") if one.kind == "session-cancelled"] == [
        first,
        second,
    ]


def test_ojks_own_notes_are_said_to_nobody() -> None:
    story = ADispute().opened().added("note")
    assert "facilitation-step" not in story.names
    kept = [one for one in story.case.entries if one.kind == "note"]
    assert len(kept) == 1 and kept[0] not in own_entries(story.case, "BANK-001")
    assert "facilitation-step" not in [one.what for one in own_entries(story.case, "BANK-001")]


def test_whoever_is_no_side_of_it_is_not_heard() -> None:
    story = ADispute()
    with pytest.raises(NoFacilitation):
        story.firm_stated()
    before = len(story.opened().case.entries)
    with pytest.raises(NoLongerYours):
        story.firm_stated("BANK-002")
    with pytest.raises(NoSuchRound):
        story.firm_stated(round_=2)
    story.consumer_stated(round_=2)
    story.ended("not-settled").consumer_stated()
    with pytest.raises(NoFacilitation):
        story.added("session-held", START)
    assert len(story.case.entries) == before + 1


def test_settled_with_promises_they_are_owed() -> None:
    story = ADispute().opened().ended("settled", a_promise(0), a_promise(1))
    stands = story.case.standing()
    assert (stands["state"], [one["demand"] for one in stands["obligations"]]) == ("owed", [0, 1])
    assert story.said[-1][0] == "facilitation-ended" and story.said[-1][1]["outcome"] == "settled"


def test_settled_without_promises_it_is_over() -> None:
    story = ADispute().opened().ended("settled")
    assert story.names[-2:] == ["facilitation-ended", "ticket-closed"]
    assert (story.case.state, story.case.reason) == ("closed", "settled")
    with pytest.raises(CaseClosed):
        story.added("session-held", START)


@pytest.mark.parametrize("outcome", ["not-settled", "referred"])
def test_otherwise_ojk_says_how_it_goes_on(outcome: str) -> None:
    story = ADispute().opened()
    with pytest.raises(CaseHasMoved):
        story.ended("settled", basis=story.case.basis - 1)
    story.ended(outcome, a_promise())  # type: ignore[arg-type]
    assert story.case.state == "objected" and story.case.owed == []
