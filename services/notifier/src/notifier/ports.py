"""What do the notifier's use cases need from outside?"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from chassis.matter import Changed
from chassis.messages import Message
from chassis.working_days import Calendar
from contracts.base import Fact

from notifier.domain.failures import Failure
from notifier.domain.mails import Addressee, Mail, Way
from notifier.domain.notification import Notification
from notifier.domain.rules import ReminderRule, Rule
from notifier.domain.timing import Timing


@dataclass(frozen=True)
class Letter:
    """One message as it goes out. ``id`` is that of the first fact that it tells: tried again, it is the same message;
    ``tells``: those of all."""

    id: str
    number: str
    to: Addressee
    language: str
    subject: str
    body: str
    #: The same with headings, lists and links, where the way shows them.
    html: str = ""
    tells: tuple[str, ...] = ()


class Now(Protocol):
    def now(self) -> datetime: ...


class Notifications(Protocol):
    async def change(self, message: Message, change: Callable[[Notification], None]) -> Changed[Notification]: ...

    async def get(self, number: str) -> Notification | None: ...


class Rules(Protocol):
    """Who is told what, as data; each asked of a moment."""

    @property
    def calendar(self) -> Calendar: ...

    def rule_of(self, data: Fact, at: datetime) -> Rule | None: ...

    def reminders(self, at: datetime) -> Sequence[ReminderRule]: ...

    def timing(self, at: datetime) -> dict[str, Timing]: ...


class Seals(Protocol):
    async def unsealed(self, sealed: str, number: str) -> str:
        """Errors: KeyDestroyed, Unavailable, SealBroken."""
        ...


class Contacts(Protocol):
    async def of(self, matter: Notification) -> Mapping[Way, Addressee]:
        """Whom the matter's messages go to, by the ways for which an address was left. Errors: KeyDestroyed,
        Unavailable, SealBroken."""
        ...


class Texts(Protocol):
    def write(
        self, matter: Notification, parts: Sequence[Mail], to: Addressee, words: Sequence[str], way: Way
    ) -> Letter: ...


class Ways(Protocol):
    def offered(self, way: Way) -> bool:
        """Whether there is a provider for it."""
        ...

    async def send(self, way: Way, letter: Letter) -> None:
        """Errors: Undeliverable where no later try can help; Away where nobody is reached on this way now; Unavailable
        where on none; anything else passes."""
        ...


@dataclass(frozen=True)
class Preview:
    """One text in one language on one way; ``short`` where it is written for a small screen."""

    language: Literal["id", "en"]
    way: Way
    letter: Letter

    @property
    def length(self) -> int:
        return len(self.letter.body)


class Previews(Protocol):
    """The rules, and how their texts look with made-up values."""

    @property
    def rules(self) -> Sequence[Rule]: ...
    @property
    def reminders(self) -> Sequence[ReminderRule]: ...

    def rule(self, id_: str) -> Rule | ReminderRule | None: ...

    def offered(self, way: Way) -> bool: ...

    def of(self, rule: Rule | ReminderRule) -> Sequence[Preview]: ...

    def aloud(self, matter: Notification, failure: Failure) -> str:
        """What somebody is to be told, as one says it on the telephone; "" where it is not known."""
        ...
