"""Who says what its own writer could not? Every replica looks for leases that have run out and says those facts."""

import asyncio
import logging
from datetime import datetime
from typing import Any

from pymongo.errors import PyMongoError

from chassis import metrics
from chassis.repository import Repository
from chassis.saying import Entry

log = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 1.0
AT_ONCE = 100
TRIES = 10
BACKOFF_SECONDS = 2.0
BACKOFF_MOST_SECONDS = 300.0
_UNSENT: dict[str, Any] = {"unsent._id": {"$exists": True}}


class Relay:
    """Takes over matters whose lease has run out, by the database's clock alone."""

    def __init__(self, repository: Repository[Any]) -> None:
        self._repository = repository
        self._matters = repository.collection
        self._stuck = repository.collection.database["stuck"]
        self._sayer = repository.sayer
        self._lease_ms = int(repository.lease_seconds * 1000)

    async def run(self) -> None:
        """For ever; an outage is waited out."""
        while True:
            try:
                while await self.once() == AT_ONCE:
                    pass
                self._repository.unsent_age_seconds = await self.oldest_unsent_seconds()
                metrics.UNSENT_AGE.set(self._repository.unsent_age_seconds)
            except PyMongoError as error:
                log.warning("relay waits for the database", extra={"error": type(error).__name__})
            await asyncio.sleep(LOOK_EVERY_SECONDS)

    async def once(self) -> int:
        """Says what is overdue; returns how many matters were taken over."""
        overdue: dict[str, Any] = {**_UNSENT, "$expr": {"$lt": ["$lease", "$$NOW"]}}
        found = await self._matters.find(overdue, {"lease": 1}).limit(AT_ONCE).to_list(AT_ONCE)
        taken = 0
        for document in found:
            matter = await self._matters.find_one_and_update(
                {"_id": document["_id"], "lease": document["lease"]},
                [{"$set": {"lease": {"$add": ["$$NOW", self._lease_ms]}}}],
                projection={"unsent": 1, "lease": 1},
                return_document=True,
            )
            if matter and matter["unsent"]:
                taken += 1
                await self._say(matter["unsent"], matter["lease"])
        return taken

    async def _say(self, entries: list[Entry], lease: datetime) -> None:
        failed = await self._sayer.publish(entries)
        lost = {entry["_id"] for entry, _ in failed}
        await self._sayer.move([entry for entry in entries if entry["_id"] not in lost])
        metrics.PUBLISH_FAILED.inc(len(failed))
        for entry, error in failed:
            # A broken connection is nobody's fault; only a fact that the broker itself refuses counts its tries.
            if getattr(error, "alone", True):
                await self._failed_alone(entry, type(error).__name__)

    async def _failed_alone(self, entry: Entry, reason: str) -> None:
        tries = entry.get("tries", 0) + 1
        mine = {"_id": entry["subject"], "unsent._id": entry["_id"]}
        if tries < TRIES:
            wait_ms = int(min(BACKOFF_SECONDS * 2**tries, BACKOFF_MOST_SECONDS) * 1000)
            await self._matters.update_one(mine, {"$set": {"unsent.$.tries": tries}})
            await self._matters.update_one(mine, [{"$set": {"lease": {"$add": ["$$NOW", wait_ms]}}}])
            return
        await self._stuck.update_one(
            {"_id": entry["_id"]}, {"$setOnInsert": {**entry, "tries": tries, "reason": reason}}, upsert=True
        )
        await self._matters.update_one({"_id": entry["subject"]}, {"$pull": {"unsent": {"_id": entry["_id"]}}})
        metrics.STUCK.inc()
        log.error("a fact is stuck", extra={"number": entry["subject"], "reason": reason})

    async def oldest_unsent_seconds(self) -> float:
        """Age of the oldest fact that waits to be said, by the database's clock; 0 where none waits."""
        rows = await self._matters.aggregate(
            [
                {"$match": _UNSENT},
                {"$sort": {"lease": 1}},
                {"$limit": 1},
                {"$project": {"age": {"$subtract": ["$$NOW", {"$min": "$unsent.at"}]}}},
            ],
            hint="unsent",
        ).to_list(1)
        return max(0.0, rows[0]["age"] / 1000) if rows else 0.0
