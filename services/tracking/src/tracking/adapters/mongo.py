"""Timelines in tracking's own database."""

from collections.abc import Callable, Mapping, Sequence

from chassis.database import unavailable
from chassis.documents import Documents
from chassis.matter import Changed
from chassis.messages import Message
from chassis.service import Base

from tracking.domain.timeline import Timeline

RENEWED = "pin_renewed"


class MongoTimelines:
    """``timelines``: one document per matter."""

    def __init__(self, base: Base) -> None:
        self._matters = base.repository("timelines", Documents(Timeline, Timeline))

    async def change(self, message: Message, change: Callable[[Timeline], None]) -> Changed[Timeline]:
        return await self._matters.change(message, change)

    async def prepare(self) -> None:
        renewed = {"state.pin_round": {"$gt": 1}}
        keys = [("_id", 1), ("state.pin_round", 1)]
        await self._matters.collection.create_index(keys, name=RENEWED, partialFilterExpression=renewed)

    async def pin_round(self, number: str) -> int:
        """Answered by the index alone: a number that nobody has and one whose first PIN is good are the same work, and
        how much a matter holds makes no difference. Errors: Unavailable."""
        wanted, shown = {"_id": number, "state.pin_round": {"$gt": 1}}, {"_id": 0, "state.pin_round": 1}
        with unavailable():
            found = await self._matters.collection.find_one(wanted, shown, hint=RENEWED)
        return int(found["state"]["pin_round"]) if found else 1

    async def get(self, number: str) -> Timeline | None:
        return await self._matters.get(number)

    async def versions(self, numbers: Sequence[str]) -> Mapping[str, int]:
        """Of each matter that is here, a number that grows with every change of it. Errors: Unavailable."""
        found = self._matters.collection.find({"_id": {"$in": list(numbers)}}, {"version": 1})
        with unavailable():
            return {one["_id"]: int(one["version"]) async for one in found}
