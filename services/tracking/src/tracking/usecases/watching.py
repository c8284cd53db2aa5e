"""Who has a matter open and hears when it moves? One look for all of them together, however many they are: what another
replica wrote is seen by it like what this one did."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from chassis.clock import Clock
from chassis.refusals import TooMany, Unavailable

from tracking.ports import Versions

#: Half of a second at most from a write to whoever looks, and nothing at all is asked while nobody does.
LOOK_SECONDS = 0.4
NUMBERS_AT_ONCE = 500
#: A quarter of what whoever stands between waits for.
BEAT_SECONDS = 15.0
#: Of one replica; 2,000 take some 60 MiB.
LISTENERS_MOST = 4_000
#: Of one address: a household, or an office where people look at their matters.
OF_ONE_ADDRESS = 40
OF_ONE_MATTER = 20
RETRY_SECONDS = 60


@dataclass(eq=False)
class Listener:
    """Somebody who looks. ``version``: what they know; ``told``: something is new, or it is over."""

    number: str
    version: int
    told: asyncio.Event = field(default_factory=asyncio.Event)


class Watching:
    """The listeners of this process, by matter. A job of the service: it looks, and ends them with it."""

    def __init__(self, versions: Versions, clock: Clock, *, most: int = LISTENERS_MOST) -> None:
        self._versions = versions
        self._clock = clock
        self._most = most
        self._listeners: dict[str, set[Listener]] = {}
        self._by_address: Counter[str] = Counter()
        self._somebody = asyncio.Event()
        self._stopping = False

    def __len__(self) -> int:
        return self._by_address.total()

    def check_room(self, number: str, address: str) -> None:
        """Errors: TooMany, Unavailable."""
        if self._by_address[address] >= OF_ONE_ADDRESS or len(self._listeners.get(number, ())) >= OF_ONE_MATTER:
            raise TooMany("this is open too often at once", extra={"retry_after": RETRY_SECONDS})
        if self._stopping or len(self) >= self._most:
            raise Unavailable("too many look at once; ask again later")

    @contextmanager
    def listening(self, number: str, since: int, address: str) -> Iterator[Listener]:
        """``since``: what the page shows, 0 where it does not know."""
        listener = Listener(number, since)
        self._listeners.setdefault(number, set()).add(listener)
        self._by_address[address] += 1
        self._somebody.set()
        try:
            yield listener
        finally:
            self._forget(listener, address)

    async def news(self, listener: Listener, until: datetime) -> AsyncIterator[int | None]:
        """The version whenever the matter has moved, None as a sign of life; ends with the time, or the service."""
        while not self._stopping and (left := (until - self._clock.now()).total_seconds()) > 0:
            try:
                async with asyncio.timeout(min(left, BEAT_SECONDS)):
                    await listener.told.wait()
            except TimeoutError:
                yield None
                continue
            listener.told.clear()
            if not self._stopping:
                yield listener.version

    def over(self, until: datetime) -> bool:
        """Its time is over; where only this process ends, another one may go on."""
        return not self._stopping and self._clock.now() >= until

    async def run(self) -> None:
        while True:
            await self._somebody.wait()
            await asyncio.sleep(LOOK_SECONDS)
            try:
                await self.look()
            except Unavailable:
                # The next look finds what this one did not.
                continue

    async def look(self) -> None:
        """Tells each listener whose matter has moved since they were told. Errors: Unavailable."""
        numbers = list(self._listeners)
        if not numbers:
            self._somebody.clear()
        for begin in range(0, len(numbers), NUMBERS_AT_ONCE):
            for number, version in (await self._versions.versions(numbers[begin : begin + NUMBERS_AT_ONCE])).items():
                for listener in self._listeners.get(number, ()):
                    if listener.version != version:
                        listener.version = version
                        listener.told.set()

    async def stop(self) -> None:
        """Their browsers come back to another replica."""
        self._stopping = True
        for listener in [one for here in self._listeners.values() for one in here]:
            listener.told.set()

    def _forget(self, listener: Listener, address: str) -> None:
        here = self._listeners[listener.number]
        here.discard(listener)
        if not here:
            del self._listeners[listener.number]
        self._by_address[address] -= 1
        if not self._by_address[address]:
            del self._by_address[address]
