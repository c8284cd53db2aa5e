"""What can change a matter? An event another service said, or an act from outside or from a worker."""

import hashlib
from dataclasses import dataclass
from typing import Any, Protocol

from contracts.base import Event

from chassis.ids import new_id


class Message(Protocol):
    """What a change of a matter is caused by."""

    @property
    def id(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def clock(self) -> int: ...
    @property
    def correlation(self) -> str: ...


@dataclass(frozen=True)
class Act:
    """A command about one matter.

    ``digest`` tells two bodies under one id apart. ``remember=False`` is for workers' own acts, which ask the matter
    itself what is left to do and may run twice.
    """

    id: str
    subject: str
    digest: str = ""
    remember: bool = True
    clock: int = 0

    @property
    def correlation(self) -> str:
        return self.id


def act_id(who: str, key: str) -> str:
    """What an outsider calls its act, kept as a hash: people put names into keys."""
    return f"{who}:{hashlib.sha256(key.encode(errors='surrogatepass')).hexdigest()}"


def of_worker(subject: str) -> Act:
    return Act(new_id(), subject, remember=False)


def is_event(message: Message) -> bool:
    return isinstance(message, Event)


def begins(message: Message) -> bool:
    """Whether it says the first thing that anybody hears of its matter, by the Lamport clock."""
    return is_event(message) and message.clock == 1


def somebody_waits(message: Message) -> bool:
    """Whether its sender is outside and sends no more until it is answered."""
    return isinstance(message, Act) and message.remember


AnyEvent = Event[Any]
