"""What was put aside, and how does it get another try? Dead letters are read without their content, and replayed by
publishing them to the queue they came from before they are taken away."""

from collections import Counter
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import aio_pika
import orjson
from aio_pika.abc import AbstractConnection, AbstractIncomingMessage
from chassis.letters import KEPT_TYPE
from contracts.topology import OWNERS

from slkt.broker import letters

DEAD = ".dead"
OPERATOR = "operator"
#: Headers that a replayed letter keeps: who sent it with which key, and what a kept body was. See chassis.letters.
KEPT_HEADERS = ("x-slkt-sender", "x-slkt-key", "x-slkt-content-type")
#: Facts of the suite hold what is private sealed only; of them the envelope may be shown.
SEALED = "sealed"


@dataclass(frozen=True)
class Letter:
    """A dead letter as it may be shown: nothing of an outsider's content."""

    id: str
    type: str
    reason: str
    service: str
    sender: str
    attempt: int
    deliveries: int
    size: int
    since: datetime | None
    envelope: dict[str, Any] | None


def letter(message: AbstractIncomingMessage) -> Letter:
    headers, death = message.headers, _death(message)
    reason = headers.get("x-slkt-reason") or f"broker:{death.get('reason', 'unknown')}"
    return Letter(
        id=message.message_id or "",
        type=message.type or "unknown",
        reason=str(reason),
        service=str(headers.get("x-slkt-service", "broker")),
        sender=str(headers.get("x-slkt-sender") or message.user_id or ""),
        attempt=int(str(headers.get("x-slkt-attempt", 0))),
        deliveries=int(str(headers.get("x-delivery-count", 0))),
        size=int(str(headers.get("x-slkt-bytes", len(message.body)))),
        since=_since(message, death),
        envelope=_envelope(message),
    )


async def count_reasons(connection: AbstractConnection, queue: str) -> Counter[str]:
    """Errors: NoSuchQueue."""
    return Counter([letter(message).reason async for message in letters(connection, queue)])


async def replay(
    connection: AbstractConnection, queue: str, *, only: str | None, done: Callable[[str], None] = lambda id_: None
) -> int:
    """Sends the letters of a dead-letter queue (or the one with id `only`) to their queue again; how many.

    Each is confirmed by the broker before it is taken away: a crash between the two leaves it in both, and what is
    heard twice is applied once. What dies again meanwhile is not sent a second time.
    Errors: NoSuchQueue; DeliveryError where the queue does not take it, which then stays dead.
    """
    channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
    sent = 0
    async with aclosing(letters(connection, queue)) as found:
        async for message in found:
            if only in (None, message.message_id):
                await channel.default_exchange.publish(_again(message), queue.removesuffix(DEAD), mandatory=True)
                await message.ack()
                sent += 1
                done(message.message_id or "")
    return sent


def _again(message: AbstractIncomingMessage) -> aio_pika.Message:
    """As the operator, whose word about the true sender is believed; the broker's own user must stand as user."""
    headers: dict[str, Any] = {name: message.headers[name] for name in KEPT_HEADERS if name in message.headers}
    if "x-slkt-sender" not in headers and message.user_id and message.user_id not in (*OWNERS, OPERATOR):
        # The broker itself gave it up, after too many deliveries: it still stands there as its sender sent it.
        keys = _death(message).get("routing-keys") or [message.routing_key]
        headers |= {"x-slkt-sender": message.user_id, "x-slkt-key": str(keys[0])}
    return aio_pika.Message(
        message.body,
        headers=headers,
        content_type=message.content_type,
        delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
        message_id=message.message_id,
        correlation_id=message.correlation_id,
        type=message.type,
        app_id="slkt",
        user_id=OPERATOR,
    )


def _death(message: AbstractIncomingMessage) -> dict[str, Any]:
    """The broker's own record of the first time it gave the message up; empty if it never did."""
    deaths: Any = message.headers.get("x-death")
    return dict(deaths[-1]) if isinstance(deaths, list) and deaths else {}


def _since(message: AbstractIncomingMessage, death: dict[str, Any]) -> datetime | None:
    """When it died, by the broker; else when it was made, by its UUIDv7. Both aware."""
    died = death.get("time")
    if isinstance(died, datetime):
        return died if died.tzinfo else died.replace(tzinfo=UTC)
    try:
        name = UUID(message.message_id or "")
    except ValueError:
        return None
    return datetime.fromtimestamp((name.int >> 80) / 1000, UTC) if name.version == 7 else None


def _envelope(message: AbstractIncomingMessage) -> dict[str, Any] | None:
    """A fact of the suite without what is sealed; None for whatever an outsider sent."""
    if message.content_type == KEPT_TYPE or (message.type or "").split(".")[1:2] not in [[one] for one in OWNERS]:
        return None
    if message.headers.get("x-slkt-sender"):
        return None
    try:
        event = orjson.loads(message.body)
    except orjson.JSONDecodeError:
        return None
    return _unsealed(event) if isinstance(event, dict) else None


def _unsealed(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: "…" if name == SEALED else _unsealed(one) for name, one in value.items()}
    return [_unsealed(one) for one in value] if isinstance(value, list) else value
