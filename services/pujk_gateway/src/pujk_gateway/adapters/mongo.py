"""Cases and endpoints in the gateway's own database."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import product
from typing import Any

from chassis.database import unavailable
from chassis.deliveries import DeliveryWorker
from chassis.documents import CODEC
from chassis.matter import Changed
from chassis.messages import Message, of_worker
from chassis.pages.tables import ORDER, Asked, Indexes, Table, table_of
from chassis.pages.walking import steps
from chassis.refusals import Erased, NotFound
from chassis.service import Base

from pujk_gateway.adapters.handed import MongoHanded
from pujk_gateway.adapters.listing import WAKES, CaseDocuments, MongoLists
from pujk_gateway.adapters.seeking import read_cursor, seek, told
from pujk_gateway.domain.case import Case
from pujk_gateway.domain.listing import Sought
from pujk_gateway.domain.notices import Notice
from pujk_gateway.domain.parts import RUNNING
from pujk_gateway.ports import Endpoint

#: What waits for OJK's word, or is with it or LAPS SJK, by which field of a case; and what such a list is sorted by.
WAITING: Mapping[str, tuple[str, str]] = {
    "proposals": ("state.state", "proposed"),
    "extensions": ("state.extension", "asked"),
    "objected": ("state.state", "objected"),
    "broken": ("state.listed.state", "broken"),
    "facilitation": ("state.state", "facilitation"),
    "at-laps": ("state.state", "at-laps"),
}
WAITS_BY = ("state.due", "_id", "state.pujk", "state.kind")


class MongoCases:
    """``cases``: one document per matter. What a change has to tell a firm goes out at once, by ``notices``."""

    def __init__(self, base: Base, send: Callable[[Case, Notice], Awaitable[None]]) -> None:
        self._documents = CaseDocuments()
        self.matters = base.repository("cases", self._documents)
        self.lists = MongoLists(self.matters.collection)
        self.handed = MongoHanded(self.matters.collection)
        self.notices = DeliveryWorker(self.matters, send, kind="firm-queue", receiver=lambda notice: notice.pujk)

    async def prepare(self) -> None:
        await self.notices.ensure_indexes()
        await self.lists.prepare()
        await self.handed.prepare()
        await self.matters.collection.create_index(
            [("state.due", 1), ("_id", 1)], name="proposed", partialFilterExpression={"state.state": "proposed"}
        )
        await self.matters.collection.create_index(
            [("state.due", 1), ("_id", 1)], name="asking", partialFilterExpression={"state.extension": "asked"}
        )
        await self.matters.collection.create_index(
            [("state.pujk", 1)], name="to_announce", partialFilterExpression={"state.to_announce": True}
        )
        await self.matters.collection.create_index(
            [(WAKES, 1)], name=WAKES, partialFilterExpression={WAKES: {"$type": "date"}}
        )
        await self.matters.collection.create_index(
            [("state.pujk", 1), ("state.state", 1), ("state.due", 1), ("_id", 1)], name="open_with"
        )
        for (queue, (field, value)), by in product(WAITING.items(), WAITS_BY):
            # The field stands in the index though all in it are alike: what is counted need not be looked at.
            keys = {field: 1, by: 1, "_id": 1}
            await self.matters.collection.create_index(
                list(keys.items()),
                name=f"{queue}_{by}",
                partialFilterExpression={field: value},
                collation=ORDER,
            )

    async def change(self, message: Message, change: Callable[[Case], None]) -> Changed[Case]:
        return await self.notices.change(message, change)

    async def touch(self, number: str) -> None:
        """Writes the case as this release keeps it; one that was erased meanwhile has nothing to keep."""
        with suppress(Erased, NotFound):
            await self.matters.change(of_worker(number), lambda _: None)

    async def get(self, number: str) -> Case | None:
        return await self.matters.get(number)

    async def proposed(self, after: str | None, limit: int) -> tuple[Sequence[Case], str | None]:
        return await self._by_due({"state.state": "proposed"}, "proposed", after, limit)

    async def waiting(self, asked: Asked, queue: str) -> Table[Case]:
        """Cases that OJK has to do with, for a page: a proposal, more time or an objection waits for its word, a
        promise was broken, it facilitates, LAPS SJK has them. Errors: Unavailable."""
        field, value = WAITING[queue]
        indexes = Indexes(f"{queue}_{asked.order}", f"{queue}_state.due")
        return await table_of(self.matters.collection, {field: value}, asked, self._case, indexes)

    def _case(self, stored: dict[str, Any]) -> Case:
        return self._documents.aggregate(stored["_id"], stored["state"])

    async def asking_for_time(self, after: str | None, limit: int) -> tuple[Sequence[Case], str | None]:
        return await self._by_due({"state.extension": "asked"}, "asking", after, limit)

    async def open_with(self, pujk: str, after: str | None, limit: int) -> tuple[Sequence[Case], str | None]:
        open_now = {"state.pujk": pujk, "state.state": {"$in": RUNNING}, "state.kind": {"$ne": ""}}
        return await self._by_due(open_now, "open_with", after, limit)

    async def sought(
        self, wanted: Sought, now: datetime, after: str | None, limit: int
    ) -> tuple[Sequence[Case], str | None]:
        found, cursor = await seek(self.matters.collection, wanted, now, after, limit)
        return [self._case(one) for one in found], cursor

    async def due(self, now: datetime, most: int, but: Collection[str], all_heard: bool) -> Sequence[str]:
        """Numbers of those to which time does something by now. What consumers said in time may still wait: then none.
        Errors: Unavailable."""
        if not all_heard:
            return []
        wanted = {WAKES: {"$type": "date", "$lte": now}, "_id": {"$nin": list(but)}}
        with unavailable():
            # Named, for the planner would rather go through all matters by their number.
            looking = self.matters.collection.find(wanted, {"_id": 1}).hint(WAKES).sort(WAKES, 1).limit(most)
            return [one["_id"] for one in await looking.to_list(most)]

    async def _by_due(
        self, wanted: dict[str, Any], index: str, after: str | None, limit: int
    ) -> tuple[Sequence[Case], str | None]:
        order, found = [("state.due", 1), ("_id", 1)], list[dict[str, Any]]()
        for beyond in steps(order, read_cursor(after)) if after else [{}]:
            if len(found) < limit:
                asked = self.matters.collection.find({"$and": [wanted, beyond]}).sort(order).hint(index)
                with unavailable():
                    found += await asked.to_list(limit - len(found))
        cases = [self._case(one) for one in found]
        last = cases[-1] if len(cases) == limit else None
        return cases, f"{told(last.due)}~{last.number}" if last and last.due else None

    async def to_announce(self, pujk: Iterable[str], limit: int) -> Sequence[str]:
        wanted = {"state.to_announce": True, "state.pujk": {"$in": sorted(pujk)}, "state.kind": {"$ne": ""}}
        with unavailable():
            return [one["_id"] async for one in self.matters.collection.find(wanted, {"_id": 1}).limit(limit)]


class MongoEndpoints:
    """``endpoints``: one document per firm, its code as ``_id``. The codes are kept in memory too."""

    def __init__(self, base: Base) -> None:
        self._stored = base.database.get_collection("endpoints", codec_options=CODEC)
        self._clock = base.clock
        self.queues: frozenset[str] = frozenset()

    async def read(self) -> None:
        """Takes the stored endpoints over. Errors: those of the driver."""
        self.queues = frozenset([one["_id"] async for one in self._stored.find({"kind": "queue"}, {"_id": 1})])

    async def put(self, pujk: str, kind: str) -> Endpoint:
        with unavailable():
            await self._stored.update_one(
                {"_id": pujk}, {"$set": {"kind": kind}, "$setOnInsert": {"since": self._clock.now()}}, upsert=True
            )
            await self.read()
            stored = await self._stored.find_one({"_id": pujk})
        return _endpoint(stored or {"_id": pujk, "kind": kind, "since": self._clock.now()})

    async def get(self, pujk: str) -> Endpoint | None:
        with unavailable():
            stored = await self._stored.find_one({"_id": pujk})
        return _endpoint(stored) if stored else None

    async def all(self) -> Sequence[Endpoint]:
        with unavailable():
            return [_endpoint(one) async for one in self._stored.find().sort("_id", 1)]

    async def remove(self, pujk: str, until: datetime | None = None) -> bool:
        which = {"_id": pujk} if until is None else {"_id": pujk, "since": {"$lte": until}}
        with unavailable():
            removed = await self._stored.delete_one(which)
            await self.read()
        return bool(removed.deleted_count)


def _endpoint(stored: dict[str, Any]) -> Endpoint:
    return Endpoint(stored["_id"], stored["kind"], stored["since"])
