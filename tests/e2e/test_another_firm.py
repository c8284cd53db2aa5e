"""A real ticket of one firm, asked for at every door of firms by the people and systems of another one: they learn
nothing, not even that it is there, and change nothing."""

import re
from uuid import uuid4

import pytest
from kit.callers import FIRM, Caller, Door, callers, doors
from kit.running import Suite

DOORS = [one for one in doors() if one.path.startswith("/pujk") and "{number}" in one.path]
#: What a form, or an act of a program, would have to hold to do something.
ACT = {
    "round": 1,
    "basis": "1",
    "officer": "nobody-deciding-1",
    "once": "o-1",
    "sure": "yes",
    "text": "Kami ambil alih.",
    "kind": "not-our-customer",
}
NAME, STORY = f"Ketut{uuid4().hex[:8]}", f"Cerita{uuid4().hex[:8]}"


@pytest.fixture(scope="module")
async def number(running: Suite) -> str:
    """Of a complaint that its own firm has in hand."""
    assert FIRM != "BANK-002"
    private = {"consumer": {"name": NAME, "nik": "3171014501900001", "email": f"{NAME}@example.org"}, "story": STORY}
    found = str(running.bring(private=private)["number"])
    await running.said(found, "routing.ticket-routed")
    await running.quiet()
    return found


@pytest.fixture(scope="module")
def others(running: Suite) -> list[Caller]:
    """Let in, and of another firm."""
    return [one for one in callers(running) if one.may and (one.kind in ("officer", "system") or _browses(one))]


def _browses(one: Caller) -> bool:
    return one.kind == "page" and one.name.startswith("deciding")


def test_there_are_such_doors_and_such_people(others: list[Caller]) -> None:
    assert len(DOORS) > 25 and {one.kind for one in others} == {"officer", "system", "page"}


@pytest.mark.parametrize("door", DOORS, ids=lambda one: f"{one.method} {one.path}")
def test_another_firms_ticket_is_as_one_that_is_not_there(
    running: Suite, number: str, others: list[Caller], door: Door
) -> None:
    cases = running.mongo["pujk_gateway"]["cases"]
    before = cases.find_one({"_id": number})
    assert before is not None and before["state"]["pujk"] == "BANK-002"
    let_in = [one for one in others if door.answers(one) == 200]
    assert let_in
    for caller in let_in:
        answers = []
        for asked in (number, "5043812177304"):
            path = re.sub(r"{(?!number)[a-z_]+}", "1", door.path).replace("{number}", asked)
            url = running.url(door.service) + path
            way = caller.asks(door, ACT)
            if "data" in way:
                way["data"] = ACT | way["data"]
            elif door.method not in ("get", "delete"):
                way["headers"] |= {"If-Match": '"1"', "Idempotency-Key": uuid4().hex}
            answer = running.http.request(door.method, url, **way)
            running.http.cookies.clear()
            assert not {NAME, STORY} & set(re.findall(r"\w+", answer.text)), caller.name
            answers.append((answer.status_code, re.sub(r"slkt\w*|[0-9 -]{13,}|[0-9a-f]{16,}", "", answer.text)))
        assert answers[0][0] == answers[1][0] >= 400, (caller.name, answers)
        assert door.method != "get" or answers[0][0] == 404, caller.name
    assert cases.find_one({"_id": number}) == before
