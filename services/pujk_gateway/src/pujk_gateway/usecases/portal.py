"""What do a firm's people do with their tickets in a browser? The stories behind the portal's pages, together."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from chassis.refusals import Erased, Forbidden, NotFound, Unavailable
from contracts.dossier import Dossier

from pujk_gateway.ports import Now, People
from pujk_gateway.usecases.filing import BringFile
from pujk_gateway.usecases.firm import Acts
from pujk_gateway.usecases.listing import Lists
from pujk_gateway.usecases.reading import ShowTicket


class Dossiers(Protocol):
    async def dossier(self, number: str, *, by: str, role: str, pujk: str | None = None) -> Dossier:
        """What is private in a matter, masked for this role. Errors: NotFound, Erased, Forbidden, Unavailable."""
        ...


@dataclass(frozen=True)
class Portal:
    lists: Lists
    show: ShowTicket
    acts: Acts
    people: People
    clock: Now
    dossiers: Dossiers
    bring: BringFile

    async def dossier(self, number: str, who: str, seat: str, firm: str) -> Dossier | None:
        """What the consumer told, masked for this seat; None where it cannot be had now, or ever again. Whoever asks
        has shown the ticket to this firm before."""
        try:
            return await self.dossiers.dossier(number, by=who, role=seat, pujk=firm)
        except (Erased, Forbidden, NotFound, Unavailable):
            return None

    async def officers(self, firm: str) -> Mapping[str, str]:
        """Names by account, of all who ever were the firm's: history tells of them. Errors: Unavailable."""
        return {one.id: one.name for one in await self.people.of(firm)}
