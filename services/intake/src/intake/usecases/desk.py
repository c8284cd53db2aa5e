"""What a CSO does while somebody is on the phone, and after: sees a matter, answers one question or several."""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chassis.messages import Act, act_id
from chassis.refusals import Erased, KeyReused, NotFound, Unavailable
from contracts.codes import called
from contracts.numbers import shown

from intake.domain import AlreadyAnswered, NotAQuestion, Service, ServiceEnded
from intake.ports import Attempts, Digests, Marking, Numbers, Seals, Services, Status, Statuses
from intake.seeing import masked, unnamed
from intake.usecases.finding import By
from intake.usecases.pins import RenewPin
from intake.usecases.services import AnswerQuestion, known, proved

#: What an answer may leave to be filled in, for each matter.
PLACES = ("name", "number", "pujk", "product")
#: What stands there where nobody said it.
_UNSAID = {
    "id": {"pujk": "PUJK", "product": "produk atau layanan keuangan"},
    "en": {"pujk": "the firm", "product": "a financial product or service"},
}
_PLACE = re.compile(r"\{(" + "|".join(PLACES) + r")\}")
#: So many are answered in one act.
SEVERAL_MOST = 100
_NOT_NOW = (AlreadyAnswered, NotAQuestion, ServiceEnded, NotFound, Erased, KeyReused)


@dataclass(frozen=True)
class GivenAnswer:
    by: str
    at: datetime
    text: str


@dataclass(frozen=True)
class MatterRead:
    """The story in clear, the identity masked. ``still_open``: what the last answer left open, as the consumer says."""

    service: Service
    story: str
    demands: Sequence[str]
    consumer: Mapping[str, str]
    still_open: str | None
    answers: Sequence[GivenAnswer]
    status: Status | None = None


@dataclass(frozen=True)
class ReadMatter:
    """For a CSO, a supervisor, and whoever judges how it was handled; ``named`` shows the masked identity, too;
    without it the consumer's name is taken out of what was written."""

    services: Services
    seals: Seals
    statuses: Statuses

    async def __call__(self, number: str, *, named: bool = True, status: bool = True) -> MatterRead:
        """Errors: NotFound, Erased, Unavailable."""
        service = await known(self.services, number)
        private = json.loads(self.seals.unseal(service.sealed, service.key, number))
        consumer = {one: masked(one, str(value)) for one, value in private["consumer"].items() if value}

        def told(text: str | None) -> str:
            # Answers greet by name, and people sign what they write.
            return text or "" if named else unnamed(text or "", private["consumer"])

        return MatterRead(
            service,
            told(private["story"]),
            [told(one) for one in private.get("demands") or ()],
            consumer if named else {},
            told(self._text(service, service.still_open)) or None,
            [GivenAnswer(one.by, one.at, told(self._text(service, one.sealed))) for one in service.answers],
            await self.statuses.of(number) if status else None,
        )

    def _text(self, service: Service, sealed: str | None) -> str | None:
        return json.loads(self.seals.unseal(sealed, service.key, service.number))["text"] if sealed else None


@dataclass(frozen=True)
class Canned:
    """An answer that is given often; ``texts`` and ``titles`` by language."""

    code: str
    valid_from: date
    titles: Mapping[str, str]
    texts: Mapping[str, str]


@dataclass(frozen=True)
class FillAnswer:
    """What of an answer is left to be filled in, for one matter; anything else in braces stays as it was typed."""

    services: Services
    seals: Seals

    async def __call__(self, number: str, text: str | Canned) -> str:
        """Of a canned one, in the language of the matter. Errors: NotFound, Erased, Unavailable."""
        service = await known(self.services, number)
        words = text.texts[service.language] if isinstance(text, Canned) else text
        consumer = json.loads(self.seals.unseal(service.sealed, service.key, number))["consumer"]
        unsaid = _UNSAID[service.language]
        values = {
            "name": consumer["name"],
            "number": shown(number, service.kind),
            "pujk": service.pujk_named or unsaid["pujk"],
            "product": called("product", service.product, service.language) if service.product else unsaid["product"],
        }
        return _PLACE.sub(lambda place: str(values[place[1]]), words)


@dataclass(frozen=True)
class AnswerSeveral:
    """One answer for several questions, each filled in for its own; sent again it does nothing twice."""

    answer: AnswerQuestion
    fill: FillAnswer
    digest: Digests

    async def __call__(
        self, numbers: Sequence[str], text: str | Canned, by: str, once: str, seen: Collection[str]
    ) -> tuple[Sequence[str], Sequence[str]]:
        """Those that are answered now, and those that could not be: answered before, ended, or no question. ``seen``:
        of which it was seen what the first answer left open; one that was opened again since is answered before."""
        done, left = [], []
        for number in dict.fromkeys(numbers):
            try:
                words = await self.fill(number, text)
                act = Act(act_id(by, f"{once}:{number}"), number, self.digest(words))
                await self.answer(act, words, by, number in seen)
                done.append(number)
            except _NOT_NOW:
                left.append(number)
        return done, left


@dataclass(frozen=True)
class SayStatus:
    """A machine on the phone says how a matter stands to whoever has its number and PIN. Wrong ones count as at every
    other door."""

    services: Services
    numbers: Numbers
    attempts: Attempts
    statuses: Statuses

    async def __call__(self, number: str, pin: str) -> tuple[Service, Status]:
        """Errors: NotFound, TooMany, Unavailable."""
        matter = await proved(self, number, pin)
        said = await self.statuses.of(number)
        if said is None:
            raise Unavailable("how the matter stands cannot be said now")
        return matter, said


#: By what a caller shows who they are.
PROOFS: tuple[By, ...] = ("nik", "passport", "phone", "email")


class NotThem(Exception):
    """What the caller said does not fit what is on file, or is too little."""


@dataclass(frozen=True)
class RenewForCaller:
    """A CSO asks the caller for what is on file, types it, and nothing is shown of it: two must fit, or all that there
    is. Then the PIN is replaced. Wrong tries are counted, by number."""

    services: Services
    marking: Marking
    attempts: Attempts
    renew: RenewPin

    async def __call__(self, act: Act, round_: int, said: Mapping[By, str], by: str) -> tuple[Service, str]:
        """Errors: NotThem, TooMany, PinReplaced, NotFound, Unavailable."""
        service = await known(self.services, act.subject)
        await self.attempts.take(act.subject)
        who = {*(service.marks.who if service.marks else ())}
        on_file = {kind for kind in PROOFS if any(mark.startswith(f"{kind}:") for mark in who)}
        fits = {kind for kind, text in said.items() if text and not who.isdisjoint(self.marking.asked(kind, text))}
        wrong = {kind for kind, text in said.items() if text} - fits
        if wrong or not fits or len(fits) < min(2, len(on_file)):
            raise NotThem("what the caller said does not fit what is on file, or is too little")
        renewed = await self.renew(act, round_, "cso", by)
        await self.attempts.give_back(act.subject)
        return renewed
