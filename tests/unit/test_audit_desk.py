"""What does an address ask of the audit, and where do its pages lead?"""

from datetime import UTC, datetime
from itertools import pairwise
from urllib.parse import parse_qsl

import pytest
from chassis.audit_desk.asked import Question, question_of
from chassis.audit_desk.search import Found

AT = datetime(2026, 3, 2, tzinfo=UTC)
PLACE = "/desk/audit/routing"


def asked(query: str) -> Question:
    return question_of(PLACE, dict(parse_qsl(query)))


def page(question: Question, chain: list[int], most: int = 3) -> tuple[list[int], str | None, str | None]:
    """As the database answers."""
    wanted = question.wanted
    fits = [one for one in chain if (wanted.before or 10**9) > one > (wanted.after or 0)]
    found = sorted(fits, reverse=not question.upwards)[: most + 1]
    rows, newer, older = question.page([Found(one, AT, None, None, "GET /x", {}, "", 200) for one in found], most)
    return [one.number for one in rows], newer, older


@pytest.mark.parametrize("count", [0, 1, 3, 4, 7, 9])
@pytest.mark.parametrize("sort", ["newest", "oldest"])
def test_each_act_stands_on_one_page_though_new_ones_come_meanwhile(count: int, sort: str) -> None:
    chain = [2 * one + 1 for one in range(count)]
    there: str | None = f"{PLACE}?actor=budi&sort={sort}"
    seen: list[list[int]] = []
    while there is not None and len(seen) < 9:
        question = asked(there.partition("?")[2])
        rows, newer, older = page(question, chain if sort == "oldest" else [*chain, *range(100, 100 + len(seen))])
        assert question.wanted.actor == "budi", "the same question"
        seen.append(rows)
        there = older if sort == "newest" else newer
    flat = [one for rows in seen for one in rows]
    assert flat == sorted(chain, reverse=sort == "newest")
    back = asked(((newer if sort == "newest" else older) or "").partition("?")[2]) if len(seen) > 1 else None
    assert back is None or page(back, chain)[0] == seen[-2]
    assert all(len(first) == 3 for first, _ in pairwise(seen))


def test_a_day_is_asked_for_whole_and_in_jakarta() -> None:
    wanted = asked("since=2026-03-02&until=2026-03-02").wanted
    assert wanted.since == datetime(2026, 3, 1, 17, tzinfo=UTC)
    assert wanted.until == datetime(2026, 3, 2, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    "query", ["actor=Budi+Santoso", "number=123", "since=yesterday", "until=1066-10-14", "firm=%00", "key=%24where"]
)
def test_what_names_nothing_is_an_error_of_its_field_and_leaves_no_trace(query: str) -> None:
    question = asked(query)
    assert list(question.form.errors) == [query.partition("=")[0]]
    assert not question.fits and question.told == {}


def test_what_is_no_entry_is_left_out() -> None:
    for wrong in ("x", "-1", "²", "9" * 16, ""):
        assert asked(f"before={wrong}&sort=king").link() == PLACE
    assert asked("before=7&after=3").wanted.after is None, "one way at a time"
