"""Where may a log-in lead, whose cookie is believed, and what is a pass good for?"""

import re
from collections.abc import Mapping
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from chassis.pages.cookies import Cookie
from chassis.pages.frame import Pages, menu
from chassis.pages.passes import Visitor, visitor_reader
from chassis.people.pages.enter import enter_pages
from chassis.people.pages.front import after
from chassis.readers import staff_reader
from chassis.refusals import Unauthenticated
from contracts.pages import SECTIONS, Section
from fastapi import FastAPI
from starlette.datastructures import Headers
from starlette.requests import Request


@pytest.mark.parametrize(
    "to", ["/staff", "/staff/accounts", "/staff/accounts/budi", "/desk/firms", "/desk/firms/BANK-002"]
)
def test_a_log_in_leads_on_to_pages_of_ours(to: str) -> None:
    assert after(to, "/staff", ["/desk/firms"]) == to


@pytest.mark.parametrize(
    "to",
    [
        "",
        "//evil.example",
        "https://evil.example/staff",
        "/staff/../x",
        "/staffx",
        "/desk",
        "/track",
        # These would send whoever is in round and round, or show them what is for programs.
        "/staff/log-in",
        "/staff/log-in/second-factor",
        "/staff/log-out",
        "/staff/enter",
        "/staff/api/accounts",
    ],
)
def test_and_nowhere_else(to: str) -> None:
    assert after(to, "/staff", ["/desk/firms"]) is None


def test_of_two_cookies_of_one_name_none_is_believed() -> None:
    cookie = Cookie("slkt-staff-session", "/staff", secure=True)
    name = "__Secure-slkt-staff-session"
    assert cookie.read_from(Headers({"cookie": f"other=1; {name}=mine"})) == "mine"
    assert cookie.read_from(Headers({"cookie": f"{name}=mine; {name}=a-neighbours"})) == ""
    two = [(b"cookie", f"{name}={value}".encode()) for value in ("mine", "a-neighbours")]
    assert cookie.read_from(Headers(raw=two)) == "", "in two lines as in one"


class Claims:
    """An issuer whose tokens are what a test says."""

    def __init__(self, **claims: Any) -> None:
        self.said = claims | {"sub": "budi", "roles": ["cso"]}

    async def claims(self, authorization: str | None) -> Mapping[str, Any]:
        return self.said


async def test_a_pass_opens_pages_and_a_token_the_doors_of_programs() -> None:
    given, token = Claims(mark="6d61", name="Budi"), Claims()
    came = Headers({"authorization": "Bearer x", "cookie": "slkt-pass=x"})
    assert await visitor_reader(given, secure=False)(came) == Visitor("budi", "Budi", ("cso",), "6d61")
    with pytest.raises(Unauthenticated):
        await staff_reader(given)(came)
    with pytest.raises(Unauthenticated):
        await visitor_reader(token, secure=False)(came)


@pytest.mark.parametrize(
    ("base", "paths", "fits"),
    [
        ("/staff", ["/desk/firms", "/desk/firms-of-old", "/quality"], True),
        ("/staff", [one.path for one in SECTIONS], True),
        ("/staff", ["/desk", "/desk/firms"], False),
        ("/staff", ["/desk/firms", "/desk"], False),
        ("/staff", ["/desk", "/desk"], False),
        ("/staff", ["/staff/quality"], False),
        ("/desk/staff", ["/desk"], False),
    ],
)
def test_no_page_lies_where_a_browser_would_bring_two_passes(base: str, paths: list[str], fits: bool) -> None:
    sections = [Section(path, "pujk_gateway", "nav.firms", frozenset()) for path in paths]
    with nullcontext() if fits else pytest.raises(ValueError, match="pages of two services"):
        menu(base, sections)


def test_who_was_put_out_just_after_they_came_in_is_led_to_the_issuer_once_more() -> None:
    pages = Pages("chassis.people.pages", service="routing", base="/staff", visited=True)

    def answer(cookies: str) -> Any:
        asked = {"type": "http", "method": "GET", "path": "/desk/firms", "query_string": b"page=2"}
        request = Request({**asked, "headers": [(b"cookie", cookies.encode()), (b"host", b"x")], "scheme": "http"})
        return pages.refused(request, Unauthenticated("log in first"))

    first, again, told = (answer(one) for one in ("", "slkt-entered=1", "slkt-entered=1; slkt-entered-again=1"))
    for one in (first, again):
        assert (one.status_code, one.headers["location"]) == (303, "/staff/enter?to=%2Fdesk%2Ffirms%3Fpage%3D2")
    assert "set-cookie" not in first.headers and "slkt-entered-again=1" in again.headers["set-cookie"]
    assert told.status_code == 401, "a pass that is given and never taken sends nobody round for ever"
    look = re.findall(r'"/static/(\w+)/', told.body.decode())
    assert len(look) == 5 and set(look) == {"routing"}, "a page is whole while its own service is there"


@pytest.mark.parametrize(
    ("sent", "page"),
    [
        ("/desk/firms/BANK-002/end", "/desk/firms/BANK-002"),
        ("/desk/firms/several", "/desk/firms"),
        ("/desk/firms", "/desk/firms"),
    ],
)
async def test_whose_session_ended_under_a_form_is_led_back_to_where_it_stood(sent: str, page: str) -> None:
    desk, issuer = (Pages("chassis.people.pages", service="x", base="/staff", visited=one) for one in (True, False))
    router = desk.router("/desk/firms")

    async def nobody() -> None:
        raise Unauthenticated("log in first")

    async def who(*_: Any) -> None:
        await nobody()

    for path in ("/{firm}/end", "/several", ""):
        router.add_api_route(path, nobody, methods=["POST"])
    for path in ("/{code}", ""):
        router.add_api_route(path, nobody, methods=["GET"])
    front: Any = SimpleNamespace(
        pages=issuer, base="/staff", cookie=SimpleNamespace(read=lambda _: ""), desk=SimpleNamespace(who=who)
    )
    app = FastAPI()
    app.include_router(router)
    app.include_router(enter_pages(front, Claims(), {"/desk/firms": "x"}))  # type: ignore[arg-type]
    origin = {"origin": "http://test", "sec-fetch-site": "same-origin"}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://test", headers=origin, follow_redirects=False
    ) as browser:
        first = await browser.post(sent, data={"why": "x"})
        then = await browser.post(first.headers["location"], data={"why": "x"})
    assert (first.status_code, then.status_code) == (307, 303), then.text
    assert then.headers["location"] == f"/staff/log-in?{urlencode({'to': page})}"
    assert "said.not_sent" in then.headers["set-cookie"]


@pytest.mark.parametrize(
    ("sent", "page"), [("/pujk/layanan/1/usul", "/pujk/layanan/1/usul"), ("/pujk/layanan/1/dibaca", "/pujk/layanan/1")]
)
async def test_whose_session_ended_at_the_issuer_is_led_back_to_the_form_too(sent: str, page: str) -> None:
    pages = Pages("chassis.people.pages", service="x", base="/pujk")
    router, app = pages.router("/pujk/layanan"), FastAPI()

    async def nobody() -> None:
        raise Unauthenticated("log in first")

    for path, method in (("/{number}/usul", "POST"), ("/{n}/usul", "GET"), ("/{n}/dibaca", "POST"), ("/{n}", "GET")):
        router.add_api_route(path, nobody, methods=[method])
    app.include_router(router)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as browser:
        led = await browser.post(sent, data={"text": "x"})
    assert led.headers["location"] == f"/pujk/log-in?{urlencode({'to': page})}"
    assert "said.not_sent" in led.headers["set-cookie"]
