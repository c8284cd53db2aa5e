"""How long has a firm left? One round's time: it runs in working days, stands still while the consumer's documents are
awaited, may be extended once, runs on when an answer is returned, and is met or missed by when the firm answered,
whatever order that is heard in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Literal, Protocol

from chassis.working_days import Deadline, Pause

#: When this part of the working days is over, the deadline is near.
NEAR = Fraction(4, 5)
#: An answer in time may still be under way: a reader may hold a message for 10 minutes (chassis.surround).
UNDER_WAY = timedelta(minutes=15)

What = Literal["asked", "received", "time-over", "answered", "returned", "granted"]
Answer = Literal["awaited", "met", "missed"]


class Terms(Protocol):
    """How long may things take? By the rules of the day they began."""

    def deadline(
        self,
        kind: str,
        form: str,
        received_at: datetime,
        *,
        extended: bool = False,
        pauses: Sequence[Pause] = (),
        taken_up: datetime | None = None,
    ) -> Deadline:
        """``taken_up``: when, where it came out of hours."""
        ...

    def after_return(
        self,
        kind: str,
        form: str,
        received_at: datetime,
        returned_at: datetime,
        *,
        extended: bool = False,
        pauses: Sequence[Pause] = (),
    ) -> Deadline:
        """The least that a firm has from then on; ``extended``: more time was granted since."""
        ...

    def documents_until(self, asked_at: datetime) -> datetime:
        """Until when a firm's time stands still for documents that do not come."""
        ...

    def division_at(self, due: datetime) -> datetime:
        """When a division is told of what was due then, and told to a supervisor."""
        ...

    def parked_until(self, parked_at: datetime) -> datetime:
        """By when a supervisor has routed what was parked then."""
        ...


@dataclass
class Mark:
    """Something that moves a firm's time, by the gateway's own count and clock. A ``time-over`` is routing's own and
    carries the ``seq`` of the asking that it ends."""

    seq: int
    what: What
    at: datetime


@dataclass
class Walk:
    """What marks come to. ``asked``: the asking since which the time stands still; ``answered_at``: when the answer was
    given that stands; ``returned``: the last that did not stand; ``more``: time was granted since then."""

    pauses: list[Pause] = field(default_factory=list)
    asked: Mark | None = None
    answered_at: datetime | None = None
    returned: Mark | None = None
    extended: bool = False
    more: bool = False


@dataclass
class Term:
    """``due`` is as the marks say that were heard so far; ``near_for`` and ``missed_for`` are the due days that were
    told to be near, and over. ``late_for``: the day for which an answer was late that was returned; no later one mends.
    ``taken_up``: when its clock started, where it came out of hours."""

    counted_from: datetime
    due: datetime
    near_at: datetime
    marks: list[Mark] = field(default_factory=list)
    answer: Answer = "awaited"
    near_for: datetime | None = None
    missed_for: datetime | None = None
    late_for: datetime | None = None
    #: Until when it stands still at most, while it does.
    stands_until: datetime | None = None
    taken_up: datetime | None = None

    @property
    def answered_at(self) -> datetime | None:
        """When the answer came that stands."""
        return walked(self.marks).answered_at

    @property
    def open_pause(self) -> Mark | None:
        """The asking since which the time stands still."""
        return walked(self.marks).asked

    @property
    def paused_since(self) -> datetime | None:
        return asked.at if (asked := self.open_pause) else None

    @property
    def pauses(self) -> list[Pause]:
        """The stretches that are over."""
        return walked(self.marks).pauses

    @property
    def is_over(self) -> bool:
        """The present due day was told to be over."""
        told = self.missed_for == self.due or (self.missed_for is None and self.late_for is None)
        return self.answer == "missed" and told

    def recount(self, terms: Terms, kind: str, form: str, at: datetime) -> Deadline:
        """The present deadline; where the time stands still, as if it ran on from ``at``."""
        now = walked(self.marks)
        deadline = self._deadline(terms, kind, form, now, at)
        self.due, self.near_at = deadline.due_at, deadline.over_at(NEAR)
        self.stands_until = terms.documents_until(now.asked.at) if now.asked else None
        late = (due.due_at for one, due in self._returned(terms, kind, form) if one.at > due.due_at)
        self.late_for = next(late, None)
        return deadline

    def heard(self, mark: Mark) -> bool:
        """False where it was heard before."""
        if mark in self.marks:
            return False
        self.marks = sorted([*self.marks, mark], key=lambda one: one.seq)
        return True

    def _deadline(self, terms: Terms, kind: str, form: str, walk: Walk, at: datetime) -> Deadline:
        pauses = [*walk.pauses, *([(walk.asked.at, at)] if walk.asked else [])]
        first = terms.deadline(
            kind, form, self.counted_from, extended=walk.extended, pauses=pauses, taken_up=self.taken_up
        )
        if walk.returned is None:
            return first
        rest = terms.after_return(kind, form, self.counted_from, walk.returned.at, extended=walk.more, pauses=pauses)
        return max(first, rest, key=lambda one: one.due_at)

    def _returned(self, terms: Terms, kind: str, form: str) -> Iterator[tuple[Mark, Deadline]]:
        """Each answer that was returned, and how the deadline stood when it came."""
        answer: Mark | None = None
        for mark in self.marks:
            if mark.what == "answered":
                answer = answer or mark
            elif mark.what == "returned" and answer is not None:
                before = walked(self.marks[: self.marks.index(answer)])
                yield answer, self._deadline(terms, kind, form, before, answer.at)
                answer = None


def walked(marks: Sequence[Mark]) -> Walk:
    """Marks in their order. Who asks while the time stands still, or after the answer, stops nothing more."""
    over, walk = {one.seq: one.at for one in marks if one.what == "time-over"}, Walk()
    for mark in marks:
        if mark.what == "asked" and walk.asked is None and walk.answered_at is None:
            if mark.seq in over:
                walk.pauses.append((mark.at, over[mark.seq]))
            else:
                walk.asked = mark
        elif mark.what in ("received", "answered") and walk.asked is not None:
            walk.pauses.append((walk.asked.at, mark.at))
            walk.asked = None
        if mark.what == "answered":
            walk.answered_at = walk.answered_at or mark.at
        elif mark.what == "returned":
            walk.answered_at, walk.returned, walk.more = None, mark, False
        elif mark.what == "granted":
            walk.extended = walk.more = True
    return walk
