"""How is the work of the desk looked at? A sample is drawn, each matter of it is scored once, and results are told."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Protocol

from chassis.ids import drawn_id
from chassis.refusals import NotFound
from chassis.working_days import JAKARTA

from intake.domain import Service
from intake.ports import Days, Seals, Services, Today
from intake.quality import Result, Sample, Score, ScoreCard, Wanted, card_of, drawn
from intake.usecases.services import known

#: What is drawn from at most: some three months of a busy desk.
FROM_MOST = 200_000


class AlreadyScored(Exception):
    """A matter is scored once."""


class Quality(Protocol):
    """Errors of all: Unavailable."""

    async def put(self, sample: Sample) -> None: ...

    async def sample(self, id_: str) -> Sample | None: ...

    async def samples(self, most: int) -> Sequence[Sample]: ...

    async def scored(self, numbers: Sequence[str]) -> frozenset[str]: ...

    async def score(self, score: Score) -> None:
        """Refuses AlreadyScored."""
        ...

    async def scores(self, since: datetime, until: datetime, cso: str | None = None) -> Sequence[Score]: ...


class Handled(Protocol):
    async def handled(
        self, since: datetime, until: datetime, cso: str, kind: str, channel: str, most: int
    ) -> Sequence[str]:
        """Numbers of what the desk had in hand. Errors: Unavailable."""
        ...


@dataclass(frozen=True)
class DrawSample:
    """The same question and seed draw the same matters, but for those that were scored since."""

    handled: Handled
    quality: Quality
    clock: Days

    async def __call__(self, wanted: Wanted, seed: str, by: str) -> Sample:
        """Errors: Unavailable."""
        since, until = span(wanted)
        found = await self.handled.handled(since, until, wanted.cso, wanted.kind, wanted.channel, FROM_MOST)
        left = set(found) - await self.quality.scored(found)
        seed = seed or drawn_id()[:12]
        numbers = tuple(drawn(left, seed, wanted.size))
        sample = Sample(drawn_id(), self.clock.now(), by, seed, wanted, numbers, len(left))
        await self.quality.put(sample)
        return sample


@dataclass(frozen=True)
class ScoreMatter:
    """Once, by the card of the day; the note is sealed with the matter, and goes with it."""

    services: Services
    seals: Seals
    quality: Quality
    cards: Sequence[ScoreCard]
    clock: Days
    today: Today

    def card(self) -> ScoreCard:
        return card_of(self.cards, self.today())

    async def __call__(
        self, sample_id: str, number: str, points: Mapping[str, int | None], note: str, by: str
    ) -> Score:
        """Refuses NotFound, AlreadyScored; ValueError where the points do not fit the card."""
        sample = await self.quality.sample(sample_id)
        if sample is None or number not in sample.numbers:
            raise NotFound("this sample does not hold it")
        service, card = await known(self.services, number), self.card()
        sealed = (
            self.seals.seal(json.dumps({"text": note}, ensure_ascii=False), service.seal_key, number) if note else ""
        )
        cso = sample.wanted.cso or _last(service)
        score = Score(
            number, sample_id, cso, service.kind, service.channel, by, self.clock.now(), card.version, points,
            card.total(points), sealed,
        )  # fmt: skip
        await self.quality.score(score)
        return score


def _last(service: Service) -> str:
    """Whose work is looked at where nobody was asked for by name: who answered last, or else wrote it down."""
    return service.answers[-1].by if service.answers else service.handled_by[-1]


@dataclass(frozen=True)
class TellResults:
    """Of a period: each CSO's mean, and that of each criterion, of 100. And one CSO's own scores, with their notes."""

    services: Services
    seals: Seals
    quality: Quality

    async def __call__(self, wanted: Wanted) -> Sequence[Result]:
        scores = await self.quality.scores(*span(wanted))
        by_cso: dict[str, list[Score]] = {}
        for one in scores:
            by_cso.setdefault(one.cso, []).append(one)
        return [_result(cso, by_cso[cso]) for cso in sorted(by_cso)]

    async def own(self, wanted: Wanted, cso: str) -> Sequence[Score]:
        """Notes in clear; one of a matter that was forgotten is gone."""
        return [replace(one, note=await self._note(one)) for one in await self.quality.scores(*span(wanted), cso)]

    async def _note(self, score: Score) -> str:
        service = await self.services.get(score.number) if score.note else None
        if service is None or not service.key:
            return ""
        return str(json.loads(self.seals.unseal(score.note, service.key, score.number))["text"])


def span(wanted: Wanted) -> tuple[datetime, datetime]:
    """From the first day's midnight to that after the last, in Jakarta."""
    since, until = (datetime.combine(day, time(), JAKARTA) for day in (wanted.since, wanted.until))
    return since, until + timedelta(days=1)


def _result(cso: str, scores: Sequence[Score]) -> Result:
    by_criterion: dict[str, list[int]] = {}
    for score in scores:
        for code, points in score.points.items():
            if points is not None:
                by_criterion.setdefault(code, []).append(50 * points)
    means = {code: sum(got) / len(got) for code, got in by_criterion.items()}
    return Result(cso, len(scores), sum(one.total for one in scores) / len(scores), means)
