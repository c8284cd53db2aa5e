"""A firm waits for a consumer's documents once at a time, and for OJK's word on more time once a round."""

from collections.abc import Callable
from datetime import timedelta
from itertools import permutations

import pytest
from kit.cases import DUE, ACase, a_deadline, in_handling
from pujk_gateway.domain.refusals import (
    AlreadyProposed,
    AlreadyWaiting,
    AskedOften,
    CaseClosed,
    CaseHasMoved,
    ExtensionSpent,
    ExtensionTooLate,
    NoExtension,
    NoExtensionAsked,
    NoLongerYours,
    NotTakenOver,
    NotWaiting,
)

OTHER = "BANK-002"
LATER = DUE + timedelta(days=14)


def test_a_firm_asks_for_documents_only_so_often_in_a_round() -> None:
    story = in_handling()
    for _ in range(3):
        story.asked_documents().brought()
    with pytest.raises(AskedOften, match="3 times"):
        story.asked_documents()
    story.routed(2, "BANK-002").taken_over(2, "BANK-002")
    assert story.case.waiting_for is None


def test_documents_are_asked_for_beside_the_state() -> None:
    story = in_handling().asked_documents()
    stands = story.case.standing()
    assert (stands["state"], stands["waiting_for"], stands["waiting_since"]) == ("in-handling", "documents", story.now)
    assert story.said[-1] == ("documents-asked", {"round": 1, "by": "ani", "sealed": "1.which"})


@pytest.mark.parametrize(
    ("end", "because", "by"),
    [
        (ACase.received_documents, "firm", "ani"),
        (ACase.brought, "consumer", None),
        (lambda story: story.brought("time-over"), "time-over", None),
        (ACase.proposed, "firm", "ani"),
        (ACase.declined, "firm", "ani"),
    ],
)
def test_the_wait_ends_once_and_says_why(end: Callable[[ACase], ACase], because: str, by: str | None) -> None:
    story = end(in_handling().asked_documents())
    assert [data for name, data in story.said if name == "documents-received"] == [
        {"round": 1, "by": by, "because": because}
    ]
    assert (story.case.waiting_for, story.case.waiting_since) == (None, None)
    if story.case.state == "in-handling":
        with pytest.raises(NotWaiting):
            story.received_documents()
        assert story.asked_documents().case.waiting_for == "documents"


def test_what_came_before_the_asking_ends_no_wait() -> None:
    story = in_handling().asked_documents()
    story.brought(at=story.now - timedelta(minutes=1))
    assert story.case.waiting_for == "documents" and "documents-received" not in story.names
    assert in_handling().brought().names == ["ticket-taken-over"]


def test_documents_are_asked_for_by_whoever_works_on_the_ticket_and_has_seen_it() -> None:
    with pytest.raises(NotTakenOver):
        ACase().registered().routed().asked_documents()
    story = in_handling()
    with pytest.raises(CaseHasMoved):
        story.followed_up().asked_documents(basis=2)
    with pytest.raises(AlreadyWaiting):
        story.asked_documents().asked_documents()
    with pytest.raises(AlreadyProposed):
        in_handling().proposed().asked_documents()
    with pytest.raises(NoLongerYours):
        in_handling().declined().asked_documents()
    with pytest.raises(CaseClosed):
        in_handling().withdrawal_asked().asked_documents()


@pytest.mark.parametrize("end", [ACase.withdrawal_asked, lambda story: story.routed(2, OTHER)])
def test_nothing_is_awaited_after_the_turn(end: Callable[[ACase], ACase]) -> None:
    story = end(in_handling().asked_documents().asked_extension())
    stands = story.case.standing()
    assert (stands["waiting_for"], stands["waiting_since"], stands["extension"]) == (None, None, None)
    assert "documents-received" not in story.names
    with pytest.raises((NoExtensionAsked, CaseClosed)):
        story.extension_decided()


@pytest.mark.parametrize(("granted", "became"), [(True, "granted"), (False, "refused")])
def test_more_time_is_asked_for_once_a_round(granted: bool, became: str) -> None:
    story = in_handling().asked_extension()
    with pytest.raises(ExtensionSpent, match="waits"):
        story.asked_extension()
    story.extension_decided(granted)
    assert story.case.standing()["extension"] == became
    assert story.said[-1][1]["granted"] is granted and (story.said[-1][1]["sealed"] is None) is granted
    with pytest.raises(ExtensionSpent, match=became):
        story.asked_extension()
    with pytest.raises(NoExtensionAsked):
        story.extension_decided()
    story.routed(2, OTHER)
    assert story.case.standing()["extension"] is None


def test_there_is_more_time_only_where_the_rule_has_some_and_only_before_the_day_is_over() -> None:
    with pytest.raises(NoExtension):
        ACase().registered().routed(deadline=a_deadline(extension_days=0)).taken_over().asked_extension()
    for deadline in (None, a_deadline(extension_days=None), a_deadline()):
        story = ACase().registered().routed(deadline=deadline).taken_over()
        assert story.asked_extension().case.extension == "asked"
    with pytest.raises(ExtensionTooLate, match="2026-04-07"):
        in_handling().later(DUE).asked_extension()
    in_handling().asked_documents().later(DUE).asked_extension()
    with pytest.raises(AlreadyProposed):
        in_handling().proposed().asked_extension()


def test_ojk_decides_about_what_it_has_seen() -> None:
    story = in_handling().asked_extension()
    seen = story.case.basis
    with pytest.raises(CaseHasMoved):
        story.followed_up().extension_decided(basis=seen)
    story.extension_decided(basis=story.case.basis)


def test_the_new_day_is_routings_to_name_in_any_order() -> None:
    steps: dict[str, Callable[[ACase], ACase]] = {
        "routed": lambda story: story.routed(seq=1),
        "extended": lambda story: story.moved_to(DUE + timedelta(days=1), seq=2),
        "resumed": lambda story: story.moved_to(LATER, seq=3),
    }
    for order in permutations(steps):
        story = ACase().registered()
        for name in order:
            steps[name](story)
        assert story.case.turn is not None
        assert (story.case.turn.due, story.case.due, story.case.basis) == (LATER, LATER, 1), order


def test_a_day_of_an_earlier_round_is_not_the_present_ones() -> None:
    story = in_handling().routed(2, OTHER, seq=3).moved_to(LATER, seq=2, round_=1)
    assert story.case.due == DUE and [one.due for one in story.case.rounds] == [LATER, DUE]
