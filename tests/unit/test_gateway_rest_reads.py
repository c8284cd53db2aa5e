"""A firm's system reads what its people read: the consumer's words, the day-by-day count, files, filters."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from chassis.access import _asker
from chassis.askers import System
from fastapi import FastAPI
from kit.bundles import contents
from kit.cases import DUE, START, ACase
from kit.desk_pages import Cases, looks
from pujk_gateway.domain.listing import ACTIVE, STATES
from pujk_gateway.domain.parts import About, Day, Deadline
from pujk_gateway.doors.systems import Filters, start_of, systems_router
from pujk_gateway.usecases.reading import ListTickets

CLOCK: Any = SimpleNamespace(now=lambda: START)


class Asked(Cases):
    wanted: Any = None

    async def open_with(self, pujk: str, after: str | None, limit: int) -> Any:
        return [self.case], None

    async def sought(self, wanted: Any, now: Any, after: str | None, limit: int) -> Any:
        self.wanted = wanted
        return [self.case], None


def a_door(story: ACase, dossier: Any) -> tuple[httpx.AsyncClient, Asked]:
    cases, nothing = Asked(story.case), SimpleNamespace()
    doors: dict[str, Any] = {"grant_token": nothing, "list_tickets": ListTickets(cases, CLOCK), "tried": nothing}  # type: ignore[arg-type]

    async def show(number: str, firm: str) -> Any:
        return await cases.show(number)

    app = FastAPI()
    app.include_router(
        systems_router(show_ticket=show, look=looks(dossier), clock=CLOCK, **doors)  # type: ignore[arg-type]
    )
    app.dependency_overrides[_asker] = lambda: System("core.12345678", "BANK-001", frozenset({"tickets:read"}))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test"), cases


def a_ticket() -> ACase:
    days = [Day(START.date(), None, "weekend"), Day(DUE.date(), 1)]
    story = ACase()
    story.registered().routed(deadline=Deadline(10, "complaint-written", "2", "2026.1", days, 10)).taken_over()
    about = About(issue="fraud", region="31", received_at=START, loss=12_500_000)
    case = story.case
    case.registered(kind="complaint", demands=case.demands, seal_key="public", product="savings", about=about)
    return story


async def test_a_ticket_tells_what_the_portal_tells() -> None:
    story = a_ticket()
    http, _ = a_door(story, contents().dossier)
    async with http:
        shown = (await http.get(f"/pujk/tickets/{story.case.number}")).json()
        files = (await http.get(f"/pujk/tickets/{story.case.number}/attachments")).json()["attachments"]
    assert (shown["issue"], shown["region"], shown["loss"]) == ("fraud", "31", 12_500_000)
    assert [one["text"] for one in shown["demands"]] == ["Kembalikan uang saya"]
    assert shown["story"].startswith("Saldo tabungan") and shown["consumer"][0]["name"] == "consumer.name"
    assert [one["why"] for one in shown["deadline"]["days"]] == ["weekend", None]
    assert shown["remaining"] == {"how": "runs", "days": 1} and not shown["withheld"]
    assert [one["link"] for one in files] == ["/attachments/one", "/attachments/two", None]
    assert [one["id"] for one in shown["attachments"]] == [one["id"] for one in files]


async def test_where_the_words_cannot_be_had_it_says_so() -> None:
    story = a_ticket()
    http, _ = a_door(story, None)
    async with http:
        shown = (await http.get(f"/pujk/tickets/{story.case.number}")).json()
    assert (shown["withheld"], shown["story"], shown["demands"][0]["text"]) == (True, None, None)


async def test_of_a_ticket_that_went_on_nothing_of_the_consumer_is_told() -> None:
    story = a_ticket()
    story.routed(2, "BANK-002")
    http, _ = a_door(story, contents().dossier)
    async with http:
        answer = await http.get(f"/pujk/tickets/{story.case.number}")
        files = await http.get(f"/pujk/tickets/{story.case.number}/attachments")
    assert "Kembalikan uang saya" not in answer.text and answer.json()["yours"] is False
    assert files.json() == {"attachments": []}


async def test_a_list_is_asked_as_the_portals_and_tells_what_is_left() -> None:
    http, cases = a_door(a_ticket(), None)
    async with http:
        [whole] = (await http.get("/pujk/tickets")).json()["tickets"]
        assert whole["remaining"] == {"how": "runs", "days": 1}
        asked = "state=closed&product=savings&holder=-&remaining=overdue&from=2026-03-01&to=2026-03-31&kind=complaint"
        await http.get(f"/pujk/tickets?{asked}")
        wrong = await http.get("/pujk/tickets?state=odd")
    found: Any = cases.wanted
    assert (found.states, found.product, found.holder, found.left) == (("closed",), "savings", "", "overdue")
    assert found.received[0].isoformat() == "2026-02-28T17:00:00+00:00"
    assert found.received[1].isoformat() == "2026-03-31T17:00:00+00:00"
    assert wrong.status_code == 422


@pytest.mark.parametrize(("state", "states"), [("all", STATES), (None, ACTIVE), ("broken", ("broken",))])
def test_without_a_state_a_list_shows_what_is_open(state: Any, states: tuple[str, ...]) -> None:
    found = Filters(state=state, product="savings").of("BANK-001")
    assert found is not None and found.states == states and found.kinds == ("indication", "complaint")
    assert Filters().of("BANK-001") is None
    assert start_of(START.date()).isoformat() == "2026-03-15T17:00:00+00:00"


def test_the_ends_of_all_days_are_open_ends() -> None:
    found = Filters(first=date.min, last=date.max).of("BANK-001")
    assert found is not None and found.received == (None, None)
    near = Filters(first=date.min + timedelta(days=1), last=date.max - timedelta(days=1)).of("BANK-001")
    assert near is not None and [one and one.year for one in near.received] == [1, 9999]
