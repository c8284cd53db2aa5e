"""A connection ends, whatever is sent on it or not sent, and is told why where HTTP allows it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any

import pytest
import uvicorn
from chassis.access import Gate
from chassis.http import door as serving
from chassis.http import http_app, server
from chassis.limits import ADDRESS_BYTES, HEAD_BYTES, HEADERS_MOST, MAX_BODY_BYTES
from chassis.refusals import Refusals
from fastapi import Header, Request, Response
from kit.raw import WAIT_SECONDS, Answer, Raw
from kit.running import eventually
from slkt_local.ports import free_ports

from chassis import bodies, connection

GET = b"GET /known HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST /length HTTP/1.1\r\nHost: x\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
CHUNK = b"%x\r\n%s\r\n" % (16_384, b"x" * 16_384)
SHORT = 0.4
MUCH = 32 * 1024 * 1024


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "BODY_SECONDS", SHORT)
    for name in ("HEAD_SECONDS", "LINGER_SECONDS", "TAKE_SECONDS"):
        monkeypatch.setattr(connection, name, SHORT)


@pytest.fixture
def patient(hurry: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """For heads in many parts, which take their time on a busy machine. Asked for before the connection."""
    monkeypatch.setattr(connection, "HEAD_SECONDS", WAIT_SECONDS)


@pytest.fixture
async def serves(unused_port: int) -> AsyncIterator[uvicorn.Server]:
    refusals = Refusals()
    app = http_app("test", refusals)

    @app.get("/known")
    async def known(x_key: Annotated[str, Header()] = "none") -> dict[str, str]:
        return {"key": x_key}

    @app.post("/length")
    async def length(request: Request, x_key: Annotated[str, Header()] = "none") -> dict[str, Any]:
        return {"length": len(await request.body()), "key": x_key}

    @app.get("/much")
    async def much() -> Response:
        return Response(b"x" * MUCH)

    made = server(serving(app, refusals, (), Gate({}, {})), "127.0.0.1", unused_port)
    running = asyncio.create_task(made.serve())
    await eventually(lambda: made.started, "the door is open")
    yield made
    made.should_exit = True
    await running


@pytest.fixture
def unused_port() -> int:
    return free_ports(1)[0]


@pytest.fixture
async def raw(serves: uvicorn.Server, unused_port: int) -> AsyncIterator[Raw]:
    async with Raw(f"http://127.0.0.1:{unused_port}") as connected:
        yield connected


def is_safe(answer: Answer) -> bool:
    return answer.headers["x-content-type-options"] == "nosniff" and answer.headers["cache-control"] == "no-store"


async def test_who_says_nothing_is_not_waited_for(raw: Raw) -> None:
    assert await raw.ends()


async def test_a_head_that_never_ends_is_told_so(raw: Raw) -> None:
    await raw.send(b"GET / HTTP/1.1\r\n")
    dripping = asyncio.create_task(raw.send(*[b"X-More: 1\r\n"] * 200))
    answer = await raw.answer()
    assert answer.problem() == (408, "too-slow") and is_safe(answer)
    assert await raw.ends()
    await dripping


async def test_a_second_head_has_no_more_time_than_the_first(raw: Raw) -> None:
    await raw.send(GET)
    assert (await raw.answer()).status == 200
    await raw.send(b"\r\n", b"GET ")
    assert (await raw.answer()).problem() == (408, "too-slow")


@pytest.mark.parametrize("filler", [b"\r\n", b" ", b"\x00"])
async def test_what_is_no_request_at_all_ends_soon(raw: Raw, filler: bytes) -> None:
    await raw.send(GET)
    assert (await raw.answer()).status == 200
    await raw.ends(while_sending=filler)


@pytest.mark.parametrize(
    ("head", "told"),
    [
        (b"GET / HTTP/1.1\r\nX-Long: " + b"x" * HEAD_BYTES + b"\r\n\r\n", (431, "head-too-large")),
        (b"GET / HTTP/1.1\r\n" + b"X-Many: 1\r\n" * (HEADERS_MOST + 1) + b"\r\n", (431, "head-too-large")),
        (b"GET /" + b"x" * ADDRESS_BYTES + b" HTTP/1.1\r\n\r\n", (414, "address-too-long")),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", (400, "no-http")),
        (b"GET / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", (400, "no-http")),
        (b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", (400, "no-http")),
        (b"GET /known HTTP/1.1\r\nX: a\r\n X-Key: folded\r\n\r\n", (400, "no-http")),
        (b"GET /known HTTP/1.1\r\n\r\n", (400, "no-http")),
        (b"GET /known HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", (400, "no-http")),
    ],
)
@pytest.mark.parametrize("size", [1_000_000, 1_000])
async def test_a_head_that_is_none_or_too_much_is_refused(
    patient: None, raw: Raw, head: bytes, told: tuple[int, str], size: int
) -> None:
    await raw.send(*(head[at : at + size] for at in range(0, len(head), size)))
    answer = await raw.answer()
    assert answer.problem() == told and is_safe(answer)
    assert await raw.ends()


async def test_a_head_without_end_is_refused_before_it_is_kept(patient: None, raw: Raw) -> None:
    await raw.send(b"GET / HTTP/1.1\r\nX-Long: ", *[b"x" * 10_000] * 3)
    assert (await raw.answer()).problem() == (431, "head-too-large")


async def test_at_the_limit_it_is_taken(raw: Raw) -> None:
    await raw.send(b"GET /known HTTP/1.1\r\nHost: x\r\nX-Key: " + b"x" * (HEAD_BYTES - 200) + b"\r\n\r\n")
    assert (await raw.answer()).status == 200


async def test_a_body_that_never_ends_is_told_so_and_the_connection_ends(raw: Raw) -> None:
    await raw.send(POST + b"Content-Length: 100000\r\n\r\n")
    assert (await raw.answer()).problem() == (408, "too-slow")
    assert await raw.ends(while_sending=b"x")


@pytest.mark.parametrize(
    "rest", [CHUNK, b"1;" + b"x" * 4_000, b"0\r\nX-Trailer: " + b"x" * 60_000, b"1\r\nx\r\n" * 4_000]
)
async def test_a_body_without_end_is_refused_and_not_read_for_ever(raw: Raw, rest: bytes) -> None:
    await raw.send(CHUNKED + rest)
    sending = asyncio.create_task(raw.send(*[CHUNK if rest == CHUNK else b"x" * 60_000] * 60))
    assert (await raw.answer()).status in (400, 408, 413)
    await raw.ends(while_sending=CHUNK)
    await sending


async def test_who_sends_too_much_is_heard_out_and_may_go_on(raw: Raw) -> None:
    size = MAX_BODY_BYTES + 1
    await raw.send(POST + b"Content-Length: %d\r\n\r\n" % size, b"x" * size)
    assert (await raw.answer()).problem() == (413, "too-large")
    assert await raw.stays(3 * SHORT)
    await raw.send(GET)
    assert (await raw.answer()).body == b'{"key":"none"}'


async def test_what_comes_behind_a_body_is_no_header(raw: Raw) -> None:
    await raw.send(CHUNKED + b"1\r\nx\r\n0\r\nX-Key: smuggled\r\n\r\n")
    assert (await raw.answer()).body == b'{"length":1,"key":"none"}'


async def test_two_requests_in_one_packet_are_answered_in_turn(raw: Raw) -> None:
    await raw.send(GET + GET.replace(b"Host", b"X-Key: b\r\nHost"))
    assert [(await raw.answer()).body for _ in range(2)] == [b'{"key":"none"}', b'{"key":"b"}']


async def test_an_upgrade_is_a_request_like_any_other(raw: Raw) -> None:
    await raw.send(GET.replace(b"\r\n\r\n", b"\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"))
    assert (await raw.answer()).status == 200


async def test_an_answer_that_nobody_takes_is_not_kept(raw: Raw, serves: uvicorn.Server) -> None:
    await raw.send(GET.replace(b"known", b"much"))
    await eventually(lambda: serves.server_state.connections, "it is asked")
    await eventually(lambda: not serves.server_state.connections, "it is given up", 10 * SHORT)
