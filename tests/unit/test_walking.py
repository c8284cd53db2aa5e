"""Does one who walks through a long table see each row once, while others come and go?"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from chassis.pages.tables import Asked, Table
from chassis.pages.walking import ROWS, Document, Order, Spot, spot_of, steps, value_of, walked

ORDER: Order = [("at", 1), ("number", 1)]
MOMENT = datetime(2026, 3, 16, 5, 0, 0, 123000, tzinfo=UTC)


def fits(row: Document, asked: Document) -> bool:
    for field, wanted in asked.items():
        value = row[field]
        if isinstance(wanted, dict):
            ((sign, limit),) = wanted.items()
            if sign == "$ne":
                if value is limit:
                    return False
            # The database compares nothing with what is not there.
            elif value is None or not (value > limit if sign == "$gt" else value < limit):
                return False
        elif value != wanted:
            return False
    return True


class Rows:
    """As the database sorts them: what is not there comes first."""

    def __init__(self, rows: Sequence[tuple[int | None, str]]) -> None:
        self.rows = [{"at": at, "number": number} for at, number in rows]

    async def __call__(self, beyond: Document, order: Order, skip: int, most: int) -> list[dict[str, Any]]:
        found = [row for row in self.rows if fits(row, beyond)]
        found.sort(key=lambda row: [(row[f] is not None, row[f] or 0) for f, _ in order], reverse=order[0][1] < 0)
        return found[skip : skip + most]


def a_table(many: int) -> Rows:
    return Rows([(number % 7 or None, f"{number:04d}") for number in range(many)])


async def test_all_rows_are_met_once_in_both_directions_with_nothing_before_everything() -> None:
    for way in (1, -1):
        look, order = a_table(130), [(field, way) for field, _ in ORDER]
        expected = [row["number"] for row in await look({}, order, 0, 1_000)]
        pages = [await walked(look, order, 1, "", 130)]
        while after := pages[-1].after:
            pages.append(await walked(look, order, pages[-1].page + 1, after, 130))
        assert [row["number"] for one in pages for row in one.rows] == expected
        assert [one.page for one in pages] == [1, 2, 3, 4, 5, 6, 7] and not pages[0].before
        back = await walked(look, order, 5, pages[5].before, 130)
        assert back.rows == pages[4].rows and back.page == 5
        assert (await walked(look, order, 5, back.spot, 130)).rows == back.rows, "the same page again"


async def test_who_walks_on_misses_nothing_where_rows_before_went_away() -> None:
    look = a_table(90)
    first = await walked(look, ORDER, 1, "", 90)
    look.rows = [row for row in look.rows if row not in first.rows[:15]]
    second = await walked(look, ORDER, 2, first.after, 75)
    whole = await look({}, ORDER, 0, 1_000)
    assert whole[5:25] == second.rows, "it begins where the first page ended"
    front = await walked(look, ORDER, 1, second.before, 75)
    assert front.page == 1 and front.rows == whole[:ROWS], "the first page is whole"
    assert (await walked(look, ORDER, 9, str(Spot("after", (9, "9"))), 75)).page == 4, "nothing follows: the last"


async def test_a_page_far_inside_is_not_counted_off() -> None:
    look = a_table(400)
    assert (await walked(look, ORDER, 10, "", 400, reach=50)).too_far
    near_the_end = await walked(look, ORDER, 19, "", 400, reach=50)
    assert (near_the_end.page, near_the_end.too_far) == (19, False)
    assert (await walked(look, ORDER, 99, "", 400, reach=50)).page == 20
    assert (await walked(a_table(0), ORDER, 3, "", 0)).rows == []


def test_a_spot_is_read_as_it_was_written_and_what_is_none_is_left_out() -> None:
    for values in ((MOMENT, "0012"), (None, "x"), (3, "")):
        spot = Spot("before", values)
        assert spot_of(str(spot), 2) == spot
    wrong = ["", "after", "after~n", "beside~n~n", "after~dsoon~s1", "after~i9e9~s1", "after~x~s1", "after~n~n~n"]
    assert [spot_of(text, 2) for text in [*wrong, "after~d9999-12-31T23:59:59-14:00~s1"]] == [None] * 9
    assert steps([("a", -1)], [None]) == [] and steps([("a", 1)], [None]) == [{"a": {"$ne": None}}]
    assert value_of({"a": {"b": 1}}, "a.b") == 1 and value_of({"a": 1}, "a.b") is None


def test_a_table_numbers_its_rows_from_the_end_on_the_last_page() -> None:
    asked = Asked("/t", (), "due", False, 9, {})
    last = Table(asked, [1, 2, 3], 83, 5, 5, before="before~n")
    assert (last.first, last.last, last.next) == (81, 83, None)
    assert last.previous == "/t?sort=due&page=4&spot=before~n" and last.here == "/t?sort=due&page=5"
