"""What may each broker user do? Nobody but the operator may use the default exchange or make what others read.

RabbitMQ calls the default exchange `amq.default` in permissions; no expression here matches it. Declaring or binding a
queue takes configure and write on it and read on the exchange, so a service can make its own inbox anew and no other.
Topic permissions then say with which routing keys a user may publish.
"""

import re

from contracts.rights import EVERYTHING, NOTHING, Rights, of_firm, one_of
from contracts.topology import channel_user

from contracts import topology

__all__ = ["EVERYTHING", "NOTHING", "Rights", "of_channel", "of_firm", "of_onboarding", "of_operator", "of_service"]

#: A channel needs one for each of its replicas; one that opens without end takes nothing from the others.
CHANNEL_LIMITS = {"max-connections": 200, "max-channels": 2000}
#: What a service consumes beside its own inbox, as expressions of queue names.
DOORS = {"intake": r"submissions\.[^.]+", "pujk_gateway": r"pujk\.[^.]+\.actions"}
#: What a service may publish to beside its facts, retries and dead letters.
SAYS = {"intake": (topology.REPLIES,), "pujk_gateway": (topology.REPLIES, topology.PUJK)}


def of_operator() -> Rights:
    return Rights(EVERYTHING, EVERYTHING, EVERYTHING)


def of_onboarding() -> Rights:
    """The gateway's administrator of firms' users. It removes firms' queues; as an administrator of the broker it could
    give itself more, so its password is the gateway's alone (decision 0016)."""
    return Rights(configure=one_of(r"pujk\..*", r"reply\.pujk-.*"))


def of_service(name: str) -> Rights:
    own = rf"{re.escape(name)}\..*"
    queues = [rf"{re.escape(name)}\.inbox", *([DOORS[name]] if name in DOORS else [])]
    exchanges = (topology.EVENTS, topology.RETRY, topology.DEAD, *SAYS.get(name, ()))
    dead_or_retried = "|".join(queues)
    return Rights(
        configure=one_of(own),
        write=one_of(own, *map(re.escape, exchanges)),
        read=one_of(own, *(rf"{door}(\..*)?" for door in queues[1:]), re.escape(topology.EVENTS)),
        keys={
            topology.EVENTS: rf"^{re.escape(name)}\.[^.]+\.v\d+$",
            topology.RETRY: rf"^({dead_or_retried})\.[^.]+$",
            topology.DEAD: f"^({dead_or_retried})$",
        },
    )


def of_channel(name: str) -> Rights:
    return Rights(
        write=one_of(re.escape(topology.SUBMISSIONS)),
        read=one_of(re.escape(f"reply.{channel_user(name)}")),
        keys={topology.SUBMISSIONS: one_of(re.escape(f"submission.{name}"))},
    )
