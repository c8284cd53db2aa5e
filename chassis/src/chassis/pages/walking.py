"""How does one come to a page far inside a long table? From the row beside it: as fast there as on the first page.

Whoever walks on sees no row twice and misses none, while others come and go. A page that is asked for by its number
alone is counted off from the nearer end, as far as that is quick."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

ROWS = 20
#: Rows that are counted off at most, to find a page by its number alone: some 20 ms.
REACH = 5_000

Document = Mapping[str, Any]
Value = str | int | datetime | None
Side = Literal["after", "before"]
#: Field and direction (1, -1); the last field tells every two rows apart.
Order = Sequence[tuple[str, int]]
#: Rows that fit a question and this more, in this order, without so many of the first, so many at most.
Look = Callable[[Document, Order, int, int], Awaitable[list[dict[str, Any]]]]
_PARTED, SPOT_MOST = "~", 200


@dataclass(frozen=True)
class Spot:
    """Beside a row, as its columns stood when it was shown."""

    side: Side
    values: tuple[Value, ...]

    def __str__(self) -> str:
        return _PARTED.join([self.side, *map(_written, self.values)])


@dataclass(frozen=True)
class Walked:
    """One page. ``spot`` is where it was found from, "" where by its number; the pages beside it are found from
    ``before`` and ``after``. ``too_far``: the page that was asked for is not found by its number alone."""

    rows: Sequence[Document]
    page: int
    pages: int
    spot: str = ""
    before: str = ""
    after: str = ""
    too_far: bool = False


def spot_of(text: str, fields: int) -> Spot | None:
    """What an address says; None where it says no such thing."""
    side, *values = text[:SPOT_MOST].split(_PARTED)
    if side not in ("after", "before") or len(values) != fields:
        return None
    try:
        return Spot("after" if side == "after" else "before", tuple(map(_read, values)))
    except (ValueError, OverflowError):
        return None


async def walked(look: Look, order: Order, page: int, text: str, total: int, reach: int = REACH) -> Walked:
    """The page that is asked for. A page behind the last is the last."""
    pages = max(1, -(-total // ROWS))
    page = min(page, pages)
    spot = spot_of(text, len(order))
    if spot and (found := await _from(look, order, spot, page, pages)):
        return found
    skip = (page - 1) * ROWS
    take, turned = min(ROWS, total - skip), skip > total / 2
    # From the nearer end: nothing is skipped twice over.
    nearer = total - skip - take if turned else skip
    far = nearer > reach
    if far:
        page, take, nearer, turned = 1, ROWS, 0, False
    rows = await look({}, _turned(order) if turned else order, nearer, take) if take > 0 else []
    return _told(rows[::-1] if turned else rows, order, page, pages, "", far)


async def _from(look: Look, order: Order, spot: Spot, page: int, pages: int) -> Walked | None:
    """Pages are numbered as they were when the walk began, but for the first and the last. None where nothing follows
    any more, or the front is reached, from where all of the first page is found."""
    ahead = order if spot.side == "after" else _turned(order)
    rows: list[dict[str, Any]] = []
    for beyond in steps(ahead, spot.values):
        if len(rows) <= ROWS:
            rows += await look(beyond, ahead, 0, ROWS + 1 - len(rows))
    there, more = rows[:ROWS], len(rows) > ROWS
    if spot.side == "before":
        return _told(there[::-1], order, min(max(page, 2), pages), pages, str(spot), False) if more else None
    if not rows:
        return None
    return _told(there, order, max(1, min(page, pages - 1)) if more else pages, pages, str(spot), False)


def steps(order: Order, values: Sequence[Value]) -> list[Document]:
    """What lies beyond these values in this order, one stretch of it after the other: of rows that are equal in all
    fields but the last, in all but the last two, and so on. Nothing stands before everything, as in the database."""
    found: list[Document] = []
    for at in reversed(range(len(order))):
        same = {field: value for (field, _), value in zip(order[:at], values, strict=False)}
        (field, way), value = order[at], values[at]
        if value is None:
            found += [{**same, field: {"$ne": None}}] if way > 0 else []
        elif way > 0:
            found.append({**same, field: {"$gt": value}})
        else:
            found += [{**same, field: {"$lt": value}}, {**same, field: None}]
    return found


def value_of(document: Document, field: str) -> Any:
    """By its dotted name."""
    here: Any = document
    for name in field.split("."):
        here = here.get(name) if isinstance(here, Mapping) else None
    return here


def _told(rows: Sequence[Document], order: Order, page: int, pages: int, spot: str, too_far: bool) -> Walked:
    ends = [Spot(side, tuple(value_of(row, field) for field, _ in order)) for side, row in _ends(rows)]
    before, after = map(str, ends) if ends else ("", "")
    return Walked(rows, page, pages, spot, before if page > 1 else "", after if page < pages else "", too_far)


def _ends(rows: Sequence[Document]) -> list[tuple[Side, Document]]:
    return [("before", rows[0]), ("after", rows[-1])] if rows else []


def _turned(order: Order) -> Order:
    return [(field, -way) for field, way in order]


def _written(value: Value) -> str:
    if value is None:
        return "n"
    if isinstance(value, datetime):
        return f"d{value.astimezone(UTC).isoformat()}"
    return f"i{value}" if isinstance(value, int) else f"s{value}"


def _read(text: str) -> Value:
    sort, value = text[:1], text[1:]
    if sort == "d":
        # In UTC, as it is kept: what the driver could not write is no spot either.
        return datetime.fromisoformat(value).astimezone(UTC)
    if sort == "i" and len(value) < 10:
        return int(value)
    if sort == "s":
        return value
    if text == "n":
        return None
    raise ValueError(text)
