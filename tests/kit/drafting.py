"""One draft at ``/lapor`` in this process, filled in by a browser without a script: no suite, no database."""

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import httpx
from chassis.calendar import load_calendar
from chassis.pages.frame import Pages
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from intake.adapters.guidance import load_guidance
from intake.adapters.taxonomy import load_taxonomy
from intake.bringing.draft import Draft, Meant, begun
from intake.pages.bringing.browser import Browsers
from intake.pages.bringing.filling import filling_router
from intake.pages.bringing.receipts import Receipts
from intake.pages.bringing.sending import sending_router
from intake.usecases.bringing import CheckDraft, KeepDraft
from intake.usecases.submitting import Incomplete

NOW = datetime(2026, 3, 2, 3, tzinfo=UTC)
TOKEN, NUMBER = "a-browsers-secret", "5043812177304"
NOBODY = Meant()
CLOCK = cast("Any", SimpleNamespace(now=lambda: NOW))


class OneDraft:
    """One draft, what the directory was asked, and what was sent."""

    def __init__(self, kind: str, fields: Mapping[str, str], meant: Meant = NOBODY) -> None:
        self.draft = replace(begun("d1", kind, NOW - timedelta(hours=1)), fields=fields, meant=meant)
        self.asked, self.sent = list[tuple[str, str]](), list[str]()
        self.mark, self.refused, self.senders = "", False, tuple[str, ...]()

    async def get(self, token_or_number: str) -> Any:
        return None if token_or_number == NUMBER else (self.draft, NOW)

    async def change(self, _token: str, change: Callable[[Draft], Draft]) -> Draft:
        self.draft = change(self.draft)
        return self.draft

    async def directory(self, typed: str, chosen: str) -> Meant:
        self.asked.append((typed, chosen))
        return self.finds(typed, chosen)

    def finds(self, typed: str, _chosen: str) -> Meant:
        return Meant(typed)

    async def send(self, token: str) -> Draft:
        if self.refused:
            raise Incomplete({"story": "form.missing"})
        self.sent.append(token)
        return self.draft

    async def take(self, _key: str) -> None: ...

    def browser(self) -> AsyncClient:
        nothing, guidance = cast("Any", None), load_guidance()
        browsers = Browsers(lambda text: text.hex(), self, timedelta(days=1), secure=False)
        pages = Pages("intake", "intake.pages.bringing", service="intake", base="/")
        keep = KeepDraft(cast("Any", self), nothing, self.directory, CLOCK)
        check = CheckDraft(load_taxonomy(), NOW.date, guidance)
        receipts = Receipts(cast("Any", self), nothing, guidance, load_calendar(), CLOCK, "")
        app, send = FastAPI(), cast("Any", self.send)
        app.include_router(filling_router(pages, browsers, keep, check, self.senders))
        app.include_router(sending_router(pages, browsers, keep, nothing, check, send, receipts, timedelta(seconds=3)))
        self.mark = browsers.mark(TOKEN)
        return AsyncClient(transport=ASGITransport(app), base_url="http://test", cookies={"slkt-draft": TOKEN})

    async def looks(self, at: str = "periksa") -> str:
        async with self.browser() as http:
            return (await http.get(f"/lapor/{at}".rstrip("/"))).text

    async def posts(self, at: str, **fields: str) -> httpx.Response:
        async with self.browser() as http:
            said = {"csrf": self.mark} | fields
            return await http.post(f"/lapor/{at}", data=said, headers={"Sec-Fetch-Site": "same-origin"})


def hidden(page: str) -> dict[str, str]:
    """What a page's forms carry along, unseen."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page)
    return {name: html.unescape(value) for name, value in found}
