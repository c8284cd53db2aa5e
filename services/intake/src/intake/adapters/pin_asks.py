"""Asks for a new PIN, between the page and the worker: a number and keyed hashes, and nothing that can be read."""

from collections.abc import Sequence
from datetime import timedelta

from chassis.clock import Clock
from chassis.database import unavailable
from chassis.service import Base

from intake.ports import PinAsk

#: Where no worker came for so long, the asker has asked again.
KEPT = timedelta(hours=24)


class MongoPinAsks:
    """``pin_asks``: one document for each, gone as soon as it was looked at."""

    def __init__(self, base: Base) -> None:
        self._asks = base.database["pin_asks"]
        self._clock: Clock = base.clock

    async def prepare(self) -> None:
        await self._asks.create_index([("until", 1)], name="until", expireAfterSeconds=0)

    async def put(self, ask: PinAsk) -> None:
        with unavailable():
            until = self._clock.now() + KEPT
            await self._asks.insert_one({"_id": ask.id, "number": ask.number, "marks": ask.marks, "until": until})

    async def waiting(self, most: int) -> Sequence[PinAsk]:
        with unavailable():
            found = await self._asks.find().sort("_id", 1).limit(most).to_list(most)
        return [PinAsk(one["_id"], one["number"], one["marks"]) for one in found]

    async def drop(self, id_: str) -> None:
        with unavailable():
            await self._asks.delete_one({"_id": id_})
