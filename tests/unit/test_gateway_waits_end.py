"""Whatever a firm waits for ends, and hides no promise that was not kept."""

from datetime import date

import pytest
from kit.cases import LONG_AFTER, POLICIES, ACase, in_handling
from pujk_gateway.domain.listing import listed_of
from pujk_gateway.domain.refusals import NoExtension
from pujk_gateway.domain.settling import UNDER_WAY, wakes_at

PROMISED = date(2026, 3, 20)


def broken() -> ACase:
    story = in_handling().promising(PROMISED).accepted().agreed().paid().denied()
    assert story.case.state == "in-handling"
    return story


def listed(story: ACase) -> str:
    found = listed_of(story.case)
    assert found is not None
    return found.state


def test_a_broken_promise_stays_broken_while_documents_are_awaited() -> None:
    story = broken().asked_documents()
    assert (listed(story), story.case.standing()["waiting_for"]) == ("broken", "documents")
    assert listed(in_handling().asked_documents()) == "documents"


@pytest.mark.parametrize("bring", [broken, in_handling, lambda: in_handling().proposed().returned()])
def test_documents_that_do_not_come_are_awaited_so_long_and_no_longer(bring: object) -> None:
    assert callable(bring)
    story: ACase = bring()
    before = listed(story)
    story.asked_documents()
    until = POLICIES.documents_until(story.now)
    assert wakes_at(story.case) == until + UNDER_WAY
    assert story.ticked(until).case.waiting_for == "documents"
    story.ticked(until + UNDER_WAY)
    assert (story.case.waiting_for, story.said[-1][1]["because"], listed(story)) == (None, "time-over", before)
    assert story.ticked(LONG_AFTER).names.count("documents-received") == 1


def test_what_is_paid_while_documents_are_awaited_awaits_nothing_more() -> None:
    story = broken().asked_documents().paid()
    assert (story.case.state, story.case.waiting_for) == ("owed", None)
    assert story.names[-2:] == ["documents-received", "relief-paid"]
    assert story.confirmed().case.reason == "resolved"


def test_no_more_time_is_given_for_what_was_promised() -> None:
    with pytest.raises(NoExtension):
        broken().asked_extension()
