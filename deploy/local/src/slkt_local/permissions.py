"""What may each broker user do? Nobody but the operator may use the default exchange or make what others read.

RabbitMQ calls the default exchange `amq.default` in permissions; no expression here matches it. Declaring or binding a
queue takes configure and write on it and read on the exchange, so a service can make its own inbox anew and no other.
Topic permissions then say with which routing keys a user may publish.
"""

import re
from dataclasses import dataclass, field

from contracts.topology import channel_user, pujk_user

from contracts import topology

NOTHING = "^$"
EVERYTHING = ".*"
#: What a service consumes beside its own inbox, as expressions of queue names.
DOORS = {"intake": r"submissions\.[^.]+", "pujk_gateway": r"pujk\.[^.]+\.actions"}
#: What a service may publish to beside its facts, retries and dead letters.
SAYS = {"intake": (topology.REPLIES,), "pujk_gateway": (topology.REPLIES, topology.PUJK)}


@dataclass(frozen=True)
class Rights:
    """RabbitMQ's three expressions of one user, and the routing keys it may publish with, by topic exchange."""

    configure: str = NOTHING
    write: str = NOTHING
    read: str = NOTHING
    keys: dict[str, str] = field(default_factory=dict)


def _one_of(*expressions: str) -> str:
    return f"^({'|'.join(expressions)})$"


def of_operator() -> Rights:
    return Rights(EVERYTHING, EVERYTHING, EVERYTHING)


def of_service(name: str) -> Rights:
    own = rf"{re.escape(name)}\..*"
    queues = [rf"{re.escape(name)}\.inbox", *([DOORS[name]] if name in DOORS else [])]
    exchanges = (topology.EVENTS, topology.RETRY, topology.DEAD, *SAYS.get(name, ()))
    dead_or_retried = "|".join(queues)
    return Rights(
        configure=_one_of(own),
        write=_one_of(own, *map(re.escape, exchanges)),
        read=_one_of(own, *(rf"{door}(\..*)?" for door in queues[1:]), re.escape(topology.EVENTS)),
        keys={
            topology.EVENTS: rf"^{re.escape(name)}\.[^.]+\.v\d+$",
            topology.RETRY: rf"^({dead_or_retried})\.[^.]+$",
            topology.DEAD: f"^({dead_or_retried})$",
        },
    )


def of_channel(name: str) -> Rights:
    return Rights(
        write=_one_of(re.escape(topology.SUBMISSIONS)),
        read=_one_of(re.escape(f"reply.{channel_user(name)}")),
        keys={topology.SUBMISSIONS: _one_of(re.escape(f"submission.{name}"))},
    )


def of_firm(code: str) -> Rights:
    return Rights(
        write=_one_of(re.escape(topology.PUJK_ACTIONS)),
        read=_one_of(re.escape(f"pujk.{code}.inbox"), re.escape(f"reply.{pujk_user(code)}")),
        keys={topology.PUJK_ACTIONS: rf"^{re.escape(code)}\.[^.]+$"},
    )
