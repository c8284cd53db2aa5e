"""What a browser may do with an answer is said on every answer, by one table."""

import httpx
import pytest
from chassis.headers import Safe, SafeAnswers
from fastapi import FastAPI, Response
from fastapi.responses import HTMLResponse


def door(*, behind_tls: bool = False) -> httpx.AsyncClient:
    app = FastAPI()

    @app.get("/json")
    async def json() -> dict[str, str]:
        return {}

    @app.get("/page")
    async def page() -> HTMLResponse:
        return HTMLResponse("<p>")

    @app.delete("/gone", status_code=204)
    async def gone() -> None: ...

    @app.get("/own")
    async def own() -> Response:
        return Response(b"", headers={"Cache-Control": "public, max-age=60"})

    transport = httpx.ASGITransport(SafeAnswers(app, Safe(behind_tls=behind_tls)))
    return httpx.AsyncClient(transport=transport, base_url="http://test")


@pytest.mark.parametrize("path", ["/json", "/page", "/own", "/nowhere"])
async def test_every_answer_says_what_a_browser_may_not_do(path: str) -> None:
    answer = await door().get(path)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
    assert ("style-src 'self'" in policy) == (path == "/page")


async def test_no_content_is_of_no_type() -> None:
    answer = await door().delete("/gone")
    assert answer.status_code == 204 and "content-type" not in answer.headers
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_an_answer_is_kept_by_nobody_unless_its_route_says_so() -> None:
    assert (await door().get("/json")).headers.get_list("cache-control") == ["no-store"]
    assert (await door().get("/own")).headers.get_list("cache-control") == ["public, max-age=60"]


@pytest.mark.parametrize("behind_tls", [True, False])
async def test_never_to_come_without_tls_is_said_only_behind_it(behind_tls: bool) -> None:
    for path in ("/json", "/page"):
        answer = await door(behind_tls=behind_tls).get(path)
        assert ("strict-transport-security" in answer.headers) == behind_tls
