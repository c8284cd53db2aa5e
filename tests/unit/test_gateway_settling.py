"""After OJK accepted, the consumer answers or is silent, promises are kept or not, and the matter goes on by itself."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from chassis.working_days import end_of
from kit.cases import LONG_AFTER, POLICIES, START, ACase, in_handling
from kit.disputes import a_promise
from pujk_gateway.domain import decisions, facilitation, laps
from pujk_gateway.domain.listing import listed_of
from pujk_gateway.domain.parts import Cause
from pujk_gateway.domain.refusals import AlreadyAccepted, NotForOjk, NothingOwed, NothingProposed
from pujk_gateway.domain.settling import UNDER_WAY, wakes_at

SECOND = timedelta(seconds=1)
#: Accepted on Monday 16 March: ten working days end on the 30th.
UNTIL = datetime(2026, 3, 30, 16, 59, 59, tzinfo=UTC)
PROMISED = date(2026, 3, 20)


def accepted(*promised: date | None) -> ACase:
    return in_handling(demands=max(1, len(promised))).promising(*(promised or (None,))).accepted()


def owed(*promised: date | None) -> ACase:
    return accepted(*(promised or (PROMISED,))).agreed()


def since(story: ACase, fact: str) -> list[str]:
    return story.names[story.names.index(fact) :]


def states(story: ACase) -> list[str]:
    return [one.state for one in story.case.owed]


def test_an_accepted_proposal_waits_for_the_consumer_and_says_until_when_and_why() -> None:
    story = accepted(PROMISED)
    assert story.case.state == story.case.turn.state == "accepted"  # type: ignore[union-attr]
    said = dict(story.said)["resolution-accepted"]
    assert (said["consumer_until"], said["consumer_days"], said["rule_version"]) == (UNTIL, 10, "1")
    assert story.case.asked is not None and story.case.asked.term.days[-1].counted == 10
    assert story.case.standing()["consumer_until"] == UNTIL
    assert story.case.standing()["obligations"] == [
        {"demand": 1, "proposal": 1, "amount": 1_000_000, "promised_by": PROMISED, "state": "promised"}
    ]


def test_what_is_refused_or_has_no_day_is_no_promise_and_a_day_that_had_passed_is_a_later_one() -> None:
    assert states(accepted(None)) == []
    story = in_handling().promising(date(2026, 3, 18))
    decisions.accept(story.case, Cause("late", START + timedelta(days=14)), by="decider-1", basis=None, terms=POLICIES)
    [one] = story.case.owed
    assert one.promised_by == date(2026, 4, 6), "five working days from the 30th, with no holiday among them"


def test_what_came_back_for_a_promise_is_listed_as_that_and_not_declined() -> None:
    story = owed(PROMISED).ticked(LONG_AFTER)
    listed = listed_of(story.case)
    assert listed is not None and (listed.state, story.case.state) == ("broken", "in-handling")
    with pytest.raises(AlreadyAccepted):
        story.declined()
    listed = listed_of(story.paid().case)
    assert listed is not None and listed.state == "owed"


def test_a_consumer_who_agrees_ends_what_owes_nothing() -> None:
    story = accepted().agreed()
    assert since(story, "resolution-accepted") == ["resolution-accepted", "consumer-answered", "ticket-closed"]
    assert (story.case.state, story.case.reason) == ("closed", "resolved")


def test_a_promise_keeps_the_matter_open_until_all_is_there() -> None:
    story = owed(PROMISED, None, PROMISED)
    assert story.case.state == "owed"
    story.paid(1).confirmed(1)
    assert (story.case.state, states(story)) == ("owed", ["fulfilled", "promised"])
    story.paid(3).ticked(LONG_AFTER)
    assert (story.case.state, story.case.reason) == ("closed", "resolved")
    assert [data["because"] for name, data in story.said if name == "relief-fulfilled"] == ["consumer", "time-over"]


@pytest.mark.parametrize("answer", [ACase.agreed, ACase.objected])
def test_another_proposal_or_a_second_answer_changes_nothing(answer: Callable[..., ACase]) -> None:
    story = owed()
    basis = story.case.basis
    answer(story, proposal=1)
    answer(accepted(), proposal=2)
    assert (story.case.state, story.case.basis) == ("owed", basis)
    assert answer(accepted(), proposal=2).case.state == "accepted"
    assert answer(in_handling()).case.state == "in-handling"
    assert answer(ACase()).case.state == "waiting"


def test_a_silent_consumer_is_taken_to_agree_and_the_end_says_so() -> None:
    story = accepted().ticked(UNTIL + UNDER_WAY - SECOND)
    assert story.case.state == "accepted"
    story.ticked(UNTIL + UNDER_WAY)
    assert since(story, "consumer-time-lapsed") == ["consumer-time-lapsed", "ticket-closed"]
    assert (story.case.state, story.case.reason) == ("closed", "silent")
    assert accepted(date(2026, 5, 1)).ticked(UNTIL + UNDER_WAY).case.state == "owed"


def test_an_objection_is_ojks_turn_and_ends_what_was_promised() -> None:
    story = accepted(PROMISED).objected(facilitation=True)
    standing = story.case.standing()
    assert (standing["state"], standing["facilitation_asked"], standing["obligations"]) == ("objected", True, [])
    assert wakes_at(story.case) is None
    for act in (story.proposed, story.declined, story.asked_documents, story.asked_extension):
        with pytest.raises(AlreadyAccepted):
            act()
    with pytest.raises(NothingProposed):
        story.accepted()
    story.returned()
    assert (story.case.state, story.case.turn.returned) == ("in-handling", 1)  # type: ignore[union-attr]
    story.proposed().accepted().agreed(proposal=2)
    assert story.case.reason == "resolved"


@pytest.mark.parametrize("promised", [(), (date(2026, 5, 1),)])
def test_an_objection_in_time_that_is_heard_late_reopens(promised: tuple[date, ...]) -> None:
    silent = accepted(*promised).ticked(UNTIL + UNDER_WAY)
    before = silent.case.state
    silent.objected(at=UNTIL + SECOND)
    assert silent.case.state == before, "too late"
    silent.objected(at=UNTIL)
    assert since(silent, "consumer-time-lapsed")[-2:] == ["consumer-answered", "ticket-reopened"]
    assert (silent.case.state, silent.case.reason, silent.case.reopened) == ("objected", None, 1)
    turn = silent.case.turn
    assert turn is not None and (turn.state, turn.ended_at) == ("objected", None)


def test_a_promise_that_is_not_kept_sends_the_matter_back_and_counts() -> None:
    story = owed()
    due = end_of(PROMISED) + UNDER_WAY
    assert wakes_at(story.case) == due
    story.ticked(due - SECOND)
    assert story.case.state == "owed"
    story.ticked(due).ticked(LONG_AFTER)
    assert since(story, "relief-overdue") == ["relief-overdue", "ticket-reopened"]
    standing = story.case.standing()
    assert (standing["state"], standing["round"], standing["reopened"]) == ("in-handling", 1, 1)
    assert states(story) == ["overdue"], "what was owed stays visible"
    story.promising(date(2026, 6, 1))
    assert story.case.standing()["proposal"] == 2 and states(story) == ["overdue"]
    story.accepted()
    assert states(story) == ["promised"]


def test_a_broken_promise_is_ojks_to_go_on_with_and_what_is_settled_takes_its_place() -> None:
    story = owed().ticked(LONG_AFTER)
    facilitation.open_(story.case, story.next(), by="d-1", basis=story.case.basis, checks=[], rule_version="1")
    assert (story.case.standing()["state"], states(story)) == ("facilitation", ["overdue"])
    terms: dict[str, Any] = {"by": "d-1", "basis": story.case.basis, "sealed": "1.terms", "called_off": ""}
    facilitation.end(story.case, story.next(), outcome="settled", promises=[a_promise(1, date(2026, 7, 1))], **terms)
    assert (story.case.state, states(story)) == ("owed", ["promised"])
    story.ticked(end_of(date(2026, 7, 1)) + UNDER_WAY)
    assert laps.may_send(story.case, story.case.basis).round == 1, "what was settled is not kept either"
    with pytest.raises(NotForOjk):
        laps.may_send(owed().case, None)


def test_a_list_tells_the_promised_day_until_it_is_there() -> None:
    for story in (owed(), owed().paid()):
        listed = listed_of(story.case)
        assert listed is not None and listed.due == end_of(PROMISED)


def test_what_is_paid_late_is_awaited_again_and_ends_the_matter() -> None:
    story = owed().ticked(LONG_AFTER).paid()
    assert (story.case.state, states(story)) == ("owed", ["paid"])
    assert story.confirmed().case.reason == "resolved"
    found = owed().ticked(LONG_AFTER).confirmed()
    assert found.case.reason == "resolved", "the consumer says it is there; the firm said nothing"
    unanswered = accepted(PROMISED).ticked(end_of(PROMISED) + UNDER_WAY).paid()
    assert unanswered.case.state == "accepted", "whether they agree is still asked"


def returned_anew() -> ACase:
    """The firm proposed anew, kept its promise after all, and OJK returned the new proposal."""
    return owed().ticked(LONG_AFTER).later(LONG_AFTER).promising(date(2026, 12, 1)).paid().returned()


@pytest.mark.parametrize(
    ("bring", "state"),
    [
        (lambda: owed().ticked(LONG_AFTER).later(LONG_AFTER).promising(date(2026, 12, 1)).paid(), "proposed"),
        (returned_anew, "in-handling"),
        (lambda: accepted(PROMISED).paid().objected(), "objected"),
    ],
    ids=["proposed", "returned", "objected"],
)
def test_what_is_paid_is_confirmed_or_denied_wherever_the_matter_stands(bring: Callable[[], ACase], state: str) -> None:
    assert bring().case.state == state
    denied, silent = bring().denied(), bring()
    assert (denied.case.state, states(denied)) == (state, ["overdue"])
    assert denied.ticked(denied.now + timedelta(days=100)).names.count("relief-fulfilled") == 0
    assert states(bring().confirmed()) == ["fulfilled"]
    assert dict(silent.ticked(silent.now + timedelta(days=100)).said)["relief-fulfilled"]["because"] == "time-over"


def test_whoever_could_not_say_whether_they_agree_has_the_time_for_it() -> None:
    story = accepted(PROMISED).ticked(UNTIL).later(UNTIL + timedelta(days=1)).paid()
    [one] = story.case.owed
    assert (story.case.state, story.case.standing()["consumer_until"]) == ("accepted", one.until)
    assert story.ticked(story.now + timedelta(days=1)).case.state == "accepted"
    assert story.objected().case.state == "objected"


def test_what_the_consumer_denies_is_overdue() -> None:
    story = owed().paid().denied()
    assert (story.case.state, story.case.reopened, states(story)) == ("in-handling", 1, ["overdue"])
    assert dict(story.said)["relief-overdue"]["because"] == "consumer"
    story.paid().denied()
    assert story.case.reopened == 2
    assert owed().denied().case.state == "owed", "its day has not come"
    assert owed().denied(at=end_of(PROMISED) + SECOND).case.state == "in-handling"


def test_a_denial_in_time_that_is_heard_late_reopens() -> None:
    story = owed().paid().ticked(LONG_AFTER)
    assert story.case.reason == "resolved"
    [one] = story.case.owed
    assert one.until is not None
    assert story.denied(at=one.until + SECOND).case.state == "closed"
    assert story.denied(at=one.until).case.state == "in-handling"


def test_nothing_is_paid_twice_or_without_being_owed() -> None:
    for story in (owed().paid(), accepted(None), in_handling(), owed(None)):
        with pytest.raises(Exception, match=r"nothing is owed|has ended") as refused:
            story.paid()
        assert isinstance(refused.value, NothingOwed) or story.case.state == "closed"


def test_each_is_said_once_however_often_a_worker_looks() -> None:
    story = owed(PROMISED, date(2026, 3, 24)).ticked(LONG_AFTER).ticked(LONG_AFTER)
    assert story.names.count("relief-overdue") == 1, "what else was promised waits while the firm handles it"
    assert story.names.count("ticket-reopened") == 1
    story.paid(1).ticked(START)
    assert story.ticked(LONG_AFTER).names.count("relief-overdue") == 2


def test_a_firm_with_a_queue_is_told_that_it_is_its_turn_again_each_time() -> None:
    story = owed().sent().paid().denied().sent().paid().denied()
    told = [one.id.split("-1-", 1)[1] for one in story.case.told]
    assert told == ["ticket-routed", "resolution-returned-reopened-1"]
    assert story.planned == ["1-resolution-returned-reopened-2"]


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_the_last_that_tracking_said_of_a_promise_counts(order: tuple[int, ...]) -> None:
    story = owed(PROMISED, date(2026, 5, 1)).paid(1)
    for seq in order:
        story.denied(1, seq=1) if seq == 1 else story.confirmed(1, seq=2)
    assert (story.case.state, states(story)) == ("owed", ["fulfilled", "promised"])


@pytest.mark.parametrize(
    "bring",
    [accepted, owed, lambda: accepted().objected(), lambda: owed().ticked(LONG_AFTER)],
    ids=["accepted", "owed", "objected", "overdue"],
)
def test_a_wish_to_withdraw_ends_it_and_another_firm_makes_it_void(bring: Callable[[], ACase]) -> None:
    ended = bring().withdrawal_asked()
    assert (ended.case.state, ended.case.reason, wakes_at(ended.case)) == ("closed", "withdrawn", None)
    moved = bring().routed(2, "BANK-002")
    assert (moved.case.state, moved.case.standing()["obligations"], wakes_at(moved.case)) == ("sent", [], None)
    assert moved.agreed().objected().confirmed().denied().case.state == "sent"


def test_the_policies_are_dated_and_named() -> None:
    until, term = POLICIES.consumer_answers(START)
    assert (until, term.rule, term.working_days) == (UNTIL, "consumer-answers", 10)
    with pytest.raises(LookupError, match="consumer-answers"):
        POLICIES.consumer_answers(datetime(2009, 1, 1, tzinfo=UTC))
