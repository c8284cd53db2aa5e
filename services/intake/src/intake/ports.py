"""What do intake's use cases need from outside?"""

from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from chassis.credentials.credential import Credential, Issued
from chassis.matter import Changed
from chassis.messages import Message
from chassis.permits import Permit

from intake.attachments import Link
from intake.completeness import Taxonomy
from intake.domain import Service
from intake.marks import Marks


class Services(Protocol):
    async def change(
        self, message: Message, change: Callable[[Service], None], *, fresh: bool = False
    ) -> Changed[Service]: ...

    async def attach(self, message: Message, change: Callable[[Service], None]) -> Changed[Service]:
        """As ``change``; what is to be scanned by it is scanned at once."""
        ...

    async def get(self, number: str) -> Service | None: ...

    async def keys(self, numbers: Sequence[str]) -> dict[str, bytes]:
        """Wrapped keys by number; forgotten and unknown matters are left out."""
        ...

    async def open_questions(self, after: str | None, limit: int) -> Sequence[Service]: ...

    def check_open(self) -> None:
        """Refuses Unavailable while what was accepted waits too long to be said."""
        ...


class Numbers(Protocol):
    def draw(self, channel: str, key: str, attempt: int) -> str:
        """The number of a submission: the same for the same key and attempt."""
        ...

    def pin(self, number: str, round_: int) -> str: ...

    def digest(self, text: str) -> str:
        """Tells two bodies apart; without the key nobody can tell which body it was."""
        ...


class Seals(Protocol):
    def open_door(self, sealed: str) -> dict[str, Any]:
        """What a channel sealed to the door key. Refuses Invalid."""
        ...

    def seal_new(self, private: str, number: str) -> tuple[str, str, bytes]:
        """Sealed text, public seal key, wrapped secret of a new matter."""
        ...

    def seal(self, text: str, seal_key: str, number: str) -> str: ...

    def unseal(self, sealed: str, wrapped: bytes, number: str) -> str: ...

    def unwrap(self, wrapped: bytes, number: str) -> bytes: ...


class KeyReads(Protocol):
    async def record(
        self, service: str, purpose: str, numbers: Sequence[str], about: Mapping[str, Any] | None = None
    ) -> None:
        """Who read what for which purpose; ``about``: in whose name, and which part. Errors: Unavailable."""
        ...


@dataclass(frozen=True)
class Begun:
    """A content whose matter may not know of it."""

    id: str
    number: str


class Contents(Protocol):
    """Sealed contents of files, by id. Errors of all: Unavailable."""

    async def keep(self, id_: str, number: str, secret: bytes, content: AsyncIterable[bytes]) -> None:
        """Durable when it returns. Errors: whatever ``content`` raises."""
        ...

    async def held(self, id_: str) -> None:
        """The matter has it now."""
        ...

    async def drop(self, id_: str) -> None: ...

    async def read(self, id_: str, number: str, secret: bytes) -> AsyncIterator[bytes]:
        """Errors: NotFound; SealBroken while it is read."""
        ...

    async def begun_before(self, moment: datetime, most: int) -> Sequence[Begun]: ...


class Look(Protocol):
    """Looks at one file as it passes. Both refuse AttachmentKind."""

    def feed(self, piece: bytes) -> None: ...

    def found(self) -> str: ...


class Links(Protocol):
    def address(self, link: Link) -> str: ...

    def read(self, token: str, now: datetime) -> Link:
        """Refuses LinkWrong, LinkEnded."""
        ...


class Scanner(Protocol):
    async def scan(self, content: AsyncIterable[bytes]) -> None:
        """Returns where nothing was found. Errors: Undeliverable with what was found, Away, Unavailable."""
        ...


@dataclass(frozen=True)
class KnownChannel:
    """A way in that the settings name: its queue is named after it, and its broker user may send there."""

    name: str
    broker_user: str


class Keys(Protocol):
    """What channels prove themselves with. Errors of all: Unavailable."""

    async def issue(
        self, owner: str, scopes: Sequence[str], by: str, *, expires: datetime | None, per_minute: int
    ) -> Issued:
        """Refuses Invalid, EnoughSecrets."""
        ...

    async def of(self, owner: str) -> Sequence[Credential]: ...

    async def revoke(self, owner: str, prefix: str) -> None:
        """Refuses NotFound."""
        ...


class Attempts(Protocol):
    async def take(self, key: str) -> None:
        """Counts a try before it is made. Refuses TooMany."""
        ...

    async def give_back(self, key: str) -> None:
        """The try was right."""
        ...


class Taxonomies(Protocol):
    def __call__(self) -> Taxonomy: ...


class Days(Protocol):
    def now(self) -> datetime: ...


class Today(Protocol):
    def __call__(self) -> date:
        """The day in Jakarta."""
        ...


class Marking(Protocol):
    @property
    def by(self) -> str:
        """Under which key marks are made now."""
        ...

    def of(self, private: Mapping[str, Any], amounts: Iterable[int | None] = (), on: str | None = None) -> Marks: ...

    def asked(self, kind: str, text: str) -> Sequence[str]:
        """Marks to look for; none where ``text`` is no such thing."""
        ...


class Marked(Protocol):
    """Matters by their marks. Errors of all: Unavailable."""

    async def marked(self, marks: Sequence[str], most: int) -> Sequence[Service]:
        """Those that have one of them, the newest first."""
        ...

    async def not_marked(self, by: str, after: str, most: int) -> Sequence[Service]:
        """Those without marks under this key, by their number."""
        ...


@dataclass(frozen=True)
class Status:
    """How a matter stands, in both languages, in the words of the consumer's own page."""

    stage: str
    sentence: Mapping[str, str]


class Statuses(Protocol):
    async def of(self, number: str) -> Status | None:
        """None where nobody can say just now, or nothing was heard of it yet."""
        ...


@dataclass(frozen=True)
class PinAsk:
    """Somebody asked for a new PIN of ``number``; ``marks`` are the contact's, of which one must be the matter's."""

    id: str
    number: str
    marks: list[str]


class PinAsks(Protocol):
    """Asks for a new PIN that nobody has looked at yet. Errors of all: Unavailable."""

    async def put(self, ask: PinAsk) -> None: ...

    async def waiting(self, most: int) -> Sequence[PinAsk]:
        """The oldest first."""
        ...

    async def drop(self, id_: str) -> None: ...


class Permits(Protocol):
    def read(self, text: str, now: datetime) -> Permit:
        """Refuses PermitWrong, PermitEnded."""
        ...


class Digests(Protocol):
    def __call__(self, text: str) -> str:
        """Tells two texts apart; without the key nobody can tell which text it was."""
        ...
