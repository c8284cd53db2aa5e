"""A firm's time runs, stands still, moves, is near, met or missed: each is said once, whatever order is heard."""

from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from kit.clocks import DUE, TERMS, an_assignment, hears, july, said, told
from routing.domain.parts import BeingSettled, Firm, NoDeskFound
from routing.domain.term import Mark, What


def test_a_deadline_is_near_when_four_fifths_of_the_days_are_over() -> None:
    one = an_assignment()
    assert told(one, july(15, 23, 59)) == []
    assert told(one, july(16, 0, 0)) == ["deadline-near"]
    assert told(one, july(17, 23, 0)) == []


def test_a_deadline_is_missed_a_quarter_of_an_hour_after_the_day_and_told_to_the_supervisor() -> None:
    one = an_assignment()
    told(one, july(17))
    assert told(one, DUE + timedelta(minutes=14)) == []
    assert told(one, DUE + timedelta(minutes=15), all_heard=False) == []
    assert told(one, DUE + timedelta(minutes=15)) == ["deadline-missed", "ticket-escalated"]
    assert (one.standing()["answer"], one.escalated) == ("missed", "supervisor")
    assert told(one, july(22, 23, 0)) == []
    assert told(one, july(23, 0, 0)) == ["ticket-escalated"]
    assert one.escalated == "division"
    assert told(one, july(31)) == []
    assert (one.wake_at, one.miss_at) == (None, None)


def test_after_a_long_outage_nothing_is_near_any_more() -> None:
    assert told(an_assignment(), july(31)) == ["deadline-missed", "ticket-escalated", "ticket-escalated"]


@pytest.mark.parametrize("state", ["proposed", "declined"])
def test_an_answer_in_time_meets_the_deadline(state: str) -> None:
    one = an_assignment()
    assert hears(one, 3, "answered", DUE, state)[0] == "deadline-met"
    assert "deadline-missed" not in told(one, july(31))


def test_an_answer_in_time_that_comes_late_revokes_the_miss() -> None:
    one = an_assignment()
    told(one, july(31))
    assert hears(one, 3, "answered", july(17), "proposed") == ["deadline-met"]
    assert (one.standing()["answer"], one.escalated) == ("met", None)
    assert hears(one, 4, "answered", july(30), "proposed") == []


def test_a_late_answer_is_missed_once_and_told_no_further() -> None:
    one = an_assignment()
    assert hears(one, 3, "answered", july(18, 0, 0), "proposed") == ["deadline-missed"]
    assert told(one, july(31)) == []
    assert one.escalated is None


def test_a_matter_that_goes_on_after_its_end_is_routed_again_and_nobody_is_late() -> None:
    one = an_assignment()
    hears(one, 3, "answered", july(9), "proposed")
    for seq, state in enumerate(("accepted", "closed", "objected", "in-handling"), 4):
        assert hears(one, seq, None, july(13), state) == []
    assert (one.state, one.standing()["answer"], one.reason) == ("routed", "met", None)
    assert told(one, july(31)) == []
    hears(one, 9, None, july(13), "closed")
    assert hears(one, 8, None, july(13), "owed") == [] and one.state == "closed", "an older one is only marked heard"


@pytest.mark.parametrize("state", ["accepted", "owed", "objected", "facilitation", "at-laps"])
def test_what_is_being_settled_goes_to_no_other_firm(state: str) -> None:
    one = an_assignment()
    hears(one, 3, "answered", july(9), "proposed")
    hears(one, 4, None, july(13), state)
    with pytest.raises(BeingSettled, match=state):
        one.route_to(Firm("BANK-002", "Bank Dua"), july(14), TERMS)
    owing: dict[str, Any] = {"state": "in-handling", "round_": 1, "at": july(15), "terms": TERMS}
    one.gateway_stands(5, **owing, owes=True)
    with pytest.raises(BeingSettled):
        one.route_to(Firm("BANK-002", "Bank Dua"), july(15), TERMS)
    one.gateway_stands(6, **owing)
    one.route_to(Firm("BANK-002", "Bank Dua"), july(16), TERMS)
    assert (one.round, one.pujk) == (2, "BANK-002")


def test_the_time_stands_still_while_documents_are_awaited() -> None:
    one = an_assignment()
    assert hears(one, 3, "asked", july(7)) == ["clock-paused"]
    assert one.standing()["paused_since"] == july(7)
    assert told(one, july(20)) == []
    one.gateway_stands(4, state="in-handling", round_=1, at=july(9), terms=TERMS, mark=Mark(4, "received", july(9)))
    (_, data), *_ = one.said
    assert [day["date"] for day in data["deadline"]["days"] if day["why"] == "paused"] == ["2026-07-07", "2026-07-08"]
    assert data["deadline"]["due"] == "2026-07-21T16:59:59+00:00"
    assert said(one) == ["clock-resumed"]
    assert (one.due, one.standing()["paused_since"]) == (DUE + timedelta(days=4), None)
    assert told(one, july(20)) == ["deadline-near"]


def test_documents_that_do_not_come_are_waited_for_so_long_and_no_longer() -> None:
    one = an_assignment()
    hears(one, 3, "asked", july(7))
    assert told(one, july(21, 23, 59)) == []
    one.tick(july(22, 0, 0), TERMS, all_heard=True)
    assert one.said[0][1]["because"] == "time-over"
    assert said(one) == ["clock-resumed"]
    before = one.due
    assert hears(one, 4, "received", july(22, 1)) == []
    assert one.due == before
    assert hears(one, 5, "asked", july(23)) == ["clock-paused"]


def test_granted_time_moves_the_deadline_by_the_rules_days_once() -> None:
    one = an_assignment()
    told(one, july(16, 0, 0))
    assert hears(one, 3, "granted", july(16)) == ["deadline-moved"]
    assert one.due == DUE + timedelta(days=14)
    assert told(one, july(27)) == []
    assert told(one, july(28, 0, 0)) == ["deadline-near"]


def test_time_granted_after_the_miss_lets_the_firm_answer_again() -> None:
    one = an_assignment()
    told(one, july(18, 1))
    assert hears(one, 3, "granted", july(18, 2)) == ["deadline-moved"]
    assert (one.standing()["answer"], one.escalated) == ("awaited", None)
    assert told(one, july(30, 1)) == ["deadline-near"]
    assert hears(one, 4, "answered", july(30, 2), "proposed") == ["deadline-met"]


def test_a_rule_without_more_time_moves_nothing() -> None:
    one = an_assignment(kind="indication")
    assert hears(one, 3, "granted", july(6)) == []
    assert one.due == DUE


def test_whatever_order_is_heard_it_ends_alike() -> None:
    heard: list[tuple[int, What, datetime, str]] = [
        (3, "asked", july(7), "in-handling"),
        (4, "received", july(9), "in-handling"),
        (5, "granted", july(10), "in-handling"),
        (6, "answered", july(30), "proposed"),
    ]
    ends = set()
    for order in permutations(heard):
        one = an_assignment()
        facts = [fact for seq, what, at, state in order for fact in hears(one, seq, what, at, state)]
        assert facts.count("deadline-met") == 1
        ends.add(str((one.standing(), one.term, one.wake_at, one.miss_at)))
    assert len(ends) == 1


def test_what_is_heard_of_a_former_round_moves_nothing() -> None:
    one = an_assignment()
    one.route_to(Firm("BANK-002", "Bank Dua"), july(10), TERMS)
    assert said(one) == ["ticket-rerouted"]
    due = one.due
    assert hears(one, 3, "asked", july(7), round_=1) == []
    assert hears(one, 4, "answered", july(8), "declined", round_=1) == []
    assert (one.due, one.standing()["answer"]) == (due, "awaited")


def test_a_closed_matter_is_told_nothing() -> None:
    one = an_assignment()
    assert hears(one, 3, None, july(7), "closed") == []
    assert told(one, july(31)) == []


def test_what_nobody_routes_is_told_further_up_until_somebody_does() -> None:
    one = an_assignment(NoDeskFound("no-desk-found"))
    assert told(one, july(6, 23, 0)) == []
    assert told(one, july(7, 0, 0)) == ["ticket-escalated"]
    assert told(one, july(10, 0, 0)) == ["ticket-escalated"]
    assert one.standing()["escalated"] == "division"
    assert told(one, july(31)) == []
    one.route_to(Firm("BANK-002", "Bank Dua"), july(31), TERMS)
    assert one.standing()["escalated"] is None
