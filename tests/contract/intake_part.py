"""Who answers a channel when intake is not there? Intake's part, played as little as a receipt needs."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aio_pika
from aio_pika.abc import AbstractIncomingMessage
from contracts.base import Refused, Request
from contracts.channel import Private, Receipt, Submission
from joserfc import jwe
from joserfc.jwk import OKPKey

from contracts import topology

Answer = Callable[[Request[Submission]], Receipt | Refused]


@dataclass
class Heard:
    """What came to the door, as it came and as it was read."""

    messages: list[AbstractIncomingMessage] = field(default_factory=list)
    requests: list[Request[Submission]] = field(default_factory=list)
    privates: list[Private] = field(default_factory=list)


@asynccontextmanager
async def answering(url: str, channel_name: str, door_key: OKPKey, answer: Answer) -> AsyncIterator[Heard]:
    """Reads the channel's queue as intake's broker user, validates, unseals, and answers on the reply exchange."""
    heard = Heard()
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel(publisher_confirms=True)
        replies = await channel.get_exchange(topology.REPLIES, ensure=False)

        async def on_submission(message: AbstractIncomingMessage) -> None:
            request = Request[Submission].model_validate_json(message.body)
            opened = jwe.decrypt_compact(request.data.sealed or "", door_key, algorithms=["ECDH-ES", "A256GCM"])
            heard.messages.append(message)
            heard.requests.append(request)
            heard.privates.append(Private.model_validate_json(opened.plaintext or b""))
            reply = aio_pika.Message(
                answer(request).model_dump_json(exclude_none=True).encode(),
                content_type="application/json",
                correlation_id=message.correlation_id,
            )
            await replies.publish(reply, message.user_id or "", mandatory=False)
            await message.ack()

        queue = await channel.get_queue(topology.submissions(channel_name).name, ensure=False)
        await queue.consume(on_submission)
        yield heard
