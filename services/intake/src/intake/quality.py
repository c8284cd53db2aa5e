"""How is the work of the desk judged? A random sample that can be drawn again, and a card of weighted criteria."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

#: Not, partly, fully. What does not apply is left out, and its weight with it.
POINTS = (0, 1, 2)
SAMPLE_MOST = 200
PERIOD_MOST_DAYS = 92


@dataclass(frozen=True)
class Criterion:
    code: str
    weight: int
    words: Mapping[str, str]


@dataclass(frozen=True)
class ScoreCard:
    """Good for what is scored from its day on; weights make 100."""

    version: str
    valid_from: date
    criteria: tuple[Criterion, ...]

    @classmethod
    def parse(cls, one: Mapping[str, Any]) -> "ScoreCard":
        """ValueError where its weights do not make 100."""
        criteria = tuple(Criterion(c["code"], c["weight"], {"id": c["id"], "en": c["en"]}) for c in one["criteria"])
        if sum(c.weight for c in criteria) != 100:
            raise ValueError(f"the weights of card {one['version']} make {sum(c.weight for c in criteria)}, not 100")
        return cls(one["version"], date.fromisoformat(one["valid_from"]), criteria)

    def total(self, points: Mapping[str, int | None]) -> int:
        """Of 100. ValueError where nothing applies, or a criterion was not judged."""
        if set(points) != {one.code for one in self.criteria} or not set(points.values()) <= {None, *POINTS}:
            raise ValueError("each criterion has 0, 1 or 2 points, or does not apply")
        weight = sum(one.weight for one in self.criteria if points[one.code] is not None)
        if not weight:
            raise ValueError("nothing applies")
        got = sum(one.weight * (points[one.code] or 0) for one in self.criteria)
        return round(100 * got / (weight * POINTS[-1]))


def card_of(cards: Sequence[ScoreCard], on: date) -> ScoreCard:
    """The one that is good on that day."""
    return max((one for one in cards if one.valid_from <= on), key=lambda one: one.valid_from)


def drawn(numbers: Iterable[str], seed: str, size: int) -> list[str]:
    """As good as random, and the same for the same numbers and seed: nobody picks whom to judge."""
    return sorted(numbers, key=lambda number: hashlib.sha256(f"{seed}:{number}".encode()).digest())[:size]


@dataclass(frozen=True)
class Wanted:
    """Of what a sample is drawn; empty is any."""

    since: date
    until: date
    size: int
    cso: str = ""
    kind: str = ""
    channel: str = ""


@dataclass(frozen=True)
class Sample:
    """``of``: how many it was drawn from. ``scored`` of ``numbers`` are judged."""

    id: str
    at: datetime
    by: str
    seed: str
    wanted: Wanted
    numbers: tuple[str, ...]
    of: int
    scored: int = 0


@dataclass(frozen=True)
class Score:
    """Of one matter; ``note`` is sealed with its key."""

    number: str
    sample: str
    cso: str
    kind: str
    channel: str
    by: str
    at: datetime
    card: str
    points: Mapping[str, int | None]
    total: int
    note: str = ""


@dataclass(frozen=True)
class Result:
    """How one CSO's work was judged: the mean of all, and of each criterion, of 100."""

    cso: str
    count: int
    mean: float
    criteria: Mapping[str, float] = field(default_factory=dict)
