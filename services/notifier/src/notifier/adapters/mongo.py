"""Notifications in the notifier's own database."""

from collections.abc import Callable

from chassis.deliveries import DeliveryWorker
from chassis.documents import Documents
from chassis.matter import Changed
from chassis.messages import Message
from chassis.repository import Repository
from chassis.service import Base

from notifier.domain.notification import Notification


def matters(base: Base) -> Repository[Notification]:
    """``notifications``: one document per matter."""
    return base.repository("notifications", Documents(Notification, Notification))


class MongoNotifications:
    """Changes go by the worker, who sends at once what they make due."""

    def __init__(self, stored: Repository[Notification], worker: DeliveryWorker[Notification]) -> None:
        self._stored = stored
        self._worker = worker

    async def change(self, message: Message, change: Callable[[Notification], None]) -> Changed[Notification]:
        return await self._worker.change(message, change)

    async def get(self, number: str) -> Notification | None:
        return await self._stored.get(number)
