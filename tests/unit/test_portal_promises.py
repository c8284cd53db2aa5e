"""Two officers say that one promise was kept: the second is told what happened, and keeps what they wrote."""

import re
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from chassis.pages.forms import form_of
from chassis.people.pages.front import Here
from chassis.sealing import b64
from fastapi import APIRouter, Request
from kit.cases import POLICIES, START, ACase, in_handling
from kit.desk_pages import PAGES, Cases, a_ticket, the_desk
from pujk_gateway.pages.tickets import ticket_pages
from pujk_gateway.usecases.firm import Acts

HOW = "Ditransfer 20 Maret, referensi 4713."


class Once(Cases):
    """As the repository: an act that was done before is answered as before."""

    async def change(self, message: Any, change: Any) -> Any:
        return await super().change(message, change if self.case.outcome(message.id) is None else lambda _: None)


def promised() -> ACase:
    story = in_handling().promising(date(2026, 3, 20)).accepted().agreed()
    story.case.seal_key = b64(bytes(range(32)))
    return story


def portal(story: ACase, officer: str) -> httpx.AsyncClient:
    """The pages of a firm's tickets, to one of its officers."""
    ticket, nobody, known = a_ticket(story, None)
    account = SimpleNamespace(id=officer, firm="BANK-001", roles=("deciding",))

    async def may(*_: Any) -> bool:
        return True

    clock: Any = SimpleNamespace(now=lambda: START)
    officers: Any = SimpleNamespace(may_act=may)
    acts = Acts.of(Once(story.case), clock, lambda body: body, officers, POLICIES)  # type: ignore[arg-type]
    told = SimpleNamespace(**{**vars(ticket.portal), "acts": acts})

    async def here(request: Request) -> Here:
        request.state.recognized = known.state.recognized
        return replace(nobody, account=account, form=await form_of(request))  # type: ignore[arg-type]

    front: Any = SimpleNamespace(pages=PAGES, at=lambda *_: here, with_files=lambda *_: here)
    router: APIRouter = ticket_pages(front, told)  # type: ignore[arg-type]
    return the_desk(router)


async def written(story: ACase, officer: str) -> dict[str, str]:
    """What the form holds that an officer opened, and their note."""
    async with portal(story, officer) as http:
        page = (await http.get(f"/pujk/layanan/{story.case.number}/janji?demand=1")).text
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page)) | {"text": f"{officer}: {HOW}"}


async def sent(story: ACase, officer: str, form: dict[str, str]) -> httpx.Response:
    async with portal(story, officer) as http:
        return await http.post(f"/pujk/layanan/{story.case.number}/janji", data=form)


@pytest.mark.parametrize("confirmed", [False, True])
async def test_who_says_second_that_a_promise_was_kept_hears_it_and_keeps_the_note(confirmed: bool) -> None:
    story = promised()
    of_ani, of_budi = await written(story, "ani"), await written(story, "budi")
    assert of_ani["demand"] == "1" and (await sent(story, "ani", of_ani)).status_code == 303
    assert (await sent(story, "ani", of_ani)).status_code == 303, "one form sent twice is one act"
    if confirmed:
        story.confirmed()
    late = await sent(story, "budi", of_budi)
    assert late.status_code == 409 and f"budi: {HOW}" in late.text and "Catatan Anda tidak terkirim." in late.text
    assert 'id="changes"' in late.text and "Ya, sudah dipenuhi" not in late.text
    assert [one.what for one in story.case.entries].count("relief-paid") == 1


async def test_what_names_no_promise_keeps_none() -> None:
    story = promised()
    form = await written(story, "ani")
    for demand in ("", "x", "0", "2"):
        late = await sent(story, "ani", {**form, "demand": demand})
        assert late.status_code == 409 and HOW in late.text
    assert "paid" not in [one.state for one in story.case.owed]
    async with portal(story, "ani") as http:
        assert (await http.get(f"/pujk/layanan/{story.case.number}/janji?demand=2")).status_code == 303
