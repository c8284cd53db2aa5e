"""Which other matters belong to this one? What a worker suggests with its reasons, and what an officer decided: linked,
or no pair. Everything can be taken back; a link is a fact of both."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from intake.likeness import Why

#: More of them than an officer would look at.
SUGGESTED_MOST = 20


#: How two stand to each other: a decision is waited for, was made, or nobody asked for one.
Stands = Literal["open", "no-pair", "linked", "none"]


class DecidedMeanwhile(Exception):
    """Somebody else decided about the two in the meantime."""


@dataclass
class Suggested:
    """Another matter that came before this one and may belong to it. ``by``: the officer who decided."""

    other: str
    why: Why
    reasons: list[str]
    score: int
    state: Literal["open", "no-pair", "linked"] = "open"
    by: str | None = None


@dataclass
class Linked:
    other: str
    why: Why
    reasons: list[str]
    by: str
    at: datetime


@dataclass
class Ended:
    """Since when it is linked with ``other`` no more: a link that was begun before comes too late."""

    other: str
    at: datetime


@dataclass
class Compared:
    """What is kept of a matter to compare it by. ``sketch`` is sealed with the matter's key; ``due`` until a worker has
    looked; ``open`` says since when there is something to decide."""

    sketch: bytes = b""
    due: datetime | None = None
    open: datetime | None = None
    suggested: list[Suggested] = field(default_factory=list)
    linked: list[Linked] = field(default_factory=list)
    ended: list[Ended] = field(default_factory=list)

    def suggestion(self, other: str) -> Suggested | None:
        return next((one for one in self.suggested if one.other == other), None)

    def link(self, other: str) -> Linked | None:
        return next((one for one in self.linked if one.other == other), None)


class Pairs:
    """That part of a matter."""

    compared: Compared
    said: list[tuple[str, dict[str, Any]]]

    def found(self, sketch: bytes, suggested: list[Suggested], now: datetime) -> None:
        """A worker has looked; what an officer decided stays."""
        decided = {one.other: one for one in self.compared.suggested if one.state != "open"}
        best = sorted(suggested, key=lambda one: -one.score)[:SUGGESTED_MOST]
        self.compared.sketch, self.compared.due = sketch, None
        self.compared.suggested = [*decided.values(), *(one for one in best if one.other not in decided)]
        self._waits(now)

    def link(self, other: str, why: Why, reasons: list[str], by: str, now: datetime, seen: str = "") -> None:
        """It belongs to ``other``; the second time nothing comes of it. ``seen``: how the two stood to each other when
        it was asked for. Errors: DecidedMeanwhile where somebody said otherwise since."""
        if there := self.compared.link(other):
            there.at = max(there.at, now)
            return
        if any(one.other == other and one.at >= now for one in self.compared.ended):
            raise DecidedMeanwhile(other)
        one = self.compared.suggestion(other)
        if one and seen and (one.state == "no-pair") != (seen == "no-pair"):
            raise DecidedMeanwhile(other)
        self.compared.linked = [*self.compared.linked, Linked(other, why, reasons, by, now)]
        self._decide(other, "linked", by, now)
        self.said.append(("services-linked", {"other": other, "why": why, "reasons": reasons, "by": by}))

    def unlink(self, other: str, by: str, now: datetime, *, half: bool = False) -> None:
        """As it was before, also where the link stands in the other matter alone: ``half``. Errors: DecidedMeanwhile
        where there is none."""
        there = self.compared.link(other)
        if not there and not half:
            raise DecidedMeanwhile(other)
        if there and there.at > now:
            # Linked again since: this comes too late.
            return
        self.compared.ended = [one for one in self.compared.ended if one.other != other] + [Ended(other, now)]
        if not there:
            return
        self.compared.linked = [one for one in self.compared.linked if one.other != other]
        self._decide(other, "open", None, now)
        self.said.append(("services-unlinked", {"other": other, "by": by}))

    def no_pair(self, other: str, by: str, now: datetime) -> None:
        """Errors: DecidedMeanwhile where it does not wait for a decision."""
        self._stands(other, "open")
        self._decide(other, "no-pair", by, now)

    def decide_again(self, other: str, now: datetime) -> None:
        """What was called no pair waits for somebody again. Errors: DecidedMeanwhile where it was not."""
        self._stands(other, "no-pair")
        self._decide(other, "open", None, now)

    def _stands(self, other: str, state: Literal["open", "no-pair"]) -> None:
        one = self.compared.suggestion(other)
        if self.compared.link(other) or one is None or one.state != state:
            raise DecidedMeanwhile(other)

    def _decide(self, other: str, state: Literal["open", "no-pair", "linked"], by: str | None, now: datetime) -> None:
        if one := self.compared.suggestion(other):
            one.state, one.by = state, by
            self._waits(now)

    def _waits(self, now: datetime) -> None:
        waits = any(one.state == "open" for one in self.compared.suggested)
        self.compared.open = (self.compared.open or now) if waits else None
