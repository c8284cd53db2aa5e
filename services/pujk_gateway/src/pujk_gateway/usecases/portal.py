"""What do a firm's people do with their tickets in a browser? The stories behind the portal's pages, together."""

from collections.abc import Mapping
from dataclasses import dataclass

from pujk_gateway.ports import Now, People
from pujk_gateway.usecases.firm import Acts
from pujk_gateway.usecases.listing import Lists
from pujk_gateway.usecases.reading import ShowTicket


@dataclass(frozen=True)
class Portal:
    lists: Lists
    show: ShowTicket
    acts: Acts
    people: People
    clock: Now

    async def officers(self, firm: str) -> Mapping[str, str]:
        """Names by account, of all who ever were the firm's: history tells of them. Errors: Unavailable."""
        return {one.id: one.name for one in await self.people.of(firm)}
