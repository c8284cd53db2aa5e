"""Does the gateway take over what routing and intake say of a running turn? Each story, on a case in memory."""

from datetime import timedelta
from typing import Any

import pytest
from contracts.channel import Submission
from contracts.intake import IntakeStanding, ServiceAmended
from intake.usecases.services import clear_of
from kit.cases import DUE, ACase, in_handling
from kit.facts import AMatter
from pujk_gateway.domain.case import Case
from pujk_gateway.usecases.hearing import HearDocuments, NameDay, OpenCase, StartRound

LATER = DUE + timedelta(days=1)


class InMemory:
    """Applies changes to one case at once."""

    queues = frozenset({"BANK-001"})

    def __init__(self, case: Case) -> None:
        self.case = case

    async def change(self, _: Any, change: Any) -> Any:
        change(self.case)


def amended(matter: AMatter, by: Any) -> Any:
    return matter.says(ServiceAmended(by=by, standing=IntakeStanding(kind="complaint")))


@pytest.mark.parametrize(("by", "waits"), [("consumer", False), ("ojk", True), ("pujk", True)])
async def test_a_file_of_the_consumer_ends_the_wait_and_nobody_elses_does(by: str, waits: bool) -> None:
    story, matter = in_handling().asked_documents(), AMatter()
    story.case.waiting_since = matter.registered().time
    cases: Any = InMemory(story.case)
    await HearDocuments(cases)(amended(matter, by))
    assert (story.case.waiting_for is not None) is waits
    assert [(name, data["because"]) for name, data in story.case.said] == (
        [] if waits else [("documents-received", "consumer")]
    )


@pytest.mark.parametrize(("because", "waits"), [("documents", True), ("time-over", False)])
async def test_routing_ends_a_wait_whose_time_is_over_and_names_the_day(because: str, waits: bool) -> None:
    story, matter = in_handling().asked_documents(), AMatter()
    story.case.waiting_since = matter.routed().time
    resumed = matter.resumed(LATER)
    resumed = resumed.model_copy(update={"data": resumed.data.model_copy(update={"because": because})})
    cases: Any = InMemory(story.case)
    await NameDay(cases)(resumed)
    turn = story.case.turn
    assert turn is not None and turn.deadline is not None
    assert (story.case.due, turn.due, turn.deadline.days[-1].counted) == (LATER, LATER, 2)
    assert (story.case.waiting_for is not None) is waits


async def test_more_time_that_is_heard_of_before_the_routing_stands_after_it() -> None:
    story, matter = ACase().registered(), AMatter()
    routed, extended = matter.routed(), matter.extended(LATER)
    cases: Any = InMemory(story.case)
    await NameDay(cases)(extended)
    await StartRound(cases, cases)(routed)
    assert story.case.due == LATER and story.planned == ["1-ticket-routed"]
    assert story.case.deliveries[0].due == LATER, "the firm's first notice names the day as it is"


@pytest.mark.parametrize(("said", "known"), [({}, None), ({"in_court": False}, False), ({"in_court": True}, True)])
async def test_what_a_submission_does_not_say_of_a_court_is_not_known(said: dict[str, Any], known: bool | None) -> None:
    private = {"consumer": {"name": "Sri"}, "story": "Saldo saya berkurang.", "demands": []}
    clear = clear_of(Submission.model_validate({"kind": "complaint", "private": private, **said}))
    stated = {name: clear[name] for name in ("in_court", "in_court_stated")}
    cases: Any = InMemory(Case("5043812177304"))
    await OpenCase(cases, cases)(AMatter().registered(**stated))
    assert cases.case.in_court is known
