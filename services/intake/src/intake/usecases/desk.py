"""What a CSO does while somebody is on the phone, and after: sees a matter, answers one question or several."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chassis.messages import Act, act_id
from chassis.refusals import Erased, KeyReused, NotFound
from contracts.codes import called
from contracts.numbers import shown

from intake.domain import AlreadyAnswered, NotAQuestion, Service, ServiceEnded
from intake.ports import Digests, Seals, Services, Status, Statuses
from intake.seeing import masked
from intake.usecases.services import AnswerQuestion, known

#: What an answer may leave to be filled in, for each matter.
PLACES = ("name", "number", "pujk", "product")
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
    """For a CSO, a supervisor, and whoever judges how it was handled; ``named`` shows the masked identity, too."""

    services: Services
    seals: Seals
    statuses: Statuses

    async def __call__(self, number: str, *, named: bool = True, status: bool = True) -> MatterRead:
        """Errors: NotFound, Erased, Unavailable."""
        service = await known(self.services, number)
        private = json.loads(self.seals.unseal(service.sealed, service.key, number))
        consumer = {one: masked(one, str(value)) for one, value in private["consumer"].items() if value}
        return MatterRead(
            service,
            private["story"],
            private.get("demands") or (),
            consumer if named else {},
            self._text(service, service.still_open),
            [GivenAnswer(one.by, one.at, self._text(service, one.sealed) or "") for one in service.answers],
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
        values = {
            "name": consumer["name"],
            "number": shown(number, service.kind),
            "pujk": service.pujk_named or ("PUJK" if service.language == "id" else "the firm"),
            "product": called("product", service.product, service.language),
        }
        return _PLACE.sub(lambda place: str(values[place[1]]), words)


@dataclass(frozen=True)
class AnswerSeveral:
    """One answer for several questions, each filled in for its own; sent again it does nothing twice."""

    answer: AnswerQuestion
    fill: FillAnswer
    digest: Digests

    async def __call__(
        self, numbers: Sequence[str], text: str | Canned, by: str, once: str
    ) -> tuple[Sequence[str], Sequence[str]]:
        """Those that are answered now, and those that could not be: answered before, ended, or no question."""
        done, left = [], []
        for number in dict.fromkeys(numbers):
            try:
                words = await self.fill(number, text)
                await self.answer(Act(act_id(by, f"{once}:{number}"), number, self.digest(words)), words, by)
                done.append(number)
            except _NOT_NOW:
                left.append(number)
        return done, left
