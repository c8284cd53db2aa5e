"""Which way does everything go? Messages, exchanges and queues as plain data, to be kept and compared."""

from dataclasses import asdict
from typing import Any

from contracts import topology
from contracts.broker import Exchange, Queue
from contracts.description.messages import Message, messages

Wire = dict[str, dict[str, dict[str, Any]]]


def wire() -> Wire:
    """``messages`` by key, ``exchanges`` and ``queues`` by name."""
    return {
        "messages": {message.key: _way(message) for message in messages()},
        "exchanges": {exchange.name: _without_name(exchange) for exchange in topology.EXCHANGES},
        "queues": {queue.name: _without_name(queue) for queue in queues()},
    }


def queues() -> tuple[Queue, ...]:
    """The queues that somebody reads or looks after; those of a channel and of a firm once, as patterns."""
    named = [queue for queue in topology.suite().queues if not _of_a_channel(queue)]
    patterns = (*topology.channel("{channel}").queues, *topology.firm("{code}").queues)
    return tuple(sorted((*named, *patterns), key=lambda queue: queue.name))


def _of_a_channel(queue: Queue) -> bool:
    return any(queue in topology.channel(name).queues for name in topology.CHANNELS)


def _way(message: Message) -> dict[str, Any]:
    return {
        "type": message.type,
        "content_type": message.content_type,
        "direction": message.direction,
        "exchange": message.exchange,
        "routing_key": message.routing_key,
        "said_by": list(message.said_by),
        "heard_by": list(message.heard_by),
        "queues": list(message.queues),
    }


def _without_name(thing: Exchange | Queue) -> dict[str, Any]:
    said = asdict(thing)
    del said["name"]
    if isinstance(thing, Queue):
        said["bindings"] = [f"{binding.exchange} {binding.key}" for binding in thing.bindings]
    return said
