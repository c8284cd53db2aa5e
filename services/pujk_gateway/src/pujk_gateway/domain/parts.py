"""What is a case made of? Rounds, what happened in them, proposals, and who does what."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

RoundState = Literal["sent", "in-handling", "proposed", "declined", "recalled", "closed"]
CaseState = Literal["waiting", "sent", "in-handling", "proposed", "declined", "closed"]
What = Literal[
    "routed", "recalled", "taken-over", "follow-up-added", "proposed", "declined", "accepted", "returned", "closed"
]


@dataclass
class Demand:
    """One thing the consumer wants; its words are sealed at intake."""

    id: int
    amount: int | None = None


@dataclass
class Answer:
    """The firm's answer to one demand."""

    demand: int
    answer: Literal["granted", "partly", "refused"]
    amount: int | None = None
    promised_by: date | None = None


@dataclass
class Round:
    """One firm's turn to answer. ``holder`` is the officer who took the ticket over (a soft lock)."""

    round: int
    pujk: str
    name: str
    due: datetime | None
    started_at: datetime
    state: RoundState = "sent"
    ended_at: datetime | None = None
    holder: str | None = None
    returned: int = 0


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
    decided_by: str | None = None
    decided_at: datetime | None = None
    reason: str | None = None


@dataclass
class Entry:
    """One line of a round's history; ``basis`` and ``state`` are the case's after it, ``cause`` is what led to it."""

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
