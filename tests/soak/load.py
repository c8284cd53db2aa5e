"""What goes on all the time? Complaints at a steady pace: all are told to a firm, some go on to their end."""

import asyncio
import time
from dataclasses import dataclass
from random import Random
from typing import Any

from kit.story import AGREED, TOLD, TOLD_OF_THE_END, WAY, Story
from soak.history import History
from soak.people import SoakFirm, SoakSuite

FIRST, SECOND = {"name": "BANK BRI"}, {"name": "BANK MANDIRI"}
WHOLE_SHARE = 0.3
AT_ONCE_MOST = 500


@dataclass
class Walk(Story):
    """One complaint and what must come of it."""

    whole: bool = False
    began: float = 0.0
    accepted_seconds: float = 0.0
    told_seconds: float = 0.0

    async def walk(self) -> None:
        self.began = time.monotonic()
        await self.brought()
        self.accepted_seconds = time.monotonic() - self.began
        await self.firm.notice(self.number, "ticket-routed")
        self.told_seconds = time.monotonic() - self.began
        if self.whole:
            await self.to_the_end()

    @property
    def facts(self) -> list[str]:
        return AGREED if self.whole else WAY[:2]

    @property
    def mails(self) -> int:
        return TOLD + TOLD_OF_THE_END if self.whole else 2

    @property
    def notices(self) -> list[tuple[str, int]]:
        return [("ticket-routed", 1), ("ticket-closed", 1)] if self.whole else [("ticket-routed", 1)]

    @property
    def stage(self) -> str:
        return "closed_resolved" if self.whole else "sent_to_pujk"


class Load:
    """So many complaints a second, drawn from a seed, until it is paused or closed."""

    def __init__(self, suite: SoakSuite, firms: tuple[SoakFirm, SoakFirm], history: History, rate: float) -> None:
        self.rate = rate
        self.walks: list[Walk] = []
        #: What ended without its end, in words.
        self.failed: list[str] = []
        self._suite = suite
        self._firms = firms
        self._history = history
        self._random = Random(0)
        self._under_way: dict[asyncio.Task[None], Walk] = {}
        self._on = asyncio.Event()
        self._pace: asyncio.Task[None] | None = None

    def begin(self, random: Random) -> None:
        """Goes on, from a draw of its own."""
        self._random = random
        self._on.set()
        if self._pace is None:
            self._pace = asyncio.create_task(self._run())

    def pause(self) -> None:
        self._on.clear()

    async def _run(self) -> None:
        while True:
            await self._on.wait()
            if len(self._under_way) < AT_ONCE_MOST:
                self.start()
            await asyncio.sleep(self._random.expovariate(self.rate))

    def start(self) -> Walk:
        whole = self._random.random() < WHOLE_SHARE
        # Those that are only told go to both firms alike; the first one answers.
        first = whole or self._random.random() < 0.4
        walk = Walk(self._suite, self._firms[0 if first else 1], whole=whole)
        walk.data["pujk"] = FIRST if first else SECOND
        self.walks.append(walk)
        task = asyncio.create_task(walk.walk())
        self._under_way[task] = walk
        task.add_done_callback(self._ended)
        return walk

    def _ended(self, task: "asyncio.Task[None]") -> None:
        walk = self._under_way.pop(task)
        if task.cancelled():
            return
        error = task.exception()
        if error is not None:
            number = walk.receipt.get("number", "without a number")
            self.failed.append(f"{number}: {type(error).__name__} {error}"[:300])
            self._history.write("a complaint did not end", number=number, told=self.failed[-1])

    @property
    def under_way(self) -> int:
        return len(self._under_way)

    async def grows(self, by: int, seconds: float = 60.0) -> bool:
        """Whether so many more were accepted in time."""
        wanted, until = self.accepted + by, time.monotonic() + seconds
        while self.accepted < wanted and time.monotonic() < until:  # noqa: ASYNC110 - others' doing
            await asyncio.sleep(0.1)
        return self.accepted >= wanted

    @property
    def accepted(self) -> int:
        return sum(bool(one.receipt) for one in self.walks)

    def since(self, count: int) -> list[Walk]:
        return self.walks[count:]

    def forget(self) -> None:
        """As if nobody had complained."""
        self.pause()
        for task in self._under_way:
            task.cancel()
        self.walks.clear()
        self.failed.clear()

    async def close(self) -> None:
        if self._pace is not None:
            self._pace.cancel()
        for task in list(self._under_way):
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def figures(walks: list[Walk], code: str | None = None) -> dict[str, Any]:
    """How long accepting and telling the firm took, in milliseconds."""
    some = [one for one in walks if code is None or one.firm.code == code]
    accepted = [one.accepted_seconds * 1000 for one in some if one.accepted_seconds]
    told = [one.told_seconds * 1000 for one in some if one.told_seconds]
    return {
        "complaints": len(some),
        "accept_p50_ms": round(percentile(accepted, 0.5)),
        "accept_p99_ms": round(percentile(accepted, 0.99)),
        "told_p50_ms": round(percentile(told, 0.5)),
        "told_p99_ms": round(percentile(told, 0.99)),
    }
