"""What do many matters come to? Figures that add up: of rows those of a day, of days those of a month, of months those
of a year; whatever the order and however they are put together, the same."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import floor, log
from typing import Any

from tracking.domain.rows import Row

KINDS = ("information", "question", "complaint", "indication")
#: The classes that are counted together; indications stand beside them.
CLASSES = KINDS[:3]
LEVELS = ("within", "near", "over", "running")
#: What is counted of each channel, sector, … and of all.
MEASURES = (*KINDS, *LEVELS)
DIMENSIONS = ("channel", "sector", "pujk", "product", "issue", "region", "month")
SCORES = (1, 2, 3, 4, 5)
#: Times are kept in bins that grow by a twentieth: what is told of them is right within 2.5 %.
GROWS = 1.05

Counts = list[int]


def bin_of(minutes: int) -> int:
    return 0 if minutes < 1 else 1 + floor(log(minutes) / log(GROWS) + 1e-9)


def minutes_of(bin_: int) -> float:
    """The middle of a bin."""
    return 0.0 if bin_ == 0 else float(GROWS ** (bin_ - 0.5))


@dataclass
class Figures:
    """``by``: dimension → code → counts, in the order of MEASURES; ``times``: what was timed, by kind → bin → matters;
    ``names``: what firms are called, of several names the last by alphabet."""

    count: int = 0
    check: int = 0
    total: Counts = field(default_factory=lambda: [0] * len(MEASURES))
    by: dict[str, dict[str, Counts]] = field(default_factory=lambda: {one: {} for one in DIMENSIONS})
    times: dict[str, Counter[int]] = field(default_factory=dict)
    relief: int = 0
    relieved: int = 0
    returned: int = 0
    reopened: int = 0
    scores: Counts = field(default_factory=lambda: [0] * len(SCORES))
    names: dict[str, str] = field(default_factory=dict)

    def add(self, row: Row) -> None:
        """One matter more; a code that is unknown is ""."""
        self.count += 1
        self.check += row["check"]
        at = [MEASURES.index(one) for one in (row["kind"], row["level"]) if one is not None]
        mine = [self.total, *(self.counts(one, row.get(one) or "") for one in DIMENSIONS[:-1])]
        for counts in (*mine, self.counts("month", row["day"][:7])):
            for one in at:
                counts[one] += 1
        for what in ("answered", "closed"):
            if row[what] is not None:
                self.times.setdefault(f"{what}_{row['kind']}", Counter())[bin_of(row[what])] += 1
        self.relief += row["relief"]
        self.relieved += bool(row["relieved"])
        self.returned += row["returned"]
        self.reopened += row["reopened"]
        if row["score"] is not None:
            self.scores[row["score"] - 1] += 1
        if row["pujk"]:
            self.names[row["pujk"]] = max(self.names.get(row["pujk"], ""), row["name"] or "")

    def counts(self, dimension: str, code: str) -> Counts:
        return self.by[dimension].setdefault(code, [0] * len(MEASURES))

    def merge(self, other: "Figures") -> None:
        for name in ("count", "check", "relief", "relieved", "returned", "reopened"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        _plus(self.total, other.total)
        _plus(self.scores, other.scores)
        for dimension, codes in other.by.items():
            for code, counts in codes.items():
                _plus(self.counts(dimension, code), counts)
        for what, bins in other.times.items():
            self.times.setdefault(what, Counter()).update(bins)
        for code, name in other.names.items():
            self.names[code] = max(self.names.get(code, ""), name)

    def quantile(self, what: str, share: float) -> float | None:
        """Minutes within which so many of them were done, the one nearest in rank; None where there are none."""
        bins = self.times.get(what, Counter())
        left = max(1, -(-int(1000 * share) * bins.total() // 1000))
        for bin_ in sorted(bins):
            left -= bins[bin_]
            if left <= 0:
                return minutes_of(bin_)
        return None

    def document(self) -> dict[str, Any]:
        """As it is kept: in one order only, so that the same figures are the same document."""
        return {
            **{one: getattr(self, one) for one in ("count", "check", "relief", "relieved", "returned", "reopened")},
            "total": self.total,
            "scores": self.scores,
            "by": {name: sorted([code, *counts] for code, counts in codes.items()) for name, codes in self.by.items()},
            "times": {what: sorted([bin_, n] for bin_, n in bins.items()) for what, bins in sorted(self.times.items())},
            "names": sorted([code, name] for code, name in self.names.items()),
        }

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> "Figures":
        plain = ("count", "check", "relief", "relieved", "returned", "reopened", "total", "scores")
        made = cls(**{one: document[one] for one in plain})
        made.by |= {name: {code: list(counts) for code, *counts in codes} for name, codes in document["by"].items()}
        made.times = {what: Counter(dict(bins)) for what, bins in document["times"].items()}
        made.names = dict(document["names"])
        return made


def together(all_: Iterable[Figures]) -> Figures:
    whole = Figures()
    for one in all_:
        whole.merge(one)
    return whole


def _plus(mine: Counts, more: Counts) -> None:
    for at, one in enumerate(more):
        mine[at] += one
