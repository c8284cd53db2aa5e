"""Timelines in tracking's own database."""

from collections.abc import Callable

from chassis.documents import Documents
from chassis.matter import Changed
from chassis.messages import Message
from chassis.service import Base

from tracking.domain.timeline import Timeline


class MongoTimelines:
    """``timelines``: one document per matter."""

    def __init__(self, base: Base) -> None:
        self._matters = base.repository("timelines", Documents(Timeline, Timeline))

    async def change(self, message: Message, change: Callable[[Timeline], None]) -> Changed[Timeline]:
        return await self._matters.change(message, change)

    async def get(self, number: str) -> Timeline | None:
        return await self._matters.get(number)
