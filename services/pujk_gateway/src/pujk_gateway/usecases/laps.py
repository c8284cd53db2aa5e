"""What does OJK do with a matter that is LAPS SJK's to decide? It sends one bundle, and writes down what LAPS says."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

from chassis.messages import Act
from chassis.refusals import NotFound, Refusal
from chassis.working_days import Calendar
from contracts.dossier import Dossier, Opening

from pujk_gateway.domain import laps
from pujk_gateway.domain.case import Case
from pujk_gateway.domain.disputes import Outcome
from pujk_gateway.domain.limits import DisputeRules, verification
from pujk_gateway.domain.parts import Cause
from pujk_gateway.domain.refusals import CaseRefusal
from pujk_gateway.ports import Cases, Now, Texts
from pujk_gateway.ports.bundles import Bundle, Bundles, Contents, Opened
from pujk_gateway.usecases.acting import sealed_words
from pujk_gateway.usecases.deciding import Decided

#: Whoever sends a matter to LAPS SJK, or takes the bundle of it, sees the person in clear. So intake is told why.
SENT = "Berkas sengketa untuk LAPS SJK disusun"
TAKEN = "Berkas sengketa untuk LAPS SJK diunduh"
ROLE = "decider"


@dataclass(frozen=True)
class Sight:
    """The person in clear, said as `data-viewed` before anything is shown."""

    dossiers: Opened

    async def __call__(self, number: str, by: str, why: str) -> Dossier:
        """Errors: NotFound, Erased, Forbidden, Unavailable."""
        masked = await self.dossiers.dossier(number, by=by, role=ROLE)
        fields = tuple(one.name for one in masked.fields if one.masked)
        if not fields:
            return masked
        return await self.dossiers.dossier(number, by=by, role=ROLE, opening=Opening(fields=fields, reason=why))


@dataclass(frozen=True)
class SendToLaps:
    """A decider sends the matter: the bundle is made and kept, then it is said."""

    cases: Cases
    texts: Texts
    sight: Sight
    bundles: Bundles
    clock: Now
    rules: DisputeRules
    calendar: Calendar

    async def __call__(self, act: Act, by: str, basis: int | None) -> Decided:
        """Errors: NotFound, Erased, Unavailable and what the domain refuses."""
        case = await _known(self.cases, act.subject)
        if case.outcome(act.id) is not None:
            return Decided.of(case, act)
        laps.may_send(case, basis)
        bundle = await self._bundled(case, by)
        try:
            sent = await self.cases.change(act, lambda case: self._send(case, act, by, basis, bundle))
        except (CaseRefusal, Refusal):
            # Where it is not known whether it was written, the file stays: what was said names it.
            await self.bundles.drop(bundle.file)
            raise
        if sent.aggregate.laps is None or sent.aggregate.laps.file != bundle.file:
            # The same form, sent twice at once: the other one came first.
            await self.bundles.drop(bundle.file)
        return Decided.of(sent.aggregate, act)

    async def _bundled(self, case: Case, by: str) -> Bundle:
        now = self.clock.now()
        written = [one.sealed for one in case.entries]
        written += [text for one in case.proposals for text in one.written]
        texts = await self.texts.opened([(sealed, case.number) for sealed in written if sealed])
        dossier = await self.sight(case.number, by, SENT)
        return await self.bundles.keep(Contents(case, texts, dossier, laps.because_of(case, self.rules, now), now))

    def _send(self, case: Case, act: Act, by: str, basis: int | None, bundle: Bundle) -> None:
        cause = Cause(act.id, self.clock.now())
        terms, because = self.rules.laps_terms(cause.at), laps.because_of(case, self.rules, cause.at)
        closed = self.rules.closed_categories(cause.at)
        until = verification(cause.at, terms, replace(self.calendar, closed_categories=closed))
        sent = laps.Sent(because, bundle.sha256, bundle.file, terms, until)
        laps.send(case, cause, by=by, basis=basis, sent=sent)


@dataclass(frozen=True)
class TakeBundle:
    """A decider takes the bundle; that they see the person is said, each time."""

    cases: Cases
    sight: Sight
    bundles: Bundles

    async def __call__(self, number: str, by: str) -> tuple[Case, AsyncIterator[bytes]]:
        """Errors: NotFound, Erased, Unavailable."""
        case = await _known(self.cases, number)
        if case.laps is None:
            raise NotFound("this matter was not sent to LAPS SJK")
        await self.sight(number, by, TAKEN)
        return case, await self.bundles.read(number, case.laps.file)


@dataclass(frozen=True)
class HearLaps:
    """A decider writes down what LAPS SJK said: it takes the matter, or how it ended."""

    cases: Cases
    clock: Now

    async def __call__(
        self, act: Act, by: str, basis: int | None, outcome: Outcome | None, words: str | None
    ) -> Decided:
        """Without ``outcome`` it takes the matter. Errors: NotFound and what the domain refuses."""
        case = await _known(self.cases, act.subject)
        assert case.seal_key is not None
        sealed = sealed_words(words or "", case.seal_key, case.number)

        def said(case: Case) -> None:
            cause = Cause(act.id, self.clock.now())
            if outcome is None:
                laps.verified(case, cause, by=by, basis=basis)
            else:
                laps.decided(case, cause, by=by, basis=basis, outcome=outcome, sealed=sealed)

        return Decided.of((await self.cases.change(act, said)).aggregate, act)


async def _known(cases: Cases, number: str) -> Case:
    case = await cases.get(number)
    if case is None or case.turn is None or case.seal_key is None:
        raise NotFound(f"no case {number} here")
    return case
