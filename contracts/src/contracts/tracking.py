"""What does tracking say? What consumers answer on the page of their matter; others say what comes of it."""

from typing import ClassVar, Literal

from pydantic import Field

from contracts.base import Fact, Sealed, Shape


class ConsumerConfirmed(Fact):
    """The consumer agrees to the proposal that OJK accepted."""

    key: ClassVar[str] = "tracking.consumer-confirmed.v1"

    round: int
    proposal: int


class ConsumerObjected(Fact):
    """The consumer does not agree; ``sealed`` says why."""

    key: ClassVar[str] = "tracking.consumer-objected.v1"

    round: int
    proposal: int
    facilitation: bool = Field(description="They ask OJK to bring them together with the firm")
    sealed: Sealed


class ReliefConfirmed(Fact):
    """What the firm promised is there."""

    key: ClassVar[str] = "tracking.relief-confirmed.v1"

    round: int
    demand: int
    proposal: int | None = Field(default=None, description="Which promise to that demand; 0: that of a settlement")


class ReliefDenied(Fact):
    """What the firm promised, or says it did, is not there; ``sealed`` may say more."""

    key: ClassVar[str] = "tracking.relief-denied.v1"

    round: int
    demand: int
    proposal: int | None = Field(default=None, description="Which promise to that demand; 0: that of a settlement")
    sealed: Sealed | None = None


class PositionStated(Fact):
    """What the consumer says while OJK brings them together with the firm."""

    key: ClassVar[str] = "tracking.position-stated.v1"

    round: int
    sealed: Sealed


class ReopenAsked(Fact):
    """The answer to a question did not answer it; ``sealed`` says what is still open. Taken once."""

    key: ClassVar[str] = "tracking.reopen-asked.v1"

    sealed: Sealed


class FeedbackGiven(Fact):
    """How the consumer found the service; ``sealed`` may say more."""

    key: ClassVar[str] = "tracking.feedback-given.v1"

    score: int = Field(ge=1, le=5, description="5 is best")
    sealed: Sealed | None = None


class QuietHours(Shape):
    """Between which hours nobody is rung at, by the clock of a zone; they may go over midnight."""

    begin: str = Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")
    end: str = Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")
    zone: Literal["WIB", "WITA", "WIT"] = "WIB"


class PreferencesSet(Fact):
    """How the consumer wants to be told from now on; what is none stays as it was."""

    key: ClassVar[str] = "tracking.preferences-set.v1"

    language: Literal["id", "en"] | None = None
    tell_by: Literal["email", "sms", "whatsapp", "push", "none"] | None = None
    quiet: QuietHours | None = None


FACTS: tuple[type[Fact], ...] = (
    ConsumerConfirmed,
    ConsumerObjected,
    ReliefConfirmed,
    ReliefDenied,
    PositionStated,
    ReopenAsked,
    FeedbackGiven,
    PreferencesSet,
)
#: What the gateway says what comes of; the rest is for others.
SETTLING = FACTS[:5]
