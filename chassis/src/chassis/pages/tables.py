"""Which rows of a table are shown? Searched, sorted and cut into pages by the database, the same on every page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from chassis.database import Collection, unavailable
from chassis.lines import line_of

T = TypeVar("T")
R = TypeVar("R")

ROWS = 20
PAGE_DIGITS = 4
TYPED_MOST = 100
#: Small and capital letters stand together, and accents do not part them.
_ORDER = {"locale": "id", "strength": 1}


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

    def link(self, *, sort: str | None = None, page: int = 1) -> str:
        """The same question with another order or page; a second click on a column turns its order round."""
        down = (not self.down if sort == self.sort else False) if sort else self.down
        asked = {**self.filters, "sort": sort or self.sort, "down": "1" if down else "", "page": str(page)}
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
    )


@dataclass(frozen=True)
class Table(Generic[T]):
    """One page of rows; ``total`` are those of all pages."""

    asked: Asked
    rows: Sequence[T]
    total: int
    page: int
    pages: int

    @property
    def first(self) -> int:
        return (self.page - 1) * ROWS + 1 if self.rows else 0

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1 if self.rows else 0


async def table_of(
    collection: Collection, query: Mapping[str, Any], asked: Asked, row: Callable[[dict[str, Any]], R]
) -> Table[R]:
    """A page behind the last is the last. Rows that are equal in the column follow their ``_id``, so that each stands
    on one page. Errors: Unavailable."""
    with unavailable():
        total = await collection.count_documents(dict(query))
        pages = max(1, -(-total // ROWS))
        page = min(asked.page, pages)
        order = [(asked.order, -1 if asked.down else 1)] + ([("_id", 1)] if asked.order != "_id" else [])
        found = collection.find(dict(query)).collation(_ORDER).sort(order).skip((page - 1) * ROWS).limit(ROWS)
        rows = [row(one) async for one in found]
    return Table(asked, rows, total, page, pages)
