"""How are said facts put away? Many together: kept in ``facts`` for ever, then taken out of their matters."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

from pymongo import UpdateOne
from pymongo.errors import BulkWriteError

from chassis.documents import Entry
from chassis.pacing import Pace
from chassis.tasks import Tasks

log = logging.getLogger(__name__)

AT_ONCE = 500
#: What was said has reached its readers; only the acknowledgement of what caused it waits for this.
PACE_SECONDS = 0.25


class Mover:
    """Moves what was confirmed. Whoever says facts at the same time shares the two writes."""

    def __init__(self, matters: Any) -> None:
        self._matters = matters
        self._facts = matters.database["facts"]
        self._waiting: list[tuple[Sequence[Entry], asyncio.Future[None]]] = []
        self._moving = False
        self._pace = Pace(PACE_SECONDS, PACE_SECONDS)
        self._tasks = Tasks()

    async def move(self, entries: Sequence[Entry]) -> None:
        """Returns when all of them stand in ``facts`` and no longer in their matters. Errors: those of the driver."""
        if not entries:
            return
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((entries, done))
        if not self._moving:
            self._moving = True
            self._tasks.start(self._work())
        await done

    async def _work(self) -> None:
        try:
            while self._waiting:
                await self._pace.rest()
                taken: list[Entry] = []
                waiting: list[asyncio.Future[None]] = []
                while self._waiting and len(taken) < AT_ONCE:
                    entries, done = self._waiting.pop(0)
                    taken += entries
                    waiting.append(done)
                self._pace.began(len(taken))
                await self._together(taken, waiting)
        finally:
            self._moving = False

    async def _together(self, entries: list[Entry], waiting: list[asyncio.Future[None]]) -> None:
        try:
            await self._move(entries)
        except Exception as error:
            for done in waiting:
                if not done.done():
                    done.set_exception(error)
        else:
            for done in waiting:
                if not done.done():
                    done.set_result(None)

    async def _move(self, entries: list[Entry]) -> None:
        kept = [{k: v for k, v in entry.items() if k not in ("tries", "not_before")} for entry in entries]
        clash: set[str] = set()
        try:
            await self._facts.insert_many(kept, ordered=False)
        except BulkWriteError as error:
            failures = error.details["writeErrors"]
            if any(e["code"] != 11000 for e in failures) or error.details.get("writeConcernErrors"):
                raise
            # The same fact again is success; another fact with its seq is not, and stays where it can be seen.
            clash = {kept[e["index"]]["_id"] for e in failures if set(e.get("keyPattern", {})) != {"_id"}}
        by_matter: dict[str, list[str]] = {}
        for entry in entries:
            if entry["_id"] in clash:
                log.error("two facts with one seq", extra={"number": entry["subject"]})
            else:
                by_matter.setdefault(entry["subject"], []).append(entry["_id"])
        if by_matter:
            await self._matters.bulk_write(
                [
                    UpdateOne({"_id": number}, {"$pull": {"unsent": {"_id": {"$in": ids}}}})
                    for number, ids in by_matter.items()
                ],
                ordered=False,
            )
