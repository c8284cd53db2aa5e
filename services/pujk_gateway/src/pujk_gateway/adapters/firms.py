"""Firms in the gateway's own database: one document each, guarded by a version; which must a worker mind?"""

import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from chassis.clock import Clock
from chassis.database import Collection, Database, unavailable
from chassis.documents import CODEC
from chassis.ids import new_id
from chassis.pages.tables import Asked, Table, table_of
from chassis.refusals import NotFound, Unavailable
from pydantic import TypeAdapter

from pujk_gateway.domain.firm import Firm
from pujk_gateway.usecases.minding import Claimed

TRIES = 20
#: Longer than a worker takes for one firm (``jobs.WORK_SECONDS``), so that no two ever work on the same.
LEASE = timedelta(seconds=60)
_FIRM = TypeAdapter(Firm)


class MongoFirms:
    """``firms``: the code as ``_id``. ``due_at`` is when the broker must be minded, ``leased_until`` by whom only."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._stored: Collection = database.get_collection("firms", codec_options=CODEC)
        self._clock = clock
        #: Called after each change that leaves something to do.
        self.wake: Callable[[], None] = lambda: None

    async def prepare(self) -> None:
        await self._stored.create_index([("due_at", 1)], name="due", sparse=True)

    async def get(self, code: str) -> Firm | None:
        with unavailable():
            stored = await self._stored.find_one({"_id": code})
        return _firm(stored) if stored else None

    async def all(self) -> Sequence[Firm]:
        with unavailable():
            return [_firm(one) async for one in self._stored.find().sort("_id", 1)]

    async def page(self, asked: Asked) -> Table[Firm]:
        """Those that an address asks for."""
        parts: list[dict[str, Any]] = []
        if typed := asked.filters.get("q"):
            part_of_it = {"$regex": re.escape(typed), "$options": "i"}
            parts.append({"$or": [{"name": part_of_it}, {"_id": part_of_it}]})
        if state := asked.filters.get("state"):
            parts.append({"left": None if state == "onboarded" else {"$ne": None}})
        return await table_of(self._stored, {"$and": parts} if parts else {}, asked, _firm)

    async def add(self, firm: Firm) -> bool:
        with unavailable():
            made = await self._stored.update_one(
                {"_id": firm.code}, {"$setOnInsert": {**_document(firm), "version": 1}}, upsert=True
            )
        return made.upserted_id is not None

    async def change(self, code: str, change: Callable[[Firm], object]) -> Firm:
        """What changes at the broker, or ends a firm, is due at once."""
        for _ in range(TRIES):
            with unavailable():
                stored = await self._stored.find_one({"_id": code})
                if stored is None:
                    raise NotFound(f"{code} was never onboarded")
                firm = _firm(stored)
                before = (firm.broker and firm.broker.count, firm.left)
                change(firm)
                due = {"due_at": self._clock.now(), "tries": 0}
                moved = before != (firm.broker and firm.broker.count, firm.left)
                done = await self._stored.update_one(
                    {"_id": code, "version": stored["version"]},
                    {"$set": {**_document(firm), **(due if moved else {})}, "$inc": {"version": 1}},
                )
            if done.matched_count:
                if moved:
                    self.wake()
                return firm
        raise Unavailable(f"the firm was changed by others {TRIES} times in a row")

    async def claim(self, most: int) -> Sequence[Claimed]:
        """Those that are due, for ``LEASE`` this worker's alone. Errors: Unavailable."""
        now, by, claimed = self._clock.now(), new_id(), list[Claimed]()
        free = {"due_at": {"$lte": now}, "$or": [{"leased_until": None}, {"leased_until": {"$lte": now}}]}
        lease = {"$set": {"leased_until": now + LEASE, "leased_by": by}}
        with unavailable():
            while len(claimed) < most:
                stored = await self._stored.find_one_and_update(free, lease, sort=[("due_at", 1)])
                if stored is None:
                    break
                claimed.append(Claimed(_firm(stored), stored.get("tries", 0), by))
        return claimed

    async def minded(self, claimed: Claimed, *, trouble: str | None, again: timedelta | None) -> None:
        """Where something else is wanted by now, that stays due; where the lease is another's, nothing is written.

        Errors: Unavailable.
        """
        firm, ours = claimed.firm, {"_id": claimed.firm.code, "leased_by": claimed.lease}
        count = firm.broker.count if firm.broker else None
        outcome: dict[str, Any] = {"leased_until": None, "tries": claimed.tries + 1 if trouble else 0}
        outcome["due_at"] = self._clock.now() + again if again else None
        if firm.broker is not None:
            outcome |= {"broker.trouble": trouble} | ({} if trouble else {"broker.made": count})
        with unavailable():
            done = await self._stored.update_one(
                {**ours, "broker.count": count, "left": firm.left}, {"$set": outcome, "$inc": {"version": 1}}
            )
            if not done.matched_count:
                await self._stored.update_one(ours, {"$set": {"leased_until": None}})


def _document(firm: Firm) -> dict[str, Any]:
    kept: dict[str, Any] = _FIRM.dump_python(firm, exclude={"code"})
    return kept


def _firm(stored: dict[str, Any]) -> Firm:
    return _FIRM.validate_python({**stored, "code": stored["_id"]})
