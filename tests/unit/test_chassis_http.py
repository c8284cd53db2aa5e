"""Every answer of an HTTP door is JSON that says what is wrong and reveals nothing else."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any

import httpx
import pytest
from chassis.access import Gate, anybody
from chassis.http import door as serving
from chassis.http import http_app
from chassis.lean import LeanRoute, lean_post
from chassis.limits import MAX_BODY_BYTES
from chassis.refusals import PROBLEM_TYPE, Refusals, Rule, TooMany, Unauthenticated, Unavailable
from fastapi import APIRouter, Header, Request
from prometheus_client import REGISTRY
from pydantic import BaseModel
from pymongo.errors import OperationFailure, ServerSelectionTimeoutError

from chassis import bodies, http

MARKER = "Sri Rahayu Lestari"
HOST = "mongo-0.internal:27017"


class Shy(Exception):
    pass


class Body(BaseModel):
    number: int


ERRORS: dict[str, Exception] = {
    "shy": Shy(),
    "defect": RuntimeError(MARKER),
    "many": TooMany("wait", extra={"retry_after": 77}),
    "nobody": Unauthenticated(),
    "away": Unavailable("later"),
    "driver": ServerSelectionTimeoutError(HOST),
    "driver-defect": OperationFailure(MARKER, 9),
}


More = Annotated[str | None, Header()]


def _lean(router: APIRouter) -> list[LeanRoute]:
    return [route for route in router.routes if isinstance(route, LeanRoute)]


@pytest.fixture
async def door() -> AsyncIterator[httpx.AsyncClient]:
    refusals = Refusals({Shy: Rule(409, "shy", "Shy")})
    app, router = http_app("test", refusals), APIRouter()

    @lean_post(router, "/lean", status_code=201)
    async def lean(body: Body, x_name: Annotated[str, Header(max_length=5)], x_more: More = None) -> dict[str, int]:
        if x_name == "shy":
            raise Shy
        if x_name == "slow":
            await asyncio.Event().wait()
        return {"number": body.number}

    app.include_router(router)

    @app.post("/echo")
    async def echo(body: Body) -> dict[str, int]:
        return {"number": body.number}

    @app.post("/raw")
    async def raw(request: Request) -> dict[str, int]:
        return {"bytes": len(await request.body())}

    @app.get("/raise/{name}")
    async def raise_(name: str) -> None:
        raise ERRORS[name]

    # What an application raises and does not handle would reach the server: here it reaches the test.
    gate = Gate({"POST /lean": anybody}, {})
    transport = httpx.ASGITransport(serving(app, refusals, _lean(router), gate), raise_app_exceptions=True)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("shy", 409),
        ("defect", 500),
        ("many", 429),
        ("nobody", 401),
        ("away", 503),
        ("driver", 503),
        ("driver-defect", 500),
    ],
)
async def test_every_error_is_a_problem_and_tells_no_cause(door: httpx.AsyncClient, name: str, status: int) -> None:
    answer = await door.get(f"/raise/{name}")
    assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM_TYPE)
    assert answer.json()["status"] == status
    assert MARKER not in answer.text and HOST not in answer.text
    if status in (429, 503):
        assert answer.headers["Retry-After"] == ("77" if name == "many" else "5")
    assert ("WWW-Authenticate" in answer.headers) == (status == 401)


async def test_who_gets_no_answer_in_time_may_send_the_same_again(
    door: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "ANSWER_SECONDS", 0.05)
    answer = await door.post("/lean", json={"number": 1}, headers={"X-Name": "slow"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.json()["type"] == "urn:slkt:problem:unavailable"


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [("POST", "/echo", {"number": MARKER}, 422), ("GET", "/nowhere", None, 404), ("GET", "/echo", None, 405)],
)
async def test_what_the_framework_refuses_is_a_problem_too(
    door: httpx.AsyncClient, method: str, path: str, body: Any, status: int
) -> None:
    answer = await door.request(method, path, json=body)
    assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM_TYPE)


async def test_no_json_is_told_as_such(door: httpx.AsyncClient) -> None:
    answer = await door.post("/echo", content=b"{no", headers={"content-type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["problems"][0]["came"] == "something that is no JSON"


async def chunks(total: int) -> AsyncIterator[bytes]:
    for _ in range(total // 1024):
        yield b" " * 1024
    yield b"x" * (total % 1024)


@pytest.mark.parametrize("path", ["/raw", "/echo"])
@pytest.mark.parametrize("chunked", [True, False])
async def test_a_body_over_the_limit_is_refused_however_it_comes(
    door: httpx.AsyncClient, path: str, chunked: bool
) -> None:
    content: Any = chunks(MAX_BODY_BYTES + 1) if chunked else b" " * (MAX_BODY_BYTES + 1)
    answer = await door.post(path, content=content, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["type"]) == (413, "urn:slkt:problem:too-large")


@pytest.mark.parametrize("chunked", [True, False])
async def test_a_body_at_the_limit_arrives_whole(door: httpx.AsyncClient, chunked: bool) -> None:
    content: Any = chunks(MAX_BODY_BYTES) if chunked else b" " * MAX_BODY_BYTES
    assert (await door.post("/raw", content=content)).json() == {"bytes": MAX_BODY_BYTES}


async def test_a_body_that_never_ends_is_not_waited_for(
    door: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "BODY_SECONDS", 0.05)

    async def dripping() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.Event().wait()

    answer = await door.post("/raw", content=dripping())
    assert (answer.status_code, answer.json()["type"]) == (408, "urn:slkt:problem:too-slow")


async def test_more_at_once_than_there_is_room_for_come_later(
    door: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "IN_FLIGHT_MOST", 3)
    monkeypatch.setattr(bodies, "BODY_SECONDS", 0.05)

    async def dripping() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.Event().wait()

    answers = await asyncio.gather(*(door.post("/raw", content=dripping()) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [408, 408, 408, 503, 503]
    assert (await door.post("/echo", json={"number": 1})).status_code == 200


async def test_a_length_that_is_no_number_is_no_way_around(door: httpx.AsyncClient) -> None:
    for length in ("abc", "-1", "", "9" * 5_000):
        answer = await door.post("/raw", content=chunks(MAX_BODY_BYTES + 1), headers={"content-length": length})
        assert answer.status_code == 413


async def test_every_answer_is_counted_the_mistakes_too(door: httpx.AsyncClient) -> None:
    def counted() -> float:
        labels = {"route": "/raise/{name}", "status": "500"}
        return REGISTRY.get_sample_value("slkt_http_seconds_count", labels) or 0.0

    before = counted()
    await door.get("/raise/defect")
    assert counted() == before + 1


async def test_a_lean_door_answers_and_refuses_like_any_other(door: httpx.AsyncClient) -> None:
    good = await door.post("/lean", json={"number": 7}, headers={"X-Name": "a"})
    assert (good.status_code, good.json(), good.headers["content-type"]) == (201, {"number": 7}, "application/json")
    shy = await door.post("/lean", json={"number": 7}, headers={"X-Name": "shy"})
    assert (shy.status_code, shy.headers["content-type"]) == (409, PROBLEM_TYPE)
    bad = await door.post("/lean", json={"number": "x"}, headers={"X-Name": "too long"})
    assert bad.status_code == 422
    assert [one["field"] for one in bad.json()["problems"]] == ["header.x-name", "number"]
    for body in (b"{", b"\xff", b"[]", b""):
        answer = await door.post(
            "/lean", content=body, headers={"X-Name": "a", "Content-Type": "application/json; charset=utf-8"}
        )
        assert (answer.status_code, answer.headers["content-type"]) == (422, PROBLEM_TYPE), body
    assert (await door.post("/lean", content=b'{"number": 1}', headers={"X-Name": "a"})).status_code == 422
    assert (await door.post("/lean", content=b"x" * (MAX_BODY_BYTES + 1))).status_code == 413
    assert (await door.get("/lean")).status_code == 405
