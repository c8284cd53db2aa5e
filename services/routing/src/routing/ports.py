"""What do routing's use cases need from outside?"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from chassis.matter import Changed
from chassis.messages import Message

from routing.directory import Directory
from routing.domain.assignment import Assignment
from routing.domain.parts import Firm
from routing.finding import Finder, Illegal


class Assignments(Protocol):
    async def change(
        self, message: Message, change: Callable[[Assignment], None], *, creates: bool = False
    ) -> Changed[Assignment]: ...

    async def get(self, number: str) -> Assignment | None: ...

    async def parked(self, after: str | None, limit: int) -> Sequence[Assignment]:
        """Parked assignments by number, after the given one."""
        ...


class Firms(Protocol):
    @property
    def directory(self) -> Directory:
        """The directory as last read; at most a few seconds old."""
        ...

    async def load(self, firms: Sequence[Firm]) -> int:
        """Adds or replaces firms by code; returns how many the directory has now."""
        ...


class Finders(Protocol):
    @property
    def finder(self) -> Finder:
        """Of both lists as last read; at most a few seconds old."""
        ...

    async def load(self, entities: Sequence[Illegal]) -> int:
        """Replaces the list as a whole; returns how many it has. Errors: Unavailable."""
        ...


class Tries(Protocol):
    async def take(self, key: str) -> None:
        """Refuses TooMany, Unavailable."""
        ...


class Now(Protocol):
    def now(self) -> datetime: ...
