"""Which messages are there? Each once: its shape, who says and who hears it, and its way through the broker."""

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, TypeAdapter

from contracts import pujk, topology
from contracts.base import CONTENT_TYPE, Command, Fact, Refused, Request, event_of
from contracts.channel import Receipt, Submission

#: In whose direction a message may change: ``said`` among the services, ``asked`` by outsiders, ``told`` to them.
Direction = Literal["said", "asked", "told"]
#: How the shape of a message stands in its body.
Envelope = Literal["fact", "request", "bare"]

CHANNEL = "channel {channel}"
FIRM = "PUJK {code}"
JSON = "application/json"


@dataclass(frozen=True)
class Message:
    """One message. ``{channel}``, ``{code}`` and ``{user}`` stand for what differs from sender to sender."""

    key: str
    model: type[BaseModel]
    envelope: Envelope
    direction: Direction
    said_by: tuple[str, ...]
    heard_by: tuple[str, ...]
    exchange: str
    routing_key: str
    queues: tuple[str, ...]

    @property
    def type(self) -> str:
        """CloudEvents type and AMQP type."""
        return f"slkt.{self.key}"

    @property
    def content_type(self) -> str:
        return JSON if self.envelope == "bare" else CONTENT_TYPE

    @property
    def said(self) -> str:
        """What the message says: the words of its class, on one line."""
        return on_one_line(self.model.__doc__ or "")

    @property
    def adapter(self) -> TypeAdapter[Any]:
        """Reads and describes the whole body."""
        model: Any = self.model
        if self.envelope == "fact":
            return TypeAdapter(event_of(model))
        return TypeAdapter(Request[model] if self.envelope == "request" else model)


def on_one_line(words: str) -> str:
    """Words of a docstring as Markdown without line breaks."""
    return " ".join(words.split()).replace("``", "`")


def messages() -> tuple[Message, ...]:
    """All of them: facts by owner, then what outsiders ask, then what they are told."""
    return (*_facts(), _submission(), *_actions(), *_told())


def _facts() -> tuple[Message, ...]:
    return tuple(
        Message(
            key=fact.key,
            model=fact,
            envelope="fact",
            direction="said",
            said_by=(owner,),
            heard_by=topology.heard_by(fact),
            exchange=topology.EVENTS,
            routing_key=fact.key,
            queues=tuple(topology.inbox(service).name for service in topology.heard_by(fact)),
        )
        for owner, facts in topology.FACTS.items()
        for fact in facts
    )


def _submission() -> Message:
    queue = topology.submissions("{channel}")
    return _asked(Submission, CHANNEL, "intake", topology.SUBMISSIONS, queue.bindings[0].key, queue.name)


def _actions() -> tuple[Message, ...]:
    queue = topology.actions("{code}")
    return tuple(
        _asked(
            act,
            FIRM,
            "pujk_gateway",
            topology.PUJK_ACTIONS,
            queue.bindings[0].key.replace("*", act.key.split(".")[1]),
            queue.name,
        )
        for act in pujk.ACTIONS
    )


def _asked(command: type[Command], by: str, of: str, exchange: str, routing_key: str, queue: str) -> Message:
    return Message(command.key, command, "request", "asked", (by,), (of,), exchange, routing_key, (queue,))


def _told() -> tuple[Message, ...]:
    notices = topology.pujk_inbox("{code}")
    return (
        _told_as(
            pujk.TicketNotice,
            ("pujk_gateway",),
            (FIRM,),
            topology.PUJK,
            notices.bindings[0].key.replace("*", "{notice}"),
            notices.name,
        ),
        _reply(Receipt, "intake", to=(CHANNEL,)),
        _reply(pujk.ActionDone, "pujk_gateway", to=(FIRM,)),
        _reply(Refused, "intake", "pujk_gateway", to=(CHANNEL, FIRM)),
    )


def _reply(model: Any, *by: str, to: tuple[str, ...]) -> Message:
    queue = topology.reply_queue("{user}")
    return _told_as(model, by, to, topology.REPLIES, queue.bindings[0].key, queue.name)


def _told_as(
    model: Any, by: tuple[str, ...], to: tuple[str, ...], exchange: str, routing_key: str, queue: str
) -> Message:
    envelope: Envelope = "fact" if issubclass(model, Fact) else "bare"
    return Message(model.key, model, envelope, "told", by, to, exchange, routing_key, (queue,))
