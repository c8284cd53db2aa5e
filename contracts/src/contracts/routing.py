"""What does routing say? Which PUJK must answer and by when, or why nobody could be found."""

from datetime import date
from typing import ClassVar, Literal

from pydantic import Field

from contracts.base import Fact, Moment, PujkCode, Sealed, Shape


class DeadlineDay(Shape):
    """One calendar day of the count: counted as the n-th working day, or why it was not."""

    date: date
    counted: int | None = None
    why: str | None = None


class Deadline(Shape):
    """A due moment that explains itself: rule, calendar, and every day between."""

    due: Moment
    working_days: int
    rule: str
    rule_version: str
    calendar_version: str
    days: tuple[DeadlineDay, ...] = ()
    extension_days: int | None = Field(
        default=None, description="Working days that OJK may add once, where the firm asks; 0: the rule knows of none"
    )


class RoutingStanding(Shape):
    """Routing's whole present standing of a matter."""

    state: Literal["waiting", "parked", "routed", "closed"]
    round: int = Field(default=0, ge=0)
    pujk: PujkCode | None = None
    pujk_name: str | None = None
    due: Moment | None = None
    reason: str | None = None
    paused_since: Moment | None = Field(default=None, description="The firm's time stands still since then")
    answer: Literal["awaited", "met", "missed"] | None = Field(
        default=None, description="Whether the firm's answer came in time; none where no firm must answer"
    )
    escalated: Literal["supervisor", "division"] | None = Field(
        default=None, description="How far up a delay was told: the firm's, or OJK's own with a parked ticket"
    )


class Candidate(Shape):
    code: PujkCode
    name: str


class TicketRouted(Fact):
    """A PUJK was found; its round begins and its clock runs."""

    key: ClassVar[str] = "routing.ticket-routed.v1"

    round: int = Field(ge=1)
    pujk: PujkCode
    pujk_name: str
    how: Literal["code", "name", "alias", "supervisor"]
    sector: str | None = Field(default=None, description="Of the firm, as the directory tells it; none: it does not")
    by: tuple[str, ...] = Field(
        default=(),
        max_length=2,
        description="The supervisor who routed it; of many at once, who proposed and who confirmed",
    )
    deadline: Deadline
    standing: RoutingStanding


class TicketRerouted(Fact):
    """Another PUJK must answer; the old round ends, a new one begins."""

    key: ClassVar[str] = "routing.ticket-rerouted.v1"

    round: int = Field(ge=2)
    previous: PujkCode
    pujk: PujkCode
    pujk_name: str
    how: Literal["code", "name", "alias", "supervisor"]
    sector: str | None = Field(default=None, description="Of the firm, as the directory tells it; none: it does not")
    by: tuple[str, ...] = Field(
        default=(),
        max_length=2,
        description="The supervisor who routed it; of many at once, who proposed and who confirmed",
    )
    deadline: Deadline
    standing: RoutingStanding


class TicketParked(Fact):
    """No single PUJK could be found; a supervisor decides. ``reason`` says why."""

    key: ClassVar[str] = "routing.ticket-parked.v1"

    reason: Literal["no-desk-found", "ambiguous", "no-pujk-named", "declined"]
    candidates: tuple[Candidate, ...] = ()
    standing: RoutingStanding


class TicketClosed(Fact):
    """Routing ended a matter that never reached a PUJK, or was parked again: withdrawn, or a supervisor says why nobody
    can be asked to answer it. ``sealed`` is what the consumer is told in words."""

    key: ClassVar[str] = "routing.ticket-closed.v1"

    reason: Literal["withdrawn", "duplicate", "in-court", "fraud", "not-supervised"] = Field(
        description="duplicate: another matter of the consumer goes on; in-court: a court decides; fraud: for police"
        " and Satgas PASTI; not-supervised: OJK does not supervise who is meant"
    )
    by: str | None = Field(default=None, description="The supervisor; none where the consumer withdrew")
    sealed: Sealed | None = None
    standing: RoutingStanding


class DeadlineMoved(Fact):
    """The firm has until another day; the new day explains itself."""

    key: ClassVar[str] = "routing.deadline-moved.v1"

    round: int = Field(ge=1)
    because: Literal["extension", "returned"] = Field(
        description="returned: OJK returned the firm's proposal, which is no answer then: the firm's time runs on"
    )
    deadline: Deadline
    standing: RoutingStanding


class ClockPaused(Fact):
    """The firm's time stands still: documents of the consumer are awaited."""

    key: ClassVar[str] = "routing.clock-paused.v1"

    round: int = Field(ge=1)
    since: Moment
    standing: RoutingStanding


class ClockResumed(Fact):
    """The firm's time runs on; ``deadline`` leaves out the days that it stood still."""

    key: ClassVar[str] = "routing.clock-resumed.v1"

    round: int = Field(ge=1)
    because: Literal["documents", "time-over"]
    deadline: Deadline
    standing: RoutingStanding


class DeadlineNear(Fact):
    """Four fifths of the firm's working days are over and no answer is there."""

    key: ClassVar[str] = "routing.deadline-near.v1"

    round: int = Field(ge=1)
    due: Moment
    standing: RoutingStanding


class DeadlineMissed(Fact):
    """The day passed without an answer. One in time that was under way still revokes it."""

    key: ClassVar[str] = "routing.deadline-missed.v1"

    round: int = Field(ge=1)
    due: Moment
    standing: RoutingStanding


class DeadlineMet(Fact):
    """The firm answered in time: proposed how to settle, or said that the ticket is not its to answer."""

    key: ClassVar[str] = "routing.deadline-met.v1"

    round: int = Field(ge=1)
    due: Moment
    answered_at: Moment
    standing: RoutingStanding


class TicketEscalated(Fact):
    """A delay was told further up: of the firm, or of OJK where a parked ticket waits too long. A mark, no end."""

    key: ClassVar[str] = "routing.ticket-escalated.v1"

    round: int = Field(ge=0, description="0: no firm was found yet")
    to: Literal["supervisor", "division"]
    because: Literal["missed", "parked"]
    due: Moment = Field(description="When the answer was due, or by when a parked ticket was to be routed")
    standing: RoutingStanding


FACTS: tuple[type[Fact], ...] = (
    TicketRouted,
    TicketRerouted,
    TicketParked,
    TicketClosed,
    DeadlineMoved,
    ClockPaused,
    ClockResumed,
    DeadlineNear,
    DeadlineMissed,
    DeadlineMet,
    TicketEscalated,
)
