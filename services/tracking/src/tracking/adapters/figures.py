"""Figures in tracking's own database: ``figures``, one document for each day, month and year, made of the timelines'
rows; ``figuring`` says how far a look for old rows went."""

from asyncio import gather
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any

from chassis.database import Collection, Database, unavailable
from chassis.documents import CODEC
from chassis.ids import new_id

from tracking.domain.figures import Figures
from tracking.domain.periods import Period
from tracking.domain.rows import VERSION, Row
from tracking.usecases.counting import AGAIN, Changed

BY_MARK, BY_DAY = "uncounted", "row_day"
SWEPT_AT_ONCE, NOTED_AT_ONCE = 5_000, 2_000
#: Rows that are read before others have their turn: some 8 ms.
ROWS_AT_ONCE = 500
_SWEEP = "rows"


class MongoFigures:
    def __init__(self, database: Database) -> None:
        self._timelines: Collection = database.get_collection("timelines", codec_options=CODEC)
        self._figures: Collection = database["figures"]
        self._figuring: Collection = database["figuring"]

    async def prepare(self) -> None:
        marked = {"state.uncounted": {"$gt": ""}}
        await self._timelines.create_index([("state.uncounted", 1)], name=BY_MARK, partialFilterExpression=marked)
        counted = {"state.row.day": {"$gt": ""}}
        await self._timelines.create_index(
            [("state.row.day", 1), ("state.row.check", 1)], name=BY_DAY, partialFilterExpression=counted
        )
        await self._figures.create_index([("dirty", 1)], name="dirty", partialFilterExpression={"dirty": {"$gt": ""}})

    async def sweep(self) -> None:
        stands = await self._figuring.find_one({"_id": _SWEEP}) or {}
        after = stands.get("after", "") if stands.get("version") == VERSION else ""
        if after is None:
            return
        page = self._timelines.find({"_id": {"$gt": after}}, {"_id": 1}).sort("_id", 1).limit(SWEPT_AT_ONCE)
        numbers = [one["_id"] for one in await page.to_list(SWEPT_AT_ONCE)]
        upto = numbers[-1] if len(numbers) == SWEPT_AT_ONCE else None
        if numbers:
            old = {"state.row.v": {"$not": {"$gte": VERSION}}, "state": {"$exists": True}}
            within = {"_id": {"$gt": after, "$lte": numbers[-1]}}
            await self._timelines.update_many({**within, **old}, {"$set": {"state.uncounted": AGAIN}})
        done = {"$set": {"version": VERSION, "after": upto}}
        await self._figuring.update_one({"_id": _SWEEP}, done, upsert=True)

    async def changed(self, most: int) -> Sequence[Changed]:
        wanted = {"state.uncounted": 1, "state.row.day": 1, "state.row.v": 1}
        looking = self._timelines.find({"state.uncounted": {"$gt": ""}}, wanted).hint(BY_MARK).limit(most)
        found = []
        async for one in looking.batch_size(ROWS_AT_ONCE):
            row = one["state"].get("row") or {}
            found.append(Changed(one["_id"], one["state"]["uncounted"], row.get("day"), row.get("v", VERSION)))
        return found

    async def soil(self, cells: Iterable[str]) -> None:
        mark = {"$set": {"dirty": new_id()}}
        await gather(*(self._figures.update_one({"_id": cell}, mark, upsert=True) for cell in sorted(cells)))

    async def noted(self, changed: Sequence[Changed]) -> None:
        for begin in range(0, len(changed), NOTED_AT_ONCE):
            some = changed[begin : begin + NOTED_AT_ONCE]
            # A mark is the id of one entry of this very matter, or drawn: a later change has another one.
            these = {
                "_id": {"$in": [one.number for one in some]},
                "state.uncounted": {"$in": [one.mark for one in some]},
            }
            await self._timelines.update_many(these, {"$set": {"state.uncounted": None}})

    async def soiled(self, length: int) -> Sequence[tuple[str, str]]:
        looking = self._figures.find({"dirty": {"$gt": ""}}, {"dirty": 1}).hint("dirty")
        return sorted([(one["_id"], one["dirty"]) async for one in looking if len(one["_id"]) == length])

    async def rows(self, day: str) -> AsyncIterator[Row]:
        looking = self._timelines.find({"state.row.day": day}, {"_id": 0, "state.row": 1}).hint(BY_DAY)
        async for one in looking.batch_size(ROWS_AT_ONCE):
            yield one["state"]["row"]

    async def below(self, cell: str) -> AsyncIterator[dict[str, Any]]:
        parts = {"_id": {"$gt": f"{cell}-", "$lt": f"{cell}."}, "count": {"$gt": 0}}
        async for one in self._figures.find(parts).batch_size(50):
            if len(one["_id"]) == len(cell) + 3:
                yield one

    async def put(self, cell: str, mark: str, figures: dict[str, Any]) -> bool:
        update = {"$set": figures, "$currentDate": {"at": True}}
        return bool((await self._figures.update_one({"_id": cell, "dirty": mark}, update)).matched_count)

    async def clean(self, cell: str, mark: str) -> None:
        await self._figures.update_one({"_id": cell, "dirty": mark}, {"$unset": {"dirty": ""}})

    async def of(self, period: Period) -> Sequence[tuple[Figures, Any]]:
        """Those of the period, each with the moment when it was made. Errors: Unavailable."""
        asked = {"_id": {"$in": period.cells()}, "count": {"$gt": 0}}
        with unavailable():
            return [(Figures.of(one), one["at"]) async for one in self._figures.find(asked).batch_size(500)]
