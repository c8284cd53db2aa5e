"""What does a firm wait for, and what becomes of it? It asks the consumer for documents, and OJK for more time."""

from collections.abc import Sequence
from dataclasses import dataclass

from chassis.messages import Act
from chassis.refusals import NotFound
from contracts.base import Request
from contracts.pujk import ActionDone, AskDocuments, AskExtension, ReceiveDocuments

from pujk_gateway.domain import waiting
from pujk_gateway.domain.case import Case
from pujk_gateway.domain.decisions import Terms
from pujk_gateway.domain.parts import Cause, Deed
from pujk_gateway.ports import Cases, Now, Texts
from pujk_gateway.usecases.acting import FirmActs, sealed_words
from pujk_gateway.usecases.deciding import Decided, ReadTexts


@dataclass(frozen=True)
class AskForDocuments(FirmActs):
    """Minta dokumen konsumen."""

    terms: Terms

    async def __call__(self, request: Request[AskDocuments], pujk: str) -> ActionDone:
        data = request.data
        sealed = await self.sealed(request, pujk, data.text)
        now = self.clock.now()
        most, until = self.terms.documents_most(now), self.terms.documents_until(now)

        def ask(case: Case, deed: Deed) -> None:
            waiting.ask_documents(case, deed, basis=data.basis, sealed=sealed, most=most, until=until)

        return await self.done(request, pujk, ask)


@dataclass(frozen=True)
class HaveDocuments(FirmActs):
    """Dokumen sudah diterima."""

    async def __call__(self, request: Request[ReceiveDocuments], pujk: str, seen: int | None = None) -> ActionDone:
        await self.case_of(request, pujk)
        return await self.done(request, pujk, waiting.receive_documents, seen)


@dataclass(frozen=True)
class AskForTime(FirmActs):
    """Minta perpanjangan waktu."""

    async def __call__(self, request: Request[AskExtension], pujk: str) -> ActionDone:
        data = request.data
        sealed = await self.sealed(request, pujk, data.text)
        return await self.done(
            request, pujk, lambda case, deed: waiting.ask_extension(case, deed, basis=data.basis, sealed=sealed)
        )


@dataclass(frozen=True)
class DecideExtension:
    """OJK grants the firm more time, or refuses with a reason that the firm gets."""

    cases: Cases
    clock: Now

    async def __call__(self, act: Act, by: str, basis: int | None, reason: str | None) -> Decided:
        """``reason`` is given where it is refused. Errors: NotFound and what the domain refuses."""
        case = await self.cases.get(act.subject)
        if case is None or case.turn is None or case.seal_key is None:
            raise NotFound(f"no case {act.subject} here")
        sealed = sealed_words(reason, case.seal_key, case.number) if reason is not None else None

        def decide(case: Case) -> None:
            cause = Cause(act.id, self.clock.now())
            waiting.decide_extension(case, cause, by=by, basis=basis, granted=sealed is None, sealed=sealed)

        return Decided.of((await self.cases.change(act, decide)).aggregate, act)


@dataclass(frozen=True)
class ListExtensions:
    """Who waits for OJK's word on more time? By due time, with the firms' reasons readable."""

    cases: Cases
    texts: Texts

    async def __call__(self, after: str | None, limit: int) -> tuple[Sequence[Case], ReadTexts, str | None]:
        cases, cursor = await self.cases.asking_for_time(after, limit)
        asked = [(one.sealed, case.number) for case in cases if (one := waiting.asked_for_time(case))]
        return cases, await self.texts.opened([(sealed, number) for sealed, number in asked if sealed]), cursor
