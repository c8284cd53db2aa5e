"""Which rows of a table are shown? Searched, sorted and cut into pages by the database, the same on every page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from chassis.database import Collection, unavailable
from chassis.lines import line_of
from chassis.pages.walking import ROWS, SPOT_MOST, Document, Order, Walked, walked

T = TypeVar("T")
R = TypeVar("R")

PAGE_DIGITS = 4
TYPED_MOST = 100
#: So few rows are sorted faster than they are found in a long order.
FEW = 1_000
#: Small and capital letters stand together, and accents do not part them.
ORDER = {"locale": "id", "strength": 1}


@dataclass(frozen=True)
class Column:
    """``label`` is a key of the catalogue; ``by`` the field that it is sorted by, where it is."""

    key: str
    label: str
    by: str | None = None


@dataclass(frozen=True)
class Asked:
    """What an address asks of a table; anything that is no column, page or filter of it is left out."""

    path: str
    columns: Sequence[Column]
    sort: str
    down: bool
    page: int
    filters: Mapping[str, str]
    #: From where a page is found: ``chassis.pages.walking``.
    spot: str = ""

    def link(self, *, sort: str | None = None, page: int = 1, spot: str = "") -> str:
        """The same question with another order or page; a second click on a column turns its order round."""
        down = (not self.down if sort == self.sort else False) if sort else self.down
        asked = {**self.filters, "sort": sort or self.sort, "down": "1" if down else "", "page": str(page)}
        asked["spot"] = spot
        return f"{self.path}?{urlencode({name: value for name, value in asked.items() if value})}"

    @property
    def order(self) -> str:
        return next(column.by for column in self.columns if column.key == self.sort and column.by)


def asked_of(
    path: str, query: Mapping[str, str], columns: Sequence[Column], filters: Mapping[str, Sequence[str]]
) -> Asked:
    """``filters``: name → what may be chosen, nothing for a free text, which is one line: the database takes no
    pattern with other signs. The first column that can be sorted by is the order of who asks for none."""
    sortable = [column.key for column in columns if column.by]
    sort, page = query.get("sort", ""), query.get("page", "")
    chosen = {name: (line_of(query.get(name, "")) or "")[:TYPED_MOST] for name in filters}
    return Asked(
        path,
        columns,
        sort if sort in sortable else sortable[0],
        query.get("down") == "1",
        max(1, int(page)) if page.isascii() and page.isdigit() and len(page) <= PAGE_DIGITS else 1,
        {name: value for name, value in chosen.items() if value and (not filters[name] or value in filters[name])},
        query.get("spot", "")[:SPOT_MOST],
    )


@dataclass(frozen=True)
class Table(Generic[T]):
    """One page of rows; ``total`` are those of all pages."""

    asked: Asked
    rows: Sequence[T]
    total: int
    page: int
    pages: int
    spot: str = ""
    before: str = ""
    after: str = ""
    too_far: bool = False

    @classmethod
    def of(cls, asked: Asked, found: Walked, rows: Sequence[T], total: int) -> "Table[T]":
        return cls(asked, rows, total, found.page, found.pages, found.spot, found.before, found.after, found.too_far)

    @property
    def first(self) -> int:
        if not self.rows:
            return 0
        return self.total - len(self.rows) + 1 if self.page == self.pages else (self.page - 1) * ROWS + 1

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1 if self.rows else 0

    @property
    def here(self) -> str:
        """The same page again."""
        return self.asked.link(page=self.page, spot=self.spot)

    @property
    def previous(self) -> str | None:
        return self.asked.link(page=self.page - 1, spot=self.before) if self.page > 1 else None

    @property
    def next(self) -> str | None:
        return self.asked.link(page=self.page + 1, spot=self.after) if self.page < self.pages else None


@dataclass(frozen=True)
class Indexes:
    """Of a table that may grow long: ``order`` holds all rows in the order that is asked for, ``narrow`` leads to
    those that fit the filters. All are made with ``ORDER``. ``told``: what rows are sorted by may stand in an address,
    so that one walks from row to row."""

    order: str
    narrow: str
    told: bool = True
    few: int = FEW


async def table_of(
    collection: Collection,
    query: Mapping[str, Any],
    asked: Asked,
    row: Callable[[dict[str, Any]], R],
    indexes: Indexes | None = None,
) -> Table[R]:
    """A page behind the last is the last. Rows that are equal in the column follow their ``_id``, so that each stands
    on one page. Errors: Unavailable."""
    way = -1 if asked.down else 1
    order = [(asked.order, way)] + ([("_id", way)] if asked.order != "_id" else [])
    count: dict[str, Any] = {"hint": indexes.narrow} if indexes else {}
    # Short tables are counted off: what stands in them does not get into an address.
    walks = indexes is not None and indexes.told
    with unavailable():
        total = await collection.count_documents(dict(query), collation=ORDER, **count)

        async def look(beyond: Document, order: Order, skip: int, most: int) -> list[dict[str, Any]]:
            wanted = {"$and": [query, beyond]} if query and beyond else {**query, **beyond}
            found = collection.find(wanted).collation(ORDER).sort(list(order)).skip(skip).limit(most)
            if indexes:
                found = found.hint(indexes.narrow if total <= indexes.few else indexes.order)
            return [one async for one in found]

        found = await walked(look, order, asked.page, asked.spot if walks else "", total)
    rows = [row(dict(one)) for one in found.rows]
    return Table.of(asked, found if walks else replace(found, before="", after=""), rows, total)
