"""Where the directory was away when a firm was named: is it asked again before anything is sent, and is it said where
it still could not be?"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest
from chassis.pages.frame import Pages
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from intake.adapters.guidance import load_guidance
from intake.adapters.taxonomy import load_taxonomy
from intake.bringing.draft import Draft, Meant, begun
from intake.pages.bringing.browser import Browsers
from intake.pages.bringing.receipts import Receipts
from intake.pages.bringing.sending import sending_router
from intake.usecases.bringing import CheckDraft, KeepDraft

NOW = datetime(2026, 3, 2, 3, tzinfo=UTC)
CLOCK = cast("Any", SimpleNamespace(now=lambda: NOW))
TOKEN, FIRM = "a-browsers-secret", "dompet kilat jaya"
AWAY = Meant(FIRM, away=True)
ILLEGAL = Meant(FIRM, illegal=("Dompet Kilat Jaya",))
SEVERAL = Meant(FIRM, others=(("A-1", "Dompet Kilat Satu"), ("A-2", "Dompet Kilat Dua")))
SAID_AWAY, IS_ILLEGAL, KNOWN_NOW = "data-unasked", "/lapor/arah?dari=masalah", "baru saja dapat diperiksa"


class One:
    """One draft, one answer of the directory, and what was sent."""

    def __init__(self, meant: Meant) -> None:
        fields = {"pujk": FIRM, "story": "Mereka menagih.", "name": "Sri", "moved": "no"}
        self.draft = replace(begun("d1", "information", NOW - timedelta(hours=1)), fields=fields, meant=AWAY)
        self.meant, self.asked, self.sent = meant, list[tuple[str, str]](), list[str]()

    async def get(self, _token: str) -> tuple[Draft, datetime]:
        return self.draft, NOW

    async def change(self, _token: str, change: Callable[[Draft], Draft]) -> Draft:
        self.draft = change(self.draft)
        return self.draft

    async def directory(self, typed: str, chosen: str) -> Meant:
        self.asked.append((typed, chosen))
        return self.meant

    async def send(self, token: str) -> Draft:
        self.sent.append(token)
        return self.draft

    async def take(self, _key: str) -> None: ...

    def browser(self) -> AsyncClient:
        nothing, guidance = cast("Any", None), load_guidance()
        browsers = Browsers(lambda text: text.hex(), self, timedelta(days=1), secure=False)
        pages = Pages("intake", "intake.pages.bringing", service="intake", base="/")
        keep = KeepDraft(cast("Any", self), nothing, self.directory, CLOCK)
        check = CheckDraft(load_taxonomy(), NOW.date, guidance)
        receipts = Receipts(nothing, nothing, guidance, nothing, CLOCK, "")
        app, person = FastAPI(), timedelta(seconds=3)
        app.include_router(
            sending_router(pages, browsers, keep, nothing, check, cast("Any", self.send), receipts, person)
        )
        self.mark = browsers.mark(TOKEN)
        return AsyncClient(transport=ASGITransport(app), base_url="http://test", cookies={"slkt-draft": TOKEN})

    async def looks(self) -> str:
        async with self.browser() as http:
            return (await http.get("/lapor/periksa")).text

    async def sends(self) -> httpx.Response:
        async with self.browser() as http:
            return await http.post("/lapor/kirim", data={"csrf": self.mark}, headers={"Sec-Fetch-Site": "same-origin"})


async def test_the_look_at_the_whole_asks_again_and_warns() -> None:
    one = One(ILLEGAL)
    page = await one.looks()
    assert (IS_ILLEGAL in page, SAID_AWAY in page, one.asked) == (True, False, [(FIRM, "")])
    await one.looks()
    assert one.asked == [(FIRM, "")], "who is known is not asked about again"


async def test_it_says_where_the_firm_could_still_not_be_checked_and_may_be_sent() -> None:
    one = One(AWAY)
    page = await one.looks()
    assert (IS_ILLEGAL in page, SAID_AWAY in page) == (False, True)
    assert (await one.sends()).headers["location"] == "/lapor/tanda-terima"
    assert one.sent == [TOKEN]


async def test_what_is_known_only_when_it_is_sent_is_shown_before_it_goes() -> None:
    one = One(ILLEGAL)
    first = await one.sends()
    assert (first.status_code, KNOWN_NOW in first.text, IS_ILLEGAL in first.text) == (422, True, True)
    assert one.sent == []
    assert (await one.sends()).status_code == 303
    assert one.sent == [TOKEN]


async def test_one_of_several_is_chosen_and_nobody_is_called_unlicensed() -> None:
    page = await One(SEVERAL).looks()
    assert ('href="/lapor/masalah">Lengkapi' in page, IS_ILLEGAL in page) == (True, False)


@pytest.mark.parametrize("but", [{"sending": True}, {"fields": {}}])
async def test_nobody_is_asked_where_nothing_may_change_or_no_firm_is_named(but: dict[str, Any]) -> None:
    one = One(ILLEGAL)
    one.draft = replace(one.draft, **but)
    page = await one.looks()
    assert (one.asked, SAID_AWAY in page) == ([], False)
