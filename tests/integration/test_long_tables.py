"""Is a table that may grow long the same through its indexes as without any? In each order, walked both ways."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from chassis.pages.tables import ORDER, Asked, Column, Indexes, Table, asked_of, table_of
from intake.adapters.comparing import MongoComparing
from intake.pages.pairs.doors import COLUMNS as PAIRS
from kit.ground import Ground

COLUMNS = (Column("due", "due", "due"), Column("name", "name", "name"), Column("number", "number", "_id"))
NAMES = ("Bank Émas", "bank emas", "Bank Perak", None)


@pytest.fixture
async def rows(ground: Ground) -> Any:
    stored = ground.database["desk"]
    waiting = [
        {"_id": f"{n:04d}", "at": n % 5 != 0, "due": n % 3 or None, "name": NAMES[n % 4], "state": "ab"[n % 2]}
        for n in range(110)
    ]
    await stored.insert_many(waiting)
    here: dict[str, Any] = {"partialFilterExpression": {"at": True}, "collation": ORDER}
    for by in ("due", "name", "_id"):
        keys = dict.fromkeys(("at", by, "_id", "state"), 1)
        await stored.create_index(list(keys.items()), name=f"by_{by}", **here)
    await stored.create_index([("at", 1), ("state", 1), ("_id", 1)], name="narrow", **here)
    return stored


def asked(sort: str, down: bool, page: int, spot: str = "") -> Asked:
    return Asked("/t", COLUMNS, sort, down, page, {}, spot)


async def all_pages(stored: Any, query: dict[str, Any], sort: str, down: bool, indexes: Indexes | None) -> list[str]:
    pages: list[Table[str]] = []
    while not pages or pages[-1].next:
        spot = pages[-1].after if pages else ""
        question = asked(sort, down, len(pages) + 1, spot)
        pages.append(await table_of(stored, query, question, lambda one: str(one["_id"]), indexes))
    if spot := pages[-1].before:
        question = asked(sort, down, len(pages) - 1, spot)
        back = await table_of(stored, query, question, lambda one: str(one["_id"]), indexes)
        assert (back.rows, back.first) == (pages[-2].rows, pages[-2].first)
    assert sum(len(one.rows) for one in pages) == pages[0].total
    return [row for one in pages for row in one.rows]


async def test_rows_are_the_same_through_indexes_as_without(rows: Any) -> None:
    for query in ({"at": True}, {"at": True, "state": "a"}):
        for column in COLUMNS:
            for down in (False, True):
                plain = await all_pages(rows, query, column.key, down, None)
                for few in (0, 1_000):
                    indexes = Indexes(f"by_{column.by}", "narrow", few=few)
                    assert await all_pages(rows, query, column.key, down, indexes) == plain
    assert len(plain) == 44


async def test_what_may_not_be_told_stands_in_no_link(rows: Any) -> None:
    indexes = Indexes("by_name", "narrow", told=False)
    table = await table_of(rows, {"at": True}, asked("name", False, 2), lambda one: one, indexes)
    assert "spot" not in f"{table.next}{table.previous}{table.here}" and table.page == 2


async def test_of_matters_that_may_be_one_all_are_counted_and_the_one_that_waits_longest_is_first(
    ground: Ground,
) -> None:
    since = datetime(2026, 3, 1, tzinfo=UTC)
    waiting = [
        {"_id": f"{n:013d}", "state": {"compared": {"open": since + timedelta(hours=270 - n)}}} for n in range(270)
    ]
    await ground.database["services"].insert_many(waiting)
    read: Any = SimpleNamespace(aggregate=lambda stored: stored["_id"])
    base: Any = SimpleNamespace(database=ground.database)
    comparing = MongoComparing(base, read)
    await comparing.prepare()
    question = asked_of("/t", {}, PAIRS, {})
    table: Any = await comparing.undecided(question)
    assert (table.total, table.rows[0], table.pages) == (270, f"{269:013d}", 14)
    last: Any = await comparing.undecided(asked_of("/t", {"page": "14"}, PAIRS, {}))
    assert last.rows[-1] == f"{0:013d}"
