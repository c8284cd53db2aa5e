"""How long is passing trouble waited out? With backoff, while a message stays unacknowledged, and not beyond a stop."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import TypeVar

from chassis.confirms import PublishFailed
from chassis.database import transient

log = logging.getLogger(__name__)

T = TypeVar("T")

#: How long passing trouble is waited out in place; the broker closes a channel that holds a message for 30 minutes.
WAIT_OUT_SECONDS = 600.0
PAUSE_SECONDS, PAUSE_MOST_SECONDS = 0.1, 5.0


class NotNow(Exception):
    """The message stays unacknowledged: stopping, or the trouble lasted too long."""


class Patience:
    """Of one queue's readers."""

    def __init__(self, queue: str) -> None:
        self._queue = queue
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Whoever waits something out gives up; those at work finish."""
        self._stopping.set()

    async def until_done(self, act: Callable[[], Awaitable[T]], *, telling: str = "") -> T:
        """What ``act`` answers where neither database nor broker is in trouble; ``telling`` goes to the log at each
        vain try. Errors: NotNow; those of ``act`` that do not pass."""
        started, pause = monotonic(), PAUSE_SECONDS
        while True:
            try:
                return await act()
            except Exception as error:
                if not (transient(error) or isinstance(error, PublishFailed)):
                    raise
                if telling:
                    log.warning(telling, extra={"queue": self._queue, "error": type(error).__name__})
                if self._stopping.is_set() or monotonic() - started > WAIT_OUT_SECONDS:
                    raise NotNow from error
            await self._rest(pause)
            pause = min(pause * 2, PAUSE_MOST_SECONDS)

    async def _rest(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return
