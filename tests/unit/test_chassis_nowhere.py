"""A browser gets a page where there is none, on where an address has a slash too many, and a page where nothing answers
in time."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from chassis.http import http_app
from chassis.nowhere import Nowhere
from chassis.pages.frame import Pages
from chassis.refusals import Refusals
from fastapi import Request, Response

from chassis import http

BROWSER = {"Accept": "text/html"}


@pytest.fixture
async def browser() -> AsyncIterator[httpx.AsyncClient]:
    pages = Pages("chassis.people.pages", service="test", base="/staff")
    router = pages.router("/staff")

    @router.get("")
    async def start(request: Request) -> Response:
        return pages.show(request, "people/logged_out.html")

    @router.get("/slow")
    async def slow(request: Request) -> Response:
        await asyncio.Event().wait()
        return pages.show(request, "people/logged_out.html")

    app = http_app("test", Refusals(), nowhere=Nowhere(router.routes))
    app.include_router(router)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test", headers=BROWSER) as client:
        yield client


@pytest.mark.parametrize(("typed", "leads"), [("/staff/", "/staff"), ("/staff/?lang=en", "/staff?lang=en")])
async def test_a_slash_too_many_leads_on(browser: httpx.AsyncClient, typed: str, leads: str) -> None:
    answer = await browser.get(typed, headers={"Host": "evil.example"})
    assert (answer.status_code, answer.headers["Location"]) == (308, leads)


async def test_where_no_page_is_a_page_says_so_and_a_program_is_told_a_problem(browser: httpx.AsyncClient) -> None:
    for path in ("/staff/none", "/staff/none/"):
        answer = await browser.get(path)
        assert answer.status_code == 404 and "<h1" in answer.text
    assert (await browser.get("/staff/", headers={"Accept": "*/*"})).json()["status"] == 404


async def test_where_nothing_answers_in_time_a_browser_is_shown_a_page(
    browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "ANSWER_SECONDS", 0.05)
    answer = await browser.get("/staff/slow")
    assert answer.status_code == 503 and answer.headers["content-type"].startswith("text/html")
    assert "tidak tersedia" in answer.text and int(answer.headers["Retry-After"])
