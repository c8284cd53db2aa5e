"""When may the next batch begin? At once where little comes, later where much does: each batch costs the database and
us half a millisecond before its first document, so that many matters should share one."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from time import monotonic

#: Where nothing came for so long, nothing is waited for.
QUIET_SECONDS = 0.002
#: A batch of n is followed by the next after n of these, within what least and most allow.
SECONDS_EACH = 0.003


class Gathering:
    """For batches that somebody outside waits for: more is awaited while more comes, for ``most`` seconds at most."""

    def __init__(self, most: float) -> None:
        self._most = most
        self._last = 0

    async def settle(self, waiting: Callable[[], int], enough: int) -> None:
        """Returns at once where matters come one by one."""
        until, seen, now = monotonic() + self._most, 0, waiting()
        if max(now, self._last) <= 1:
            return
        while seen < now < enough and monotonic() < until:
            await asyncio.sleep(QUIET_SECONDS)
            seen, now = now, waiting()

    def began(self, count: int) -> None:
        self._last = count


class Pace:
    """For batches that nobody outside waits for: two begin ``least`` seconds apart, and under load batches grow."""

    def __init__(self, least: float, most: float) -> None:
        self._least = least
        self._most = most
        self._next = 0.0
        self._hurried = asyncio.Event()

    def began(self, count: int) -> None:
        self._next = monotonic() + max(self._least, min(count * SECONDS_EACH, self._most))
        self._hurried.clear()

    def pause(self) -> float:
        """Seconds until the next batch may begin; 0 where it may now."""
        return max(0.0, self._next - monotonic())

    async def rest(self) -> None:
        """Until then, or until somebody hurries."""
        if pause := self.pause():
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._hurried.wait()

    def hurry(self) -> None:
        """Somebody outside waits now: what rests goes on, and takes with it what came meanwhile."""
        self._hurried.set()
