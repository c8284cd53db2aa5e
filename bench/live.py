"""What do many open pages cost? Live streams to one replica of tracking: its memory, and how long it takes from an act
at another service's door until every page of that matter has heard that something is new."""

import asyncio
import time
from base64 import b64decode
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

import httpx
from chassis.permits import Permit, Permits

from bench.ground import OWNERS, Ground
from bench.processes import Meter, rss_mib

STREAMS, MATTERS, A_SECOND = 2_000, 200, 10
#: Of one address; a machine has many of its own.
OF_ONE_ADDRESS = 40
CALM_SECONDS, LATEST_SECONDS = 3.0, 30.0
COOKIE = "slkt-matter"


class Page:
    """One open stream; ``heard`` holds when it said that something moved."""

    def __init__(self, number: str, port: int, address: str) -> None:
        self.number, self.port, self.address = number, port, address
        self.heard: list[float] = []

    async def open(self, cookie: str, since: int) -> asyncio.Task[None]:
        """Errors: RuntimeError where the door does not open."""
        here = (self.address, 0)
        reader, self._writer = await asyncio.open_connection("127.0.0.1", self.port, local_addr=here, limit=4096)
        asked = f"GET /track/live?since={since} HTTP/1.1\r\nHost: bench\r\nCookie: {COOKIE}={cookie}\r\n\r\n"
        self._writer.write(asked.encode())
        head = await reader.readuntil(b"\r\n\r\n")
        if b" 200 " not in head:
            raise RuntimeError(head.decode())
        return asyncio.create_task(self._read(reader))

    async def _read(self, reader: asyncio.StreamReader) -> None:
        while line := await reader.readline():
            if line.startswith(b"event: moved"):
                self.heard.append(time.monotonic())

    def close(self) -> None:
        self._writer.close()


def live(ground: Ground, nth: int) -> dict[str, Any]:
    """MiB before, with all open, and after a while; ms from the act to each page. Each time they ask from other
    addresses, for an address opens so many a minute only."""
    ground.only(*OWNERS)
    return asyncio.run(_measured(ground, f"127.0.{1 + nth}"))


async def _measured(ground: Ground, net: str) -> dict[str, Any]:
    tracking = ground.stack.services["tracking"]
    pid = tracking.pid or 0
    receipts = await _bring(ground)
    await _calm(ground, list(receipts))
    before, versions = rss_mib(pid), _versions(ground, list(receipts))
    permits = Permits(b64decode(ground.stack.secrets.pin_key), "page of a matter")
    until = datetime.now(UTC) + timedelta(minutes=30)
    cookies = {number: permits.made(Permit(number, "answer", until, (1,))) for number in receipts}
    numbers, port = list(receipts), int(tracking.url.rpartition(":")[2])
    pages = [Page(numbers[n % MATTERS], port, f"{net}.{1 + n // OF_ONE_ADDRESS}") for n in range(STREAMS)]
    begun = time.monotonic()
    reading = [await page.open(cookies[page.number], versions[page.number]) for page in pages]
    opened = time.monotonic() - begun
    # Long enough for a sign of life to each.
    idle = Meter({"tracking": pid, "database": ground.stack.database.pid or 0})
    await asyncio.sleep(20)
    spent, with_all = idle.used(), rss_mib(pid)
    acted = await _act(ground, receipts)
    await asyncio.sleep(CALM_SECONDS)
    waited = _waited(pages, acted)
    after = rss_mib(pid)
    for page in pages:
        page.close()
    await asyncio.gather(*reading, return_exceptions=True)
    return {
        "rss_before_mib": before,
        "rss_open_mib": with_all,
        "rss_after_mib": after,
        "opened_seconds": opened,
        "idle_cpu_share": spent["tracking"] / 20,
        "idle_database_share": spent["database"] / 20,
        "told": len(waited),
        "p50_ms": median(waited),
        "p99_ms": waited[int(len(waited) * 0.99) - 1],
        "most_ms": waited[-1],
    }


async def _bring(ground: Ground) -> dict[str, str]:
    """Numbers and PINs."""
    intake, tag = ground.stack.services["intake"].url, ground.tag()
    async with httpx.AsyncClient(base_url=intake, trust_env=False, timeout=30) as http:
        found = {}
        for n in range(MATTERS):
            headers = {"X-API-Key": ground.stack.channel_keys["web"], "Idempotency-Key": f"live-{tag}-{n}"}
            body = ground.bodies[n % len(ground.bodies)]
            receipt = (await http.post("/submissions", json=body, headers=headers)).raise_for_status().json()
            found[receipt["number"]] = receipt["pin"]
        return found


async def _act(ground: Ground, receipts: Mapping[str, str]) -> dict[str, float]:
    """Each consumer asks to withdraw, so many a second; when it was accepted."""
    intake, acted = ground.stack.services["intake"].url, {}
    headers = {"X-API-Key": ground.stack.channel_keys["web"]}
    async with httpx.AsyncClient(base_url=intake, trust_env=False, timeout=30, headers=headers) as http:
        for number, pin in receipts.items():
            next_at = time.monotonic() + 1 / A_SECOND
            sent = time.monotonic()
            (await http.post(f"/services/{number}/withdrawal", json={"pin": pin})).raise_for_status()
            acted[number] = sent
            await asyncio.sleep(max(0.0, next_at - time.monotonic()))
    return acted


def _waited(pages: Sequence[Page], acted: Mapping[str, float]) -> list[float]:
    """Ms from the sending of the act to the first word after it, of all pages. Errors: RuntimeError where one heard
    nothing."""
    found = list[float]()
    for page in pages:
        heard = next((at for at in page.heard if at >= acted[page.number]), None)
        if heard is None:
            raise RuntimeError(f"a page of {page.number} heard nothing")
        found.append(1000 * (heard - acted[page.number]))
    return sorted(found)


def _versions(ground: Ground, numbers: Sequence[str]) -> dict[str, int]:
    timelines = ground.database("tracking")["timelines"].find({"_id": {"$in": numbers}}, {"version": 1})
    return defaultdict(int, {one["_id"]: one["version"] for one in timelines})


async def _calm(ground: Ground, numbers: Sequence[str]) -> None:
    """Until nothing more happens to them by itself: mails and all."""
    until, last, since = time.monotonic() + LATEST_SECONDS, 0, time.monotonic()
    while time.monotonic() < until and time.monotonic() - since < CALM_SECONDS:
        await asyncio.sleep(0.25)
        if (now := sum(_versions(ground, numbers).values())) != last:
            last, since = now, time.monotonic()
