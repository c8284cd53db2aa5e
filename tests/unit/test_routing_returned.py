"""An answer that OJK returns is none: the firm's time runs on, is near, missed and told further up again."""

from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from kit.clocks import DUE, TERMS, an_assignment, hears, july, told
from routing.domain.assignment import Assignment
from routing.domain.term import Mark, What

#: Received on Friday the 3rd, due on the 17th; five working days after Thursday the 16th end on the 23rd.
SOON = july(23, 23, 59) + timedelta(seconds=59)


def returned(answered: int = 9, on: int = 16) -> Assignment:
    one = an_assignment()
    hears(one, 3, "answered", july(answered), "proposed")
    hears(one, 4, "returned", july(on), "in-handling")
    return one


def test_what_is_returned_early_leaves_the_day_and_it_is_near_missed_and_told_further_up() -> None:
    one = returned(on=10)
    assert (one.due, one.standing()["answer"]) == (DUE, "awaited")
    assert told(one, july(16, 0, 0)) == ["deadline-near"]
    assert told(one, july(18, 1)) == ["deadline-missed", "ticket-escalated"]
    assert told(one, july(23, 0, 0)) == ["ticket-escalated"]


def test_what_is_returned_late_gives_five_working_days_that_explain_themselves() -> None:
    one = an_assignment()
    hears(one, 3, "answered", july(16), "proposed")
    about: dict[str, Any] = {"state": "in-handling", "round_": 1, "at": july(16), "terms": TERMS}
    one.gateway_stands(4, **about, mark=Mark(4, "returned", july(16)))
    [(name, data)] = one.said
    assert (name, data["because"], data["deadline"]["rule"]) == ("deadline-moved", "returned", "proposal-returned")
    assert data["deadline"]["working_days"] == 5 and one.due == SOON
    one.said = []
    assert told(one, july(24, 1)) == ["deadline-missed", "ticket-escalated"]


def test_an_extension_after_a_return_moves_the_day_that_stands() -> None:
    for one, base in ((returned(on=10), DUE), (returned(), SOON)):
        assert hears(one, 5, "granted", july(16, 13)) == ["deadline-moved"]
        assert one.due == base + timedelta(days=14)


def test_documents_that_are_asked_for_after_a_return_are_waited_for_so_long_and_no_longer() -> None:
    one = returned()
    assert hears(one, 5, "asked", july(17)) == ["clock-paused"]
    assert told(one, july(30)) == []
    assert "clock-resumed" in told(one, july(31, 23, 59) + timedelta(minutes=1))


def test_a_better_proposal_in_the_new_time_is_met() -> None:
    one = returned()
    assert hears(one, 5, "answered", july(22), "proposed") == ["deadline-met"]
    assert told(one, july(31)) == []


def test_who_answered_late_is_not_in_time_by_a_return_and_has_a_day_again() -> None:
    one = an_assignment()
    assert hears(one, 3, "answered", july(18), "proposed") == ["deadline-missed"]
    assert hears(one, 4, "returned", july(20), "in-handling") == ["deadline-moved"]
    assert one.standing()["answer"] == "missed"
    assert told(one, july(28, 1)) == ["deadline-missed", "ticket-escalated"]
    assert hears(one, 5, "answered", july(28, 2), "proposed") == [] and one.standing()["answer"] == "missed"
    in_time = an_assignment()
    hears(in_time, 3, "answered", july(18), "proposed")
    hears(in_time, 4, "returned", july(20), "in-handling")
    assert hears(in_time, 5, "answered", july(21), "proposed") == []
    assert in_time.standing()["answer"] == "missed"


@pytest.mark.parametrize("first", [9, 18])
def test_whatever_order_returns_are_heard_in_it_ends_alike(first: int) -> None:
    heard: list[tuple[int, What, int, str]] = [
        (3, "answered", first, "proposed"),
        (4, "returned", 20, "in-handling"),
        (5, "granted", 21, "in-handling"),
        (6, "answered", 24, "proposed"),
        (7, "returned", 27, "in-handling"),
    ]
    ends = set()
    for order in permutations(heard):
        one = an_assignment()
        for seq, what, day, state in order:
            hears(one, seq, what, july(day), state)
        ends.add(str((one.standing(), one.due, one.wake_at, one.miss_at)))
    assert len(ends) == 1


def hears_days(one: Assignment, seq: int, what: What, day: int, state: str) -> list[str]:
    """The days that are named to everybody else."""
    mark = Mark(seq, what, july(day))
    one.gateway_stands(seq, state=state, round_=1, at=july(day), terms=TERMS, mark=mark)
    found, one.said = [data["deadline"]["due"] for _, data in one.said if "deadline" in data], []
    return found


def test_time_granted_while_an_answer_waits_is_said_when_it_is_returned() -> None:
    one = an_assignment()
    hears(one, 3, "answered", july(7), "proposed")
    assert hears(one, 4, "granted", july(8), "proposed") == [] and one.due == DUE + timedelta(days=14)
    assert hears_days(one, 5, "returned", 9, "in-handling") == ["2026-07-31T16:59:59+00:00"]
    assert (one.due, one.standing()["answer"]) == (DUE + timedelta(days=14), "awaited")


@pytest.mark.parametrize(
    "heard",
    [
        [(3, "answered", 7, "proposed"), (4, "granted", 8, "proposed"), (5, "returned", 9, "in-handling")],
        [(3, "answered", 9, "proposed"), (4, "granted", 20, "proposed"), (5, "returned", 27, "in-handling")],
        [
            (3, "asked", 6, "in-handling"), (4, "received", 8, "in-handling"), (5, "answered", 9, "proposed"),
            (6, "granted", 10, "proposed"), (7, "returned", 13, "in-handling"),
        ],
        [(3, "asked", 7, "in-handling"), (4, "answered", 9, "proposed"), (5, "returned", 10, "in-handling")],
        [
            (3, "answered", 9, "proposed"), (4, "returned", 10, "in-handling"), (5, "granted", 13, "in-handling"),
            (6, "answered", 14, "proposed"), (7, "returned", 15, "in-handling"),
        ],
    ],
    ids=["granted", "granted late", "documents", "answered instead", "again"],
)  # fmt: skip
def test_whatever_order_is_heard_the_day_that_counts_was_said_last(heard: list[tuple[int, What, int, str]]) -> None:
    for order in permutations(heard):
        one = an_assignment()
        named = [DUE.isoformat(), *(day for mark in order for day in hears_days(one, *mark))]
        assert datetime.fromisoformat(named[-1]) == one.due, order


def test_what_waits_after_an_accepted_proposal_changes_no_day() -> None:
    one = an_assignment()
    hears(one, 3, "answered", july(9), "proposed")
    hears(one, 4, None, july(10), "owed")
    assert hears(one, 5, "asked", july(20)) == []
    assert (one.due, one.standing()["paused_since"], one.wake_at) == (DUE, None, None)
    assert hears(one, 6, "received", july(22)) == []
    assert one.due == DUE
