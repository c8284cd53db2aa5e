"""What does intake say? A service came in, was answered, was closed, or its consumer wants it withdrawn."""

from datetime import date
from typing import ClassVar, Literal

from pydantic import Field

from contracts.accounts import TokensEnded
from contracts.base import Fact, Moment, Number, PujkCode, Rupiah, Sealed, Shape

Kind = Literal["information", "question", "indication", "complaint"]


class IntakeStanding(Shape):
    """Intake's whole present standing of a matter."""

    kind: Kind
    state: Literal["open", "answered", "closed"] = "open"
    eligible: bool = True
    withdrawal_asked: bool = False


class PujkAsWritten(Shape):
    """The firm as the consumer or channel wrote it; routing decides which one it is."""

    name: str = Field(max_length=200)
    code: PujkCode | None = None


class Demand(Shape):
    """One thing the consumer wants; its words are sealed, the amount is not."""

    id: int = Field(ge=1)
    amount: Rupiah | None = None


class ServiceRegistered(Fact):
    """A service was accepted and has its number. ``sealed`` holds identity, contact and story."""

    key: ClassVar[str] = "intake.service-registered.v1"

    kind: Kind
    channel: str
    form: Literal["written", "oral"] = "written"
    received_at: Moment
    counted_from: Moment | None = Field(
        default=None,
        description="When the office took it up, where it came out of hours: its clocks start then; none: as it came",
    )
    answer_by: Moment | None = Field(
        default=None, description="By when the office answers a question; none: no day is set for this kind"
    )
    pujk: PujkAsWritten | None = None
    product: str | None = None
    issue: str | None = None
    region: str | None = None
    loss: Rupiah | None = None
    transaction_date: date | None = None
    demands: tuple[Demand, ...] = ()
    in_court: bool = False
    in_court_stated: bool = Field(
        default=True, description="False: nothing was said of a court, and in_court is only taken to be so"
    )
    language: Literal["id", "en"] = "id"
    tell_by: Literal["email", "phone", "none", "sms", "whatsapp", "push"] = "email"
    seal_key: str = Field(description="Public key anyone may seal to; only intake's key opens it")
    sealed: Sealed
    standing: IntakeStanding


class ServiceAnswered(Fact):
    """A CSO answered a question; ``sealed`` holds the answer."""

    key: ClassVar[str] = "intake.service-answered.v1"

    by: str
    again: bool = Field(default=False, description="The second answer, after which nothing is asked once more")
    sealed: Sealed
    standing: IntakeStanding


class ServiceClosed(Fact):
    """Intake ended a matter that is intake's to end."""

    key: ClassVar[str] = "intake.service-closed.v1"

    reason: Literal["recorded", "withdrawn"]
    standing: IntakeStanding


class WithdrawalAsked(Fact):
    """The consumer wishes to withdraw; whoever may end the matter answers."""

    key: ClassVar[str] = "intake.withdrawal-asked.v1"

    standing: IntakeStanding


class Attachment(Shape):
    """One file of a matter. Its name and content stay at intake, and are read there with a link that ends."""

    id: str = Field(pattern=r"^[0-9a-f]{32}$")
    media_type: str = Field(description="Found in the content, whatever was said of it", max_length=100)
    size: int = Field(ge=1, description="Bytes")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$", description="Of the content keyed with the matter's key")


class ServiceAmended(Fact):
    """Files were added to the matter."""

    key: ClassVar[str] = "intake.service-amended.v1"

    by: Literal["consumer", "pujk", "ojk"]
    attachments: tuple[Attachment, ...] = ()
    standing: IntakeStanding


class DataViewed(Fact):
    """Somebody opened personal data that is masked otherwise; ``sealed`` says why."""

    key: ClassVar[str] = "intake.data-viewed.v1"

    by: str = Field(description="The account that looked", max_length=80)
    role: str = Field(description="As what: a role of OJK's staff, or a seat at a firm", max_length=40)
    pujk: PujkCode | None = Field(default=None, description="The firm whose officer looked")
    fields: tuple[str, ...] = Field(description="What was opened", max_length=20)
    sealed: Sealed


class ServiceReopened(Fact):
    """The answer did not answer the question, says its consumer; a CSO answers once more."""

    key: ClassVar[str] = "intake.service-reopened.v1"

    answer_by: Moment | None = Field(default=None, description="By when the office answers once more")
    standing: IntakeStanding


class ServicesLinked(Fact):
    """An officer says that two matters belong together. Said of each of the two; nothing of either changes."""

    key: ClassVar[str] = "intake.services-linked.v1"

    other: Number
    why: Literal["duplicate", "related"] = Field(description="The same matter of one person, or one cause of several")
    reasons: tuple[str, ...] = Field(default=(), max_length=20, description="Codes of what is alike in them")
    by: str = Field(description="The account that linked them", max_length=80)


class ServicesUnlinked(Fact):
    """An officer took a link back; nothing of it is left but both facts."""

    key: ClassVar[str] = "intake.services-unlinked.v1"

    other: Number
    by: str = Field(description="The account that took it back", max_length=80)


class PinLinkAsked(Fact):
    """Somebody asked for a new PIN; a link goes to the contact on file, and to nowhere else."""

    key: ClassVar[str] = "intake.pin-link-asked.v1"

    round: int = Field(ge=1, description="Of the PIN that the link replaces; it is good for this one only")
    until: Moment = Field(description="So long the link is good")


class PinRenewed(Fact):
    """The matter has a new PIN; the one before is good no more."""

    key: ClassVar[str] = "intake.pin-renewed.v1"

    round: int = Field(ge=2, description="Of the PIN that is good from now on")
    how: Literal["link", "cso"] = Field(
        description="By the link to the contact on file, or after a CSO asked who it is"
    )
    by: str | None = Field(default=None, description="The CSO's account", max_length=80)


class OfficerLocked(TokensEnded):
    """What somebody of OJK's staff was given before is good no more; every door looks before it acts."""

    key: ClassVar[str] = "intake.officer-locked.v1"


FACTS: tuple[type[Fact], ...] = (
    ServiceRegistered,
    ServiceAnswered,
    ServiceClosed,
    WithdrawalAsked,
    OfficerLocked,
    ServiceAmended,
    DataViewed,
    ServiceReopened,
    ServicesLinked,
    ServicesUnlinked,
    PinLinkAsked,
    PinRenewed,
)
