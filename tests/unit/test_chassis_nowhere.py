"""A browser gets a page where there is none, on where an address has a slash too many, and a page where nothing answers
in time."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from chassis.http import http_app
from chassis.limits import MAX_BODY_BYTES
from chassis.nowhere import Nowhere
from chassis.pages.frame import Pages
from chassis.refusals import Erased, KeyReused, MatterFull, Refusals, Unavailable
from chassis.rooms import Inside, Room, Rooms, roomy
from fastapi import Request, Response

from chassis import http

FEW = Room(10, 5.0, at_once=2, of_one=1)
BROWSER = {"Accept": "text/html"}
WHY = {"erased": Erased, "full": MatterFull, "key": KeyReused}


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

    @router.post("/slow")
    async def written(request: Request) -> Response:
        return pages.show(request, "people/logged_out.html")

    @router.get("/refused/{why}")
    async def refused(why: str, request: Request) -> Response:
        raise WHY[why]("no more of it")

    @router.post("/files")
    @roomy(FEW)
    async def files(request: Request) -> Response:
        return Response(str([len(piece) async for piece in request.stream()]))

    app = http_app("test", Refusals(), rooms=Rooms(router.routes), nowhere=Nowhere(router.routes))
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


@pytest.mark.parametrize(
    ("why", "status", "title"),
    [
        ("erased", 410, "Sudah dihapus"),
        ("full", 409, "Tidak dapat ditambah lagi"),
        ("key", 409, "Keadaan sudah berubah"),
    ],
)
async def test_what_a_matter_refuses_of_every_service_is_told_on_a_page(
    browser: httpx.AsyncClient, why: str, status: int, title: str
) -> None:
    answer = await browser.get(f"/staff/refused/{why}")
    assert answer.status_code == status and f"<h1>{title}</h1>" in answer.text


async def test_what_is_too_large_is_told_on_a_page(browser: httpx.AsyncClient) -> None:
    for path, size in (("/staff/slow", MAX_BODY_BYTES + 1), ("/staff/files", FEW.most_bytes + 1)):
        answer = await browser.post(path, content=b"x" * size)
        assert (answer.status_code, answer.headers["content-type"]) == (413, "text/html; charset=utf-8"), path
        assert "terlalu besar" in answer.text and 'href="/staff"' in answer.text


async def test_of_one_address_so_many_are_in_a_room_and_the_next_is_told_on_a_page(browser: httpx.AsyncClient) -> None:
    inside, goes_on = asyncio.Event(), asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        inside.set()
        await goes_on.wait()
        yield b"x"

    first = asyncio.create_task(browser.post("/staff/files", content=slowly()))
    await inside.wait()
    second = await browser.post("/staff/files", content=b"x")
    assert (second.status_code, second.headers["content-type"]) == (503, "text/html; charset=utf-8")
    goes_on.set()
    assert [(await first).status_code, (await browser.post("/staff/files", content=b"x")).status_code] == [200, 200]


def test_a_room_is_full_whoever_comes_and_free_again_when_they_go() -> None:
    inside = Inside()
    with inside.enters(FEW, "a"):
        with inside.enters(FEW, "b"), pytest.raises(Unavailable), inside.enters(FEW, "c"):
            pass
        with inside.enters(FEW, "c"):
            pass
