"""What is a message, before it is written: of which fact, about what, in which order, to whom, how often tried?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

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

Way = Literal["email", "sms", "whatsapp", "push", "phone"]
#: Those that machines take.
WAYS: tuple[Way, ...] = ("email", "sms", "whatsapp", "push")
#: On this one a person tells it.
BY_A_PERSON: Way = "phone"
#: On which ways somebody is told, by how they wish it; the first that reaches them.
WISHED: Mapping[str, tuple[Way, ...]] = {
    "email": ("email",),
    "sms": ("sms", "email"),
    "whatsapp": ("whatsapp", "email"),
    "push": ("push", "email"),
    "phone": (BY_A_PERSON,),
}

#: On this way nobody is reached: no address was left for it, or it has no provider.
NO_ADDRESS = "no-address"
#: Nor on any other.
NO_CONTACT = "no-contact"
REFUSED = "refused-by-server"
KEY_DESTROYED = "key-destroyed"
GAVE_UP = "gave-up"
#: Nothing failed: they wished to be phoned.
TO_CALL = "to-call"

#: 5 s, 10 s, 20 s, … up to an hour between tries: 36 tries take a day and two hours.
TRIES_MOST = 36
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(hours=1)
#: How long a mail waits for the fact that names its firm, before it goes out without the name.
PATIENCE = timedelta(minutes=10)
#: What one message tells at most.
PARTS_MOST = 10


@dataclass
class About:
    """What a mail tells of beside its fact's turn. ``link``: what its link permits; ``of``: the proposal, the demand or
    the PIN that it is about, of a promise with the ``proposal`` that made it; ``what``: how something ended, as a code.
    """

    link: Literal["", "proposal", "relief", "pin"] = ""
    of: int = 0
    proposal: int | None = None
    until: datetime | None = None
    at: datetime | None = None
    promised_by: date | None = None
    amount: int | None = None
    what: str = ""
    #: By when each promise is owed: later than the firm said, where its day was over when OJK accepted.
    days: dict[str, date] = field(default_factory=dict)
    #: So long a link is good by which the service is rated.
    feedback_until: datetime | None = None


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
    """One fact that the consumer is to be told of, on whatever way. ``order`` is (clock, rank of the owner, seq).

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
    #: The fact that is told, where ``id`` is not its own; ``key``: what a reminder reminds of.
    of: str = ""
    key: str = ""
    #: In which language, where it is not the consumer's; on which ways, where it is not theirs to choose.
    language: Literal["", "id", "en"] = ""
    ways: list[Way] = field(default_factory=list)
    #: Somebody waits for it now: it goes alone, at any hour.
    at_once: bool = False
    #: Who cannot be reached need not be told otherwise.
    if_reached: bool = False
    #: When it was first taken to be sent.
    taken_at: datetime | None = None
    #: On which way it goes, decided when it does; on which nobody was reached.
    way: Way = "email"
    missed: list[Way] = field(default_factory=list)
    #: All that one message tells, this first: the same at each try.
    parts: list[str] = field(default_factory=list)


@dataclass
class Told:
    """What became of one mail: ``sent``, or why not."""

    id: str
    turn: Turn
    at: datetime
    outcome: str
    by: Way = "email"


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
    """Whom a message goes to, and where on its way: a mailbox, a number, a device."""

    name: str
    address: str


def waiting_time(tries: int) -> timedelta:
    """How long to wait after so many failed tries."""
    return min(FIRST_WAIT * (1 << min(tries - 1, 20)), LONGEST_WAIT)


def next_try(tries: int, now: datetime) -> datetime | None:
    """After so many failed ones; None after the last."""
    return now + waiting_time(tries) if tries < TRIES_MOST else None
