"""Which inboxes does a service open, and what is wrong with one? With stories that only note what they were told."""

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib import import_module
from types import SimpleNamespace
from typing import Any

from chassis.inbox import Inbox
from contract.samples import sample
from contracts.base import Command, Fact
from contracts.broker import Queue
from contracts.channel import Submission
from contracts.description.messages import Message, messages
from contracts.description.schemas import schema_of
from contracts.pujk import ACTIONS
from faststream.rabbit import RabbitBroker
from faststream.specification import AsyncAPI
from intake.ports import KnownChannel

from contracts import topology

CHANNEL = KnownChannel("web", topology.channel_user("web"))
FIRM = "BANK-002"


@dataclass
class Stories:
    """Stands for every use case of a service; keeps whom it was called as and with what."""

    told: list[tuple[str, Any]] = field(default_factory=list)

    def named(self, name: str) -> Callable[..., Any]:
        async def story(message: Any, *_: Any, **__: Any) -> None:
            self.told.append((name, message))

        return story

    def for_arguments_of(self, router: Callable[..., Any]) -> dict[str, Any]:
        """One story for each keyword argument of a router; a dictionary with whatever it asks for besides."""
        parameters = inspect.signature(router).parameters.values()
        return {p.name: self.named(p.name) for p in parameters if p.kind is p.KEYWORD_ONLY}


@dataclass(frozen=True)
class Opened:
    """An inbox of a service and what it should be."""

    inbox: Inbox
    queue: Queue
    types: tuple[type[Fact] | type[Command], ...]
    stories: Stories


def inbox_of(service: str) -> Opened:
    """The inbox of facts of a service."""
    stories, router = Stories(), import_module(f"{service}.subscribers").message_router
    opened = router(**stories.for_arguments_of(router))
    return Opened(opened, topology.inbox(service), topology.HEARS[service], stories)


def submissions_inbox() -> Opened:
    """Intake's inbox of one channel."""
    stories, router = Stories(), import_module("intake.subscribers").submission_routers
    [opened] = router([CHANNEL], **stories.for_arguments_of(router))
    return Opened(opened, topology.submissions(CHANNEL.name), (Submission,), stories)


def actions_inbox() -> Opened:
    """The gateway's inbox of one firm."""
    stories, router = Stories(), import_module("pujk_gateway.subscribers").firm_router
    return Opened(router(**stories.for_arguments_of(router))(FIRM), topology.actions(FIRM), ACTIONS, stories)


def flaws(inbox: Inbox, queue: Queue, types: Iterable[type[Fact] | type[Command]]) -> list[str]:
    """What is wrong with an inbox; the queue and the handlers are read as FastStream has them."""
    expected = {one.type() for one in types}
    documented = _documented_queues(inbox)
    found = [] if documented == [queue.name] else [f"reads {documented}, the topology says {queue.name}"]
    found += [f"no handler for {one}" for one in sorted(expected - inbox.heard.keys())]
    found += [f"a handler for {one}, which never comes here" for one in sorted(inbox.heard.keys() - expected)]
    return found


async def deaf(inbox: Inbox) -> list[str]:
    """Types that FastStream's filters give to no handler, or to more than one."""
    [subscriber] = inbox.router.subscribers
    found = []
    for type_ in inbox.heard:
        message: Any = SimpleNamespace(raw_message=SimpleNamespace(type=type_))
        takers = [call for call in subscriber.calls if await _takes(call, message)]
        found += [] if len(takers) == 1 else [f"{len(takers)} handlers take {type_}"]
    return found


async def _takes(call: Any, message: Any) -> bool:
    taken = call.filter(message)
    return bool(await taken if inspect.isawaitable(taken) else taken)


def _documented_queues(inbox: Inbox) -> list[str]:
    broker = RabbitBroker(logger=None)
    broker.include_router(inbox.router)
    described = AsyncAPI(broker).to_specification().to_jsonable()
    return [channel["bindings"]["amqp"]["queue"]["name"] for channel in described["channels"].values()]


def a_body_of(type_: str) -> dict[str, Any]:
    """A complete message of that type."""
    message: Message = next(one for one in messages() if one.type == type_)
    body: dict[str, Any] = sample(schema_of(message), full=True)
    return body
