"""Which tickets does a firm's list show? Of one kind, filtered, sorted, page by page, with counts of all of them."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from chassis.pages.walking import Walked

from pujk_gateway.domain.listing import ACTIVE, FIRMS_MOVE, Left, Listed, ListedState, Row

Kind = Literal["indication", "complaint"]
Order = Literal["due", "received", "number", "state"]
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
    #: From where the page is found: ``chassis.pages.walking``.
    spot: str = ""

    @property
    def about(self) -> bool:
        """Whether tickets of one sort or officer are asked for."""
        return not self.product == self.issue == self.holder is None

    @property
    def filtered(self) -> bool:
        return self.about or self.received is not None or self.left is not None


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

    def of(self, wanted: Wanted) -> int | None:
        """How many rows a list has, where that is what was counted here."""
        if wanted.left == "overdue" and not (wanted.about or wanted.received) and set(FIRMS_MOVE) <= set(wanted.states):
            return self.overdue
        if wanted.filtered or not set(wanted.states) <= set(ACTIVE):
            return None
        return sum(self[state] for state in wanted.states)


@dataclass(frozen=True)
class Page:
    """One page of a list; ``total`` are the rows of all pages, ``counters`` those of its kind."""

    rows: Sequence[Row]
    total: int
    found: Walked
    counters: Counters


class Lists(Protocol):
    """Errors of all: Unavailable."""

    async def page(self, wanted: Wanted, now: datetime) -> Page:
        """A page behind the last is the last."""
        ...

    async def counters(self, pujk: str, now: datetime) -> Mapping[Kind, Counters]: ...

    def rows(self, wanted: Wanted, now: datetime, most: int) -> AsyncIterator[Listed]:
        """All of them, in their order, as the database gives them."""
        ...
