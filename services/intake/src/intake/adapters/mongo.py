"""Services with their wrapped keys, and who read keys, in intake's own database."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from chassis.clock import Clock
from chassis.database import unavailable
from chassis.deliveries import DeliveryWorker
from chassis.documents import Documents
from chassis.matter import Changed
from chassis.messages import Message
from chassis.refusals import Unavailable
from chassis.service import Base

from intake.attachments import Scanning
from intake.domain import Service

MARKED = "marked"


class MongoServices:
    """``services``: one document per matter. With a worker that scans, it claims what is to be scanned."""

    def __init__(self, base: Base, alarm_seconds: float) -> None:
        self._documents = Documents(Service, Service)
        self._matters = base.repository("services", self._documents)
        self._alarm_seconds = alarm_seconds
        self._scans: DeliveryWorker[Service] | None = None

    def scanned_by(self, scan: Callable[[Service, Scanning], Awaitable[None]]) -> DeliveryWorker[Service]:
        """The job that does so; a scanner takes four files at once."""
        self._scans = DeliveryWorker(self._matters, scan, kind="scan", receiver=lambda _: "scanner", per_receiver=4)
        return self._scans

    async def prepare(self) -> None:
        await self._matters.collection.create_index(
            [("state.kind", 1), ("state.state", 1), ("_id", 1)],
            name="open_questions",
            partialFilterExpression={"state.kind": "question"},
        )
        marked = {"state.marks.who": {"$exists": True}}
        await self._matters.collection.create_index(
            [("state.marks.who", 1), ("state.registered_at", -1)], name=MARKED, partialFilterExpression=marked
        )

    async def change(
        self, message: Message, change: Callable[[Service], None], *, fresh: bool = False
    ) -> Changed[Service]:
        return await self._matters.change(message, change, fresh=fresh)

    async def attach(self, message: Message, change: Callable[[Service], None]) -> Changed[Service]:
        return await (self._scans or self._matters).change(message, change)

    async def get(self, number: str) -> Service | None:
        return await self._matters.get(number)

    async def keys(self, numbers: Sequence[str]) -> dict[str, bytes]:
        with unavailable():
            found = self._matters.collection.find({"_id": {"$in": list(numbers)}}, {"state.key": 1})
            return {one["_id"]: one["state"]["key"] async for one in found if one.get("state", {}).get("key")}

    async def open_questions(self, after: str | None, limit: int) -> Sequence[Service]:
        wanted: dict[str, Any] = {"state.kind": "question", "state.state": "open"}
        if after:
            wanted["_id"] = {"$gt": after}
        with unavailable():
            found = await self._matters.collection.find(wanted).sort("_id", 1).limit(limit).to_list(limit)
        return [self._documents.aggregate(one["_id"], one["state"]) for one in found]

    async def marked(self, marks: Sequence[str], most: int) -> Sequence[Service]:
        wanted = {"state.marks.who": {"$in": list(marks)}}
        with unavailable():
            looking = self._matters.collection.find(wanted).hint(MARKED).sort("state.registered_at", -1).limit(most)
            return [self._documents.aggregate(one["_id"], one["state"]) for one in await looking.to_list(most)]

    async def not_marked(self, by: str, after: str, most: int) -> Sequence[Service]:
        wanted = {"_id": {"$gt": after}, "state.marks.by": {"$ne": by}, "state.seal_key": {"$gt": ""}}
        with unavailable():
            found = await self._matters.collection.find(wanted).sort("_id", 1).limit(most).to_list(most)
        return [self._documents.aggregate(one["_id"], one["state"]) for one in found]

    def aggregate(self, stored: Mapping[str, Any]) -> Service:
        return self._documents.aggregate(stored["_id"], stored["state"])

    def check_open(self) -> None:
        if self._matters.unsent_age_seconds > self._alarm_seconds:
            raise Unavailable("what was accepted cannot be passed on now")


class MongoKeyReads:
    """``key_reads``: which service asked for which keys, when and what for; appended only."""

    def __init__(self, base: Base) -> None:
        self._reads = base.database["key_reads"]
        self._clock: Clock = base.clock

    async def record(
        self, service: str, purpose: str, numbers: Sequence[str], about: Mapping[str, Any] | None = None
    ) -> None:
        read = {"at": self._clock.now(), "service": service, "purpose": purpose, "numbers": list(numbers)}
        with unavailable():
            await self._reads.insert_one(read | dict(about or {}))
