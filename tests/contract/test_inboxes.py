"""Does each service listen to exactly what the topology binds to its queues, and does a forgotten handler show?"""

import json
from collections.abc import Callable
from functools import partial

import pytest
from chassis.inbox import Inbox
from contract.doors import Opened, a_body_of, actions_inbox, deaf, flaws, inbox_of, submissions_inbox
from contracts.base import Event, Fact

from contracts import intake, routing, topology

SERVICES = [service for service in topology.OWNERS if topology.HEARS[service]]
DOORS: list[Callable[[], Opened]] = [
    *(partial(inbox_of, service) for service in SERVICES),
    submissions_inbox,
    actions_inbox,
]
NAMES = [*SERVICES, "channels", "firms"]


@pytest.mark.parametrize("door", DOORS, ids=NAMES)
def test_a_service_listens_to_what_the_topology_says(door: Callable[[], Opened]) -> None:
    opened = door()
    assert flaws(opened.inbox, opened.queue, opened.types) == []


@pytest.mark.parametrize("service", SERVICES)
async def test_each_fact_has_one_handler(service: str) -> None:
    assert await deaf(inbox_of(service).inbox) == []


@pytest.mark.parametrize("door", DOORS, ids=NAMES)
async def test_each_message_reaches_one_story(door: Callable[[], Opened]) -> None:
    opened = door()
    for type_, heard in opened.inbox.heard.items():
        body = a_body_of(type_)
        message = heard.decode.validate_json(json.dumps(body))
        await (heard.handler(message) if opened.inbox.sender_of is None else heard.handler(message, "sender"))
        assert len(opened.stories.told) == 1, f"{type_} reached {[name for name, _ in opened.stories.told]}"
        opened.stories.told.clear()


def an_inbox_for(*facts: type[Fact], queue: str = "notifier") -> Inbox:
    inbox = Inbox(topology.inbox(queue))

    @inbox.on(*facts)
    async def on_anything(event: Event[intake.WithdrawalAsked]) -> None:
        """Nothing."""

    return inbox


def test_a_forgotten_handler_is_found() -> None:
    hears = topology.HEARS["notifier"]
    without = an_inbox_for(*(fact for fact in hears if fact is not routing.TicketParked))
    assert flaws(without, topology.inbox("notifier"), hears) == ["no handler for slkt.routing.ticket-parked.v1"]


def test_a_handler_of_what_never_comes_is_found() -> None:
    hears = topology.HEARS["notifier"]
    more = an_inbox_for(*hears, *topology.FACTS["notifier"][:1])
    assert flaws(more, topology.inbox("notifier"), hears) == [
        "a handler for slkt.notifier.notification-sent.v1, which never comes here"
    ]


def test_the_queue_of_another_service_is_found() -> None:
    hears = topology.HEARS["notifier"]
    wrong = an_inbox_for(*hears, queue="tracking")
    assert flaws(wrong, topology.inbox("notifier"), hears) == [
        "reads ['tracking.inbox'], the topology says notifier.inbox"
    ]


async def test_two_handlers_of_one_fact_are_found() -> None:
    twice = an_inbox_for(intake.ServiceClosed, intake.ServiceClosed)
    assert await deaf(twice) == ["2 handlers take slkt.intake.service-closed.v1"]
