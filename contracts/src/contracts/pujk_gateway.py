"""What does the gateway say? What the PUJK did with a ticket, and what OJK decided about it."""

from typing import ClassVar, Literal

from pydantic import Field

from contracts import settling
from contracts.accounts import TokensEnded
from contracts.base import Fact, Moment, PujkCode, Rupiah, Sealed
from contracts.cases import ClosingReason, DeclineKind, DemandAnswer, FollowUpKind, GatewayStanding, ResolutionKind
from contracts.dossier import AttachmentIds


class TicketTakenOver(Fact):
    """An officer or system of the firm made the ticket theirs."""

    key: ClassVar[str] = "pujk_gateway.ticket-taken-over.v1"

    round: int
    holder: str
    standing: GatewayStanding


class TicketReleased(Fact):
    """The ticket was given back: any officer of the firm may take it over."""

    key: ClassVar[str] = "pujk_gateway.ticket-released.v1"

    round: int
    holder: str = Field(description="Who had taken it over")
    by: str = Field(description="Who gave it back: that officer, or a colleague")
    standing: GatewayStanding


class DocumentsAsked(Fact):
    """The firm needs documents of the consumer; ``sealed`` says which. The firm's time pauses until they are there."""

    key: ClassVar[str] = "pujk_gateway.documents-asked.v1"

    round: int
    by: str
    sealed: Sealed
    standing: GatewayStanding


class DocumentsReceived(Fact):
    """What the consumer was asked for is there, or is waited for no longer: the firm goes on."""

    key: ClassVar[str] = "pujk_gateway.documents-received.v1"

    round: int
    by: str | None = Field(default=None, description="The officer who says so; none where the consumer brought them")
    because: Literal["consumer", "firm", "time-over"]
    standing: GatewayStanding


class ExtensionAsked(Fact):
    """The firm asks OJK for more time; ``sealed`` says why."""

    key: ClassVar[str] = "pujk_gateway.extension-asked.v1"

    round: int
    by: str
    sealed: Sealed
    standing: GatewayStanding


class ExtensionDecided(Fact):
    """OJK granted or refused more time; ``sealed`` says why it was refused."""

    key: ClassVar[str] = "pujk_gateway.extension-decided.v1"

    round: int
    granted: bool
    by: str
    sealed: Sealed | None = None
    standing: GatewayStanding


class FollowUpAdded(Fact):
    """The firm did something about the ticket; ``sealed`` holds its note."""

    key: ClassVar[str] = "pujk_gateway.follow-up-added.v1"

    round: int
    kind: FollowUpKind
    by: str
    sealed: Sealed
    attachments: AttachmentIds = Field(default=(), description="Files that the firm brought with it")


class TicketDeclined(Fact):
    """The firm says that the ticket is not its to answer."""

    key: ClassVar[str] = "pujk_gateway.ticket-declined.v1"

    round: int
    kind: DeclineKind
    sealed: Sealed
    standing: GatewayStanding


class TicketRecalled(Fact):
    """The round of a firm ended because another firm must answer."""

    key: ClassVar[str] = "pujk_gateway.ticket-recalled.v1"

    round: int
    pujk: PujkCode
    standing: GatewayStanding


class ResolutionProposed(Fact):
    """The firm proposes how to settle; OJK decides. ``sealed`` holds its words."""

    key: ClassVar[str] = "pujk_gateway.resolution-proposed.v1"

    round: int
    proposal: int
    kind: ResolutionKind
    amount: Rupiah | None = None
    answers: tuple[DemandAnswer, ...] = ()
    by: str
    sealed: Sealed
    attachments: AttachmentIds = Field(default=(), description="Evidence")
    standing: GatewayStanding


class ResolutionAccepted(Fact):
    """OJK accepted the proposal; the consumer says whether they agree."""

    key: ClassVar[str] = "pujk_gateway.resolution-accepted.v1"

    round: int
    proposal: int
    by: str
    consumer_until: Moment | None = Field(default=None, description="Silent until then, the consumer is taken to agree")
    consumer_days: int | None = Field(default=None, ge=1, description="Working days that they have")
    rule_version: str | None = None
    standing: GatewayStanding


class ResolutionReturned(Fact):
    """OJK returned the proposal; ``sealed`` holds the reason."""

    key: ClassVar[str] = "pujk_gateway.resolution-returned.v1"

    round: int
    proposal: int
    by: str
    sealed: Sealed
    standing: GatewayStanding


class TicketClosed(Fact):
    """The gateway ended the matter."""

    key: ClassVar[str] = "pujk_gateway.ticket-closed.v1"

    reason: ClosingReason
    standing: GatewayStanding


class WithdrawalTooLate(Fact):
    """The consumer's wish to withdraw came after the matter had ended."""

    key: ClassVar[str] = "pujk_gateway.withdrawal-too-late.v1"

    standing: GatewayStanding


class OfficerLocked(TokensEnded):
    """What somebody of a firm was given before is good no more; every door looks before it acts."""

    key: ClassVar[str] = "pujk_gateway.officer-locked.v1"


FACTS: tuple[type[Fact], ...] = (
    TicketTakenOver,
    FollowUpAdded,
    TicketDeclined,
    TicketRecalled,
    ResolutionProposed,
    ResolutionAccepted,
    ResolutionReturned,
    TicketClosed,
    WithdrawalTooLate,
    OfficerLocked,
    TicketReleased,
    DocumentsAsked,
    DocumentsReceived,
    ExtensionAsked,
    ExtensionDecided,
    *settling.FACTS,
)
