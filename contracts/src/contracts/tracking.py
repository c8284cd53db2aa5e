"""What does tracking say? What consumers answer on the page of their matter; the gateway says what comes of it."""

from typing import ClassVar

from pydantic import Field

from contracts.base import Fact, Sealed


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


class ReliefDenied(Fact):
    """What the firm promised, or says it did, is not there; ``sealed`` may say more."""

    key: ClassVar[str] = "tracking.relief-denied.v1"

    round: int
    demand: int
    sealed: Sealed | None = None


class PositionStated(Fact):
    """What the consumer says while OJK brings them together with the firm."""

    key: ClassVar[str] = "tracking.position-stated.v1"

    round: int
    sealed: Sealed


FACTS: tuple[type[Fact], ...] = (ConsumerConfirmed, ConsumerObjected, ReliefConfirmed, ReliefDenied, PositionStated)
