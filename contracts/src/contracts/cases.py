"""Where does a case stand at the gateway? What its facts share: the standing, answers to demands, what is owed."""

from datetime import date
from typing import Literal

from pydantic import Field

from contracts.base import Moment, PujkCode, Rupiah, Sealed, Shape
from contracts.dossier import AttachmentIds

ResolutionKind = Literal["monetary-relief", "non-monetary-relief", "explanation", "refused"]
DeclineKind = Literal["not-our-customer", "duplicate", "affiliate", "suspected-fraud", "in-court"]
AnswerKind = Literal["granted", "partly", "refused"]
FollowUpKind = Literal["contacted-consumer", "internal-review", "documents-checked", "visit", "other"]
ClosingReason = Literal["resolved", "withdrawn", "silent", "settled", "laps"]


class Obligation(Shape):
    """What the firm promised with an accepted proposal, or when it settled: it stays owed until it is there."""

    demand: int = Field(ge=0, description="The demand that it answers; 0: promised when firm and consumer settled")
    proposal: int | None = Field(
        default=None, description="The proposal that promised it; 0: a settlement; none: an older release said it"
    )
    amount: Rupiah | None = None
    promised_by: date
    state: Literal["promised", "paid", "fulfilled", "overdue"] = Field(
        default="promised", description="paid: so the firm says, and the consumer has not confirmed it yet"
    )


class GatewayStanding(Shape):
    """The gateway's whole present standing of a matter."""

    state: Literal[
        "waiting", "sent", "in-handling", "proposed", "declined", "recalled", "closed",
        "accepted", "owed", "objected", "facilitation", "at-laps",
    ] = Field(
        description="accepted: the consumer says whether they agree; owed: what was promised is awaited; objected: OJK"
        " says how it goes on; facilitation: OJK brings both sides together; at-laps: LAPS SJK has it"
    )  # fmt: skip
    round: int = Field(default=0, ge=0)
    pujk: PujkCode | None = None
    holder: str | None = None
    proposal: int | None = Field(default=None, description="Number of the latest proposal of this round")
    returned: int = Field(default=0, ge=0, description="How often OJK returned a proposal")
    reason: str | None = None
    waiting_for: Literal["documents"] | None = Field(
        default=None, description="The firm cannot go on before the consumer brought these; its time pauses"
    )
    waiting_since: Moment | None = None
    extension: Literal["asked", "granted", "refused"] | None = Field(
        default=None, description="What became of the firm's wish for more time in this round; it has one"
    )
    consumer_until: Moment | None = Field(
        default=None, description="By when the consumer says whether they agree, or whether what was paid is there"
    )
    facilitation_asked: bool = Field(default=False, description="The consumer asks OJK to facilitate")
    obligations: tuple[Obligation, ...] = ()
    laps_until: Moment | None = Field(default=None, description="By when LAPS verifies, later by when it mediates")
    reopened: int = Field(default=0, ge=0, description="How often the matter went on after it had been settled")


class DemandAnswer(Shape):
    """What the firm answers to one demand of the consumer."""

    demand: int = Field(ge=1)
    answer: AnswerKind
    amount: Rupiah | None = None
    promised_by: date | None = None
    sealed: Sealed | None = Field(default=None, description="Why, in the firm's words")
    evidence: AttachmentIds = Field(default=(), description="Those of the proposal's files that show it")
