"""Who acts while faults strike? Senders that go on until they have their receipt, and firms that answer tickets."""

import asyncio
import json
import time
from collections import Counter, defaultdict
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import httpx
from kit.shaken import Shaken
from kit.steadfast import LOST, SteadfastFirm
from slkt_local.stack import Stack
from soak.history import History

#: Longer than any fault and what follows it: who waits so long waits in vain.
PATIENCE_SECONDS = 300.0
HANG_SECONDS = 10.0
REST_SECONDS = 0.1
AGAIN_SECONDS = 1.0
BROKEN = (httpx.HTTPError, OSError)


class Watched(httpx.AsyncBaseTransport):
    """Every request of the suite's doors, judged as it ends: 503 with Retry-After, never a 500, never a hang."""

    def __init__(self, history: History) -> None:
        self._inner = httpx.AsyncHTTPTransport(limits=httpx.Limits(max_connections=None))
        self._history = history
        self.statuses: Counter[str] = Counter()
        #: What no request may be, in words.
        self.wrong: list[str] = []
        #: Seconds of the slowest request since somebody looked.
        self.slowest = 0.0
        #: Seconds for which this process itself stood still on a busy machine: no door is to blame for them.
        self.lag = 0.0
        #: Processes that are frozen cannot answer; whoever froze one says its door here.
        self.frozen_doors: set[int] = set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        began, lag, status, headers = time.monotonic(), self.lag, "cut", httpx.Headers()
        try:
            answer = await self._inner.handle_async_request(request)
            status, headers = str(answer.status_code), answer.headers
            return answer
        except httpx.TimeoutException:
            status = "timeout"
            raise
        finally:
            seconds = time.monotonic() - began - (self.lag - lag)
            self.statuses[status] += 1
            if request.url.port not in self.frozen_doors:
                self._judge(f"{request.method} {request.url.path}", status, headers, seconds)

    def _judge(self, what: str, status: str, headers: httpx.Headers, seconds: float) -> None:
        known, self.slowest = len(self.wrong), max(self.slowest, seconds)
        if seconds > HANG_SECONDS:
            self.wrong.append(f"{what} took {seconds:.1f} s ({status})")
        if status == "503" and not headers.get("retry-after", "").isdigit():
            self.wrong.append(f"{what} said 503 without Retry-After")
        if status.startswith("5") and status != "503":
            self.wrong.append(f"{what} said {status}")
        for told in self.wrong[known:]:
            self._history.write("wrong answer", told=told)

    async def watch(self) -> None:
        """For ever: how late this process comes back from a short rest."""
        while True:
            slept = time.monotonic()
            await asyncio.sleep(REST_SECONDS)
            late = time.monotonic() - slept - REST_SECONDS
            self.lag += late if late > REST_SECONDS else 0.0

    async def aclose(self) -> None:
        await self._inner.aclose()


class SoakSuite(Shaken):
    """The suite as its outsiders see it; they send the same again, not too often, until they are answered."""

    def __init__(self, stack: Stack, history: History) -> None:
        super().__init__(stack)
        self.watched = Watched(history)
        self.door = httpx.AsyncClient(timeout=30, transport=self.watched)
        #: Doors of intake; a second replica adds its own.
        self.intakes = [self.url("intake")]
        self._turn = 0

    async def accepted(self, data: Mapping[str, Any], key: str, channel: str = "web") -> dict[str, Any]:
        api_key = self.known["credentials"]["channels"][channel]["api_key"]
        headers = {"X-API-Key": api_key, "Idempotency-Key": key}
        answer = await self._until_answered(lambda: f"{self._intake()}/submissions", data, headers)
        assert answer.status_code == 201, f"{answer.status_code} {answer.text[:300]}"
        found: dict[str, Any] = answer.json()
        return found

    async def asks(self, service: str, role: str, path: str, body: Mapping[str, Any], key: str) -> httpx.Response:
        headers = {**self.staff(role), "Idempotency-Key": key}
        return await self._until_answered(lambda: f"{self.url(service)}{path}", body, headers)

    def _intake(self) -> str:
        self._turn += 1
        return self.intakes[self._turn % len(self.intakes)]

    async def _until_answered(self, url: Any, body: Mapping[str, Any], headers: dict[str, str]) -> httpx.Response:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                try:
                    answer = await self.door.post(url(), json=body, headers=headers)
                    if answer.status_code < 500:
                        return answer
                except BROKEN:
                    pass
                await asyncio.sleep(AGAIN_SECONDS)


class SoakFirm(SteadfastFirm):
    """A firm's system that finds its notices by number, and can stop reading and begin again."""

    def __init__(self, code: str, amqp: str) -> None:
        super().__init__(code, amqp)
        self.patience_seconds = PATIENCE_SECONDS
        #: number → (notice, round, clock) in the order in which they came; and again for those that came twice.
        self.by_number: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
        self.twice: Counter[str] = Counter()
        self._awaited: dict[tuple[str, str], asyncio.Future[dict[str, Any]]] = {}
        self._reading = asyncio.Event()
        self._reading.set()

    async def _noticed(self, message: Any) -> None:
        await self._reading.wait()
        event = json.loads(message.body)
        data, first = event["data"], message.message_id not in self.ids
        self.ids[message.message_id] += 1
        if first:
            self.by_number[data["number"]].append((data["notice"], data["round"], event["clock"]))
        else:
            self.twice[message.message_id] += 1
        waiting = self._await(data["number"], data["notice"])
        if not waiting.done():
            waiting.set_result(data)
        with suppress(*LOST):
            await message.ack()

    def _await(self, number: str, notice: str) -> "asyncio.Future[dict[str, Any]]":
        found = self._awaited.get((number, notice))
        if found is None:
            found = self._awaited[number, notice] = asyncio.get_running_loop().create_future()
        return found

    async def notice(self, number: str, notice: str) -> dict[str, Any]:
        async with asyncio.timeout(self.patience_seconds):
            return await asyncio.shield(self._await(number, notice))

    def told(self, number: str) -> list[tuple[str, int]]:
        return [(notice, round_) for notice, round_, _ in self.by_number.get(number, [])]

    def stop_reading(self) -> None:
        """Its consumer stands; what the broker hands it stays unacknowledged, the rest fills the queue."""
        self._reading.clear()

    def read_again(self) -> None:
        self._reading.set()

    def forget(self) -> None:
        self.by_number.clear()
        self.ids.clear()
        self._awaited.clear()
