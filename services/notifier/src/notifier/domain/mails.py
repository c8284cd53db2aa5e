"""What is a mail, before it is written: of which fact, about what, in which order, to whom, how often tried?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal

Turn = Literal[
    "registered",
    "routed",
    "taken-over",
    "proposed",
    "returned",
    "closed",
    "answered",
    "withdrawal-too-late",
    "documents-asked",
    "deadline-moved",
    "accepted",
    "lapsed",
    "relief-paid",
    "relief-overdue",
    "reopened",
    "facilitation-opened",
    "session-planned",
    "session-cancelled",
    "facilitation-ended",
    "sent-to-laps",
    "laps-step",
    "laps-decided",
    "reminder-documents",
    "reminder-answer",
    "reminder-relief",
    "question-reopened",
    "feedback-asked",
    "pin-link",
    "pin-renewed",
]

#: The consumer left no address that a mail could go to: nothing is sent, and nobody failed.
NO_ADDRESS = "no-address"
REFUSED = "refused-by-server"
KEY_DESTROYED = "key-destroyed"
GAVE_UP = "gave-up"

#: 5 s, 10 s, 20 s, … up to an hour between tries: 36 tries take a day and two hours.
TRIES_MOST = 36
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(hours=1)
#: How long a mail waits for the fact that names its firm, before it goes out without the name.
PATIENCE = timedelta(minutes=10)


@dataclass
class About:
    """What a mail tells of beside its fact's turn. ``link``: which answer its link permits; ``of``: the proposal or the
    demand that it is about, of a promise with the ``proposal`` that made it; ``what``: how something ended, as a code.
    """

    link: Literal["", "proposal", "relief"] = ""
    of: int = 0
    proposal: int | None = None
    until: datetime | None = None
    at: datetime | None = None
    promised_by: date | None = None
    amount: int | None = None
    what: str = ""
    #: By when each promise is owed: later than the firm said, where its day was over when OJK accepted.
    days: dict[str, date] = field(default_factory=dict)


@dataclass
class Got:
    """What one demand gets by a proposal."""

    demand: int
    answer: str
    amount: int | None = None
    promised_by: date | None = None


@dataclass
class Proposal:
    kind: str
    amount: int | None = None
    answers: list[Got] = field(default_factory=list)


@dataclass
class Mail:
    """One fact that the consumer is to be told of. ``order`` is (clock, rank of the owner, seq): when it happened.

    ``due_at`` stands on the first mail of the matter only, and only when it may go out: the worker finds it by that.
    """

    id: str
    turn: Turn
    template: str
    order: list[int]
    not_before: datetime
    round: int = 0
    sealed: str | None = None
    due_at: datetime | None = None
    tries: int = 0
    about: About | None = None


@dataclass
class Told:
    """What became of one mail: ``sent``, or why not."""

    id: str
    turn: Turn
    at: datetime
    outcome: str


@dataclass
class Round:
    """The firm that must answer in one round, and by when; mails of that round name it."""

    firm: str
    due: datetime


@dataclass
class Moved:
    """Another due day, and routing's count of when it was said."""

    seq: int
    due: datetime


@dataclass(frozen=True)
class Addressee:
    name: str
    email: str


def addressee(private: Mapping[str, Any]) -> Addressee | None:
    """Whom a mail goes to: the consumer, or the representative where only that one left an address."""
    for role in ("consumer", "representative"):
        person = private.get(role) or {}
        if person.get("email"):
            return Addressee(name=str(person.get("name", "")), email=str(person["email"]))
    return None


def waiting_time(tries: int) -> timedelta:
    """How long to wait after so many failed tries."""
    return min(FIRST_WAIT * (1 << min(tries - 1, 20)), LONGEST_WAIT)
