"""What is a case made of? Rounds, what happened in them, proposals, and who does what."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

RoundState = Literal[
    "sent", "in-handling", "proposed", "declined", "recalled", "closed",
    "accepted", "owed", "objected", "facilitation", "at-laps",
]  # fmt: skip
CaseState = Literal[
    "waiting", "sent", "in-handling", "proposed", "declined", "closed",
    "accepted", "owed", "objected", "facilitation", "at-laps",
]  # fmt: skip
#: States of a round in which its firm may act.
OPEN = ("sent", "in-handling", "proposed")
#: What follows an accepted proposal, until the matter ends.
AFTER = ("accepted", "owed", "objected", "facilitation", "at-laps")
RUNNING = (*OPEN, *AFTER)
#: Why a matter ended that a wish to withdraw comes too late for.
SETTLED = ("resolved", "silent", "settled", "laps")
What = Literal[
    "routed", "recalled", "taken-over", "follow-up-added", "proposed", "declined", "accepted", "returned", "closed",
    "released", "documents-asked", "documents-received", "extension-asked", "extension-decided", "data-viewed",
    "consumer-answered", "consumer-time-lapsed", "relief-paid", "relief-fulfilled", "relief-overdue", "reopened",
    "facilitation-opened", "facilitation-step", "facilitation-ended", "sent-to-laps", "laps-step", "laps-decided",
]  # fmt: skip
#: What the firm's own officers do.
FIRMS_ACTS: tuple[What, ...] = (
    "taken-over", "released", "follow-up-added", "documents-asked", "documents-received", "extension-asked",
    "proposed", "declined", "relief-paid",
)  # fmt: skip
#: Why a firm waits for documents no more.
Received = Literal["consumer", "firm", "time-over"]


@dataclass
class Demand:
    """One thing the consumer wants; its words are sealed at intake."""

    id: int
    amount: int | None = None


@dataclass(frozen=True)
class About:
    """What else is known of a ticket in clear: codes of the shared list, when the consumer brought it, the loss."""

    issue: str | None = None
    region: str | None = None
    received_at: datetime | None = None
    loss: int | None = None
    transaction_date: date | None = None
    in_court: bool | None = None


NOTHING_MORE = About()


@dataclass
class Answer:
    """The firm's answer to one demand."""

    demand: int
    answer: Literal["granted", "partly", "refused"]
    amount: int | None = None
    promised_by: date | None = None
    sealed: str | None = None
    evidence: list[str] = field(default_factory=list)


@dataclass
class Day:
    """One calendar day of a deadline: the n-th working day, or why it does not count."""

    date: date
    counted: int | None = None
    why: str | None = None


@dataclass
class Deadline:
    """Why a round is due when it is: the rule, the calendar, and each day, as routing counted them."""

    working_days: int
    rule: str
    rule_version: str
    calendar_version: str
    days: list[Day] = field(default_factory=list)
    extension_days: int | None = None


@dataclass
class Round:
    """One firm's turn to answer. ``holder`` is the officer who took the ticket over (a soft lock); ``due_seq`` is
    that of routing's fact that named ``due``; ``sector`` is the firm's, where the directory told it."""

    round: int
    pujk: str
    name: str
    due: datetime | None
    started_at: datetime
    state: RoundState = "sent"
    ended_at: datetime | None = None
    holder: str | None = None
    returned: int = 0
    deadline: Deadline | None = None
    due_seq: int = 0
    sector: str | None = None


@dataclass(frozen=True)
class Handed:
    """A ticket that a colleague took over from ``officer``, who has not read so yet."""

    officer: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Filed:
    """A file that a firm brought, which lies at intake: nothing of it is here but its id and its content's keyed
    hash."""

    id: str
    sha256: str | None
    pujk: str
    by: str
    at: datetime


@dataclass
class Proposal:
    """How a firm wants to settle; numbered within its round."""

    number: int
    round: int
    kind: str
    amount: int | None
    answers: list[Answer]
    sealed: str
    by: str
    at: datetime
    state: Literal["waiting", "accepted", "returned", "lapsed"] = "waiting"
    attachments: list[str] = field(default_factory=list)
    decided_by: str | None = None
    decided_at: datetime | None = None
    reason: str | None = None

    @property
    def written(self) -> list[str]:
        """All that is sealed in it."""
        return [one for one in (self.sealed, self.reason, *(answer.sealed for answer in self.answers)) if one]


@dataclass
class Asked:
    """What the consumer is asked about an accepted proposal: by when they answer, counted day by day, and what they
    said. ``silent``: nothing in time, so they are taken to agree."""

    round: int
    proposal: int
    until: datetime
    term: Deadline
    answer: Literal["agrees", "objects", "silent"] | None = None


@dataclass
class Obligation:
    """What the firm promised with an accepted proposal, or in a facilitation (``demand`` 0, ``proposal`` 0). Paid, it
    is awaited ``until`` then that the consumer denies it; ``seq`` is that of the last that tracking said of it.
    ``void``: another proposal, or another firm's turn, took its place."""

    demand: int
    promised_by: date
    round: int
    proposal: int
    amount: int | None = None
    state: Literal["promised", "paid", "fulfilled", "overdue"] = "promised"
    paid_at: datetime | None = None
    until: datetime | None = None
    because: Literal["consumer", "time-over"] | None = None
    seq: int = 0
    void: bool = False

    def standing(self) -> dict[str, object]:
        about = {"demand": self.demand, "proposal": self.proposal, "amount": self.amount}
        return {**about, "promised_by": self.promised_by, "state": self.state}


@dataclass
class Entry:
    """One line of a round's history; ``basis`` and ``state`` are the case's after it, ``cause`` is what led to it.
    ``before`` held the ticket until then, where it was taken over from a colleague or given back; ``attachments`` are
    ids of files that the firm brought. Of a look at personal data: ``opened`` are its fields, ``pujk`` whose officer
    looked, None where it was OJK's. Of a facilitation, ``side`` says whose step it is, ``held_at`` when a session is
    or was."""

    round: int
    what: What
    at: datetime
    cause: str
    basis: int
    state: CaseState
    by: str | None = None
    kind: str | None = None
    proposal: int | None = None
    sealed: str | None = None
    before: str | None = None
    attachments: list[str] = field(default_factory=list)
    demand: int | None = None
    opened: list[str] = field(default_factory=list)
    pujk: str | None = None
    side: Literal["consumer", "pujk", "ojk"] | None = None
    held_at: datetime | None = None


@dataclass(frozen=True)
class Cause:
    """The message that changes the case, and when."""

    id: str
    at: datetime


@dataclass(frozen=True)
class Deed:
    """An act of a firm's officer in a round."""

    pujk: str
    round: int
    officer: str
    cause: Cause
