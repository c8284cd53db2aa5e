"""How is one channel read and left in order? No more deliveries, then what is handled, then its acknowledgement, then
the channel."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from chassis.acking import Acker
from chassis.delivered import Delivered
from chassis.tap import Ear
from chassis.tasks import Tasks, unasked

log = logging.getLogger(__name__)

#: How long a broker that does not answer may hold up the end of a session.
LEAVE_SECONDS = 5.0


async def _not_ours(_: Any) -> None:
    """The library's callback: deliveries reach the ear before it."""


class Session:
    """One channel on which a queue is read. What arrives after its end is left to the broker."""

    def __init__(self, channel: Any, ear: Ear) -> None:
        self.channel = channel
        self.acker = Acker(ear)
        self._ear = ear
        self.tags: list[str] = []
        self.ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        channel.on_consumer_cancel_callbacks.add(lambda _: self.end("cancelled by the broker"))
        ear.when_over = lambda: self.end("channel closed")

    def end(self, reason: str) -> None:
        if not self.ended.done():
            self.ended.set_result(reason)

    async def consume(self, queue: str, callback: Callable[[Delivered], None], tag: str) -> None:
        self.tags.append(tag)
        self._ear.consumers[tag] = callback
        await self.channel.basic_consume(queue, _not_ours, consumer_tag=tag)

    async def cancel(self) -> None:
        """Takes no more deliveries."""
        while self.tags:
            await self.channel.basic_cancel(self.tags.pop())

    async def leave(self, handlers: Tasks) -> None:
        """Takes no more, lets the handlers finish and acknowledge, closes the channel."""
        self.end("left")
        await self._politely(self.cancel)
        await handlers.finish()
        self.acker.flush()
        await self._politely(self.channel.close)

    async def _politely(self, step: Callable[[], Awaitable[None]]) -> None:
        if self.channel.is_closed:
            return
        try:
            async with asyncio.timeout(LEAVE_SECONDS):
                await step()
        except asyncio.CancelledError as error:
            self._ear.end(0)
            unasked(error)
        except Exception as error:
            # The library closes a channel on which nobody answered: what is written there now ends the connection.
            self._ear.end(0)
            log.warning("channel not left in order", extra={"error": type(error).__name__})
