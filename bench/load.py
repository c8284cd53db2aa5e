"""Who sends? `python -m bench.load`: ready requests over raw sockets from a process of its own, whose CPU is told.

Closed: so many connections, each sends its next request when the last was answered. Open: so many requests a second,
whatever the answers do. Writes JSON: seconds, own CPU, and each number with the moments of sending and of the answer
(by the monotonic clock, which all processes of a machine share).
"""

import asyncio
import json
import sys
from collections import deque
from itertools import count
from pathlib import Path
from time import monotonic, process_time
from typing import Any

import uvloop

from bench.bodies import SLOT, kept


class Door(asyncio.Protocol):
    """One kept-alive connection: one request at a time."""

    def __init__(self, run: "Run") -> None:
        self._run = run
        self._buffer = b""
        self._sent = 0.0
        self.transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self._run.broken(self)

    def send(self, due: float | None = None) -> None:
        request = self._run.next_request()
        self._sent = due or monotonic()
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head = self._buffer.find(b"\r\n\r\n")
        if head < 0:
            return
        at = self._buffer.lower().find(b"content-length:")
        size = int(self._buffer[at + 15 : self._buffer.index(b"\r\n", at)])
        if len(self._buffer) < head + 4 + size:
            return
        body, self._buffer = self._buffer[head + 4 : head + 4 + size], b""
        self._run.answered(self, self._sent, body)


class Run:
    """One measurement: what is asked for on the command line as JSON."""

    def __init__(self, asked: dict[str, Any]) -> None:
        self._requests = kept(Path(asked["requests"]))
        self._tag: str = asked["tag"]
        self._count: int = asked["count"]
        self._seconds: float = asked.get("seconds", 0.0)
        self._rate: float | None = asked.get("rate")
        self._connections: int = asked["connections"]
        self._ports: list[int] = asked["ports"]
        self._numbers = count()
        self._given = 0
        self._idle: deque[Door] = deque()
        self._late: list[float] = []
        self._done = asyncio.Event()
        self._until = 0.0
        self.answers: list[tuple[str, float, float]] = []
        self.refused: list[str] = []

    def next_request(self) -> bytes:
        n = next(self._numbers)
        self._given += 1
        key = f"{self._tag}-{n:09d}".rjust(len(SLOT), "k").encode()
        return self._requests[n % len(self._requests)].replace(SLOT, key, 1)

    def answered(self, door: Door, sent: float, body: bytes) -> None:
        now = monotonic()
        try:
            self.answers.append((json.loads(body)["number"], sent, now))
        except (ValueError, KeyError):
            self.refused.append(body[:300].decode(errors="replace"))
        self._go_on(door, now)

    def _go_on(self, door: Door, now: float) -> None:
        if self._rate is None:
            if self._finished(now):
                self._idle.append(door)
            else:
                door.send()
        elif self._late:
            door.send(self._late.pop(0))
        else:
            self._idle.append(door)
        if len(self.answers) + len(self.refused) >= self._given and self._finished(now):
            self._done.set()

    def _finished(self, now: float) -> bool:
        return self._given >= self._count or (bool(self._until) and now >= self._until)

    def broken(self, door: Door) -> None:
        if door in self._idle:
            # A server closes what was idle for some seconds; the others go on.
            self._idle.remove(door)
        elif not self._done.is_set():
            self.refused.append("connection lost")
            self._done.set()

    async def go(self) -> dict[str, Any]:
        loop = asyncio.get_running_loop()
        doors = []
        for n in range(self._connections):
            _, door = await loop.create_connection(lambda: Door(self), "127.0.0.1", self._ports[n % len(self._ports)])
            doors.append(door)
        cpu, started = process_time(), monotonic()
        self._until = started + self._seconds if self._seconds else 0.0
        if self._rate is None:
            for door in doors[: self._count]:
                door.send()
        else:
            self._idle.extend(doors)
            await self._paced(started, self._rate)
        await self._done.wait()
        return {
            "started": started,
            "seconds": monotonic() - started,
            "cpu_seconds": process_time() - cpu,
            "answers": self.answers,
            "refused": self.refused,
        }

    async def _paced(self, started: float, rate: float) -> None:
        for n in range(self._count):
            due = started + n / rate
            if due > monotonic():
                await asyncio.sleep(due - monotonic())
            # A request that finds no idle connection waits, and its wait counts.
            if self._idle:
                self._idle.popleft().send(due)
            else:
                self._late.append(due)


def main() -> None:
    asked = json.loads(sys.argv[1])
    Path(asked["answer"]).write_text(json.dumps(uvloop.run(Run(asked).go())))


if __name__ == "__main__":
    main()
