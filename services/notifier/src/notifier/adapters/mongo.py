"""Notifications in the notifier's own database."""

from collections.abc import Callable

from chassis.documents import Documents
from chassis.matter import Changed
from chassis.messages import Message
from chassis.service import Base

from notifier.domain import Notification


class MongoNotifications:
    """``notifications``: one document per matter."""

    def __init__(self, base: Base) -> None:
        self.matters = base.repository("notifications", Documents(Notification, Notification))

    async def change(self, message: Message, change: Callable[[Notification], None]) -> Changed[Notification]:
        return await self.matters.change(message, change)

    async def get(self, number: str) -> Notification | None:
        return await self.matters.get(number)
