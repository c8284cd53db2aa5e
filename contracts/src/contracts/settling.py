"""What does the gateway say after OJK accepted? The consumer's answer, what is owed, facilitation, LAPS SJK."""

from datetime import date
from typing import ClassVar, Literal

from pydantic import Field

from contracts.base import Fact, Moment, Rupiah, Sealed, Shape
from contracts.cases import GatewayStanding


class ConsumerTimeLapsed(Fact):
    """The consumer did not answer in time: they are taken to agree."""

    key: ClassVar[str] = "pujk_gateway.consumer-time-lapsed.v1"

    round: int
    proposal: int
    until: Moment
    standing: GatewayStanding


class ConsumerAnswered(Fact):
    """What the consumer said about the accepted proposal was taken."""

    key: ClassVar[str] = "pujk_gateway.consumer-answered.v1"

    round: int
    proposal: int
    answer: Literal["agrees", "objects"]
    standing: GatewayStanding


class ReliefFulfilled(Fact):
    """What was promised is there: the consumer confirmed it, or did not deny in time what the firm said."""

    key: ClassVar[str] = "pujk_gateway.relief-fulfilled.v1"

    round: int
    demand: int
    proposal: int | None = Field(default=None, description="Which promise to that demand; 0: that of a settlement")
    because: Literal["consumer", "time-over"]
    standing: GatewayStanding


class ReliefPaid(Fact):
    """The firm says that it did what it promised; ``sealed`` says how. The consumer confirms or denies it."""

    key: ClassVar[str] = "pujk_gateway.relief-paid.v1"

    round: int
    demand: int
    proposal: int | None = Field(default=None, description="Which promise to that demand; 0: that of a settlement")
    by: str
    sealed: Sealed
    standing: GatewayStanding


class ReliefOverdue(Fact):
    """What was promised is not there."""

    key: ClassVar[str] = "pujk_gateway.relief-overdue.v1"

    round: int
    demand: int
    proposal: int | None = Field(default=None, description="Which promise to that demand; 0: that of a settlement")
    promised_by: date
    because: Literal["consumer", "time-over"]
    standing: GatewayStanding


class TicketReopened(Fact):
    """The matter goes on at its firm, or at OJK, after it had been settled."""

    key: ClassVar[str] = "pujk_gateway.ticket-reopened.v1"

    round: int
    because: Literal["relief-overdue", "objected"]
    standing: GatewayStanding


class Check(Shape):
    """One condition of a facilitation: what was found, and what the rule asks for."""

    what: Literal["firm-tried-first", "loss", "complaint", "not-in-court"]
    holds: bool | None = Field(
        default=None, description="None: it is not known here; whoever opened it judged by themselves"
    )
    found: str | None = Field(default=None, description="As a code or a number of rupiah")
    limit: Rupiah | None = None


class FacilitationOpened(Fact):
    """OJK brings consumer and firm together; both are invited."""

    key: ClassVar[str] = "pujk_gateway.facilitation-opened.v1"

    round: int
    by: str
    checks: tuple[Check, ...]
    rule_version: str
    standing: GatewayStanding


class FacilitationStep(Fact):
    """Something happened on the way: what a side says, a session. ``sealed`` holds the words; of a session that is
    planned also where, or how. OJK's own notes are not said."""

    key: ClassVar[str] = "pujk_gateway.facilitation-step.v1"

    round: int
    kind: Literal["position", "session-planned", "session-cancelled", "session-held"]
    side: Literal["consumer", "pujk", "ojk"]
    held_at: Moment | None = Field(default=None, description="Of a session")
    by: str
    sealed: Sealed


class FacilitationEnded(Fact):
    """How it ended; ``sealed`` holds the terms, or why there are none."""

    key: ClassVar[str] = "pujk_gateway.facilitation-ended.v1"

    round: int
    outcome: Literal["settled", "not-settled", "referred"]
    by: str
    sealed: Sealed
    standing: GatewayStanding


class SentToLaps(Fact):
    """LAPS SJK got the matter as one signed bundle and has until ``verified_by`` to say whether it takes it."""

    key: ClassVar[str] = "pujk_gateway.sent-to-laps.v1"

    round: int
    by: str
    because: Literal["not-settled", "over-limit", "referred"]
    bundle: str = Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of the bundle's list of contents")
    verified_by: Moment
    working_days: int = Field(ge=1)
    rule_version: str
    standing: GatewayStanding


class LapsStep(Fact):
    """LAPS SJK verified the matter and mediates until ``mediated_by``, or its time passed without a word."""

    key: ClassVar[str] = "pujk_gateway.laps-step.v1"

    round: int
    step: Literal["verified", "time-over"]
    by: str | None = None
    mediated_by: Moment | None = None
    standing: GatewayStanding


class LapsDecided(Fact):
    """What LAPS SJK said; ``sealed`` holds it in words."""

    key: ClassVar[str] = "pujk_gateway.laps-decided.v1"

    round: int
    outcome: Literal["settled", "award", "not-taken", "not-settled"]
    by: str
    sealed: Sealed
    standing: GatewayStanding


FACTS: tuple[type[Fact], ...] = (
    ConsumerTimeLapsed,
    ConsumerAnswered,
    ReliefFulfilled,
    ReliefPaid,
    ReliefOverdue,
    TicketReopened,
    FacilitationOpened,
    FacilitationStep,
    FacilitationEnded,
    SentToLaps,
    LapsStep,
    LapsDecided,
)
