"""How do figures follow what happens? Matters whose row changed are found, the figures of their days are made anew of
all rows of the day, and what stands above them anew of these.

Nothing is ever added to a figure: each step may be done twice, or by two at once, and whoever dies between any two
writes leaves behind what says that there is more to do."""

import logging
from asyncio import gather
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from chassis.ids import new_id
from chassis.messages import of_worker
from chassis.refusals import Erased, NotFound, Unavailable

from tracking.domain.figures import Figures
from tracking.domain.periods import parent
from tracking.domain.rows import VERSION, Row
from tracking.ports import Timelines

log = logging.getLogger(__name__)

#: Found at once, so often before figures are made although more may be waiting, and made again at once.
FOUND, FINDS_MOST, AGAIN_AT_ONCE, CELLS_AT_ONCE = 20_000, 50, 200, 20
#: What says that the row itself is to be made again.
AGAIN = "again"
#: Years come after months, which come after days.
LEVELS = (10, 7, 4)


@dataclass(frozen=True)
class Changed:
    """A matter that is not counted as its row says; ``mark`` names this change of it."""

    number: str
    mark: str
    day: str | None
    version: int

    @property
    def is_old(self) -> bool:
        return self.mark == AGAIN or self.version < VERSION


class Counts(Protocol):
    """What is known of the figures. Errors of all: those of the driver."""

    async def sweep(self) -> None:
        """Marks some of the matters whose rows are of an older version, as long as there are any."""
        ...

    async def changed(self, most: int) -> Sequence[Changed]: ...

    async def soil(self, cells: Iterable[str]) -> None:
        """The figures of these are not right any more, or soon."""
        ...

    async def noted(self, changed: Sequence[Changed]) -> None:
        """They are not found again, but those that changed once more."""
        ...

    async def soiled(self, length: int) -> Sequence[tuple[str, str]]:
        """Cells with names of this length, with the mark of who soiled them last."""
        ...

    def rows(self, day: str) -> AsyncIterator[Row]: ...

    def below(self, cell: str) -> AsyncIterator[dict[str, Any]]: ...

    async def put(self, cell: str, mark: str, figures: dict[str, Any]) -> bool:
        """False where somebody soiled it again meanwhile."""
        ...

    async def clean(self, cell: str, mark: str) -> None: ...


@dataclass(frozen=True)
class CountMatters:
    """Figures become what the rows say."""

    timelines: Timelines
    counts: Counts

    async def __call__(self) -> int:
        """How many cells were made anew."""
        await self.counts.sweep()
        for _ in range(FINDS_MOST):
            changed = await self.counts.changed(FOUND)
            old = [one.number for one in changed if one.is_old]
            for begin in range(0, len(old), AGAIN_AT_ONCE):
                await gather(*map(self._again, old[begin : begin + AGAIN_AT_ONCE]))
            fresh = [one for one in changed if not one.is_old]
            await self.counts.soil({one.day for one in fresh if one.day})
            await self.counts.noted(fresh)
            if len(changed) < FOUND and not old:
                break
        made = 0
        for length in LEVELS:
            soiled = await self.counts.soiled(length)
            for begin in range(0, len(soiled), CELLS_AT_ONCE):
                made += await self._make(soiled[begin : begin + CELLS_AT_ONCE])
        return made

    async def _again(self, number: str) -> None:
        mark = new_id()
        try:
            await self.timelines.change(of_worker(number), lambda timeline: timeline.count_again(mark))
        except (NotFound, Erased):
            return
        except Unavailable:
            raise
        except Exception as error:
            # One matter's trouble holds up no figures.
            log.error("a matter is not counted", exc_info=error, extra={"number": number})

    async def _make(self, soiled: Sequence[tuple[str, str]]) -> int:
        """What stands above them is soiled when they are right, and before they are clean."""
        stands = await gather(*(self._put(cell, mark) for cell, mark in soiled))
        made = [one for one, stood in zip(soiled, stands, strict=True) if stood]
        await self.counts.soil({above for cell, _ in made if (above := parent(cell))})
        await gather(*(self.counts.clean(cell, mark) for cell, mark in made))
        return len(made)

    async def _put(self, cell: str, mark: str) -> bool:
        figures = Figures()
        if len(cell) == LEVELS[0]:
            async for row in self.counts.rows(cell):
                figures.add(row)
        else:
            async for one in self.counts.below(cell):
                figures.merge(Figures.of(one))
        return await self.counts.put(cell, mark, figures.document())
