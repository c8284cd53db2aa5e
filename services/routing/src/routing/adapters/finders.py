"""The list of illegal entities in routing's own database, and who is found by a name: firms and entities together."""

import asyncio
import logging
from collections.abc import Sequence

from chassis.database import unavailable
from chassis.ids import new_id
from chassis.service import Base

from routing.adapters.mongo import REREAD_SECONDS, MongoFirms
from routing.finding import Finder, Illegal

log = logging.getLogger(__name__)
_CURRENT = "illegal"


class MongoFinders:
    """``illegal_entities``: one document per entry, of one edition; ``directory_version`` says which edition is in
    force, so that a list half put in is read by nobody."""

    def __init__(self, base: Base, firms: MongoFirms) -> None:
        self._entities = base.database["illegal_entities"]
        self._versions = base.database["directory_version"]
        self._firms = firms
        self._illegal: Sequence[Illegal] = ()
        self._edition: str | None = None
        self._made_of: tuple[int, str | None] = (-1, None)
        self._finder = Finder((), ())

    @property
    def finder(self) -> Finder:
        if self._made_of != (now := (self._firms.version, self._edition)):
            self._finder, self._made_of = Finder(self._firms.firms, self._illegal), now
        return self._finder

    async def load(self, entities: Sequence[Illegal]) -> int:
        edition = new_id()
        with unavailable():
            if entities:
                await self._entities.insert_many(
                    [
                        {
                            "_id": f"{edition}:{at}",
                            "name": one.name,
                            "aliases": list(one.aliases),
                            "activity": one.activity,
                        }
                        for at, one in enumerate(entities)
                    ]
                )
            await self._versions.update_one({"_id": _CURRENT}, {"$set": {"edition": edition}}, upsert=True)
            await self.read()
            await self._entities.delete_many({"_id": {"$not": {"$regex": f"^{edition}:"}}})
        return len(entities)

    async def read(self) -> None:
        """Takes the stored list over if it changed. Errors: those of the driver."""
        stored = await self._versions.find_one({"_id": _CURRENT})
        edition = stored["edition"] if stored else None
        if edition != self._edition:
            found = self._entities.find({"_id": {"$regex": f"^{edition}:"}})
            self._illegal = [Illegal(one["name"], tuple(one["aliases"]), one["activity"]) async for one in found]
            self._edition = edition

    async def run(self) -> None:
        """Keeps every replica's list a few seconds old at most."""
        while True:
            await asyncio.sleep(REREAD_SECONDS)
            try:
                await self.read()
            except Exception as error:
                log.warning("illegal entities not read", extra={"error": type(error).__name__})
