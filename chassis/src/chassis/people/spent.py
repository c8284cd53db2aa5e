"""Was this used before? What is good once is written down when it is used, for as long as it could come again."""

import hashlib
from datetime import datetime, timedelta

from chassis.database import Database, insert_until_taken, unavailable

#: Two clocks of one database differ by less.
LONGER = timedelta(minutes=1)


class Spent:
    """``spent``: the digest of what was used as ``_id``; the database forgets it when nobody would take it any more."""

    def __init__(self, database: Database) -> None:
        self._spent = database["spent"]

    async def prepare(self) -> None:
        await self._spent.create_index([("until", 1)], name="until", expireAfterSeconds=0)

    async def first(self, once: str, until: datetime) -> bool:
        """Whether nobody used it before; of two at the same time one. Errors: Unavailable."""
        used = {"_id": hashlib.sha256(once.encode()).hexdigest(), "until": until + LONGER}
        with unavailable():
            return bool(await insert_until_taken(self._spent, [used]))
