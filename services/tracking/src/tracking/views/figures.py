"""What do figures look like? Lines with shares that add up, in the order that people look for, and the shapes of a
chart."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import NamedTuple

from tracking.domain.figures import CLASSES, DIMENSIONS, KINDS, MEASURES, SCORES, Figures
from tracking.usecases.telling import Told

WHOLE = 10_000
#: The part of a list that is seen at once.
FIRST_LINES = 10
CHART_WIDTH, CHART_HEIGHT, FOOT, EDGE = 400.0, 150.0, 24.0, 8.0
#: So many months have their names below; of more, every second, third, ….
NAMED_MONTHS = 12


@dataclass(frozen=True)
class Line:
    """``count``: information, questions and complaints together; ``share``: hundredths of a percent of all lines."""

    code: str
    counts: Mapping[str, int]
    count: int
    share: int


@dataclass(frozen=True)
class Times:
    """Of one kind; minutes, none where nothing was answered or closed."""

    kind: str
    what: str
    count: int
    median: float | None
    p90: float | None


class Block(NamedTuple):
    kind: str
    y: float
    height: float


@dataclass(frozen=True)
class Column:
    code: str
    x: float
    width: float
    blocks: Sequence[Block]
    count: int
    is_named: bool


@dataclass(frozen=True)
class Shown:
    """Figures of a period as people see them; ``levels`` and ``scores`` are lines like all others."""

    told: Told
    kinds: Sequence[Line]
    total: int
    indications: int
    by: Mapping[str, Sequence[Line]]
    times: Sequence[Times]
    levels: Sequence[Line]
    running: int
    scores: Sequence[Line]
    score: float | None

    @property
    def figures(self) -> Figures:
        return self.told.figures


def shares(counts: Sequence[int]) -> list[int]:
    """Hundredths of a percent that add up to 100 %: what rounding leaves goes to those who lost most by it, and to all
    of one count or to none wherever that can be."""
    whole = sum(counts)
    if not whole:
        return [0] * len(counts)
    found = [count * WHOLE // whole for count in counts]
    places = sorted(range(len(counts)), key=lambda at: (-(counts[at] * WHOLE % whole), -counts[at], at))
    for at in _rounded_up([counts[at] for at in places], WHOLE - sum(found), whole):
        found[places[at]] += 1
    return found


def _rounded_up(counts: Sequence[int], left: int, whole: int) -> list[int]:
    """``left`` of the places, from the first on; those of one count stand together. Where one line is less than a
    hundredth of a percent they are not kept so: a count could come to less than a smaller one."""
    if whole > WHOLE:
        return list(range(left))
    groups = [list(range(at, at + n)) for at, n in _runs([one for one in counts if one * WHOLE % whole])]
    #: Of the first groups: bit n is set where some of them have n places.
    reached = [1]
    for group in groups:
        reached.append((reached[-1] | reached[-1] << len(group)) & ((2 << left) - 1))
    wanted = reached[-1].bit_length() - 1
    rest, found, others = left - wanted, list[int](), list[list[int]]()
    for before, group in zip(reversed(reached[:-1]), reversed(groups), strict=True):
        if before >> wanted & 1:
            others.append(group)
        else:
            found += group
            wanted -= len(group)
    return found + (others[-1][:rest] if rest else [])


def _runs(counts: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Where each run of equal ones begins, and how long it is."""
    at = 0
    for _, run in groupby(counts):
        many = len(list(run))
        yield at, many
        at += many


def lines(counted: Mapping[str, Sequence[int]]) -> list[Line]:
    named = {code: dict(zip(MEASURES, counts, strict=True)) for code, counts in counted.items()}
    sums = [sum(one[kind] for kind in CLASSES) for one in named.values()]
    found = zip(named.items(), sums, shares(sums), strict=True)
    return [Line(code, counts, count, share) for (code, counts), count, share in found]


def shown_of(told: Told, today: date) -> Shown:
    figures, period = told.figures, told.period
    total = dict(zip(MEASURES, figures.total, strict=True))
    by = {}
    for dimension in DIMENSIONS[:-1]:
        by[dimension] = sorted(
            lines(figures.by[dimension]), key=lambda one: (-one.count, -sum(one.counts.values()), one.code)
        )
    months = [one for one in period.months if one <= f"{today:%Y-%m}"]
    nothing = [0] * len(MEASURES)
    by["month"] = lines({one: figures.by["month"].get(one, nothing) for one in months})
    given = sum(figures.scores)
    average = sum(score * n for score, n in zip(SCORES, figures.scores, strict=True)) / given if given else None
    return Shown(
        told,
        _plain({kind: total[kind] for kind in CLASSES}),
        sum(total[kind] for kind in CLASSES),
        total["indication"],
        by,
        _times(figures),
        _plain({level: total[level] for level in ("within", "near", "over")}),
        total["running"],
        _plain({str(score): n for score, n in zip(SCORES, figures.scores, strict=True)}),
        average,
    )


def _plain(counts: Mapping[str, int]) -> list[Line]:
    found = zip(counts.items(), shares(list(counts.values())), strict=True)
    return [Line(code, {}, count, share) for (code, count), share in found]


def _times(figures: Figures) -> list[Times]:
    found = []
    for what in ("answered", "closed"):
        for kind in KINDS:
            name = f"{what}_{kind}"
            if name in figures.times:
                median, p90 = figures.quantile(name, 0.5), figures.quantile(name, 0.9)
                found.append(Times(kind, what, figures.times[name].total(), median, p90))
    return found


def columns(months: Sequence[Line]) -> list[Column]:
    """A column for each month, its classes one above the other, in the units of the chart."""
    most = max((one.count for one in months), default=0) or 1
    step = (CHART_WIDTH - 2 * EDGE) / max(1, len(months))
    every = -(-len(months) // NAMED_MONTHS)
    found = []
    for at, one in enumerate(months):
        below, blocks = CHART_HEIGHT - FOOT, list[Block]()
        for kind in CLASSES:
            height = (CHART_HEIGHT - FOOT - EDGE) * one.counts[kind] / most
            below -= height
            blocks.append(Block(kind, round(below, 2), round(height, 2)))
        wide = min(step * 0.7, 48.0)
        found.append(
            Column(
                one.code,
                round(EDGE + at * step + (step - wide) / 2, 2),
                round(wide, 2),
                blocks,
                one.count,
                at % every == 0,
            )
        )
    return found
