"""What may whoever runs the broker do to a test's queues? Empty, fill, delete, make again, look at dead letters."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import aio_pika
from aio_pika.abc import AbstractIncomingMessage
from aiormq.exceptions import DeliveryError
from chassis.topology import declare
from contracts.base import CONTENT_TYPE
from contracts.broker import Queue, Topology
from contracts.topology import DEAD, EVENTS
from kit.running import eventually

MOST = 1_000


@dataclass(frozen=True)
class Letter:
    """A message outside of any queue, with what a republish keeps of it."""

    id: str
    type: str
    body: bytes
    content_type: str = CONTENT_TYPE

    @classmethod
    def of(cls, message: AbstractIncomingMessage) -> "Letter":
        return cls(message.message_id or "", message.type or "", message.body, message.content_type or "")

    def message(self) -> aio_pika.Message:
        return aio_pika.Message(
            self.body,
            content_type=self.content_type,
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
            message_id=self.id,
            type=self.type,
        )


class Operator:
    """Acts with the administrator's rights; a connection for each act, so that it outlives any broker."""

    def __init__(self, amqp: str) -> None:
        self._amqp = amqp

    async def drain(self, queue: str, ids: Iterable[str]) -> list[Letter]:
        """Takes everything out of a queue that nobody reads, once all of ``ids`` came; in the order they came."""
        wanted, found = set(ids), dict[str, Letter]()
        async with await aio_pika.connect(self._amqp) as connection:
            source = await (await connection.channel()).get_queue(queue, ensure=False)

            async def all_there() -> bool:
                while (message := await source.get(no_ack=True, fail=False)) is not None:
                    found.setdefault(message.message_id or "", Letter.of(message))
                return wanted <= found.keys()

            await eventually(all_there, f"{len(wanted)} messages in {queue}")
        return list(found.values())

    async def replies(self, user: str, correlations: Iterable[str]) -> dict[str, dict[str, Any]]:
        """What an outsider was answered, by correlation; taken from its reply queue, which nobody reads."""
        wanted, found = set(correlations), dict[str, dict[str, Any]]()
        async with await aio_pika.connect(self._amqp) as connection:
            source = await (await connection.channel()).get_queue(f"reply.{user}", ensure=False)

            async def all_there() -> bool:
                while (message := await source.get(no_ack=True, fail=False)) is not None:
                    found[message.correlation_id or ""] = json.loads(message.body)
                return wanted <= found.keys()

            await eventually(all_there, f"{len(wanted)} replies to {user}")
        return found

    async def put(self, queue: str, letters: Sequence[Letter]) -> None:
        """Straight into one queue, in this order."""
        await self._publish("", [(queue, one) for one in letters])

    async def fill(self, queue: str, body: bytes) -> int:
        """Puts the same body until the queue takes no more; how many it took."""
        async with await aio_pika.connect(self._amqp) as connection:
            channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
            for count in range(MOST):
                try:
                    await channel.default_exchange.publish(aio_pika.Message(body), queue)
                except DeliveryError:
                    return count
        raise AssertionError(f"{queue} took {MOST} messages and is not full")

    async def say(self, letters: Sequence[Letter]) -> None:
        """As facts, to everybody who hears them."""
        await self._publish(EVENTS, [(one.type.removeprefix("slkt."), one) for one in letters])

    async def _publish(self, exchange: str, letters: Sequence[tuple[str, Letter]]) -> None:
        async with await aio_pika.connect(self._amqp) as connection:
            channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
            to = await channel.get_exchange(exchange, ensure=False) if exchange else channel.default_exchange
            for key, letter in letters:
                await to.publish(letter.message(), key, mandatory=True)

    async def depth(self, queue: str) -> int:
        """Messages that wait there now, by the broker itself."""
        async with await aio_pika.connect(self._amqp) as connection:
            found = await (await connection.channel()).declare_queue(queue, passive=True)
            return int(found.declaration_result.message_count or 0)

    async def delete(self, queue: str) -> None:
        async with await aio_pika.connect(self._amqp) as connection:
            await (await connection.channel()).queue_delete(queue)

    async def make(self, *queues: Queue) -> None:
        await declare(self._amqp, Topology(queues=queues), dead_exchange=DEAD)

    async def purge(self, queue: str) -> None:
        async with await aio_pika.connect(self._amqp) as connection:
            await (await (await connection.channel()).get_queue(queue, ensure=False)).purge()

    async def dead(self, queues: Iterable[str]) -> list[tuple[str, str, str]]:
        """(queue, reason, message id) of every dead letter; they stay where they are."""
        found: list[tuple[str, str, str]] = []
        async with await aio_pika.connect(self._amqp) as connection:
            for queue in queues:
                channel = await connection.channel()
                source = await channel.get_queue(queue, ensure=False)
                while (message := await source.get(fail=False)) is not None:
                    headers: dict[str, Any] = dict(message.headers)
                    reason = str(headers.get("x-slkt-reason", headers.get("x-first-death-reason")))
                    found.append((queue.removesuffix(".dead"), reason, message.message_id or ""))
                await channel.close()
        return sorted(found)
