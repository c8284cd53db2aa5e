"""Which tickets does a firm's list show? Of one kind, filtered, sorted, page by page, with counts of all of them."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from pujk_gateway.domain.listing import Left, Listed, ListedState, Row

Kind = Literal["indication", "complaint"]
Order = Literal["due", "received", "number", "state"]
ROWS = 20
#: Whoever needs more of them at once narrows the list down.
EXPORTED_MOST = 200_000


@dataclass(frozen=True)
class Wanted:
    """What a list is asked for. ``received``: from, and before; ``holder`` "" is nobody."""

    pujk: str
    kind: Kind
    states: tuple[ListedState, ...]
    received: tuple[datetime, datetime] | None = None
    product: str | None = None
    issue: str | None = None
    holder: str | None = None
    left: Left | None = None
    order: Order = "due"
    down: bool = False
    page: int = 1


@dataclass(frozen=True)
class Page:
    """One page of a list; ``total`` are the rows of all pages."""

    rows: Sequence[Row]
    total: int
    page: int
    pages: int


@dataclass(frozen=True)
class Counters:
    """How many tickets of one kind stand how; ``overdue`` are those that wait for the firm beyond their day."""

    by_state: Mapping[ListedState, int] = field(default_factory=dict)
    overdue: int = 0

    def __getitem__(self, state: ListedState) -> int:
        return self.by_state.get(state, 0)

    @property
    def active(self) -> int:
        return sum(self.by_state.values())


class Lists(Protocol):
    """Errors of all: Unavailable."""

    async def page(self, wanted: Wanted, now: datetime) -> Page:
        """A page behind the last is the last."""
        ...

    async def counters(self, pujk: str, now: datetime) -> Mapping[Kind, Counters]: ...

    def rows(self, wanted: Wanted, now: datetime, most: int) -> AsyncIterator[Listed]:
        """All of them, in their order, as the database gives them."""
        ...
