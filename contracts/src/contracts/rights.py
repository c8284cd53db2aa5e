"""What may a firm's user do at the broker? Its own keys, its own two queues, and nothing else.

RabbitMQ calls the default exchange `amq.default` in permissions; no expression of an outsider's matches it.
"""

import re
from dataclasses import dataclass, field

from contracts import topology

NOTHING = "^$"
EVERYTHING = ".*"


@dataclass(frozen=True)
class Rights:
    """RabbitMQ's three expressions of one user, and the routing keys it may publish with, by topic exchange."""

    configure: str = NOTHING
    write: str = NOTHING
    read: str = NOTHING
    keys: dict[str, str] = field(default_factory=dict)


def one_of(*expressions: str) -> str:
    return f"^({'|'.join(expressions)})$"


def of_firm(code: str) -> Rights:
    return Rights(
        write=one_of(re.escape(topology.PUJK_ACTIONS)),
        read=one_of(re.escape(f"pujk.{code}.inbox"), re.escape(f"reply.{topology.pujk_user(code)}")),
        keys={topology.PUJK_ACTIONS: rf"^{re.escape(code)}\.[^.]+$"},
    )
