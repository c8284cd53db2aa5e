"""What do the notifier's use cases need from outside?"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from chassis.matter import Changed
from chassis.messages import Message

from notifier.domain.mails import Addressee, Mail
from notifier.domain.notification import Notification


@dataclass(frozen=True)
class Letter:
    """One mail as it goes out. ``id`` is the fact's: tried again, it is the same mail."""

    id: str
    number: str
    to: Addressee
    language: str
    subject: str
    body: str


class Notifications(Protocol):
    async def change(self, message: Message, change: Callable[[Notification], None]) -> Changed[Notification]: ...

    async def get(self, number: str) -> Notification | None: ...


class Seals(Protocol):
    async def unsealed(self, sealed: str, number: str) -> str:
        """Errors: KeyDestroyed, Unavailable, SealBroken."""
        ...


class Contacts(Protocol):
    async def of(self, matter: Notification) -> Addressee | None:
        """Whom the matter's mails go to; None: no address was left. Errors: KeyDestroyed, Unavailable, SealBroken."""
        ...


class Texts(Protocol):
    def write(self, matter: Notification, mail: Mail, to: Addressee, answer: str | None) -> Letter: ...


class Post(Protocol):
    async def send(self, letter: Letter) -> None:
        """Errors: Undeliverable where no later try can help; anything else passes."""
        ...
