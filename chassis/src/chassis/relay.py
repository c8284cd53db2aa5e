"""Who says what its own writer could not? Every replica looks for leases that have run out and says those facts; what a
writer of its own process could not say it tries again at once."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from chassis import metrics
from chassis.confirms import PublishFailed
from chassis.documents import Entry
from chassis.repository import Repository

log = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 1.0
AT_ONCE = 100
TRIES = 10
BACKOFF_SECONDS = 2.0
BACKOFF_MOST_SECONDS = 300.0
#: Of the matters with the oldest unsaid facts, how many are looked at for one that nobody refused.
OLDEST_LOOKED_AT = 100
#: Whoever writes a matter again prolongs its lease; of a fact so many leases old, and taken over by no relay during the
#: last one, the writer is gone.
LEASES_MOST = 3
_UNSENT: dict[str, Any] = {"unsent._id": {"$exists": True}}
#: Facts of this matter that wait for nothing but their turn.
_DUE = {"$filter": {"input": "$unsent", "cond": {"$lte": [{"$ifNull": ["$$this.not_before", "$$NOW"]}, "$$NOW"]}}}
#: When the oldest fact that was not refused yet was written.
_OLDEST = {
    "$min": {
        "$map": {
            "input": {"$filter": {"input": "$unsent", "cond": {"$eq": [{"$type": "$$this.tries"}, "missing"]}}},
            "in": "$$this.at",
        }
    }
}


class Relay:
    """Takes over matters whose lease has run out, by the database's clock alone.

    It publishes on a channel of its own, so that what the broker refuses there is the relay's own message.
    """

    def __init__(self, repository: Repository[Any]) -> None:
        self._repository = repository
        self._matters = repository.collection
        self._stuck = repository.collection.database["stuck"]
        self._sayer = repository.sayer.beside()
        #: The broker takes nothing: one matter at a time finds out whether that is over.
        self._trouble = False
        self._lease_ms = int(repository.lease_seconds * 1000)

    async def run(self) -> None:
        """For ever; whatever goes wrong, it looks again. A publish that hangs does not keep the age from being seen."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._again_and_again(self._look))
            group.create_task(self._again_and_again(self._work))

    async def _again_and_again(self, step: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await step()
            except Exception as error:
                log.warning("relay looks again", exc_info=error)
            await asyncio.sleep(LOOK_EVERY_SECONDS)

    async def _work(self) -> None:
        while await self.once() == AT_ONCE:
            pass

    async def _look(self) -> None:
        metrics.UNSENT_AGE.labels(self._matters.name).set(await self.oldest_unsent_seconds())

    async def once(self) -> int:
        """Says what is overdue and what its own process could not; returns how many matters were taken over."""
        found = await self._found(1 if self._trouble else AT_ONCE)
        try:
            return await self._take_over(found)
        except Exception:
            self._repository.unsaid.add(document["_id"] for document in found)
            raise

    async def _found(self, most: int) -> list[dict[str, Any]]:
        while unsaid := self._repository.unsaid.take(AT_ONCE):
            try:
                found = await self._matters.find({"_id": {"$in": unsaid}, **_UNSENT}, {"lease": 1}).to_list(AT_ONCE)
            except Exception:
                self._repository.unsaid.add(unsaid)
                raise
            self._repository.unsaid.add(document["_id"] for document in found[most:])
            # An outage of the database leaves the number of whatever it may have written: most have nothing to say.
            if found:
                return found[:most]
        left = [self._ago(_OLDEST, LEASES_MOST), self._ago({"$ifNull": ["$taken", datetime.fromtimestamp(0, UTC)]}, 1)]
        overdue: dict[str, Any] = {**_UNSENT, "$expr": {"$or": [{"$lt": ["$lease", "$$NOW"]}, {"$and": left}]}}
        return await self._matters.find(overdue, {"lease": 1}).limit(most).to_list(most)

    def _ago(self, moment: Any, leases: int) -> dict[str, Any]:
        """Whether it is more than so many leases ago; false where there is none."""
        return {"$lt": [{"$ifNull": [moment, "$$NOW"]}, {"$subtract": ["$$NOW", leases * self._lease_ms]}]}

    async def _take_over(self, found: list[dict[str, Any]]) -> int:
        claimed = await asyncio.gather(*(self._claim(document) for document in found))
        due = [entry for entries in claimed if entries is not None for entry in entries]
        if due:
            await self._say(due)
        return sum(entries is not None for entries in claimed)

    async def _claim(self, document: dict[str, Any]) -> list[Entry] | None:
        """The matter's facts whose turn it is; None where another relay or writer was faster."""
        matter = await self._matters.find_one_and_update(
            {"_id": document["_id"], "lease": document["lease"]},
            [{"$set": {"lease": {"$add": ["$$NOW", self._lease_ms]}, "taken": "$$NOW"}}],
            projection={"unsent": 1, "due": _DUE},
            return_document=True,
        )
        if matter is None:
            return None
        if not matter["due"] and matter["unsent"]:
            await self._lease_again({document["_id"]})
        due: list[Entry] = matter["due"]
        return due

    async def _say(self, entries: list[Entry]) -> None:
        # One that was refused before may close the channel again: it goes alone, after the others.
        suspects = [entry for entry in entries if "tries" in entry]
        failed = await self._sayer.publish([entry for entry in entries if "tries" not in entry])
        for entry in suspects:
            failed += await self._sayer.publish([entry])
        refused: list[tuple[Entry, PublishFailed]] = []
        lost: set[str] = set()
        cut_off: list[str] = []
        for entry, error in failed:
            perhaps = error.perhaps and entry not in suspects
            again = await self._alone(entry) if perhaps else error
            if again is None:
                continue
            lost.add(entry["_id"])
            # A broken connection is nobody's fault; only a fact that the broker itself refuses counts its tries.
            if again.alone or again.perhaps:
                refused.append((entry, again))
            else:
                cut_off.append(entry["subject"])
        self._trouble = bool(cut_off)
        self._repository.unsaid.add(cut_off)
        metrics.PUBLISH_FAILED.inc(len(lost))
        await self._sayer.move([entry for entry in entries if entry["_id"] not in lost])
        for entry, error in refused:
            await self._refused(entry, str(error))
        await self._lease_again({entry["subject"] for entry, _ in refused})

    async def _alone(self, entry: Entry) -> PublishFailed | None:
        """Says one fact with no other beside it: now the channel closes over this one or not at all."""
        failed = await self._sayer.publish([entry])
        return failed[0][1] if failed else None

    async def _refused(self, entry: Entry, reason: str) -> None:
        tries = entry.get("tries", 0) + 1
        mine = {"_id": entry["subject"]}
        if tries < TRIES:
            wait_ms = int(min(BACKOFF_SECONDS * 2**tries, BACKOFF_MOST_SECONDS) * 1000)
            waiting = {"tries": tries, "not_before": {"$add": ["$$NOW", wait_ms]}}
            this = {"$cond": [{"$eq": ["$$this._id", entry["_id"]]}, {"$mergeObjects": ["$$this", waiting]}, "$$this"]}
            await self._matters.update_one(mine, [{"$set": {"unsent": {"$map": {"input": "$unsent", "in": this}}}}])
            return
        stuck = {k: v for k, v in entry.items() if k != "not_before"} | {"tries": tries, "reason": reason}
        await self._stuck.update_one({"_id": entry["_id"]}, {"$setOnInsert": stuck}, upsert=True)
        await self._matters.update_one(mine, {"$pull": {"unsent": {"_id": entry["_id"]}}})
        metrics.STUCK.inc()
        log.error("a fact is stuck", extra={"number": entry["subject"], "reason": reason})

    async def _lease_again(self, numbers: Sequence[str] | set[str]) -> None:
        """The matter comes up when the first of its facts may be tried again."""
        if numbers:
            soonest = {"$min": {"$map": {"input": "$unsent", "in": {"$ifNull": ["$$this.not_before", "$lease"]}}}}
            await self._matters.update_many(
                {"_id": {"$in": list(numbers)}, **_UNSENT}, [{"$set": {"lease": {"$ifNull": [soonest, "$lease"]}}}]
            )

    async def oldest_unsent_seconds(self) -> float:
        """Age of the oldest fact that waits to be said, by the database's clock; 0 where none waits.

        A fact that the broker itself refuses does not count: it is tried apart, becomes ``stuck``, and holds up nobody.
        """
        rows = await self._matters.aggregate(
            [
                {"$match": _UNSENT},
                {"$sort": {"unsent.at": 1}},
                {"$limit": OLDEST_LOOKED_AT},
                {"$unwind": "$unsent"},
                {"$match": {"unsent.tries": {"$exists": False}}},
                {"$group": {"_id": None, "at": {"$min": "$unsent.at"}}},
                {"$project": {"age": {"$subtract": ["$$NOW", "$at"]}}},
            ],
            hint="unsent_at",
        ).to_list(1)
        age = max(0.0, rows[0]["age"] / 1000) if rows else 0.0
        # Readiness and the repository's doors go by the same number.
        self._repository.unsent_age_seconds = age
        return age
