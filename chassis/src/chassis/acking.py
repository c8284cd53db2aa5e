"""How is a message acknowledged? Last, and in as few frames as can be: what is done without a gap by one frame, the
rest one by one."""

import asyncio
from typing import Any

from aiormq.exceptions import AMQPError, ChannelInvalidStateError

from chassis.tasks import Tasks


class Acker:
    """The acknowledgements of one channel. Every delivery is told to it, also one that is left unhandled."""

    def __init__(self, channel: Any) -> None:
        self._channel = channel
        self._open: set[int] = set()
        self._done: set[int] = set()
        self._flushing = False
        self._tasks = Tasks()

    def delivered(self, tag: int) -> None:
        self._open.add(tag)

    def done(self, tag: int) -> None:
        self._open.discard(tag)
        self._done.add(tag)
        if not self._flushing:
            # One flush at a time: a later "all up to here" must not overtake the single acknowledgements of an
            # earlier one, or the broker hears of a tag twice and closes the channel.
            self._flushing = True
            self._tasks.start(self._flush())

    async def finish(self) -> None:
        """Returns when all that is done is on its way to the broker."""
        await self._tasks.finish()

    async def _flush(self) -> None:
        # One turn of the loop lets everything that is done together share a frame.
        await asyncio.sleep(0)
        try:
            while self._done:
                await self._once()
        except (AMQPError, ChannelInvalidStateError, OSError, RuntimeError):
            # The channel is gone: the broker delivers again, and what was applied is known.
            return
        finally:
            self._flushing = False

    async def _once(self) -> None:
        done, self._done = self._done, set()
        oldest = min(self._open, default=None)
        together = [tag for tag in done if oldest is None or tag < oldest]
        if together:
            await self._channel.basic_ack(max(together), multiple=True, wait=False)
        for tag in sorted(done.difference(together)):
            await self._channel.basic_ack(tag, wait=False)
