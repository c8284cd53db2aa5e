"""Somebody looks for a firm by what they type; an operator puts in the list of illegal entities."""

from collections.abc import Sequence
from dataclasses import dataclass

from routing.finding import Illegal, Suggested
from routing.ports import Finders, Tries


@dataclass(frozen=True)
class SuggestFirms:
    """Names are public; asking is counted, so that nobody wears the service out."""

    finders: Finders
    tries: Tries

    async def __call__(self, typed: str, client: str) -> Suggested:
        """Errors: TooMany, Unavailable."""
        await self.tries.take(client)
        return self.finders.finder(typed)


@dataclass(frozen=True)
class LoadIllegal:
    """The list as it stands now, in place of the one before: who was taken off it is on it no more."""

    finders: Finders

    async def __call__(self, entities: Sequence[Illegal]) -> int:
        """How many the list has. Errors: Unavailable."""
        return await self.finders.load(entities)
