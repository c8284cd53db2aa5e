"""How does a channel submit over AMQP? One sealed CloudEvent a matter, confirmed, and the receipt on its own queue."""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aio_pika
from aio_pika.abc import AbstractExchange, AbstractIncomingMessage
from contracts.base import CONTENT_TYPE
from contracts.channel import Submission
from contracts.topology import SUBMISSIONS, channel_user, reply_queue
from joserfc import jwe
from joserfc.jwk import OKPKey

RECEIPT_SECONDS = 120.0
ATTEMPTS = 3


class NoReceipt(RuntimeError):
    """No answer came in time; the same key may be sent again and gets the same receipt."""


class DoorKey:
    """Intake's public X25519 key: what is private is sealed to it before it leaves the channel."""

    def __init__(self, jwk: Mapping[str, Any]) -> None:
        self._key = OKPKey.import_key(dict(jwk))
        self._id = str(jwk.get("kid", "door"))

    @classmethod
    def read(cls, path: Path) -> "DoorKey":
        return cls(json.loads(path.read_text()))

    def sealed(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """The submission with ``sealed`` in place of ``private``."""
        header = {"alg": "ECDH-ES", "enc": "A256GCM", "kid": self._id}
        text = jwe.encrypt_compact(header, json.dumps(data["private"]).encode(), self._key)
        return {name: value for name, value in data.items() if name != "private"} | {"sealed": text}


class ChannelSender:
    """One channel's connection; any number of submissions under way."""

    def __init__(self, amqp: str, channel: str, door: DoorKey) -> None:
        self._amqp = amqp
        self._channel = channel
        self._door = door
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._exchange: AbstractExchange | None = None

    async def __aenter__(self) -> Self:
        self._connection = await aio_pika.connect(self._amqp)
        sending = await self._connection.channel(publisher_confirms=True, on_return_raises=True)
        self._exchange = await sending.get_exchange(SUBMISSIONS, ensure=False)
        reading = await self._connection.channel()
        await reading.set_qos(prefetch_count=200)
        replies = await reading.get_queue(reply_queue(channel_user(self._channel)).name, ensure=False)
        await replies.consume(self._replied)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._connection.close()

    async def submit(self, key: str, data: Mapping[str, Any]) -> dict[str, Any]:
        """The receipt or the refusal. Errors: NoReceipt; those of the connection."""
        sealed = self._door.sealed(data)
        for _ in range(ATTEMPTS):
            waiting = self._waiting.setdefault(key, asyncio.get_running_loop().create_future())
            await self._publish(key, sealed)
            try:
                async with asyncio.timeout(RECEIPT_SECONDS):
                    return await asyncio.shield(waiting)
            except TimeoutError:
                continue
            finally:
                if waiting.done():
                    self._waiting.pop(key, None)
        raise NoReceipt(f"no receipt for {key}")

    async def _publish(self, key: str, data: dict[str, Any]) -> None:
        assert self._exchange is not None
        event = {
            "specversion": "1.0",
            "id": key,
            "type": Submission.type(),
            "source": f"/channel/{self._channel}",
            "datacontenttype": "application/json",
            "data": data,
        }
        message = aio_pika.Message(
            json.dumps(event).encode(),
            content_type=CONTENT_TYPE,
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
            message_id=key,
            correlation_id=key,
            type=Submission.type(),
            user_id=channel_user(self._channel),
        )
        await self._exchange.publish(message, f"submission.{self._channel}", mandatory=True)

    async def _replied(self, message: AbstractIncomingMessage) -> None:
        await message.ack()
        waiting = self._waiting.get(message.correlation_id or "")
        if waiting is not None and not waiting.done():
            waiting.set_result(json.loads(message.body))
