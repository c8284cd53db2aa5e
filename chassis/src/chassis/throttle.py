"""How is guessing made hopeless? Wrong tries are counted per key in the database, by its time, whether or not the
guessed thing exists."""

from datetime import timedelta

from chassis.clock import Clock
from chassis.database import Database, unavailable
from chassis.refusals import TooMany


class Throttle:
    """At most ``most`` wrong tries per key within ``window``; then nothing is tried, right or wrong, for as long again:
    how long there is to wait tells nothing of when somebody tried before."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        name: str,
        *,
        most: int = 5,
        window: timedelta = timedelta(minutes=15),
    ) -> None:
        self._attempts = database["attempts"]
        self._clock = clock
        self._name = name
        self._most = most
        self._window = window

    async def prepare(self) -> None:
        await self._attempts.create_index([("until", 1)], name="until", expireAfterSeconds=0)

    async def take(self, key: str) -> None:
        """Counts a try before it is made, so that many at once are no more than many in turn.

        Errors: TooMany with ``retry_after`` in seconds; Unavailable.
        """
        now = self._clock.now()
        running = {"$gt": [{"$ifNull": ["$until", now]}, now]}
        counted = {"$cond": [{"$gte": ["$wrong", self._most]}, "$wrong", {"$add": ["$wrong", 1]}]}
        #: The first and the last that count begin a window, and none between or after them.
        goes_on = {"$and": [running, {"$ne": ["$wrong", self._most - 1]}]}
        with unavailable():
            before = await self._attempts.find_one_and_update(
                {"_id": self._id(key)},
                [
                    {
                        "$set": {
                            "wrong": {"$cond": [running, counted, 1]},
                            "until": {"$cond": [goes_on, "$until", now + self._window]},
                        }
                    }
                ],
                upsert=True,
            )
        if before and before["until"] > now and before["wrong"] >= self._most:
            seconds = int((before["until"] - now).total_seconds()) + 1
            raise TooMany("too many attempts; try again later", extra={"retry_after": seconds})

    async def give_back(self, key: str) -> None:
        """The try that was taken was right: it does not count, and where no other did, nothing is left of it.

        Errors: Unavailable.
        """
        with unavailable():
            await self._attempts.update_one({"_id": self._id(key), "wrong": {"$gt": 0}}, {"$inc": {"wrong": -1}})
            await self._attempts.delete_one({"_id": self._id(key), "wrong": {"$lte": 0}})

    def _id(self, key: str) -> str:
        return f"{self._name}:{key}"
