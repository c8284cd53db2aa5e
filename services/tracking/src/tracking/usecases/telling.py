"""How is the whole doing? Figures of a period, put together of those that are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from tracking.domain.figures import Figures, together
from tracking.domain.periods import Period


class Kept(Protocol):
    async def of(self, period: Period) -> Sequence[tuple[Figures, datetime]]:
        """Errors: Unavailable."""
        ...


@dataclass(frozen=True)
class Told:
    """``made``: when the youngest of the figures was made; none where there are none."""

    period: Period
    figures: Figures
    made: datetime | None


@dataclass(frozen=True)
class TellFigures:
    kept: Kept

    async def __call__(self, period: Period) -> Told:
        """Errors: Unavailable."""
        found = await self.kept.of(period)
        return Told(period, together(one for one, _ in found), max((at for _, at in found), default=None))
