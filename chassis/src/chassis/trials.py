"""Which message kills its reader? Only what died with the message alone in hand is counted.

The broker counts every delivery that was not acknowledged, whatever became of it: a cut connection, a database that
stayed away, a stop. So whoever reads a suspect writes down that it begins, and strikes that out when it lives to see
the end. A begin that nobody struck out is a death.
"""

import hashlib
from datetime import timedelta

from chassis.clock import Clock
from chassis.database import Database
from chassis.delivered import Delivered

#: So many readers, each with nothing else in hand, are proof.
DEATHS_MOST = 5
#: A message that went another way leaves its mark behind.
KEPT = timedelta(days=1)


class Trials:
    """``trials`` in the service's own database: one document per suspect, for as long as it is one."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._trials = database["trials"]
        self._clock = clock
        #: Begun by this process, which lives: the last begin of these was no death.
        self._mine: set[str] = set()

    async def ensure_indexes(self) -> None:
        await self._trials.create_index([("at", 1)], name="at", expireAfterSeconds=int(KEPT.total_seconds()))

    @staticmethod
    def of(queue: str, delivered: Delivered) -> str:
        """The suspect's name: the same at every delivery."""
        return f"{queue}:{hashlib.sha256(delivered.message_id.encode() + delivered.body).hexdigest()}"

    async def begin(self, suspect: str) -> int:
        """How many readers died of it until now. Errors: those of the driver; then it must not be read yet."""
        again = suspect in self._mine
        # Told before it is written: where the answer is lost, a death is overlooked rather than made up.
        self._mine.add(suspect)
        before = await self._trials.find_one_and_update(
            {"_id": suspect},
            {"$inc": {"begun": 0 if again else 1}, "$set": {"at": self._clock.now()}},
            upsert=True,
            return_document=False,
        )
        return int(before["begun"]) - again if before else 0

    async def over(self, suspect: str) -> None:
        """Its reader lives, or it is put aside. Errors: those of the driver."""
        await self._trials.delete_one({"_id": suspect})
        self._mine.discard(suspect)
