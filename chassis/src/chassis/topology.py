"""How does the topology page become exchanges and queues? One step, before any service publishes."""

import asyncio
from typing import Any, cast

from aio_pika.exceptions import AMQPError, ChannelClosed, ChannelNotFoundEntity
from contracts.broker import Exchange, Queue, Topology
from faststream.rabbit import ExchangeType, QueueType, RabbitBroker, RabbitExchange, RabbitQueue

from chassis.messaging import Link
from chassis.refusals import Unavailable

ASK_SECONDS = 5.0

_KINDS = {"topic": ExchangeType.TOPIC, "direct": ExchangeType.DIRECT, "fanout": ExchangeType.FANOUT}


def exchange_of(exchange: Exchange) -> RabbitExchange:
    arguments = {"alternate-exchange": exchange.alternate} if exchange.alternate else None
    return RabbitExchange(exchange.name, type=_KINDS[exchange.kind], durable=True, arguments=arguments)


def arguments_of(queue: Queue, dead_exchange: str) -> dict[str, Any]:
    """Of a durable quorum queue; every argument is said, so that no broker version fills in its own."""
    arguments: dict[str, Any] = {"x-queue-type": "quorum", "x-delivery-limit": queue.delivery_limit}
    if queue.dead_key or queue.back_to:
        # At-least-once dead-lettering needs reject-publish (RabbitMQ refuses it with drop-head).
        arguments["x-dead-letter-strategy"] = "at-least-once"
        arguments["x-overflow"] = "reject-publish"
        arguments["x-dead-letter-exchange"] = "" if queue.back_to else dead_exchange
        arguments["x-dead-letter-routing-key"] = queue.back_to or queue.dead_key
    elif queue.max_length is not None:
        arguments["x-overflow"] = "drop-head" if queue.expire_oldest else "reject-publish"
    if queue.max_length is not None:
        arguments["x-max-length"] = queue.max_length
    if queue.max_bytes is not None:
        arguments["x-max-length-bytes"] = queue.max_bytes
    if queue.ttl_ms is not None:
        arguments["x-message-ttl"] = queue.ttl_ms
    return arguments


def queue_of(queue: Queue, dead_exchange: str) -> RabbitQueue:
    arguments = arguments_of(queue, dead_exchange)
    return RabbitQueue(queue.name, queue_type=QueueType.QUORUM, durable=True, arguments=cast(Any, arguments))


async def declare(url: str, topology: Topology, *, dead_exchange: str) -> None:
    """Declares everything on the page; what stands already the same way stays.

    Errors: RuntimeError where a queue or exchange stands with other arguments; those of the connection.
    """
    async with RabbitBroker(url, logger=None) as broker:
        try:
            for exchange in topology.exchanges:
                await broker.declare_exchange(exchange_of(exchange))
            for queue in topology.queues:
                declared = await broker.declare_queue(queue_of(queue, dead_exchange))
                for binding in queue.bindings:
                    await declared.bind(binding.exchange, binding.key)
        except ChannelClosed as error:
            raise RuntimeError(f"the broker holds something of the topology with other arguments: {error}") from error


async def stand(link: Link, *queues: Queue) -> bool:
    """Whether the broker has all of them; asking makes none. Errors: Unavailable."""
    try:
        async with asyncio.timeout(ASK_SECONDS):
            channel = await link.channel(confirms=False)
            for queue in queues:
                await channel.queue_declare(queue.name, passive=True)
            await channel.close()
    except ChannelNotFoundEntity:
        return False
    except (OSError, AMQPError) as error:
        raise Unavailable("the broker does not answer") from error
    return True


async def waiting(link: Link, *queues: Queue) -> int:
    """How many messages wait in them and are in no reader's hands. Errors: Unavailable."""
    try:
        async with asyncio.timeout(ASK_SECONDS):
            channel = await link.channel(confirms=False)
            counts = [(await channel.queue_declare(queue.name, passive=True)).message_count for queue in queues]
            await channel.close()
    except (OSError, AMQPError) as error:
        raise Unavailable("the broker does not answer") from error
    return sum(count or 0 for count in counts)
