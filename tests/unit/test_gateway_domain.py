"""A case keeps its rounds whatever order they are heard in, and ends once, by whoever may end it."""

from datetime import date
from itertools import permutations

import pytest
from contracts.base import AccountFact
from contracts.cases import GatewayStanding
from contracts.pujk_gateway import FACTS
from kit.cases import LONG_AFTER, NUMBER, ACase, in_handling
from kit.disputes import ADispute
from pujk_gateway.domain.case import Case


def test_a_routed_ticket_is_sent_to_its_firm() -> None:
    story = ACase().registered().routed()
    assert story.case.state == "sent"
    assert story.planned == ["1-ticket-routed"]
    assert story.case.basis == 1
    assert story.names == []


def test_a_routing_before_the_registration_waits_for_it() -> None:
    story = ACase().routed()
    assert (story.case.state, story.planned) == ("sent", [])
    story.registered()
    assert story.planned == ["1-ticket-routed"]
    assert story.case.demands and story.case.seal_key == "public"


def test_a_firm_without_a_queue_is_announced_when_it_gets_one() -> None:
    story = ACase(queues=frozenset()).registered().routed()
    assert story.case.to_announce and story.planned == []
    story.case.announce(story.next(), {"BANK-001"})
    assert not story.case.to_announce and story.planned == ["1-ticket-routed"]


def test_the_whole_life_of_a_complaint() -> None:
    story = in_handling().followed_up().proposed().returned().proposed().accepted().agreed(proposal=2)
    assert story.names == [
        "ticket-taken-over",
        "follow-up-added",
        "resolution-proposed",
        "resolution-returned",
        "resolution-proposed",
        "resolution-accepted",
        "consumer-answered",
        "ticket-closed",
    ]
    assert story.planned == ["1-ticket-routed", "1-resolution-returned-1", "1-ticket-closed"]
    assert (story.case.state, story.case.reason) == ("closed", "resolved")
    assert [one.state for one in story.case.proposals] == ["returned", "accepted"]
    assert [one.number for one in story.case.proposals] == [1, 2]
    assert [one.basis for one in story.case.entries] == list(range(1, story.case.basis + 1))


def test_what_is_said_fits_the_contracts() -> None:
    story = (
        in_handling().followed_up().proposed().returned().proposed().accepted().agreed(proposal=2).withdrawal_asked()
    )
    story.said += ACase().registered().routed().declined().said
    story.said += in_handling().released().said
    story.said += (
        in_handling().promising(date(2026, 3, 20)).accepted().ticked(LONG_AFTER).paid().ticked(LONG_AFTER).said
    )
    story.said += in_handling().proposed().accepted().ticked(LONG_AFTER).said
    story.said += in_handling().asked_documents().asked_extension().brought().extension_decided(granted=False).said
    story.said += ACase().registered().routed().routed(2, "BANK-002").said
    story.said += ADispute().opened().firm_stated().ended("not-settled").sent_to_laps().verified().laps_decided().said
    kinds = {fact.name(): fact for fact in FACTS if not issubclass(fact, AccountFact)}
    assert {name for name, _ in story.said} == kinds.keys()
    story.said += ADispute(loss=None, in_court=None).opened().said
    for name, data in story.said:
        said = kinds[name].model_validate({**data, "standing": story.case.standing()})
        assert kinds[name].model_validate(said.model_dump(mode="json", exclude_none=True)) == said, (
            "as it is on the wire"
        )


def test_the_standing_is_the_contracts() -> None:
    waits = in_handling().asked_documents().asked_extension()
    for story in (ACase(), waits, in_handling().proposed().returned(), in_handling().proposed().accepted()):
        GatewayStanding.model_validate(story.case.standing())
    assert in_handling().proposed().returned().case.standing() == {
        "state": "in-handling",
        "round": 1,
        "pujk": "BANK-001",
        "holder": "ani",
        "proposal": 1,
        "returned": 1,
        "reason": None,
        "waiting_for": None,
        "waiting_since": None,
        "extension": None,
        "consumer_until": None,
        "facilitation_asked": False,
        "obligations": [],
        "laps_until": None,
        "reopened": 0,
    }


@pytest.mark.parametrize(
    "bring",
    [
        ACase.taken_over,
        lambda story: story,
        lambda story: story.taken_over().proposed(),
        lambda story: story.taken_over().proposed().accepted(),
    ],
)
def test_a_withdrawal_ends_a_running_turn(bring) -> None:  # type: ignore[no-untyped-def]
    story = bring(ACase().registered().routed().sent()).withdrawal_asked()
    assert story.names[-1] == "ticket-closed" and story.said[-1][1] == {"reason": "withdrawn"}
    assert (story.case.state, story.case.reason) == ("closed", "withdrawn")
    assert story.planned == ["1-ticket-closed"]
    assert story.case.waiting_proposal is None


def test_a_withdrawal_before_the_routing_delivers_nothing() -> None:
    story = ACase().registered().withdrawal_asked()
    assert story.case.state == "waiting"
    story.routed()
    assert story.names == ["ticket-closed"]
    assert (story.case.state, story.planned, story.case.to_announce) == ("closed", [], False)


def test_a_withdrawal_while_declined_is_routings_to_answer() -> None:
    story = ACase().registered().routed().declined().withdrawal_asked()
    assert story.names == ["ticket-declined"] and story.case.standing()["state"] == "declined"
    story.closed_by_routing()
    assert story.names == ["ticket-declined"] and story.case.state == "closed"


def test_a_withdrawal_between_decline_and_the_next_firm_ends_the_next_turn() -> None:
    story = ACase().registered().routed().declined().withdrawal_asked().routed(2, "BANK-002")
    assert story.names == ["ticket-declined", "ticket-closed"]
    assert story.case.state == "closed" and "2-ticket-routed" not in story.planned


def test_a_withdrawal_after_the_end_is_too_late_once() -> None:
    story = in_handling().proposed().accepted().agreed().withdrawal_asked(2).withdrawal_asked(3)
    assert story.names.count("withdrawal-too-late") == 1
    assert in_handling().withdrawal_asked(2).withdrawal_asked(3).names == ["ticket-taken-over", "ticket-closed"]


def test_routing_ends_what_never_reached_a_firm_without_a_word_from_here() -> None:
    story = ACase().registered().closed_by_routing()
    assert (story.case.state, story.names) == ("closed", [])
    assert story.withdrawal_asked().names == []


def test_another_firm_ends_the_old_turn() -> None:
    story = in_handling().proposed().sent().routed(2, "BANK-002")
    assert story.said[-1] == ("ticket-recalled", {"round": 1, "pujk": "BANK-001"})
    assert story.case.standing()["state"] == "sent" and story.case.standing()["pujk"] == "BANK-002"
    assert story.planned == ["1-ticket-recalled", "2-ticket-routed"]
    assert [one.state for one in story.case.rounds] == ["recalled", "sent"]
    assert story.case.proposals[0].state == "lapsed"


def test_a_firm_that_was_never_told_is_not_told_of_the_recall() -> None:
    story = ACase().registered().routed().routed(2, "BANK-002")
    assert story.planned == ["2-ticket-routed"]
    assert story.names == ["ticket-recalled"]


def test_a_declined_turn_is_not_recalled() -> None:
    assert ACase().registered().routed().declined().routed(2, "BANK-002").names == ["ticket-declined"]


def test_an_older_standing_is_only_heard() -> None:
    story = ACase().registered().withdrawal_asked(3)
    story.case.intake_stands(2, story.next(), withdrawal_asked=False)
    assert story.case.withdrawal_asked


def test_every_order_of_hearing_ends_the_same() -> None:
    steps = {
        "registered": lambda story: story.registered(),
        "routed": lambda story: story.routed(),
        "rerouted": lambda story: story.routed(2, "BANK-002"),
        "withdrawn": lambda story: story.withdrawal_asked(),
    }
    for order in permutations(("registered", "routed", "rerouted")):
        story = ACase()
        for name in order:
            steps[name](story)
        assert story.case.standing()["pujk"] == "BANK-002", order
        assert (story.names, story.planned) == (["ticket-recalled"], ["2-ticket-routed"]), order
        assert [(one.round, one.state) for one in story.case.rounds] == [(1, "recalled"), (2, "sent")], order
    for order in permutations(steps):
        story = ACase()
        for name in order:
            steps[name](story)
        assert (story.case.state, story.case.reason, story.planned) == ("closed", "withdrawn", []), order
        assert story.names.count("ticket-closed") == 1, order


def test_a_repeated_act_finds_what_it_came_to() -> None:
    story = in_handling().proposed().accepted().agreed()
    end = story.case.outcome(story.case.entries[-1].cause)
    assert end is not None and (end.what, end.state, end.basis) == ("closed", "closed", story.case.basis)
    assert Case(NUMBER).outcome("unknown") is None
