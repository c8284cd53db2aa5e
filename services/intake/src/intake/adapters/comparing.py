"""Matters to be compared, and links that are under way, in intake's own database."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from chassis.database import unavailable
from chassis.documents import CODEC
from chassis.pages.tables import ORDER, Asked, Indexes, Table, table_of
from chassis.service import Base
from pydantic import TypeAdapter

from intake.adapters.mongo import MARKED, MongoServices
from intake.domain import Service
from intake.usecases.linking import Command

DUE, OPEN = "state.compared.due", "state.compared.open"
WAITING = "pairs_waiting"
_COMMAND: TypeAdapter[Command] = TypeAdapter(Command)
#: What a comparison does not look at.
_LEFT_OUT = {"unsent": 0, "heard": 0, "acts": 0, "state.attachments": 0, "state.deliveries": 0}


class MongoComparing:
    """Reads ``services``; ``links``: one document for each act on two matters."""

    def __init__(self, base: Base, services: MongoServices) -> None:
        self._services = services
        self._matters = base.database.get_collection("services", codec_options=CODEC)
        self._links = base.database.get_collection("links", codec_options=CODEC)

    async def prepare(self) -> None:
        await self._matters.create_index([(DUE, 1)], name=DUE, partialFilterExpression={DUE: {"$type": "date"}})
        await self._matters.create_index(
            [(OPEN, 1), ("_id", 1)], name=WAITING, partialFilterExpression={OPEN: {"$type": "date"}}, collation=ORDER
        )
        await self._links.create_index([("at", 1)], name="left", partialFilterExpression={"state": "begun"})

    async def due(self, now: datetime, most: int) -> Sequence[Service]:
        return await self._found({DUE: {"$type": "date", "$lte": now}}, DUE, (DUE, 1), most)

    async def sharing(self, marks: Sequence[str], most: int) -> Sequence[Service]:
        if not marks:
            return []
        return await self._found({"state.marks.who": {"$in": list(marks)}}, MARKED, ("state.registered_at", -1), most)

    async def undecided(self, asked: Asked) -> Table[Service]:
        """Those that wait for an officer. Errors: Unavailable."""
        wanted = {OPEN: {"$type": "date"}}
        return await table_of(self._matters, wanted, asked, self._services.aggregate, Indexes(WAITING, WAITING))

    async def _found(self, wanted: dict[str, Any], index: str, order: tuple[str, int], most: int) -> Sequence[Service]:
        with unavailable():
            # Named, for the planner would rather go through all matters by their number.
            looking = self._matters.find(wanted, _LEFT_OUT).hint(index).sort(*order).limit(most)
            return [self._services.aggregate(one) for one in await looking.to_list(most)]

    async def add(self, command: Command) -> Command:
        new = {**asdict(command), "state": "begun"}
        del new["id"]
        with unavailable():
            await self._links.update_one({"_id": command.id}, {"$setOnInsert": new}, upsert=True)
            found = await self._links.find_one({"_id": command.id})
        return _command(found) if found else command

    async def left(self, before: datetime) -> Sequence[Command]:
        with unavailable():
            looking = self._links.find({"state": "begun", "at": {"$lte": before}}).hint("left").limit(100)
            return [_command(one) for one in await looking.to_list(100)]

    async def done(self, id_: str) -> None:
        with unavailable():
            await self._links.update_one({"_id": id_}, {"$set": {"state": "done"}})


def _command(stored: dict[str, Any]) -> Command:
    return _COMMAND.validate_python({**stored, "id": stored["_id"]})
