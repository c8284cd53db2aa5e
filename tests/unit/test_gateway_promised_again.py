"""To one demand more than once may be promised: what was kept stays kept, what is promised anew is awaited alone."""

from collections.abc import Callable
from datetime import date

import pytest
from kit.cases import LONG_AFTER, ACase, in_handling
from kit.disputes import ADispute
from pujk_gateway.domain.disputes import Promise

PROMISED, LATER = date(2026, 3, 20), date(2026, 6, 1)


def states(story: ACase) -> list[tuple[int, str]]:
    return [(one.proposal, one.state) for one in story.case.owed if one.demand == 1]


def one_denied() -> ACase:
    """Of two promises one was kept; the firm promises to both demands again."""
    story = in_handling(demands=2).promising(PROMISED, PROMISED).accepted().agreed().paid(1).confirmed(1)
    return story.paid(2).denied(2).promising(LATER, LATER).accepted().agreed(2).paid(2).confirmed(2)


def objected_after_all() -> ACase:
    story = in_handling().promising(PROMISED).accepted().paid().confirmed().objected().returned()
    return story.promising(LATER).accepted().agreed(2)


def settled_by_ojk() -> ACase:
    story = ADispute()
    story.returned().promising(PROMISED).accepted().paid().confirmed().objected(2)
    return story.opened().ended("settled", Promise(1, LATER, 500_000))


AGAIN = pytest.mark.parametrize(
    ("bring", "proposal"), [(one_denied, 2), (objected_after_all, 2), (settled_by_ojk, 0)],
    ids=["denied", "objected", "settled"],
)  # fmt: skip


@AGAIN
@pytest.mark.parametrize("named", [True, False])
def test_what_is_promised_again_is_paid_and_confirmed(bring: Callable[[], ACase], proposal: int, named: bool) -> None:
    story, which = bring(), proposal if named else None
    assert [state for _, state in states(story)] == ["fulfilled", "promised"]
    story.paid()
    assert states(story)[-1] == (proposal, "paid")
    story.confirmed(proposal=which)
    assert story.case.state == "closed"
    assert dict(story.said)["relief-paid"]["proposal"] == dict(story.said)["relief-fulfilled"]["proposal"] == proposal


@AGAIN
def test_what_is_promised_again_and_not_there_comes_back(bring: Callable[[], ACase], proposal: int) -> None:
    denied = bring().paid().denied(proposal=proposal)
    assert (denied.case.state, states(denied)[-1]) == ("in-handling", (proposal, "overdue"))
    forgotten = bring().ticked(LONG_AFTER)
    assert (forgotten.case.state, states(forgotten)[-1]) == ("in-handling", (proposal, "overdue"))


def test_an_answer_about_a_promise_that_was_replaced_changes_nothing() -> None:
    story = objected_after_all().paid()
    story.confirmed(proposal=1).denied(proposal=1)
    assert states(story) == [(1, "fulfilled"), (2, "paid")]
    assert story.confirmed(proposal=2).case.state == "closed"


def test_the_standing_tells_which_proposal_promised_what() -> None:
    said = objected_after_all().case.standing()["obligations"]
    assert [(one["proposal"], one["state"]) for one in said] == [(1, "fulfilled"), (2, "promised")]
