"""One connection, byte by byte: what no client library would send, as slowly as one likes."""

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

WAIT_SECONDS = 40.0
GONE = (ConnectionError, asyncio.IncompleteReadError)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    def problem(self) -> tuple[int, str]:
        """Its status and code; it is a problem with the same status inside."""
        assert self.headers["content-type"] == "application/problem+json", self
        told: dict[str, Any] = json.loads(self.body)
        assert told["status"] == self.status
        return self.status, str(told["type"]).rpartition(":")[2]


class Raw:
    """A connection to the door at ``url``."""

    def __init__(self, url: str) -> None:
        self._host, self._port = urlsplit(url).hostname, urlsplit(url).port

    async def __aenter__(self) -> "Raw":
        self._reader, self._writer = await asyncio.open_connection(self._host, self._port)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writer.close()
        with suppress(*GONE):
            await self._writer.wait_closed()

    async def send(self, *parts: bytes) -> None:
        """Each part by itself; what the other side no longer takes is lost."""
        for part in parts:
            with suppress(*GONE):
                self._writer.write(part)
                await self._writer.drain()
                await asyncio.sleep(0.005)

    async def answer(self) -> Answer:
        """The next answer on this connection."""
        async with asyncio.timeout(WAIT_SECONDS):
            head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            pairs = (line.partition(":") for line in head[1:] if line)
            headers = {name.lower(): value.strip() for name, _, value in pairs}
            body = await self._reader.readexactly(int(headers.get("content-length", "0")))
            return Answer(int(head[0].split()[1]), headers, body)

    async def stays(self, seconds: float) -> bool:
        """Whether the other side neither says anything nor closes for so long."""
        with suppress(TimeoutError, *GONE):
            async with asyncio.timeout(seconds):
                await self._reader.read(1)
            return False
        return not self._reader.at_eof() and self._reader.exception() is None

    async def ends(self, *, while_sending: bytes = b"") -> bool:
        """Until the other side has closed, whatever is still sent to it; True where it said nothing more."""
        said, watching = bytearray(), asyncio.create_task(self._rest())
        async with asyncio.timeout(WAIT_SECONDS):
            while not watching.done():
                if while_sending:
                    await self.send(while_sending)
                await asyncio.wait([watching], timeout=0.02)
        said += watching.result()
        return not said

    async def _rest(self) -> bytes:
        read = bytearray()
        with suppress(*GONE):
            while some := await self._reader.read(65_536):
                read += some
        return bytes(read)
