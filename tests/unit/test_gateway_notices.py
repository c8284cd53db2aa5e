"""A firm's queue gets each notice of a case under one name, in order, for as long as it takes."""

from datetime import timedelta

import pytest
from kit.cases import DUE, NUMBER, ACase, in_handling
from pujk_gateway.domain.notices import Notice

MINUTE = timedelta(seconds=60)


def claimed(story: ACase) -> list[Notice]:
    return story.case.claim(story.now, story.now + MINUTE)


def test_a_notice_carries_what_stood_when_it_was_planned() -> None:
    story = ACase().registered().routed()
    story.case.basis = 99
    [notice] = claimed(story)
    assert (notice.id, notice.seq, notice.basis, notice.due) == (f"{NUMBER}-1-ticket-routed", 1, 1, DUE)
    assert (notice.pujk, notice.round, notice.tries) == ("BANK-001", 1, 1)


def test_what_is_claimed_is_not_claimed_again_until_the_claim_runs_out() -> None:
    story = ACase().registered().routed()
    assert claimed(story) and not claimed(story)
    assert story.case.claim(story.now + MINUTE, story.now + 2 * MINUTE)[0].tries == 2


def test_a_claim_is_held_by_who_has_it_together_with_what_waits_behind() -> None:
    story = in_handling().proposed().returned()
    [first] = claimed(story)
    until, later = story.now + MINUTE, story.now + 2 * MINUTE
    assert story.case.hold(first.id, until, later, "queue missing or full")
    assert not story.case.hold(first.id, until, later)
    assert [one.due_at for one in story.case.deliveries] == [later, later]
    assert [one.failure for one in story.case.deliveries] == ["queue missing or full", None]
    assert story.case.claim(until, later) == []


def test_what_was_told_is_never_planned_again() -> None:
    story = ACase().registered().routed().sent()
    assert (story.planned, [one.id for one in story.case.told]) == ([], [f"{NUMBER}-1-ticket-routed"])
    story.case.to_announce = True
    story.case.announce(story.next(), {"BANK-001"})
    assert story.planned == []
    story.case.delivered(f"{NUMBER}-1-ticket-routed", story.now)
    assert len(story.case.told) == 1


def test_a_firm_gets_the_notices_of_a_case_in_order() -> None:
    story = in_handling().proposed().returned()
    assert story.planned == ["1-ticket-routed", "1-resolution-returned-1"]
    [first] = claimed(story)
    assert first.notice == "ticket-routed" and not claimed(story)
    story.case.delivered(first.id, story.now)
    [second] = claimed(story)
    assert (second.notice, second.seq) == ("resolution-returned", 2)


def test_a_missing_queue_delays_its_firm_alone() -> None:
    story = in_handling()
    [old] = claimed(story)
    story.case.not_delivered(old.id, story.now, "PublishFailed", False)
    story.routed(2, "BANK-002")
    assert {one.pujk for one in claimed(story)} == {"BANK-001", "BANK-002"}
    story.case.delivered(f"{NUMBER}-2-ticket-routed", story.now)
    assert story.planned == ["1-ticket-routed", "1-ticket-recalled"]


@pytest.mark.parametrize(("tries", "seconds"), [(1, 1), (2, 2), (5, 16), (9, 256), (10, 300), (5_000, 300)])
def test_tries_come_slower_and_never_end(tries: int, seconds: int) -> None:
    story = ACase().registered().routed()
    [notice] = claimed(story)
    notice.tries = tries
    story.case.not_delivered(notice.id, story.now, "PublishFailed", False)
    assert notice.due_at == story.now + timedelta(seconds=seconds)
    assert notice.failure == "PublishFailed"


def test_what_was_tried_is_followed_by_its_recall() -> None:
    story = ACase().registered().routed()
    claimed(story)
    story.routed(2, "BANK-002")
    assert story.planned == ["1-ticket-routed", "1-ticket-recalled", "2-ticket-routed"]


def test_a_returned_proposal_has_a_notice_of_its_own_each_time() -> None:
    story = in_handling().sent().proposed().returned().proposed().returned()
    assert story.planned == ["1-resolution-returned-1", "1-resolution-returned-2"]
    assert story.case.deliveries[-1].basis == story.case.basis


def test_the_end_is_told_last() -> None:
    story = in_handling().sent().proposed().accepted().agreed().sent()
    assert [one.id for one in story.case.told] == [f"{NUMBER}-1-ticket-routed", f"{NUMBER}-1-ticket-closed"]
