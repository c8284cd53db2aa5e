"""Which matters may be one? A worker compares each with those before it that share a mark, and keeps what it finds as
suggestions; an officer links two, says that they are no pair, and takes either back."""

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Literal, Protocol

from chassis.messages import Act, of_worker
from chassis.refusals import Erased, Invalid, MatterFull, NotFound

from intake.domain import Service
from intake.likeness import Alike, Sketch, Traits, Why, judge, same_person, sketch_of
from intake.marks import Marks
from intake.pairs import DecidedMeanwhile, Suggested
from intake.ports import Days, Seals, Services
from intake.usecases.services import known

AT_ONCE = 50
#: With whom one is compared at most, the newest: somebody who acts for thousands shares their phone with all.
OTHERS_MOST = 200
#: What another process began and has not finished by then is finished here.
LEFT_AFTER = timedelta(seconds=10)


class Comparing(Protocol):
    """Matters to be compared. Errors of all: Unavailable."""

    async def due(self, now: datetime, most: int) -> Sequence[Service]: ...

    async def sharing(self, marks: Sequence[str], most: int) -> Sequence[Service]:
        """Those that have one of these marks, the newest first."""
        ...

    async def undecided(self, most: int) -> Sequence[Service]:
        """Those that wait for an officer, the newest first."""
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


@dataclass
class Command:
    """A link, or the end of one: an act on two matters, which is finished whoever dies in between."""

    id: str
    what: Literal["link", "unlink"]
    numbers: list[str]
    by: str
    at: datetime
    why: Why = "related"
    reasons: list[str] = field(default_factory=list)


class Commands(Protocol):
    """Errors of all: Unavailable."""

    async def add(self, command: Command) -> Command:
        """What stands under the id: the same form sent twice is one act."""
        ...

    async def left(self, before: datetime) -> Sequence[Command]: ...

    async def done(self, id_: str) -> None: ...


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
    def state(self) -> Literal["open", "no-pair", "linked", "none"]:
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
class LinkMatters:
    """An officer links two matters, or takes a link back; said of both."""

    services: Services
    commands: Commands
    clock: Days

    async def __call__(self, id_: str, what: Literal["link", "unlink"], pair: Pair, by: str) -> None:
        """Errors: DecidedMeanwhile where the link was taken back before; KeyReused; Unavailable: then it is finished by
        a worker."""
        numbers, reasons = [pair.first.number, pair.second.number], list(pair.alike.reasons) if pair.alike else []
        command = Command(id_, what, numbers, by, self.clock.now(), pair.why, reasons)
        if not await self.finish(await self.commands.add(command)):
            raise DecidedMeanwhile(f"{pair.first.number} {pair.second.number}")

    async def finish(self, command: Command) -> bool:
        """False where neither was as it is when somebody asks for this."""
        (first, second), moved = command.numbers, 0
        for number, other in ((first, second), (second, first)):
            try:
                await self.services.change(Act(f"{command.id}:{number}", number), _change(command, other))
            except DecidedMeanwhile:
                moved += 1
            except (NotFound, Erased, MatterFull):
                # What was forgotten meanwhile, or takes no more facts, holds up nothing.
                continue
        await self.commands.done(command.id)
        return moved < len(command.numbers)


def _change(command: Command, other: str) -> Callable[[Service], None]:
    def change(service: Service) -> None:
        if command.what == "link":
            service.link(other, command.why, command.reasons, command.by, command.at)
        else:
            service.unlink(other, command.by, command.at)

    return change


@dataclass(frozen=True)
class FinishLinks:
    """What somebody began and nobody finished."""

    link: LinkMatters

    async def __call__(self) -> bool:
        """Errors: Unavailable."""
        for command in await self.link.commands.left(self.link.clock.now() - LEFT_AFTER):
            await self.link.finish(command)
        return False


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
