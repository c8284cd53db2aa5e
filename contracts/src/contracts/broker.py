"""What can stand on the topology page? Exchanges, queues and bindings, as plain data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from contracts.base import Fact


@dataclass(frozen=True)
class Exchange:
    name: str
    kind: Literal["topic", "direct", "fanout"] = "topic"
    alternate: str | None = None


@dataclass(frozen=True)
class Binding:
    exchange: str
    key: str


@dataclass(frozen=True)
class Queue:
    """A durable quorum queue. Lengths bound outsiders' queues only; ``dead_key`` names its dead-letter queue."""

    name: str
    bindings: tuple[Binding, ...] = ()
    dead_key: str | None = None
    delivery_limit: int = 20
    max_length: int | None = None
    max_bytes: int | None = None
    ttl_ms: int | None = None
    back_to: str | None = None
    expire_oldest: bool = False


@dataclass(frozen=True)
class Topology:
    exchanges: tuple[Exchange, ...] = ()
    queues: tuple[Queue, ...] = field(default=())


@dataclass(frozen=True)
class Wire:
    """What a service must know of the broker to speak, hear, retry, bury and answer."""

    events: str
    dead: str
    retry: str
    replies: str
    reply_ttl_ms: int
    facts: Mapping[str, tuple[type[Fact], ...]]
