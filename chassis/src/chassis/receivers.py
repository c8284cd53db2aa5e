"""Who is sent to, and what may a try come to? A receiver that is slow or away takes no room from the others."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic

from chassis.refusals import Unavailable

#: A receiver with a try older than this is slow: nothing waits in line for it.
SLOW_SECONDS = 5.0
#: A try takes no longer.
TRY_SECONDS = 30.0
#: A receiver that is away is looked at after this, then after twice as long, and so on.
AWAY_SECONDS, AWAY_MOST_SECONDS = 1.0, 8.0


class Undeliverable(Exception):
    """The receiver said that no later try can help; ``reason`` is a code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Away(Exception):
    """The receiver takes nothing now, whatever it is: the try does not count, and its other deliveries wait.

    Where nobody at all can be reached, ``send`` raises Unavailable instead, and all wait.
    """


class Postponed(Exception):
    """This try was not made: the claim would run out meanwhile, or its receiver is away, or slow and busy."""


class Receiver:
    """Takes at most so many at once. One that is slow takes no more than that of the worker's room; one that is away is
    tried by one delivery now and then."""

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._gate = asyncio.Semaphore(at_once)
        self._begun: dict[object, float] = {}
        self._failures = 0
        self._away_until = 0.0
        self.pause_seconds = 0.0
        self.users = 0

    @property
    def forgettable(self) -> bool:
        """Whether a new one would know as much."""
        return not self.users and not self.pause_seconds

    @property
    def _slow(self) -> bool:
        """By its oldest try under way, or by a whole row of failures."""
        # Begun one after the other: the first is the oldest.
        oldest = next(iter(self._begun.values()), None)
        return self._failures >= self._at_once or (oldest is not None and oldest < monotonic() - SLOW_SECONDS)

    async def send(self, sending: Callable[[], Awaitable[None]], still_ours: Callable[[], bool]) -> None:
        """Errors: Postponed; those of ``sending``; TimeoutError."""
        await self._enter()
        me = object()
        self._begun[me] = monotonic()
        try:
            if not still_ours() or monotonic() < self._away_until:
                raise Postponed
            if looking := self.pause_seconds > 0:
                # This one finds out whether the receiver is back; the others wait for its answer.
                self._away_until = monotonic() + TRY_SECONDS
            async with asyncio.timeout(TRY_SECONDS):
                await sending()
        except Postponed:
            raise
        except Unavailable:
            # Nothing is known of this receiver: the next one may look.
            self._away_until = 0.0
            raise
        except Away:
            longer = min(self.pause_seconds * 2, AWAY_MOST_SECONDS)
            self.pause_seconds = longer if looking else self.pause_seconds or AWAY_SECONDS
            self._away_until = monotonic() + self.pause_seconds
            raise
        except Undeliverable:
            self._answers()
            self._failures = 0
            raise
        except Exception:
            self._answers()
            self._failures += 1
            raise
        else:
            self._answers()
            self._failures = 0
        finally:
            del self._begun[me]
            self._gate.release()

    def _answers(self) -> None:
        self._away_until = self.pause_seconds = 0.0

    async def _enter(self) -> None:
        """Waits in line, but not for a receiver that is slow or becomes so: the room is needed for others."""
        while self._gate.locked():
            if self._slow:
                raise Postponed
            try:
                async with asyncio.timeout(SLOW_SECONDS):
                    await self._gate.acquire()
                return
            except TimeoutError:
                continue
        await self._gate.acquire()
