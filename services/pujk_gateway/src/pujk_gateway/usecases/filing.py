"""A firm brings a file to its ticket: intake stores it, the case keeps its id. Acts name it then."""

from collections.abc import AsyncIterable
from dataclasses import dataclass
from typing import Protocol

from chassis.messages import of_worker
from contracts.dossier import Attached, By, DossierAttachment

from pujk_gateway.domain import filing
from pujk_gateway.domain.parts import Cause, Deed
from pujk_gateway.domain.turns import taken_over
from pujk_gateway.ports import Cases, Now
from pujk_gateway.usecases.acting import NoSuchTicket


class Attaching(Protocol):
    async def attach(
        self, number: str, *, by: By, account: str, pujk: str | None = None, name: str, content: AsyncIterable[bytes]
    ) -> Attached:
        """Errors: NotTaken (what is not taken of it, by its code), NotFound, Erased, Unavailable."""
        ...


@dataclass(frozen=True)
class BringFile:
    """Looked at before anything is read, since a file costs; and again when it is there: the turn may have gone on."""

    cases: Cases
    clock: Now
    dossiers: Attaching

    async def __call__(
        self, number: str, pujk: str, officer: str, name: str, content: AsyncIterable[bytes]
    ) -> DossierAttachment:
        """The same content again is the same file. Errors: NoSuchTicket, what ``filing.bring`` refuses, NotTaken,
        NotFound, Erased, Unavailable."""
        case = await self.cases.get(number)
        if case is None or case.turn is None or not case.was_with(pujk):
            raise NoSuchTicket("no ticket of yours has that number")
        round_ = case.turn.round
        taken_over(case, Deed(pujk, round_, officer, Cause("", self.clock.now())))
        brought = await self.dossiers.attach(number, by="pujk", account=officer, pujk=pujk, name=name, content=content)
        file, act = brought.attachment, of_worker(number)
        deed = Deed(pujk, round_, officer, Cause(act.id, self.clock.now()))
        await self.cases.change(act, lambda case: filing.bring(case, deed, file.id, file.sha256))
        return file
