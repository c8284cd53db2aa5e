"""What do a firm's people do with their tickets in a browser? The stories behind the portal's pages, together."""

from collections.abc import Mapping
from dataclasses import dataclass

from chassis.people.account import Account
from contracts.dossier import Dossier, Opening

from pujk_gateway.domain.reading import turn_of
from pujk_gateway.ports import Now, People
from pujk_gateway.usecases.acting import NoSuchTicket
from pujk_gateway.usecases.filing import BringFile
from pujk_gateway.usecases.firm import Acts
from pujk_gateway.usecases.handing import TellHanded
from pujk_gateway.usecases.listing import Lists
from pujk_gateway.usecases.looking import LookInto
from pujk_gateway.usecases.reading import ShowTicket


@dataclass(frozen=True)
class Portal:
    lists: Lists
    show: ShowTicket
    acts: Acts
    people: People
    clock: Now
    look: LookInto
    bring: BringFile
    handed: TellHanded

    async def opened(self, number: str, account: Account, opening: Opening) -> Dossier:
        """What the consumer told, with what somebody of the firm opens of it. Errors: NoSuchTicket, Erased, Forbidden,
        Unavailable."""
        firm = account.firm or ""
        case, _ = await self.show(number, firm)
        if turn_of(case, firm) is None:
            raise NoSuchTicket("what went on to another firm is opened no more")
        return await self.look.opened(number, account.id, account.roles, opening, firm)

    async def officers(self, firm: str) -> Mapping[str, str]:
        """Names by account, of all who ever were the firm's: history tells of them. Errors: Unavailable."""
        return {one.id: one.name for one in await self.people.of(firm)}
