"""How are two matters linked, or a link taken back? An act on both, which is finished whoever dies in between, and
never over what somebody decided later."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol

from chassis.messages import Act
from chassis.refusals import Erased, MatterFull, NotFound

from intake.domain import Service
from intake.likeness import Why
from intake.pairs import DecidedMeanwhile, Stands
from intake.ports import Days, Services
from intake.usecases.comparing import Pair

#: What another process began and has not finished by then is finished here.
LEFT_AFTER = timedelta(seconds=10)


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
    #: How the two stood when it was asked for; "" for what was begun before that was kept.
    seen: Stands | Literal[""] = ""


class Commands(Protocol):
    """Errors of all: Unavailable."""

    async def add(self, command: Command) -> Command:
        """What stands under the id: the same form sent twice is one act."""
        ...

    async def left(self, before: datetime) -> Sequence[Command]: ...

    async def done(self, id_: str) -> None: ...


@dataclass(frozen=True)
class LinkMatters:
    """An officer links two matters, or takes a link back; said of both."""

    services: Services
    commands: Commands
    clock: Days

    async def __call__(
        self, id_: str, what: Literal["link", "unlink"], pair: Pair, by: str, seen: Stands = "open"
    ) -> None:
        """``seen``: how the two stood to each other for whoever asks. Errors: DecidedMeanwhile where they stand in
        another way since; KeyReused; Unavailable: then it is finished by a worker."""
        numbers, reasons = [pair.first.number, pair.second.number], list(pair.alike.reasons) if pair.alike else []
        command = Command(id_, what, numbers, by, self.clock.now(), pair.why, reasons, seen)
        if not await self.finish(await self.commands.add(command)):
            raise DecidedMeanwhile(f"{pair.first.number} {pair.second.number}")

    async def finish(self, command: Command) -> bool:
        """False where they were not as they are when somebody asks for this."""
        first, second = command.numbers
        done = await self._side(command, first, second)
        # What was decided about the two stands in the first: where a link comes too late there, it does in both.
        if done or command.what == "unlink":
            other_done = await self._side(command, second, first)
            if command.what == "unlink" and done != other_done:
                # Whoever linked them died before one side: who finishes that finds that it is over.
                await self._side(command, *((second, first) if done else (first, second)), half=True)
            done = done or other_done
        await self.commands.done(command.id)
        return done

    async def _side(self, command: Command, number: str, other: str, *, half: bool = False) -> bool:
        """False where it was decided otherwise meanwhile."""
        id_ = f"{command.id}:{number}" + (":half" if half else "")
        try:
            await self.services.change(Act(id_, number), _change(command, other, half))
        except DecidedMeanwhile:
            return False
        except (NotFound, Erased, MatterFull):
            # What was forgotten meanwhile, or takes no more facts, holds up nothing.
            pass
        return True


def _change(command: Command, other: str, half: bool) -> Callable[[Service], None]:
    def change(service: Service) -> None:
        if command.what == "link":
            service.link(other, command.why, command.reasons, command.by, command.at, command.seen)
        else:
            service.unlink(other, command.by, command.at, half=half)

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
