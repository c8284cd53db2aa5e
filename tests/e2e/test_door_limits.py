"""What does a real door do with more, or slower, than anybody needs to send? It says so, and serves the others."""

import asyncio
import time

import pytest
from architecture.workspace import SERVICES
from chassis.limits import HEAD_BYTES, HEAD_SECONDS, MAX_BODY_BYTES
from kit.raw import Raw
from kit.running import Suite

POST = b"POST /any HTTP/1.1\r\nHost: x\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"
MORE = MAX_BODY_BYTES + 1
CHUNK = b"4000\r\n" + b"x" * 0x4000 + b"\r\n"

TOO_MUCH = {
    "a header": (b"GET / HTTP/1.1\r\nX-Long: " + b"x" * HEAD_BYTES + b"\r\n\r\n", (431, "head-too-large")),
    "headers": (b"GET / HTTP/1.1\r\n" + b"X: 1\r\n" * 200 + b"\r\n", (431, "head-too-large")),
    "an address": (b"GET /" + b"x" * 9_000 + b" HTTP/1.1\r\n\r\n", (414, "address-too-long")),
    "a body": (POST + b"Content-Length: %d\r\n\r\n" % MORE + b"x" * MORE, (413, "too-large")),
    "a body in pieces": (POST + CHUNKED + CHUNK * 17 + b"0\r\n\r\n", (413, "too-large")),
    "a body without end": (POST + CHUNKED + CHUNK * 200, (413, "too-large")),
    "no HTTP": (b"EHLO x\r\n\r\n", (400, "no-http")),
}


@pytest.mark.parametrize("what", TOO_MUCH)
async def test_more_than_anybody_needs_is_refused_by_every_service(running: Suite, what: str) -> None:
    sent, told = TOO_MUCH[what]
    for service in SERVICES:
        async with Raw(running.url(service)) as raw:
            await raw.send(sent)
            assert (await raw.answer()).problem() == told, service


async def test_credentials_behind_a_body_are_nobodys(running: Suite) -> None:
    """What stands in front of a door has looked at the headers, and at nothing behind the body."""
    api_key = running.known["credentials"]["channels"]["web"]["api_key"].encode()
    head = b"POST /services/5043812177304/withdrawal HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    body = b'{"pin":"12345678"}'
    async with Raw(running.url("intake")) as raw:
        await raw.send(head + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n" % (len(body), body))
        await raw.send(b"X-API-Key: " + api_key + b"\r\n\r\n")
        assert (await raw.answer()).problem() == (401, "unauthenticated")


async def test_who_is_slow_is_not_waited_for_and_holds_up_nobody(running: Suite) -> None:
    async def slow(service: str) -> None:
        started = time.monotonic()
        async with Raw(running.url(service)) as raw:
            await raw.send(b"GET / HTTP/1.1\r\n")
            dripping = asyncio.create_task(raw.send(*[b"X"] * 1_000))
            assert (await raw.answer()).problem() == (408, "too-slow")
            assert HEAD_SECONDS - 1 < time.monotonic() - started < HEAD_SECONDS + 5
            assert await raw.ends()
            dripping.cancel()

    all_slow = asyncio.gather(*(slow(service) for service in SERVICES))
    assert running.bring()["number"]
    await all_slow


@pytest.mark.parametrize("name", [b"Idempotency-Key", b"X-API-Key", b"Authorization"])
async def test_what_says_who_asks_or_what_is_the_same_is_said_once(running: Suite, name: bytes) -> None:
    """One that stands in front may read the first, and the door the last."""
    for service, path in (("intake", b"submissions"), ("tracking", b"track")):
        head = b"POST /%s HTTP/1.1\r\nHost: x\r\n%s: a\r\n%s: b\r\n" % (path, name, name.lower())
        async with Raw(running.url(service)) as raw:
            await raw.send(head + b"Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
            assert (await raw.answer()).problem() == (400, "ambiguous"), service
            await raw.send(b"GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n")
            assert (await raw.answer()).status == 404, "the connection goes on"
