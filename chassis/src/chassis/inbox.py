"""What does a service hear on one queue? A type of message and its handler, one line each."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from contracts.base import Command, Event, Fact, Request, event_of
from contracts.broker import Queue
from faststream.rabbit import QueueType, RabbitQueue, RabbitRouter
from pydantic import BaseModel, TypeAdapter

from chassis.audit import Actor
from chassis.delivered import Sender as Sender

C = TypeVar("C", bound=Command)
#: Who acts by a command that can be read, and with what: as entries of the audit say it.
ActsOf = Callable[[Sender, Request[Any]], tuple[Actor, Mapping[str, str]]]


@dataclass(frozen=True)
class Heard:
    """How messages of one type are read and by whom they are handled."""

    decode: TypeAdapter[Any]
    handler: Callable[..., Awaitable[BaseModel | None]]
    name: str


class Inbox:
    """One queue and its handlers. Declared and documented through FastStream; ``chassis.consuming`` reads it.

    ``sender_of`` makes it a door for outsiders: it turns the broker user and routing key into the id that the message
    must come from, or raises ``Forbidden``. With ``acts_of`` each command leaves its trace in the audit: who acts by
    it, in whose name, with what.
    """

    def __init__(
        self, queue: Queue, *, sender_of: Callable[[Sender], str] | None = None, acts_of: ActsOf | None = None
    ) -> None:
        self.queue = queue
        self.sender_of = sender_of
        self.acts_of = acts_of
        self.heard: dict[str, Heard] = {}
        self.router = RabbitRouter()
        self._subscriber = self.router.subscriber(
            RabbitQueue(queue.name, durable=True, queue_type=QueueType.QUORUM, declare=False),
            title=queue.name,
        )

    def takes(self, key: str) -> bool:
        """Whether the broker brings what is sent with this key. What came with another was given a second one."""
        return any(_fits(binding.key.split("."), key.split(".")) for binding in self.queue.bindings)

    def on(self, *facts: type[Fact]) -> Callable[[Callable[[Event[Any]], Awaitable[None]]], None]:
        """Binds a handler to facts of another service; to several where it asks only for what they share."""

        def bind(handler: Callable[[Event[Any]], Awaitable[None]]) -> None:
            for fact in facts:
                self._bind(fact.type(), TypeAdapter(event_of(fact)), handler)

        return bind

    def on_command(self, command: type[C]) -> Callable[[Callable[[Request[C], str], Awaitable[BaseModel]]], None]:
        """Binds a handler to a command from outside; what it returns is the reply to the sender."""

        def bind(handler: Callable[[Request[C], str], Awaitable[BaseModel]]) -> None:
            self._bind(command.type(), TypeAdapter(Request[command]), handler)  # type: ignore[valid-type]

        return bind

    def _bind(self, type_: str, decode: TypeAdapter[Any], handler: Callable[..., Awaitable[Any]]) -> None:
        self.heard[type_] = Heard(decode, handler, handler.__name__)
        if self.sender_of is None:
            self._subscriber(handler, filter=lambda m: m.raw_message.type == type_)


def _fits(pattern: list[str], words: list[str]) -> bool:
    """As bindings of queues for outsiders are: word by word, ``*`` is any one."""
    return len(pattern) == len(words) and all(one in ("*", word) for one, word in zip(pattern, words, strict=True))
