"""Assignments and the directory in routing's own database."""

import asyncio
import logging
import re
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any

from chassis.database import unavailable
from chassis.documents import Documents
from chassis.matter import Changed
from chassis.messages import Message
from chassis.pages.tables import ORDER, Asked, Indexes, Table, table_of
from chassis.service import Base
from pymongo import ReplaceOne

from routing.directory import Directory
from routing.domain.assignment import Assignment
from routing.domain.parts import Firm

log = logging.getLogger(__name__)

REREAD_SECONDS = 5.0
AT_DESK = "state.at_desk"
_FILTERED = ("state.state", "state.escalated")
#: What a supervisor looks at in any order, by the field that is sorted by; each holds what is filtered by.
AT_DESK_BY = {
    f"at_desk_{by}": (by, "_id", *_FILTERED)
    for by in ("state.received_at", "_id", "state.named", "state.state", "state.due", "state.escalated")
} | {"at_desk_filtered": (*_FILTERED, "_id")}
WAKE, MISS = "state.wake_at", "state.miss_at"


class MongoAssignments:
    """``assignments``: one document per matter."""

    def __init__(self, base: Base) -> None:
        self._documents = Documents(Assignment, Assignment)
        self._matters = base.repository("assignments", self._documents)

    async def prepare(self) -> None:
        await self._matters.collection.create_index(
            [("state.state", 1), ("_id", 1)],
            name="parked",
            partialFilterExpression={"state.state": "parked"},
        )
        for name, fields in AT_DESK_BY.items():
            keys = dict.fromkeys((AT_DESK, *fields), 1)
            await self._matters.collection.create_index(
                list(keys.items()), name=name, partialFilterExpression={AT_DESK: True}, collation=ORDER
            )
        if "at_desk" in await self._matters.collection.index_information():
            # Of an older release; those above hold it.
            await self._matters.collection.drop_index("at_desk")
        for timer in (WAKE, MISS):
            await self._matters.collection.create_index(
                [(timer, 1)], name=timer, partialFilterExpression={timer: {"$type": "date"}}
            )

    async def change(
        self, message: Message, change: Callable[[Assignment], None], *, creates: bool = False
    ) -> Changed[Assignment]:
        return await self._matters.change(message, change, creates=creates)

    async def get(self, number: str) -> Assignment | None:
        return await self._matters.get(number)

    async def parked(self, after: str | None, limit: int) -> Sequence[Assignment]:
        wanted: dict[str, Any] = {"state.state": "parked"}
        if after:
            wanted["_id"] = {"$gt": after}
        with unavailable():
            found = await self._matters.collection.find(wanted).sort("_id", 1).limit(limit).to_list(limit)
        return [self._documents.aggregate(one["_id"], one["state"]) for one in found]

    async def at_desk(self, asked: Asked) -> Table[Assignment]:
        """What waits for a supervisor, as a page shows it. Errors: Unavailable."""
        wanted: dict[str, Any] = {AT_DESK: True}
        wanted |= {f"state.{name}": asked.filters[name] for name in ("state", "escalated") if name in asked.filters}
        if typed := asked.filters.get("q"):
            part_of_it = {"$regex": re.escape(typed), "$options": "i"}
            wanted["$or"] = [{"state.named": part_of_it}, {"state.pujk_name": part_of_it}]
        return await table_of(
            self._matters.collection,
            wanted,
            asked,
            lambda stored: self._documents.aggregate(stored["_id"], stored["state"]),
            # What a consumer wrote stands in no address.
            Indexes(f"at_desk_{asked.order}", "at_desk_filtered", told=asked.order != "state.named"),
        )

    async def due(self, now: datetime, most: int, but: Collection[str], all_heard: bool) -> Sequence[str]:
        """Numbers of those to which time does something by now; whose day has passed without an answer only where
        everything was heard. Errors: Unavailable."""
        woken = await self._timed(WAKE, now, most, but)
        return [*woken, *(await self._timed(MISS, now, most, but) if all_heard else ())]

    async def _timed(self, timer: str, now: datetime, most: int, but: Collection[str]) -> Sequence[str]:
        due = {timer: {"$type": "date", "$lte": now}, "_id": {"$nin": list(but)}}
        with unavailable():
            # Named, for the planner would rather go through all matters by their number.
            looking = self._matters.collection.find(due, {"_id": 1}).hint(timer).sort(timer, 1).limit(most)
            return [one["_id"] for one in await looking.to_list(most)]


class MongoFirms:
    """``directory``: one document per PUJK, and one that counts its versions. Read whole into memory."""

    def __init__(self, base: Base) -> None:
        self._firms = base.database["directory"]
        self._versions = base.database["directory_version"]
        self.version = -1
        self.firms: Sequence[Firm] = ()
        self.directory = Directory(())

    async def load(self, firms: Sequence[Firm]) -> int:
        with unavailable():
            if firms:
                await self._firms.bulk_write(
                    [
                        ReplaceOne(
                            {"_id": firm.code},
                            {"name": firm.name, "sector": firm.sector, "aliases": list(firm.aliases)},
                            upsert=True,
                        )
                        for firm in firms
                    ]
                )
            await self._versions.update_one({"_id": "directory"}, {"$inc": {"version": 1}}, upsert=True)
        await self.read()
        return len(self.directory)

    async def read(self) -> None:
        """Takes the stored directory over if it changed. Errors: those of the driver."""
        stored = await self._versions.find_one({"_id": "directory"})
        version = stored["version"] if stored else 0
        if version != self.version:
            found = await self._firms.find().to_list(None)
            self.firms = [Firm(f["_id"], f["name"], tuple(f["aliases"]), f["sector"]) for f in found]
            self.directory = Directory(self.firms)
            self.version = version

    async def run(self) -> None:
        """Keeps every replica's directory a few seconds old at most."""
        while True:
            await asyncio.sleep(REREAD_SECONDS)
            try:
                await self.read()
            except Exception as error:
                log.warning("directory not read", extra={"error": type(error).__name__})
