"""What was gone through once and need not be again, over all replicas and starts."""

from chassis.clock import Clock
from chassis.database import unavailable
from chassis.service import Base


class Passes:
    """``passes``: one document for each thing that was gone through. Errors of all: Unavailable."""

    def __init__(self, base: Base) -> None:
        self._passes = base.database["passes"]
        self._clock: Clock = base.clock

    async def done(self, what: str) -> bool:
        with unavailable():
            return await self._passes.find_one({"_id": what}) is not None

    async def finish(self, what: str) -> None:
        with unavailable():
            await self._passes.update_one({"_id": what}, {"$set": {"at": self._clock.now()}}, upsert=True)
