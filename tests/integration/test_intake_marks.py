"""A caller's earlier matters are found by what the caller says, and nothing readable stands in the database."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import bson
import pytest
from chassis.refusals import Invalid
from intake.usecases.finding import By, FindEarlier, MarkOld
from kit.beside import Beside, intake_beside
from kit.running import Suite

NIK, PASSPORT, MAIL = "3175064808870001", "C 765 4321", "Sari.Marks@example.org"
PHONE, HERS = "0812-7001-{:04d}", "0813 7002 {:04d}"
SPELLINGS: list[tuple[By, str]] = [
    ("phone", "+62 812 7001 {:04d}"),
    ("phone", "0812 7001 {:04d}"),
    ("phone", "+62 (0813) 7002-{:04d}"),
    ("nik", NIK),
    ("email", "sari.marks+lagi@EXAMPLE.org"),
    ("passport", "c7654321"),
]


@pytest.fixture
async def beside(running: Suite) -> AsyncIterator[Beside]:
    async with intake_beside(running) as made:
        yield made


def brings(running: Suite, number: int, **but: Any) -> str:
    consumer = {"name": "Sari Dewi", "nik": NIK, "passport": PASSPORT, "email": MAIL, "phone": PHONE.format(number)}
    acting = {"name": "Budi Tan", "phone": HERS.format(number), "power_of_attorney": True}
    private = {"consumer": consumer, "representative": acting, "account_number": "0012 3456"}
    return str(running.bring(private=private, **but)["number"])


async def test_earlier_matters_are_found_however_it_is_typed_the_newest_first(running: Suite, beside: Beside) -> None:
    tail = uuid4().int % 10_000
    first, second = brings(running, tail), brings(running, tail, product="credit_card")
    find = FindEarlier(beside.services, beside.marking, beside.seals)
    for by, text in SPELLINGS:
        found = await find(by, text.format(tail))
        assert [one.number for one in found][:2] == [second, first], by
    assert (found[0].name, found[0].kind, found[0].product, found[0].ended) == (
        "S*** D***", "complaint", "credit_card", False,
    )  # fmt: skip
    assert not await find("phone", "0811 0000 9999")
    with pytest.raises(Invalid):
        await find("nik", "no number")
    looked = running.mongo["intake"]["services"].find({"state.marks.who": {"$in": ["x"]}}).explain()
    assert "marked" in str(looked["queryPlanner"]["winningPlan"]), "a look goes through no other matter"


def test_nothing_readable_stands_there(running: Suite) -> None:
    number = brings(running, 77)
    stored = running.mongo["intake"]["services"].find_one({"_id": number})
    raw = bson.encode(stored or {})
    assert stored and len(stored["state"]["marks"]["who"]) == 7
    for readable in (NIK, "C7654321", "765 4321", "70010077", "7001-0077", "7002 0077", "marks@", "Sari", "00123456"):
        assert readable.encode() not in raw


async def test_a_matter_from_before_gets_its_marks_and_keeps_all_else(running: Suite, beside: Beside) -> None:
    services = running.mongo["intake"]["services"]
    number = brings(running, 78)
    # Where it is routed changes it too.
    await running.said(number, "routing.ticket-routed")
    await running.quiet()
    before = services.find_one({"_id": number}) or {}
    services.update_one({"_id": number}, {"$unset": {"state.marks": 1}})
    mark, after = MarkOld(beside.services, beside.services, beside.marking, beside.seals), ""
    marked = 0
    while True:
        after, count = await mark(after)
        marked += count
        if not after:
            break
    now = services.find_one({"_id": number}) or {}
    # It is compared as well.
    del now["state"]["compared"], before["state"]["compared"]
    assert now["state"] == before["state"] and marked >= 1
    assert (await mark(""))[1] == 0, "who goes through all again finds nothing left"
