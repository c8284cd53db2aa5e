"""How does OJK bring a consumer and their firm together? It opens, plans, writes down, and says how it ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chassis.messages import Act
from chassis.refusals import NotFound
from contracts.base import Event, Request
from contracts.pujk import ActionDone, StatePosition
from contracts.tracking import PositionStated

from pujk_gateway.domain import facilitation, laps
from pujk_gateway.domain.case import Case
from pujk_gateway.domain.decisions import Terms
from pujk_gateway.domain.disputes import Because, Check, Ending, Promise, StepKind
from pujk_gateway.domain.limits import Applied, DisputeRules
from pujk_gateway.domain.parts import Cause
from pujk_gateway.ports import Cases, Now
from pujk_gateway.usecases.acting import FirmActs, sealed_words
from pujk_gateway.usecases.deciding import Decided


@dataclass(frozen=True)
class Conditions:
    """What is looked at before OJK facilitates, or sends to LAPS SJK. ``fingerprint`` is that of the key of bundles."""

    rules: DisputeRules
    clock: Now
    fingerprint: str

    def __call__(self, case: Case) -> tuple[Sequence[Check], str]:
        return facilitation.checks_of(case, self.rules, self.clock.now())

    def because(self, case: Case) -> Because:
        return laps.because_of(case, self.rules, self.clock.now())

    def free(self, case: Case) -> Applied:
        """Up to which loss LAPS SJK asks for no money."""
        return self.rules.free(case.turn.sector if case.turn else None, case.product, self.clock.now())


@dataclass(frozen=True)
class OpenFacilitation:
    """A decider opens it: every condition is looked at again, and kept."""

    cases: Cases
    conditions: Conditions

    async def __call__(self, act: Act, by: str, basis: int | None) -> Decided:
        """Errors: NotFound and what the domain refuses."""
        if await self.cases.get(act.subject) is None:
            raise NotFound(f"no case {act.subject} here")

        def open_(case: Case) -> None:
            checks, version = self.conditions(case)
            cause = Cause(act.id, self.conditions.clock.now())
            facilitation.open_(case, cause, by=by, basis=basis, checks=checks, rule_version=version)

        return Decided.of((await self.cases.change(act, open_)).aggregate, act)


@dataclass(frozen=True)
class AddStep:
    """A decider plans a session, writes down how one went, or notes something for OJK alone."""

    cases: Cases
    clock: Now

    async def __call__(
        self, act: Act, by: str, basis: int | None, kind: StepKind, text: str, held_at: datetime | None
    ) -> Decided:
        """Errors: NotFound and what the domain refuses."""
        sealed = await _sealed(self.cases, act.subject, text)

        def add(case: Case) -> None:
            cause = Cause(act.id, self.clock.now())
            facilitation.ojk_adds(case, cause, kind=kind, by=by, basis=basis, sealed=sealed, held_at=held_at)

        return Decided.of((await self.cases.change(act, add)).aggregate, act)


@dataclass(frozen=True)
class EndFacilitation:
    """A decider says how it ended; settled, with what the firm promised. ``called_off`` is what each side reads of a
    session that was planned."""

    cases: Cases
    clock: Now
    terms: Terms
    called_off: str

    async def __call__(
        self, act: Act, by: str, basis: int | None, outcome: Ending, text: str, promises: Sequence[Promise]
    ) -> Decided:
        """Errors: NotFound and what the domain refuses."""
        sealed = await _sealed(self.cases, act.subject, text)
        called_off = await _sealed(self.cases, act.subject, self.called_off)

        def end(case: Case) -> None:
            cause, about = Cause(act.id, self.clock.now()), {"sealed": sealed, "called_off": called_off}
            facilitation.end(case, cause, by=by, basis=basis, outcome=outcome, promises=promises, **about)

        return Decided.of((await self.cases.change(act, end)).aggregate, act)


@dataclass(frozen=True)
class StateFirmsPosition(FirmActs):
    """Tanggapan dalam fasilitasi."""

    async def __call__(self, request: Request[StatePosition], pujk: str, seen: int | None = None) -> ActionDone:
        sealed = await self.sealed(request, pujk, request.data.text)
        return await self.done(
            request, pujk, lambda case, deed: facilitation.firm_states(case, deed, sealed=sealed), seen
        )


@dataclass(frozen=True)
class HearPosition:
    """What the consumer says while OJK brings them together with the firm; afterwards it is heard and left out."""

    cases: Cases

    async def __call__(self, event: Event[PositionStated]) -> None:
        data, cause = event.data, Cause(event.id, event.time)
        await self.cases.change(
            event,
            lambda case: facilitation.consumer_states(case, cause, round_=data.round, sealed=data.sealed),
        )


async def _sealed(cases: Cases, number: str, text: str) -> str:
    """Errors: NotFound."""
    case = await cases.get(number)
    if case is None or case.turn is None or case.seal_key is None:
        raise NotFound(f"no case {number} here")
    return sealed_words(text, case.seal_key, number)
