"""What does the gateway do with what the consumer says on the page of their matter? It takes what still counts."""

from dataclasses import dataclass

from chassis.messages import AnyEvent
from contracts.base import Event
from contracts.tracking import ConsumerConfirmed, ConsumerObjected, ReliefConfirmed, ReliefDenied

from pujk_gateway.ports import Cases


@dataclass(frozen=True)
class HearAnswer:
    """The consumer agrees to the accepted proposal, or objects."""

    cases: Cases

    async def __call__(self, event: Event[ConsumerConfirmed] | Event[ConsumerObjected]) -> None:
        await self.cases.change(event, lambda case: None)


@dataclass(frozen=True)
class HearRelief:
    """What the firm promised is there, or is not, says the consumer."""

    cases: Cases

    async def __call__(self, event: Event[ReliefConfirmed] | Event[ReliefDenied]) -> None:
        await self.cases.change(event, lambda case: None)


@dataclass(frozen=True)
class HearPosition:
    """What the consumer says while OJK brings them together with the firm."""

    cases: Cases

    async def __call__(self, event: AnyEvent) -> None:
        await self.cases.change(event, lambda case: None)


@dataclass(frozen=True)
class Consumers:
    """What consumers say, together."""

    hear_answer: HearAnswer
    hear_relief: HearRelief
    hear_position: HearPosition

    @classmethod
    def of(cls, cases: Cases) -> "Consumers":
        return cls(HearAnswer(cases), HearRelief(cases), HearPosition(cases))
