"""How does a tool read the contracts? One AsyncAPI 3 document: every key and queue, who sends, who receives."""

import re
from typing import Any, get_args

from contracts import topology
from contracts.description.messages import CHANNEL, FIRM, Message, messages
from contracts.pujk import TicketNotice

VERSION = "1.0.0"
BINDING = "0.3.0"
Document = dict[str, Any]

ABOUT = """\
What the five services of the suite say to each other, and what channels and the systems of financial firms (PUJK)
say to them and are told. Everything is CloudEvents 1.0 in structured JSON over AMQP 0-9-1, except replies, which are
plain JSON. Every message is persistent and carries the AMQP properties `message_id`, `type` (the CloudEvents type)
and `content_type`; facts are sent mandatory and confirmed. Whoever is outside also sets `user_id`, which the broker
checks. Exchanges and queues stand before anybody connects: declare none."""

ACCOUNT = """\
One broker user per service, channel and firm. A channel writes `submission.<channel>` and reads its reply queue; a
firm writes `<CODE>.<act>` and reads its inbox and its reply queue; nobody has a right on the default exchange."""

PARAMETERS: dict[str, Document] = {
    "channel": {"description": "Name of the channel", "examples": list(topology.CHANNELS)},
    "code": {"description": "Code of the PUJK in the directory", "examples": ["BANK-002"]},
    "user": {
        "description": "The broker user that is answered",
        "examples": [topology.channel_user("web"), topology.pujk_user("BANK-002")],
    },
    "notice": {
        "description": "What the firm is told of",
        "enum": list(get_args(TicketNotice.model_fields["notice"].annotation)),
    },
}
CORRELATIONS = {
    "fact": {"description": "The first message of the chain", "location": "$message.payload#/correlation"},
    "request": {"description": "Replies carry it (or the correlation_id sent)", "location": "$message.payload#/id"},
    "bare": {"description": "The id of the message that is answered", "location": "$message.header#/correlation_id"},
}


def document(schemas: str) -> Document:
    """The whole document; ``schemas`` is the folder of the JSON Schemas, seen from where the document stands."""
    every = messages()
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "SLKT", "version": VERSION, "description": ABOUT},
        "defaultContentType": "application/cloudevents+json",
        "servers": {
            "broker": {
                "host": "{host}",
                "pathname": f"/{topology.VHOST}",
                "protocol": "amqp",
                "protocolVersion": "0.9.1",
                "description": "RabbitMQ 3.10 or newer",
                "variables": {"host": {"default": "localhost:5672"}},
                "security": [{"$ref": "#/components/securitySchemes/account"}],
            }
        },
        "channels": _channels(every),
        "operations": _operations(every),
        "components": {
            "messages": {message.key: _message(message, schemas) for message in every},
            "correlationIds": CORRELATIONS,
            "securitySchemes": {"account": {"type": "userPassword", "description": ACCOUNT}},
        },
    }


def _message(message: Message, schemas: str) -> Document:
    return {
        "name": message.type,
        "title": message.model.__name__,
        "summary": message.said,
        "contentType": message.content_type,
        "correlationId": {"$ref": f"#/components/correlationIds/{message.envelope}"},
        "payload": {"$ref": f"{schemas}/{message.key}.json"},
        "bindings": {"amqp": {"messageType": message.type, "bindingVersion": BINDING}},
    }


def _way_in(message: Message, every: tuple[Message, ...]) -> str:
    """Name of the channel that the message is sent on: its key, or its exchange where several share the routing key."""
    sharing = [m for m in every if (m.exchange, m.routing_key) == (message.exchange, message.routing_key)]
    return message.key if len(sharing) == 1 else message.exchange


def _way_out(queue: str) -> str:
    """Name of the channel that stands for a queue, or for the queues of all channels or firms."""
    return re.sub(r"\.?\{\w+\}", "", queue)


def _channels(every: tuple[Message, ...]) -> Document:
    channels: Document = {}
    exchanges = {exchange.name: exchange for exchange in topology.EXCHANGES}
    for message in every:
        exchange = exchanges[message.exchange]
        amqp = {
            "is": "routingKey",
            "exchange": {"name": exchange.name, "type": exchange.kind, **_standing(autoDelete=False)},
            "bindingVersion": BINDING,
        }
        _carry(channels, _way_in(message, every), message.routing_key, amqp, message)
    for message in every:
        for queue in message.queues:
            amqp = {
                "is": "queue",
                "queue": {"name": queue, **_standing(exclusive=False, autoDelete=False)},
                "bindingVersion": BINDING,
            }
            _carry(channels, _way_out(queue), queue, amqp, message)
    return channels


def _standing(**more: bool) -> Document:
    return {"durable": True, **more, "vhost": topology.VHOST}


def _carry(channels: Document, name: str, address: str, amqp: Document, message: Message) -> None:
    channel = channels.setdefault(name, {"address": address, "messages": {}})
    if placeholders := re.findall(r"\{(\w+)\}", address):
        channel["parameters"] = {one: PARAMETERS[one] for one in placeholders}
    channel["bindings"] = {"amqp": amqp}
    channel["messages"][message.key] = {"$ref": f"#/components/messages/{message.key}"}


def _operations(every: tuple[Message, ...]) -> Document:
    operations: Document = {}
    for message in every:
        for sender in message.said_by:
            operations[f"{_name(sender)}.send.{message.key}"] = _sending(sender, message, every)
    for message in every:
        for hearer in message.heard_by:
            for queue in _read_by(hearer, message):
                _receive(operations, hearer, queue, message)
    return operations


def _sending(sender: str, message: Message, every: tuple[Message, ...]) -> Document:
    way = _way_in(message, every)
    amqp: Document = {"deliveryMode": 2, "mandatory": message.exchange != topology.REPLIES, "bindingVersion": BINDING}
    operation: Document = {
        "action": "send",
        "channel": {"$ref": f"#/channels/{way}"},
        "summary": f"{sender}: {message.said}",
        "tags": [{"name": _name(sender)}],
        "messages": [{"$ref": f"#/channels/{way}/messages/{message.key}"}],
        "bindings": {"amqp": amqp},
    }
    if message.direction == "asked":
        amqp["userId"] = topology.channel_user("{channel}") if sender == CHANNEL else topology.pujk_user("{code}")
        answers = [m for m in every if m.exchange == topology.REPLIES and sender in m.heard_by]
        out = _way_out(answers[0].queues[0])
        operation["reply"] = {
            "channel": {"$ref": f"#/channels/{out}"},
            "messages": [{"$ref": f"#/channels/{out}/messages/{answer.key}"} for answer in answers],
        }
    return operation


def _receive(operations: Document, hearer: str, queue: str, message: Message) -> None:
    way = _way_out(queue)
    operation = operations.setdefault(
        f"{_name(hearer)}.receive.{way}",
        {
            "action": "receive",
            "channel": {"$ref": f"#/channels/{way}"},
            "summary": f"{hearer} reads {queue}",
            "tags": [{"name": _name(hearer)}],
            "messages": [],
            "bindings": {"amqp": {"ack": True, "bindingVersion": BINDING}},
        },
    )
    operation["messages"].append({"$ref": f"#/channels/{way}/messages/{message.key}"})


def _read_by(hearer: str, message: Message) -> tuple[str, ...]:
    """Its own inbox of a fact; of anything else, the one queue that it goes to."""
    own = f"{hearer}.inbox"
    return (own,) if own in message.queues else message.queues


def _name(who: str) -> str:
    return {CHANNEL: "channel", FIRM: "pujk"}.get(who, who)
