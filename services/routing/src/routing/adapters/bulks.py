"""Acts over many tickets in routing's own database: one document each."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from chassis.database import unavailable
from chassis.documents import CODEC
from chassis.refusals import NotFound, Unavailable
from chassis.service import Base
from pydantic import TypeAdapter

from routing.domain.bulk import Bulk, Meant

_BULK: TypeAdapter[Bulk] = TypeAdapter(Bulk)
_TRIES = 5
#: `Bank ABC` and `bank abc` are one name here; the directory's finer rules found nobody for either.
_LETTERS = {"locale": "id", "strength": 2}


class MongoBulks:
    def __init__(self, base: Base) -> None:
        self._bulks = base.database.get_collection("bulks", codec_options=CODEC)
        self._tickets = base.database["assignments"]

    async def prepare(self) -> None:
        await self._bulks.create_index([("state", 1), ("at", -1)], name="by_state")
        await self._tickets.create_index(
            [("state.named", 1), ("_id", 1)],
            name="named_parked",
            collation=_LETTERS,
            partialFilterExpression={"state.state": "parked"},
        )

    async def alike(self, named: str, most: int) -> Sequence[Meant]:
        wanted = {"state.state": "parked", "state.named": named}
        with unavailable():
            shown = {"state.round": 1, "state.kind": 1}
            found = self._tickets.find(wanted, shown).collation(_LETTERS).hint("named_parked").limit(most)
            return [Meant(one["_id"], f"parked-{one['state']['round']}", one["state"]["kind"]) async for one in found]

    async def add(self, bulk: Bulk) -> Bulk:
        new = {"$setOnInsert": {"version": 0, **_stored(bulk)}}
        with unavailable():
            await self._bulks.update_one({"_id": bulk.id}, new, upsert=True)
        return await self.get(bulk.id) or bulk

    async def get(self, id_: str) -> Bulk | None:
        with unavailable():
            found = await self._bulks.find_one({"_id": id_})
        return _bulk(found) if found else None

    async def latest(self, most: int) -> Sequence[Bulk]:
        with unavailable():
            waiting = await self._bulks.find({"state": "proposed"}).sort("at", -1).limit(most).to_list(most)
            others = await self._bulks.find({"state": {"$ne": "proposed"}}).sort("at", -1).limit(most).to_list(most)
        return [_bulk(one) for one in [*waiting, *others]][:most]

    async def confirmed(self) -> Bulk | None:
        with unavailable():
            found = await self._bulks.find_one({"state": "confirmed"}, sort=[("at", 1)])
        return _bulk(found) if found else None

    async def change(self, id_: str, change: Callable[[Bulk], None]) -> Bulk:
        for _ in range(_TRIES):
            with unavailable():
                found = await self._bulks.find_one({"_id": id_})
            if found is None:
                raise NotFound("no such act over many tickets")
            bulk = _bulk(found)
            change(bulk)
            kept = {"$set": {**_stored(bulk), "version": found["version"] + 1}}
            with unavailable():
                written = await self._bulks.update_one({"_id": id_, "version": found["version"]}, kept)
            if written.matched_count:
                return bulk
        raise Unavailable("too many changed it at once")


def _stored(bulk: Bulk) -> dict[str, Any]:
    return {name: value for name, value in asdict(bulk).items() if name != "id"}


def _bulk(stored: dict[str, Any]) -> Bulk:
    return _BULK.validate_python({**stored, "id": stored["_id"]})
