"""What does OJK see and decide? Waiting proposals by due time, a case whole, accept or return."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chassis.messages import Act
from chassis.refusals import NotFound

from pujk_gateway.domain import decisions
from pujk_gateway.domain.case import Case
from pujk_gateway.domain.parts import Cause
from pujk_gateway.ports import Cases, Now, Texts
from pujk_gateway.usecases.acting import sealed_words

ReadTexts = Mapping[str, str | None]


@dataclass(frozen=True)
class Decided:
    """What a decision came to: the case after it."""

    number: str
    basis: int
    state: str

    @classmethod
    def of(cls, case: Case, act: Act) -> "Decided":
        """As it was after the act, also where the act is sent again later."""
        entry = case.outcome(act.id)
        return cls(case.number, entry.basis, entry.state) if entry else cls(case.number, case.basis, case.state)


@dataclass(frozen=True)
class Decide:
    """A decider accepts the waiting proposal, or returns it with a reason that the firm and the consumer get."""

    cases: Cases
    clock: Now
    terms: decisions.Terms

    async def __call__(self, act: Act, by: str, basis: int | None, reason: str | None) -> Decided:
        """``reason`` is given where the proposal is returned. Errors: NotFound and what the domain refuses."""
        case = await self.cases.get(act.subject)
        if case is None or case.turn is None or case.seal_key is None:
            raise NotFound(f"no case {act.subject} here")
        sealed = sealed_words(reason, case.seal_key, case.number) if reason is not None else None

        def decide(case: Case) -> None:
            cause = Cause(act.id, self.clock.now())
            if sealed is None:
                decisions.accept(case, cause, by=by, basis=basis, terms=self.terms)
            else:
                decisions.send_back(case, cause, by=by, basis=basis, sealed=sealed)

        return Decided.of((await self.cases.change(act, decide)).aggregate, act)


@dataclass(frozen=True)
class ListProposals:
    """What waits for OJK's decision?"""

    cases: Cases
    texts: Texts

    async def __call__(self, after: str | None, limit: int) -> tuple[Sequence[Case], ReadTexts, str | None]:
        cases, cursor = await self.cases.proposed(after, limit)
        waiting = [(case.number, one.written) for case in cases if (one := case.waiting_proposal)]
        sealed = [(text, number) for number, written in waiting for text in written]
        return cases, await self.texts.opened(sealed), cursor


@dataclass(frozen=True)
class ShowCase:
    """Everything of one case, its texts readable; also of one that no firm got yet."""

    cases: Cases
    texts: Texts

    async def __call__(self, number: str) -> tuple[Case, ReadTexts]:
        case = await self.cases.get(number)
        if case is None or not case.kind:
            raise NotFound(f"no case {number} here")
        written = [one.sealed for one in case.entries]
        written += [text for one in case.proposals for text in one.written]
        return case, await self.texts.opened([(sealed, number) for sealed in written if sealed])
