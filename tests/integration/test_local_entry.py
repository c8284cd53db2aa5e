"""The local entry as a process: what passes it, what it says of who asks, what ends there, and how it ends itself."""

import os
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import httpx
import pytest
from architecture.workspace import SERVICES
from chassis.limits import ADDRESS_BYTES, HEAD_BYTES, MAX_BODY_BYTES
from kit.raw import Answer, Raw
from kit.servers import silently
from slkt_local.entry import SPEAKS_FROM, Entry
from slkt_local.entry_configuration import BODY_BYTES, CONNECTIONS_OF_ONE, FORM_FILES_BYTES, LINE_BYTES
from slkt_local.guard import descendants
from slkt_local.ports import LOOPBACK, free_ports

MARKER = "marker-5043812177304"
#: As a page after log-in may answer; together longer than most proxies' defaults.
SAID = (
    ("Location", "/cases?next=%2Fproposals"),
    ("Set-Cookie", "session=a; Path=/cases; HttpOnly; SameSite=Lax"),
    ("Set-Cookie", f"more={'b' * 3_900}; Path=/; HttpOnly; SameSite=Strict"),
    ("Content-Security-Policy", f"default-src 'none'; {'x' * 3_900}"),
)


class Echo(BaseHTTPRequestHandler):
    """Answers what it was asked; a request that must not arrive is found in ``asked``."""

    asked: ClassVar[list[tuple[str, dict[str, str], str, int]]] = []

    def do_GET(self) -> None:
        size = len(self.rfile.read(int(self.headers.get("Content-Length", "0"))))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.asked.append((self.requestline, headers, self.client_address[0], size))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        for name, value in SAID:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(b"ok")

    do_POST = do_GET

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002
        """Silent."""


@pytest.fixture(scope="module")
def entry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Entry]:
    """Behind it, everywhere but at the notifier's door, an echo."""
    with ThreadingHTTPServer((LOOPBACK, 0), Echo) as echo, ThreadPoolExecutor(1) as pool:
        pool.submit(echo.serve_forever)
        targets = dict.fromkeys(SERVICES, f"{LOOPBACK}:{echo.server_port}")
        targets["notifier"] = f"{LOOPBACK}:{free_ports(1)[0]}"
        made = Entry(tmp_path_factory.mktemp("entry"), targets, silently)
        made.start()
        yield made
        made.stop()
        echo.shutdown()


@pytest.fixture(autouse=True)
def nothing_asked() -> None:
    Echo.asked.clear()


@pytest.fixture
def http(entry: Entry) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=entry.url, trust_env=False, timeout=10) as client:
        yield client


NO_WAY = (
    *("/keys", "/keys/", "//keys", "/services/../keys", "/services/..%2fkeys", "/%6beys", "/keys#/../track"),
    *("/track//x", "/./track", "/track\\..\\keys", "/tracking", "/.problem/404"),
    *("/live", "/ready", "/metrics", "/openapi.json", "/docs"),
)


async def ask(entry: Entry, *parts: bytes) -> Answer:
    async with Raw(entry.url) as raw:
        await raw.send(*parts)
        return await raw.answer()


def test_who_asks_is_said_by_the_entry_alone(http: httpx.Client, entry: Entry) -> None:
    lies = {
        "X-Forwarded-For": "203.0.113.7",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Prefix": "/evil",
        "X-Forwarded-Port": "1",
        "X-Real-IP": "203.0.113.7",
        "Forwarded": "for=203.0.113.7",
    }
    http.get("/track/x?lang=en", headers={**lies, "X-API-Key": "k"})
    (line, headers, source, _), *more = Echo.asked
    assert not more and line == "GET /track/x?lang=en HTTP/1.1" and source == SPEAKS_FROM
    host = entry.url.removeprefix("http://")
    said = {"x-forwarded-for": LOOPBACK, "x-forwarded-proto": "http", "x-forwarded-host": host, "host": host}
    assert {
        name: value for name, value in headers.items() if "forward" in name or name in ("host", "x-real-ip")
    } == said
    assert headers["x-api-key"] == "k"


def test_cookies_redirects_and_policies_pass_as_they_are(http: httpx.Client) -> None:
    answer = http.get("/cases/1", follow_redirects=False)
    assert [(name, value) for name, value in answer.headers.multi_items() if name in {n.lower() for n, _ in SAID}] == [
        (name.lower(), value) for name, value in SAID
    ]


@pytest.mark.parametrize("path", NO_WAY)
async def test_an_address_on_no_way_or_open_to_two_readings_reaches_nobody(entry: Entry, path: str) -> None:
    answer = await ask(entry, f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n".encode())
    assert answer.problem()[0] == 404
    assert Echo.asked == []


@pytest.mark.parametrize(
    ("path", "status", "said"), [("/nix", 404, "Tidak ditemukan"), ("/notifications", 503, "Sedang")]
)
def test_a_browser_reads_a_page_where_nothing_answers(http: httpx.Client, path: str, status: int, said: str) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    page, problem = http.get(path, headers=browser), http.get(path, headers={"Accept": "*/*"})
    assert (page.status_code, page.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert said in page.text and '<div lang="en">' in page.text
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert (problem.status_code, problem.headers["content-type"]) == (status, "application/problem+json")
    assert ("retry-after" in page.headers) is ("retry-after" in problem.headers) is (status == 503)


@pytest.mark.parametrize(
    ("path", "back"),
    [("/lapor/lampiran", "/lapor"), ("/lapor/berkas", "/track/matter"), ("/pujk/tickets", "/pujk"), ("/pin", "/")],
)
async def test_a_form_that_is_too_large_ends_on_a_page_that_leads_back(entry: Entry, path: str, back: str) -> None:
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nAccept: text/html,*/*\r\nContent-Length: {FORM_FILES_BYTES + 1}\r\n\r\n"
    answer = await ask(entry, head.encode())
    assert (answer.status, answer.headers["content-type"]) == (413, "text/html; charset=utf-8")
    assert b"terlalu besar" in answer.body and f'<a href="{back}">'.encode() in answer.body
    assert Echo.asked == []


ONE_LINE = LINE_BYTES + 1
ENDS_HERE = {
    "no HTTP": (b"EHLO x\r\n\r\n", (400, "no-http")),
    "TLS": (b"\x16\x03\x01\x02\x00\x01", (400, "no-http")),
    "no host": (b"GET / HTTP/1.1\r\n\r\n", (400, "no-http")),
    "two lengths": (
        b"POST /track HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        (400, "no-http"),
    ),
    "a path above": (b"GET /../keys HTTP/1.1\r\nHost: x\r\n\r\n", (400, "no-http")),
    "TRACE": (b"TRACE / HTTP/1.1\r\nHost: x\r\n\r\n", (405, "blank")),
    "an address": (b"GET /" + b"x" * ONE_LINE + b" HTTP/1.1\r\n\r\n", (414, "address-too-long")),
    "a header": (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"x" * ONE_LINE + b"\r\n\r\n", (431, "head-too-large")),
    "a body": (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % (BODY_BYTES + 1), (413, "too-large")),
    "nobody there": (b"GET /notifications/1 HTTP/1.1\r\nHost: x\r\n\r\n", (503, "unavailable")),
}


@pytest.mark.parametrize("what", ENDS_HERE)
async def test_what_ends_at_the_entry_is_told_as_a_service_tells_it(entry: Entry, what: str) -> None:
    sent, problem = ENDS_HERE[what]
    answer = await ask(entry, sent)
    assert answer.problem() == problem
    assert Echo.asked == []
    assert answer.headers["server"] == "nginx" and b"nginx" not in answer.body
    assert (answer.headers["x-content-type-options"], answer.headers["cache-control"]) == ("nosniff", "no-store")
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert ("retry-after" in answer.headers) == (problem[0] == 503)


async def test_whoever_sends_slowly_keeps_nobody_else_out(entry: Entry) -> None:
    slow = b"POST /track HTTP/1.1\r\nHost: x\r\nContent-Length: 2000\r\n\r\nx"
    async with AsyncExitStack() as stack:
        for _ in range(CONNECTIONS_OF_ONE + 5):
            raw = await stack.enter_async_context(Raw(entry.url))
            await raw.send(slow)
        assert (await ask(entry, b"GET /track HTTP/1.1\r\nHost: x\r\n\r\n")).problem() == (429, "too-many")
        elsewhere = httpx.AsyncHTTPTransport(local_address="127.0.0.3")
        async with httpx.AsyncClient(transport=elsewhere, base_url=entry.url) as other:
            assert (await other.get("/track")).status_code == 200


def test_what_a_service_may_refuse_itself_reaches_it(http: httpx.Client) -> None:
    assert http.post("/submissions", content=b"x" * (MAX_BODY_BYTES + 1)).text == "ok"
    assert http.get("/track", headers={"X": "x" * HEAD_BYTES}).text == "ok"
    assert http.get("/track", params={"x": "x" * ADDRESS_BYTES}).text == "ok"
    assert [size for *_, size in Echo.asked] == [MAX_BODY_BYTES + 1, 0, 0]


def test_no_disk_and_no_log_gets_what_was_sent(http: httpx.Client, entry: Entry) -> None:
    http.post(f"/services/{MARKER}/answer", content=MARKER.encode() * 10_000)
    http.get(f"/notifications/{MARKER}", params={"q": MARKER}, headers={"Referer": MARKER})
    http.get(f"/{MARKER}")
    files = [file for file in entry.folder.parent.rglob("*") if file.is_file()]
    assert any(file.name == "entry-outcomes.log" and " GET 503 " in file.read_text() for file in files)
    assert [file for file in files if MARKER in file.read_text()] == []


def test_a_killed_entry_comes_again_at_the_same_address(http: httpx.Client, entry: Entry) -> None:
    before, url = entry.pid, entry.url
    assert before is not None
    entry.kill()
    with pytest.raises(httpx.TransportError):
        http.get("/track")
    assert entry.pid is None
    entry.start()
    assert (entry.url, http.get("/track").text) == (url, "ok") and entry.pid != before


def test_it_starts_without_the_services_and_leaves_nothing_running(tmp_path: Path) -> None:
    before = set(descendants(os.getpid()))
    alone = Entry(tmp_path, dict.fromkeys(SERVICES, f"{LOOPBACK}:{free_ports(1)[0]}"), silently)
    alone.start()
    assert httpx.get(f"{alone.url}/", trust_env=False).status_code == 503
    assert set(descendants(os.getpid())) - before
    alone.stop()
    assert set(descendants(os.getpid())) - before == set()
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        trial.bind((LOOPBACK, alone.port))
