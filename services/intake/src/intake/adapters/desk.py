"""What waits at the desk, and how its work was judged: tables and counts in intake's own database."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from chassis.database import unavailable
from chassis.documents import Documents
from chassis.pages.tables import ORDER, Asked, Indexes, Table, table_of
from chassis.service import Base

from intake.domain import Service

OPEN = {"state.kind": "question", "state.state": "open"}
_BY = ("state.registered_at", "_id", "state.answer_by", "state.channel", "state.product")
_NARROW = "desk_filtered"


class MongoDesk:
    """Questions that wait, from ``services``."""

    def __init__(self, base: Base) -> None:
        self._services = base.database["services"]
        self._documents = Documents(Service, Service)

    async def prepare(self) -> None:
        for by in _BY:
            keys = dict.fromkeys(("state.kind", by, "_id"), 1)
            await self._services.create_index(
                list(keys.items()), name=f"desk_{by}", partialFilterExpression=OPEN, collation=ORDER
            )
        await self._services.create_index(
            [("state.answer_by", 1), ("state.still_open", 1), ("_id", 1)],
            name=_NARROW, partialFilterExpression=OPEN, collation=ORDER,
        )  # fmt: skip
        await self._services.create_index(
            [("state.answers.at", 1)],
            name="desk_answers",
            partialFilterExpression={"state.answers.at": {"$exists": True}},
        )
        await self._services.create_index(
            [("state.handled_by", 1), ("state.registered_at", 1)],
            name="desk_handled",
            partialFilterExpression={"state.handled_by": {"$gt": ""}},
        )

    async def questions(self, asked: Asked, now: datetime, soon: datetime) -> Table[Service]:
        """``soon``: what is due by then is near. Errors: Unavailable."""
        return await table_of(
            self._services,
            OPEN | _narrowed(asked.filters, now, soon),
            asked,
            lambda stored: self._documents.aggregate(stored["_id"], stored["state"]),
            Indexes(f"desk_{asked.order}", _NARROW),
        )

    async def counts(self, now: datetime, soon: datetime) -> Mapping[str, int]:
        """How many questions wait, by what a filter is called. Errors: Unavailable."""
        filters = [{}, *({"level": one} for one in ("over", "near", "within")), *({"which": w} for w in WHICH)]
        names = ("open", "over", "near", "within", *WHICH)
        with unavailable():
            return {
                name: await self._services.count_documents(
                    OPEN | _narrowed(one, now, soon), hint=_NARROW, collation=ORDER
                )
                for name, one in zip(names, filters, strict=True)
            }

    async def answered(self, since: datetime) -> Sequence[tuple[str, int]]:
        """Who answered how many since then, most first. Errors: Unavailable."""
        with unavailable():
            found = self._services.aggregate(
                [
                    {"$match": {"state.answers.at": {"$gte": since}}},
                    {"$unwind": "$state.answers"},
                    {"$match": {"state.answers.at": {"$gte": since}}},
                    {"$group": {"_id": "$state.answers.by", "count": {"$sum": 1}}},
                    {"$sort": {"count": -1, "_id": 1}},
                ]
            )
            return [(one["_id"], one["count"]) async for one in found]

    async def handled(
        self, since: datetime, until: datetime, cso: str, kind: str, channel: str, most: int
    ) -> Sequence[str]:
        """Numbers of what the desk had in hand, of that time. Errors: Unavailable."""
        wanted: dict[str, Any] = {
            "state.registered_at": {"$gte": since, "$lt": until},
            "state.handled_by": cso or {"$gt": ""},
        }
        wanted |= {f"state.{name}": value for name, value in (("kind", kind), ("channel", channel)) if value}
        with unavailable():
            found = self._services.find(wanted, {"_id": 1}).hint("desk_handled").limit(most)
            return [one["_id"] async for one in found]


WHICH = ("reopened", "out_of_hours")


def _narrowed(filters: Mapping[str, str], now: datetime, soon: datetime) -> dict[str, Any]:
    wanted: dict[str, Any] = {}
    match filters.get("level"):
        case "over":
            wanted["state.answer_by"] = {"$lt": now}
        case "near":
            wanted["state.answer_by"] = {"$gte": now, "$lte": soon}
        case "within":
            wanted["state.answer_by"] = {"$gt": soon}
    match filters.get("which"):
        case "reopened":
            wanted["state.still_open"] = {"$gt": ""}
        case "out_of_hours":
            wanted["state.counted_from"] = {"$type": "date"}
    if typed := filters.get("q"):
        wanted["state.pujk_named"] = {"$regex": re.escape(typed), "$options": "i"}
    return wanted
