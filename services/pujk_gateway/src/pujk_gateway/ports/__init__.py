"""What do the gateway's use cases need from outside?"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from chassis.matter import Changed
from chassis.messages import Message

from pujk_gateway.domain.case import Case
from pujk_gateway.domain.firm import Firm, Letter, Seat
from pujk_gateway.domain.listing import Sought


@dataclass(frozen=True)
class Endpoint:
    """How a firm is reached. In this release: by its own queues."""

    pujk: str
    kind: str
    since: datetime


class Cases(Protocol):
    async def change(self, message: Message, change: Callable[[Case], None]) -> Changed[Case]: ...

    async def get(self, number: str) -> Case | None: ...

    async def proposed(self, after: str | None, limit: int) -> tuple[Sequence[Case], str | None]:
        """Cases whose proposal waits, by due time, and the cursor of the next page. Errors: Invalid for the cursor."""
        ...

    async def asking_for_time(self, after: str | None, limit: int) -> tuple[Sequence[Case], str | None]:
        """Cases whose firm asked for more time, by due time, and the cursor of the next page. Errors: Invalid."""
        ...

    async def open_with(self, pujk: str, after: str | None, limit: int) -> tuple[Sequence[Case], str | None]:
        """Cases whose open round is this firm's, by due time, and the cursor of the next page. Errors: Invalid."""
        ...

    async def sought(
        self, wanted: Sought, now: datetime, after: str | None, limit: int
    ) -> tuple[Sequence[Case], str | None]:
        """Those of the firm's list that are asked for, by due day, and the cursor of the next page. Errors: Invalid."""
        ...

    async def to_announce(self, pujk: Iterable[str], limit: int) -> Sequence[str]:
        """Numbers of cases whose present firm is one of these and was not told by queue."""
        ...


class Endpoints(Protocol):
    @property
    def queues(self) -> frozenset[str]:
        """Codes of the firms with a queue; at most a few seconds old."""
        ...

    async def put(self, pujk: str, kind: str) -> Endpoint: ...

    async def get(self, pujk: str) -> Endpoint | None: ...

    async def all(self) -> Sequence[Endpoint]: ...

    async def remove(self, pujk: str, until: datetime | None = None) -> bool:
        """``until``: only one that was there by then. False where there is none."""
        ...


class Texts(Protocol):
    async def opened(self, sealed: Iterable[tuple[str, str]]) -> Mapping[str, str | None]:
        """Text by sealed text, asked as (sealed, number); None where it opens no more. Errors: Unavailable."""
        ...


class Queues(Protocol):
    async def stand(self, pujk: str) -> bool:
        """Whether the firm's two queues were made at the broker. Errors: Unavailable."""
        ...


@dataclass(frozen=True)
class Person:
    """Somebody whom a firm names. The position is the one at the firm, as the letter says it."""

    name: str
    position: str


@dataclass(frozen=True)
class Told:
    """What a letter tells, once."""

    name: str
    password: str = field(repr=False)
    until: datetime


class Account(Protocol):
    """What is shown of a person's account."""

    @property
    def id(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def is_new(self) -> bool: ...

    @property
    def one_time_until(self) -> datetime | None: ...

    @property
    def epoch(self) -> int: ...

    @property
    def locked(self) -> str | None: ...

    @property
    def over(self) -> bool: ...

    @property
    def expires(self) -> datetime | None: ...

    @property
    def since(self) -> datetime | None: ...

    @property
    def logged_in(self) -> datetime | None: ...


class People(Protocol):
    """Accounts of firms' people. Errors of all: Unavailable."""

    async def of(self, code: str) -> Sequence[Account]: ...

    async def seated(self, code: str, seat: str, person: Person, by: str, sits: str | None) -> Seat:
        """An account for the person, which nothing lets in before a letter; ``sits`` is whose it cannot be."""
        ...

    async def letter(self, account: str, seen: int) -> Told:
        """``seen``: the epoch that was looked at; an account that has changed since is refused."""
        ...

    async def usable(self, account: str) -> int | None:
        """The epoch of an account that a letter would let in."""
        ...

    async def lock(self, account: str, reason: str) -> None: ...

    async def end(self, account: str, reason: str, *, replaced: bool = False) -> None:
        """Locked for good: nobody unlocks it."""
        ...

    async def unlock(self, account: str) -> None: ...

    async def expire(self, account: str, expires: datetime | None) -> None: ...


class Firms(Protocol):
    """Firms by code. Errors of all: Unavailable."""

    async def get(self, code: str) -> Firm | None: ...

    async def all(self) -> Sequence[Firm]: ...

    async def add(self, firm: Firm) -> bool:
        """False where there is one."""
        ...

    async def change(self, code: str, change: Callable[[Firm], None]) -> Firm:
        """``change`` may run again. Errors: NotFound, whatever ``change`` refuses."""
        ...


class Printer(Protocol):
    async def __call__(self, firm: Firm, seat: str, letter: Letter, told: Told) -> bytes:
        """One page, as PDF."""
        ...


class BrokerUsers(Protocol):
    """Firms' users at the broker, with their rights and queues. Errors of all: Unavailable, NotAsWanted."""

    async def prepare(self, codes: Sequence[str]) -> None:
        """Queues of many at once: cheaper than each alone, and of no other use."""
        ...

    async def make(self, code: str, secret: str, *, anew: bool) -> None:
        """User, rights, queues and bindings stand; where the password is new, what the old one opened is closed."""
        ...

    async def remove(self, code: str) -> None:
        """User, live connections and queues are gone."""
        ...


class Digests(Protocol):
    def __call__(self, text: str) -> str:
        """Tells two texts apart and says nothing of either."""
        ...


class Now(Protocol):
    def now(self) -> datetime: ...
