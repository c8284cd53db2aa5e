"""A door that says so takes more than a letter's worth, as it comes, and its answer may last; no other door does."""

import asyncio
import json
from collections.abc import AsyncIterator

import httpx
import pytest
import uvicorn
from chassis.access import Gate
from chassis.http import door as serving
from chassis.http import http_app, server
from chassis.limits import MAX_BODY_BYTES
from chassis.pages.uploads import uploads_of
from chassis.refusals import Refusals, TooLarge
from chassis.rooms import Room, Rooms, roomy
from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from kit.raw import Raw
from kit.running import eventually
from slkt_local.ports import free_ports

from chassis import connection, http

MOST = 5 * 1024 * 1024
PIECE = b"x" * 64 * 1024
SHORT = 0.4


@pytest.fixture
async def url(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    monkeypatch.setattr(http, "ANSWER_SECONDS", SHORT)
    monkeypatch.setattr(connection, "LINGER_SECONDS", SHORT)
    router = APIRouter()

    @router.post("/files/{name}")
    @roomy(Room(MOST, 2.0))
    async def take(name: str, request: Request) -> dict[str, int]:
        sizes = [len(piece) async for piece in request.stream()]
        return {"size": sum(sizes), "largest": max(sizes)}

    @router.post("/forms")
    @roomy(Room(MOST, 5.0))
    async def form(request: Request) -> Response:
        uploads, said = await uploads_of(request), "taken"
        try:
            async for file in uploads.files():
                async for _ in file:
                    pass
        except TooLarge:
            said = "too large"
        await uploads.drain()
        return Response(said)

    @router.get("/files/{name}")
    @roomy(Room(0, 5.0))
    async def give(name: str) -> Response:
        async def pieces() -> AsyncIterator[bytes]:
            for _ in range(3):
                yield PIECE
                await asyncio.wait([asyncio.ensure_future(asyncio.Event().wait())], timeout=SHORT)

        return StreamingResponse(pieces())

    @router.post("/letters")
    async def letter(request: Request) -> dict[str, int]:
        return {"size": len(await request.body())}

    refusals, rooms = Refusals(), Rooms(router.routes)
    app, port = http_app("test", refusals, rooms=rooms), free_ports(1)[0]
    app.include_router(router)
    made: uvicorn.Server = server(serving(app, refusals, (), Gate({}, {})), "127.0.0.1", port, rooms=rooms)
    running = asyncio.create_task(made.serve())
    await eventually(lambda: made.started, "the door is open")
    yield f"http://127.0.0.1:{port}"
    made.should_exit = True
    await running


@pytest.fixture
async def client(url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=url, trust_env=False, timeout=20) as made:
        yield made


async def chunks(size: int) -> AsyncIterator[bytes]:
    for start in range(0, size, len(PIECE)):
        yield PIECE[: size - start]


async def test_a_file_is_taken_piece_by_piece(client: httpx.AsyncClient) -> None:
    for content in (chunks(MOST), b"x" * MOST):
        told = (await client.post("/files/a", content=content)).json()
        assert told["size"] == MOST
        assert told["largest"] < MOST / 4


async def test_what_there_is_no_room_for_is_told_so_and_the_next_is_taken(client: httpx.AsyncClient) -> None:
    for content in (chunks(MOST + 1), b"x" * (MOST + 1)):
        answer = await client.post("/files/a", content=content)
        assert (answer.status_code, answer.json()["type"]) == (413, "urn:slkt:problem:too-large")
    assert (await client.post("/files/a", content=b"x")).status_code == 200


async def test_a_form_with_too_much_is_answered_by_its_page(client: httpx.AsyncClient) -> None:
    for size in (MOST - 1000, MOST, MOST + len(PIECE)):
        answer = await client.post("/forms", files={"file": ("a.bin", b"x" * size)})
        assert answer.text == ("taken" if size < MOST else "too large")


async def test_who_gives_up_a_form_with_too_much_holds_nobody_up(url: str, client: httpx.AsyncClient) -> None:
    head = b'--e\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\n'
    async with Raw(url) as raw:
        await raw.send(
            b"POST /forms HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=e\r\n"
            b"Content-Length: 9000000\r\n\r\n" + head,
            *[PIECE] * (MOST // len(PIECE) + 2),
        )
    assert (await client.post("/forms", files={"file": ("a.bin", b"x")})).text == "taken"


async def test_another_door_takes_no_more_than_before(client: httpx.AsyncClient) -> None:
    assert (await client.post("/letters", content=b"x" * (MAX_BODY_BYTES + 1))).status_code == 413


async def test_without_end_the_connection_ends(url: str) -> None:
    async with Raw(url) as raw:
        await raw.send(b"POST /files/a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        chunk = b"%x\r\n%s\r\n" % (len(PIECE), PIECE)
        await raw.send(*[chunk] * (MOST // len(PIECE) + 1))
        assert (await raw.answer()).problem() == (413, "too-large")
        assert await raw.ends(while_sending=chunk)


async def test_a_file_that_does_not_arrive_is_not_waited_for(url: str) -> None:
    async with Raw(url) as raw:
        await raw.send(b"POST /files/a HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nxx")
        answer = await raw.answer()
        assert answer.problem() == (408, "too-slow")
        assert json.loads(answer.body)["detail"].endswith("within 2 seconds")


async def test_an_answer_may_last_longer_than_a_letters(client: httpx.AsyncClient) -> None:
    answer = await client.get("/files/a")
    assert len(answer.content) == 3 * len(PIECE)
