"""Which matters may be one? A worker compares each with those before it that share a mark, and keeps what it finds as
suggestions; an officer looks at two of them, says that they are no pair, and takes that back."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Protocol

from chassis.messages import Act, of_worker
from chassis.refusals import Erased, Invalid, NotFound

from intake.domain import Service
from intake.likeness import Alike, Sketch, Traits, Why, judge, same_person, sketch_of
from intake.marks import Marks
from intake.pairs import Stands, Suggested
from intake.ports import Days, Seals, Services
from intake.usecases.services import known

AT_ONCE = 50
#: With whom one is compared at most, the newest: somebody who acts for thousands shares their phone with all.
OTHERS_MOST = 200


class Comparing(Protocol):
    """Matters to be compared. Errors of all: Unavailable."""

    async def due(self, now: datetime, most: int) -> Sequence[Service]: ...

    async def sharing(self, marks: Sequence[str], most: int) -> Sequence[Service]:
        """Those that have one of these marks, the newest first."""
        ...


class Sketches(Protocol):
    def piece(self, text: str) -> int: ...

    def seal(self, sketch: Sketch, secret: bytes) -> bytes: ...

    def open(self, sealed: bytes, secret: bytes) -> Sketch: ...


@dataclass(frozen=True)
class TraitsOf:
    """What of a matter is compared; the sketch is made of its story where none is kept."""

    seals: Seals
    sketches: Sketches

    def __call__(self, matter: Service) -> Traits:
        amounts = tuple(one for one in (matter.loss, *matter.amounts) if one)
        on = date.fromisoformat(matter.transaction_date) if matter.transaction_date else None
        marks, sketch = matter.marks or Marks(""), self.sketch(matter)
        return Traits(marks, sketch, matter.pujk_named, matter.product, matter.issue, amounts, on)

    def sketch(self, matter: Service) -> Sketch:
        if matter.compared.sketch:
            return self.sketches.open(matter.compared.sketch, self.seals.unwrap(matter.key, matter.number))
        private = json.loads(self.seals.unseal(matter.sealed, matter.key, matter.number))
        return sketch_of(private["story"], self.sketches.piece)

    def sealed(self, matter: Service, sketch: Sketch) -> bytes:
        return matter.compared.sketch or self.sketches.seal(sketch, self.seals.unwrap(matter.key, matter.number))


@dataclass(frozen=True)
class CompareDue:
    """Some that are due are compared; each changes its own document alone."""

    services: Services
    comparing: Comparing
    traits: TraitsOf
    clock: Days

    async def __call__(self) -> bool:
        """False where nothing is left to do. Errors: Unavailable."""
        due = await self.comparing.due(self.clock.now(), AT_ONCE)
        await asyncio.gather(*(self._one(matter) for matter in due))
        return len(due) == AT_ONCE

    async def _one(self, matter: Service) -> None:
        who = matter.marks.who if matter.marks else []
        others = [one for one in await self.comparing.sharing(who, OTHERS_MOST) if before(one, matter)]
        ours, found = self.traits(matter), []
        for other in others:
            if alike := judge(self.traits(other), ours):
                found.append(Suggested(other.number, alike.why, list(alike.reasons), alike.score))
        sketch = self.traits.sealed(matter, ours.sketch)
        try:
            change = partial(Service.found, sketch=sketch, suggested=found, now=self.clock.now())
            await self.services.change(of_worker(matter.number), change)
        except (NotFound, Erased):
            return


def before(one: Service, other: Service) -> bool:
    """A pair stands in the later of the two."""
    assert one.registered_at is not None and other.registered_at is not None
    return (one.registered_at, one.number) < (other.registered_at, other.number)


@dataclass(frozen=True)
class Pair:
    """Two matters, the later first, and how they stand to each other. ``alike`` is what a look now finds."""

    first: Service
    second: Service
    alike: Alike | None
    one_person: bool

    @property
    def why(self) -> Why:
        """Matters of two persons are linked as one cause, never as one matter."""
        return "duplicate" if self.one_person and (self.alike is None or self.alike.why == "duplicate") else "related"

    @property
    def state(self) -> Stands:
        if self.first.compared.link(self.second.number):
            return "linked"
        suggested = self.first.compared.suggestion(self.second.number)
        return suggested.state if suggested else "none"


@dataclass(frozen=True)
class ShowPair:
    """Any two matters beside each other."""

    services: Services
    traits: TraitsOf

    async def __call__(self, number: str, other: str) -> Pair:
        """Errors: Invalid where both are one; NotFound, Unavailable."""
        if number == other:
            raise Invalid("one matter is no pair")
        first, second = await known(self.services, number), await known(self.services, other)
        if before(first, second):
            first, second = second, first
        ours, theirs = self.traits(first), self.traits(second)
        alike = judge(theirs, ours)
        one_person = same_person(ours.marks, theirs.marks) > 0 or (alike is not None and alike.why == "duplicate")
        return Pair(first, second, alike, one_person)


@dataclass(frozen=True)
class DecidePair:
    """An officer says that two are no pair, or that somebody shall look again."""

    services: Services
    clock: Days

    async def __call__(self, act: Act, pair: Pair, by: str, *, again: bool) -> None:
        """Errors: DecidedMeanwhile, Unavailable."""
        now, other = self.clock.now(), pair.second.number

        def change(service: Service) -> None:
            service.decide_again(other, now) if again else service.no_pair(other, by, now)

        await self.services.change(act, change)
