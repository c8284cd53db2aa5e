"""What lies in the broker? Queues by their depth, and letters looked at without being taken away."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote

import aio_pika
import httpx
from aio_pika.abc import AbstractConnection, AbstractIncomingMessage
from aiormq.exceptions import ChannelNotFoundEntity
from chassis.hostile import tolerate
from chassis.trust import trust

from slkt.settings import Management

CONNECT_SECONDS = 10


class NoSuchQueue(Exception):
    """The broker has no queue of that name."""


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[AbstractConnection]:
    """Errors: OSError, AMQPError, TimeoutError."""
    tolerate()
    connection = await aio_pika.connect(url, timeout=CONNECT_SECONDS, client_properties={"connection_name": "slkt"})
    try:
        yield connection
    finally:
        await connection.close()


async def ready(connection: AbstractConnection, queue: str) -> int:
    """How many messages wait there, without those in a consumer's hands. Errors: NoSuchQueue."""
    channel = await connection.channel()
    try:
        found = await channel.declare_queue(queue, passive=True)
        return int(found.declaration_result.message_count or 0)
    except ChannelNotFoundEntity as error:
        raise NoSuchQueue(f"the broker has no queue {queue}") from error
    finally:
        if not channel.is_closed:
            await channel.close()


async def letters(connection: AbstractConnection, queue: str) -> AsyncGenerator[AbstractIncomingMessage, None]:
    """Each message of a queue once, in order. What the reader does not acknowledge goes back to its place at the end.

    Looking counts as a delivery: only for queues whose delivery limit is out of reach (`*.dead`) or whose limit puts
    them back to where they belong (`*.retry.*`). Errors: NoSuchQueue.
    """
    count = await ready(connection, queue)
    channel = await connection.channel()
    try:
        source = await channel.get_queue(queue, ensure=False)
        for _ in range(count):
            message = await source.get(no_ack=False, fail=False)
            if message is None:
                return
            yield message
    finally:
        if not channel.is_closed:
            await channel.close()


async def queues(management: Management) -> list[dict[str, Any]]:
    """Every queue of the suite as the management API tells it. Errors: httpx.HTTPError."""
    login, trusted = (management.user, management.password), trust(management.url)
    async with httpx.AsyncClient(auth=login, timeout=30, trust_env=False, verify=trusted) as http:
        response = await http.get(f"{management.url}/api/queues/{quote(management.vhost, safe='')}")
        response.raise_for_status()
        found: list[dict[str, Any]] = response.json()
        return sorted(found, key=lambda one: str(one["name"]))
