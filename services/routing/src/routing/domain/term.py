"""How long has a firm left? One round's time: it runs in working days, stands still while the consumer's documents are
awaited, may be extended once, and is met or missed by when the firm answered, whatever order that is heard in."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Literal, Protocol

from chassis.working_days import Deadline, Pause

#: When this part of the working days is over, the deadline is near.
NEAR = Fraction(4, 5)
#: An answer in time may still be under way: a reader may hold a message for 10 minutes (chassis.surround).
UNDER_WAY = timedelta(minutes=15)

What = Literal["asked", "received", "time-over", "answered", "granted"]
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
class Term:
    """``due`` is as the marks say that were heard so far; ``near_for`` is the due day that was told to be near.
    ``taken_up``: when its clock started, where it came out of hours."""

    counted_from: datetime
    due: datetime
    near_at: datetime
    marks: list[Mark] = field(default_factory=list)
    answer: Answer = "awaited"
    near_for: datetime | None = None
    #: Until when it stands still at most, while it does.
    stands_until: datetime | None = None
    taken_up: datetime | None = None

    @property
    def answered_at(self) -> datetime | None:
        return min((one.at for one in self.marks if one.what == "answered"), default=None)

    @property
    def extended(self) -> bool:
        return any(one.what == "granted" for one in self.marks)

    @property
    def open_pause(self) -> Mark | None:
        """The asking since which the time stands still."""
        return self._walked()[1]

    @property
    def paused_since(self) -> datetime | None:
        asked = self.open_pause
        return asked.at if asked and self.answered_at is None else None

    @property
    def pauses(self) -> list[Pause]:
        """The stretches that are over."""
        return self._walked()[0]

    def recount(self, terms: Terms, kind: str, form: str, at: datetime) -> Deadline:
        """The present deadline; where the time stands still, as if it ran on from the answer, or from ``at``."""
        pauses, asked = self._walked()
        if asked:
            pauses.append((asked.at, self.answered_at or at))
        deadline = terms.deadline(
            kind, form, self.counted_from, extended=self.extended, pauses=pauses, taken_up=self.taken_up
        )
        self.due, self.near_at = deadline.due_at, deadline.over_at(NEAR)
        self.stands_until = terms.documents_until(asked.at) if asked else None
        return deadline

    def heard(self, mark: Mark) -> bool:
        """False where it was heard before."""
        if mark in self.marks:
            return False
        self.marks = sorted([*self.marks, mark], key=lambda one: one.seq)
        return True

    def _walked(self) -> tuple[list[Pause], Mark | None]:
        """What is over, and what goes on. Who asks while the time stands still stops nothing more."""
        over = {one.seq: one.at for one in self.marks if one.what == "time-over"}
        pauses: list[Pause] = []
        asked: Mark | None = None
        for mark in self.marks:
            if mark.what == "asked" and asked is None:
                if mark.seq in over:
                    pauses.append((mark.at, over[mark.seq]))
                else:
                    asked = mark
            elif mark.what == "received" and asked is not None:
                pauses.append((asked.at, mark.at))
                asked = None
        return pauses, asked
