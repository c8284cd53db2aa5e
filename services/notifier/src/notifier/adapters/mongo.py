"""Notifications in the notifier's own database."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from chassis.database import unavailable
from chassis.deliveries import DeliveryWorker
from chassis.documents import Documents
from chassis.matter import Changed
from chassis.messages import Message
from chassis.pages.tables import ORDER, Asked, Indexes, Table, table_of
from chassis.repository import Repository
from chassis.service import Base

from notifier.domain.notification import Notification

DOCUMENTS = Documents(Notification, Notification)
REMIND, FAILING = "state.remind_at", "state.failing.since"
#: What a CSO sees to in any order, by the field that is sorted by; each holds what is filtered by.
_FILTERED = "state.failing.reason"
FAILING_BY = {f"failing_{by}": (by, "_id", _FILTERED) for by in (FAILING, "_id", _FILTERED)}


def matters(base: Base) -> Repository[Notification]:
    """``notifications``: one document per matter."""
    return base.repository("notifications", DOCUMENTS)


class MongoNotifications:
    """Changes go by the worker, who sends at once what they make due."""

    def __init__(self, stored: Repository[Notification], worker: DeliveryWorker[Notification]) -> None:
        self._stored = stored
        self._worker = worker

    async def prepare(self) -> None:
        collection = self._stored.collection
        await collection.create_index([(REMIND, 1)], name=REMIND, partialFilterExpression={REMIND: {"$type": "date"}})
        for name, fields in FAILING_BY.items():
            # Each once: what is sorted by is filtered by, too.
            keys = dict.fromkeys((*fields, FAILING), 1)
            await collection.create_index(
                list(keys.items()),
                name=name,
                partialFilterExpression={FAILING: {"$type": "date"}},
                collation=ORDER,
            )

    async def change(self, message: Message, change: Callable[[Notification], None]) -> Changed[Notification]:
        return await self._worker.change(message, change)

    async def get(self, number: str) -> Notification | None:
        return await self._stored.get(number)

    async def due(self, now: datetime, most: int, but: Collection[str], all_heard: bool) -> Sequence[str]:
        """Numbers of those whose reminder has come; none before everything was heard. Errors: Unavailable."""
        if not all_heard:
            return ()
        due = {REMIND: {"$type": "date", "$lte": now}, "_id": {"$nin": list(but)}}
        with unavailable():
            # Named, for the planner would rather go through all matters by their number.
            looking = self._stored.collection.find(due, {"_id": 1}).hint(REMIND).sort(REMIND, 1).limit(most)
            return [one["_id"] for one in await looking.to_list(most)]

    async def failing(self, asked: Asked) -> Table[Notification]:
        """What waits for a CSO, as a page shows it. Errors: Unavailable."""
        wanted: dict[str, object] = {FAILING: {"$type": "date"}}
        if reason := asked.filters.get("reason"):
            wanted[_FILTERED] = reason
        return await table_of(
            self._stored.collection,
            wanted,
            asked,
            lambda stored: DOCUMENTS.aggregate(stored["_id"], stored["state"]),
            Indexes(f"failing_{asked.order}", f"failing_{_FILTERED}"),
        )
