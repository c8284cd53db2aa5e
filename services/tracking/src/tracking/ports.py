"""What do tracking's use cases need from outside?"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from chassis.matter import Changed
from chassis.messages import Message
from chassis.permits import Permit

from tracking.domain.timeline import Timeline


class Timelines(Protocol):
    async def change(self, message: Message, change: Callable[[Timeline], None]) -> Changed[Timeline]: ...

    async def get(self, number: str) -> Timeline | None: ...


class Versions(Protocol):
    async def versions(self, numbers: Sequence[str]) -> Mapping[str, int]:
        """Of each matter that is here, a number that grows with every change of it. Errors: Unavailable."""
        ...


class PinRounds(Protocol):
    async def pin_round(self, number: str) -> int:
        """Which of its PINs is good; 1 of a number that nobody has, after the same work. Errors: Unavailable."""
        ...


class Seals(Protocol):
    async def read(self, sealed: str, number: str) -> str | None:
        """The text inside; None where the matter was forgotten. Errors: Unavailable."""
        ...

    async def demands(self, sealed: str, number: str) -> Sequence[str]:
        """What the consumer demanded when they registered, in their words. Errors: Unavailable."""
        ...


class Tries(Protocol):
    async def take(self, key: str) -> None:
        """Counts a try before it is made. Errors: TooMany, Unavailable."""
        ...

    async def give_back(self, key: str) -> None:
        """The try was right: it does not count."""
        ...


class PinCheck(Protocol):
    def right(self, number: str, round: int, pin: str) -> bool: ...  # noqa: A002

    def hidden(self, address: str) -> str: ...


class SealsFor(Protocol):
    def __call__(self, text: str, public: str, number: str, /) -> str:
        """Sealed to the matter's public key: nobody here can open it again without intake's."""
        ...


class Permitting(Protocol):
    def made(self, permit: Permit) -> str: ...

    def read(self, text: str, now: datetime) -> Permit:
        """Errors: PermitWrong, PermitEnded."""
        ...
