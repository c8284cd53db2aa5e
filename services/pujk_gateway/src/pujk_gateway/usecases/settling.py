"""What becomes of an accepted proposal? The consumer answers on the page of their matter, the firm keeps its promises,
and time goes by."""

from dataclasses import dataclass

from chassis.messages import of_worker
from chassis.refusals import Erased, NotFound
from contracts.base import Event, Request
from contracts.pujk import ActionDone, FulfilRelief
from contracts.tracking import ConsumerConfirmed, ConsumerObjected, ReliefConfirmed, ReliefDenied

from pujk_gateway.domain import settling
from pujk_gateway.domain.case import Case
from pujk_gateway.domain.decisions import Terms
from pujk_gateway.domain.parts import Cause
from pujk_gateway.domain.refusals import NothingDue
from pujk_gateway.ports import Cases, Now
from pujk_gateway.usecases.acting import FirmActs
from pujk_gateway.usecases.facilitating import HearPosition
from pujk_gateway.usecases.hearing import cause_of


@dataclass(frozen=True)
class HearAnswer:
    """The consumer agrees to the accepted proposal, or objects."""

    cases: Cases

    async def __call__(self, event: Event[ConsumerConfirmed] | Event[ConsumerObjected]) -> None:
        data, cause = event.data, cause_of(event)

        def answer(case: Case) -> None:
            if isinstance(data, ConsumerConfirmed):
                settling.agrees(case, cause, round_=data.round, proposal=data.proposal)
            else:
                settling.objects(
                    case,
                    cause,
                    round_=data.round,
                    proposal=data.proposal,
                    facilitation=data.facilitation,
                    sealed=data.sealed,
                )

        await self.cases.change(event, answer)


@dataclass(frozen=True)
class HearRelief:
    """What the firm promised is there, or is not, says the consumer."""

    cases: Cases

    async def __call__(self, event: Event[ReliefConfirmed] | Event[ReliefDenied]) -> None:
        data, cause, seq = event.data, cause_of(event), event.seq

        def hear(case: Case) -> None:
            round_, demand, proposal = data.round, data.demand, data.proposal
            if isinstance(data, ReliefConfirmed):
                settling.confirm(case, cause, seq, round_=round_, demand=demand, proposal=proposal)
            else:
                settling.deny(case, cause, seq, round_=round_, demand=demand, proposal=proposal, sealed=data.sealed)

        await self.cases.change(event, hear)


@dataclass(frozen=True)
class Consumers:
    """What consumers say, together."""

    hear_answer: HearAnswer
    hear_relief: HearRelief
    hear_position: HearPosition

    @classmethod
    def of(cls, cases: Cases) -> "Consumers":
        return cls(HearAnswer(cases), HearRelief(cases), HearPosition(cases))


@dataclass(frozen=True)
class FulfilPromise(FirmActs):
    """Janji sudah dipenuhi."""

    terms: Terms

    async def __call__(self, request: Request[FulfilRelief], pujk: str, seen: int | None = None) -> ActionDone:
        data = request.data
        sealed = await self.sealed(request, pujk, data.note)
        return await self.done(
            request,
            pujk,
            lambda case, deed: settling.pay(case, deed, demand=data.demand, sealed=sealed, terms=self.terms),
            seen,
        )


@dataclass(frozen=True)
class TellTime:
    """What time does to a case is said: the consumer said nothing, a promise was not kept, or nobody denied that it
    was."""

    cases: Cases
    clock: Now

    async def __call__(self, number: str, *, all_heard: bool) -> None:
        """Whoever comes second finds nothing to do. Errors: those of the repository."""
        if not all_heard:
            return
        message = of_worker(number)
        try:
            await self.cases.change(message, lambda case: settling.tick(case, Cause(message.id, self.clock.now())))
        except (NothingDue, NotFound, Erased):
            return
