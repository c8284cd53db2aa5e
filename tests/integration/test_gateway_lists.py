"""Does a firm's list show what there is? Each filter, order and page against the same question asked of plain rows."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from random import Random
from typing import Any

import pytest
from chassis.documents import CODEC
from chassis.pages.walking import ROWS, Spot
from kit.ground import Ground
from pujk_gateway.adapters.listing import INDEXES, RANK, CaseDocuments, MongoLists
from pujk_gateway.adapters.seeking import seek
from pujk_gateway.domain import acts
from pujk_gateway.domain.case import Case
from pujk_gateway.domain.listing import ACTIVE, FIRMS_MOVE, STATES, Left, Listed, Sought, listed_of, remaining
from pujk_gateway.domain.parts import About, Answer, Cause, Day, Deadline, Deed, Demand
from pujk_gateway.usecases.listing import Kind, Order, Wanted

NOW = datetime(2026, 3, 16, 5, tzinfo=UTC)
FIRM = "BANK-002"


def a_case(number: int, random: Random) -> Case:
    """Somewhere on its way, at this firm or at another."""
    case, pujk = Case(f"{number:013d}"), random.choice([FIRM, FIRM, FIRM, "BANK-008"])
    received = NOW - timedelta(minutes=random.randrange(120 * 24 * 60))
    cause = Cause(f"c{number}", received)
    about = About(random.choice(["fraud", "slik_record"]), "31", received)
    kind, sold = random.choice(["complaint", "indication"]), random.choice(["savings", "credit_card"])
    case.registered(kind=kind, product=sold, demands=[Demand(1)], seal_key="k", about=about)
    if random.random() < 0.1:
        return case
    first = (NOW + timedelta(days=random.randrange(-12, 9))).date()
    days = [Day(first + timedelta(days=n), n + 1 if n < 3 else None) for n in range(4)]
    due = datetime.combine(days[2].date, datetime.min.time(), UTC) + timedelta(hours=16)
    case.routed(1, cause, round_=1, pujk=pujk, name="Bank", due=due, deadline=Deadline(3, "r", "1", "1", days))
    deed = Deed(pujk, 1, random.choice(["siti", "budi"]), cause)
    if random.random() < 0.7:
        acts.take_over(case, deed)
        if random.random() < 0.4:
            answers = [Answer(1, "refused")]
            proposal: dict[str, Any] = {"kind": "refused", "amount": None, "latest": NOW.date()}
            acts.propose(case, deed, basis=case.basis, answers=answers, sealed="s", **proposal)
        if random.random() < 0.3:
            case.close("withdrawn", cause)
        elif random.random() < 0.1 and case.state != "proposed":
            acts.decline(case, deed, basis=case.basis, kind="duplicate", sealed="s")
    return case


def fits(row: Listed, wanted: Wanted) -> bool:
    left = remaining(row.state, row.due, None, NOW).how
    near = "soon" if row.near <= NOW else "later"
    return (
        (row.pujk, row.kind) == (wanted.pujk, wanted.kind)
        and row.state in wanted.states
        and (wanted.received is None or wanted.received[0] <= row.received < wanted.received[1])
        and wanted.product in (None, row.product)
        and wanted.holder in (None, row.holder)
        and wanted.left in (None, {"over": "overdue", "runs": near}.get(left))
    )


def in_order(rows: Sequence[Listed], wanted: Wanted) -> list[str]:
    def key(row: Listed) -> tuple[Any, ...]:
        of = {"due": (row.due, row.near), "received": row.received, "number": row.number}
        of["state"] = (RANK[row.state], row.due, row.near)
        return (of[wanted.order], row.number)

    return [one.number for one in sorted(rows, key=key, reverse=wanted.down)]


@pytest.fixture
async def lists(ground: Ground) -> MongoLists:
    random, documents = Random(5), CaseDocuments()
    cases = [a_case(number, random) for number in range(400)]
    stored = ground.database.get_collection("cases", codec_options=CODEC)
    made = MongoLists(stored)
    await made.prepare()
    await stored.insert_many([{"_id": one.number, "state": documents.state(one)} for one in cases])
    return made


async def kept(lists: MongoLists) -> list[Listed]:
    cases = [a_case(number, random) for random in [Random(5)] for number in range(400)]
    return [one for case in cases if (one := listed_of(case))]


async def test_each_question_gets_the_rows_that_fit_in_their_order_on_every_page(
    ground: Ground, lists: MongoLists
) -> None:
    # A list of more than ``few`` rows is read another way: here every one.
    long_lists = MongoLists(ground.database.get_collection("cases", codec_options=CODEC), few=0)
    rows, month = await kept(lists), (NOW - timedelta(days=60), NOW - timedelta(days=30))
    assert await lists.any_of(FIRM) and not await lists.any_of("BANK-0O8")
    kinds: tuple[Kind, ...] = ("complaint", "indication")
    asked = product(kinds, [ACTIVE, STATES, ("closed",)], [None, month], [None, "savings"])
    orders: list[tuple[Order, bool]] = [("due", False), ("received", True), ("number", False), ("state", True)]
    lefts: list[Left | None] = [None, "overdue", "soon", "later"]
    seen = 0
    for number, (kind, states, received, sold) in enumerate(asked):
        order, down = orders[number % 4]
        for holder, left in product([None, "", "siti"], lefts):
            about: dict[str, Any] = {"kind": kind, "states": states, "received": received, "product": sold}
            about |= {"holder": holder, "left": left, "order": order, "down": down}
            wanted = Wanted(pujk=FIRM, **about)
            expected = in_order([one for one in rows if fits(one, wanted)], wanted)
            ways = [lists, long_lists] if number % 2 else [long_lists]
            for one in ways:
                assert await by_number(one, wanted, len(expected)) == expected, wanted
            assert await walked_through(long_lists, wanted) == (expected, expected), wanted
            seen += len(expected)
    assert seen > 1_000


async def test_a_firms_system_goes_through_what_it_asks_for_from_cursor_to_cursor(
    ground: Ground, lists: MongoLists
) -> None:
    stored, rows = ground.database.get_collection("cases", codec_options=CODEC), await kept(lists)
    since, until = NOW - timedelta(days=60), NOW - timedelta(days=10)
    both: tuple[Kind, ...] = ("complaint", "indication")
    seen = 0
    for kinds, states, left, span in product(
        [both, both[:1]], [ACTIVE, STATES], [None, "soon"], [None, (since, until)]
    ):
        wanted = Sought(FIRM, kinds, states, span or (None, None), left=left)  # type: ignore[arg-type]
        asked = [Wanted(FIRM, kind, states, span, left=left) for kind in kinds]  # type: ignore[arg-type]
        fitting = [one for one in rows if any(fits(one, each) for each in asked)]
        found, cursor = list[str](), None
        while True:
            page, cursor = await seek(stored, wanted, NOW, cursor, 7)
            found += [one["_id"] for one in page]
            if cursor is None:
                break
            assert re.fullmatch(r"[\w:.~-]+", cursor), "an address takes it as it is"
        assert found == in_order(fitting, asked[0]), wanted
        seen += len(found)
    assert seen > 300


async def by_number(lists: MongoLists, wanted: Wanted, total: int) -> list[str]:
    found: list[str] = []
    for page in range(1, max(1, -(-total // ROWS)) + 1):
        got = await lists.page(replace(wanted, page=page), NOW)
        assert got.total == total
        found += [one.listed.number for one in got.rows]
    return found


async def walked_through(lists: MongoLists, wanted: Wanted) -> tuple[list[str], list[str]]:
    """From the first page to the last, each from the one before, and back again."""
    got = await lists.page(wanted, NOW)
    pages = [got]
    while pages[-1].found.after:
        before = pages[-1].found
        pages.append(await lists.page(replace(wanted, page=before.page + 1, spot=before.after), NOW))
    assert [one.found.page for one in pages] == list(range(1, len(pages) + 1))
    back = [pages[-1]]
    while back[0].found.before:
        behind = back[0].found
        back.insert(0, await lists.page(replace(wanted, page=behind.page - 1, spot=behind.before), NOW))
    numbers = [[row.listed.number for one in way for row in one.rows] for way in (pages, back)]
    return numbers[0], numbers[1]


class Counting:
    """A collection that counts what is asked of it."""

    def __init__(self, cases: Any) -> None:
        self.cases, self.calls = cases, 0

    def __getattr__(self, name: str) -> Any:
        self.calls += name in ("find", "find_one", "aggregate", "count_documents")
        return getattr(self.cases, name)


async def test_a_page_asks_the_database_a_handful_of_questions(ground: Ground, lists: MongoLists) -> None:
    """However many tickets there are: the counters, the count, the rows, and at most two more far in."""
    cases: Any = Counting(ground.database.get_collection("cases", codec_options=CODEC))
    every, month = Wanted(FIRM, "complaint", STATES), (NOW - timedelta(days=60), NOW - timedelta(days=30))
    far = str(Spot("after", (NOW, NOW, "0000000000000")))
    for few, wanted, most in [
        (0, replace(every, states=ACTIVE), 2),
        (0, replace(every, received=month), 3),
        (0, replace(every, product="savings", holder=""), 3),
        (400, replace(every, product="savings", holder=""), 4),
        (0, replace(every, states=ACTIVE, page=2, spot=far), 5),
        (0, replace(every, left="later"), 4),
    ]:
        cases.calls = 0
        await MongoLists(cases, few=few).page(wanted, NOW)
        assert cases.calls <= most, f"{cases.calls} for {wanted}"


async def test_counters_say_how_many_wait_for_whom(lists: MongoLists) -> None:
    rows = [one for one in await kept(lists) if one.pujk == FIRM]
    for kind, counters in (await lists.counters(FIRM, NOW)).items():
        mine = [one for one in rows if one.kind == kind]
        assert counters.active == sum(one.state != "closed" for one in mine) > 0
        assert all(counters[state] == sum(one.state == state for one in mine) for state in ACTIVE)
        assert counters.overdue == sum(one.state in FIRMS_MOVE and one.due < NOW for one in mine) > 0


async def test_all_rows_are_told_for_an_export(lists: MongoLists) -> None:
    wanted = Wanted(FIRM, "complaint", STATES)
    expected = in_order([one for one in await kept(lists) if fits(one, wanted)], wanted)
    assert [one.number async for one in lists.rows(wanted, NOW, 10_000)] == expected
    assert [one.number async for one in lists.rows(wanted, NOW, 3)] == expected[:3]


async def test_a_case_of_an_older_release_is_found_to_be_given_its_row(ground: Ground, lists: MongoLists) -> None:
    stored = ground.database["cases"]
    assert await lists.unlisted(10) == []
    await stored.update_one({"_id": f"{7:013d}"}, {"$unset": {"state.listed": 1}})
    assert await lists.unlisted(10) == [f"{7:013d}"]


async def test_rows_of_a_page_alone_are_fetched(ground: Ground, lists: MongoLists) -> None:
    """Whatever is filtered by, the index knows it: a list of 100,000 reads 20 documents."""
    stored = ground.database["cases"]
    names = [f"state.listed.{one}" for one in ("product", "issue", "holder", "near", "rank", "due", "received")]
    for name, fields in INDEXES.items():
        query = {"state.listed.pujk": FIRM, "state.listed.kind": "complaint", **{one: {"$gt": ""} for one in names}}
        plan = await stored.find(query).sort([(f"state.listed.{fields[0]}", 1)]).limit(1).hint(name).explain()
        stage = plan["queryPlanner"]["winningPlan"]
        while stage.get("inputStage"):
            assert "filter" not in stage, f"{name} does not know {stage['filter']}"
            stage = stage["inputStage"]


def test_what_is_left_is_counted_in_routings_working_days() -> None:
    days = [Day(date(2026, 3, 16 + n), counted) for n, counted in enumerate([1, 2, None, None, 3, 4])]
    deadline = Deadline(4, "r", "1", "1", days)
    due = datetime(2026, 3, 21, 16, 59, tzinfo=UTC)
    # 16 March, 18.00 UTC, is the 17th in Jakarta.
    late = datetime(2026, 3, 16, 18, tzinfo=UTC)
    assert remaining("sent", due, deadline, late).days == 2
    assert remaining("sent", due, deadline, late - timedelta(hours=2)).days == 3
    assert remaining("documents", due, deadline, due + timedelta(days=9)).how == "stands"
