"""Is there a virus in it? clamd is asked, by its INSTREAM command: pieces with their length, an end, then one line."""

import asyncio
import struct
from collections.abc import AsyncIterable
from urllib.parse import urlsplit

from chassis.receivers import Away, Undeliverable
from chassis.refusals import Unavailable

from intake.attachments import INFECTED

CONNECT_SECONDS = 3.0
#: Less than a try may take (30 s): a scanner that does not answer is away, not this file at fault.
ANSWER_SECONDS = 25.0
_LINE_MOST = 4_096


class Clamd:
    """``tcp://host:port`` or ``unix:///path``. The name that it gives a finding is kept nowhere."""

    def __init__(self, address: str) -> None:
        self._address = urlsplit(address)

    async def scan(self, content: AsyncIterable[bytes]) -> None:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                answer = await self._asked(content)
        except (OSError, EOFError, TimeoutError, asyncio.LimitOverrunError) as error:
            raise Away(f"the scanner: {type(error).__name__}") from error
        if answer.endswith(b" FOUND"):
            raise Undeliverable(INFECTED)
        if b"size limit exceeded" in answer:
            raise Undeliverable("too-large-to-scan")
        if answer != b"stream: OK":
            raise Away("the scanner did not say what it found")

    async def _asked(self, content: AsyncIterable[bytes]) -> bytes:
        async with asyncio.timeout(CONNECT_SECONDS):
            if self._address.scheme == "unix":
                reader, writer = await asyncio.open_unix_connection(self._address.path, limit=_LINE_MOST)
            else:
                host, port = self._address.hostname, self._address.port
                reader, writer = await asyncio.open_connection(host, port, limit=_LINE_MOST)
        try:
            writer.write(b"zINSTREAM\0")
            async for piece in content:
                writer.write(struct.pack(">I", len(piece)) + piece)
                await writer.drain()
            writer.write(struct.pack(">I", 0))
            await writer.drain()
            return (await reader.readuntil(b"\0"))[:-1]
        except Unavailable as error:
            # Of the content, not of the scanner.
            raise ConnectionAbortedError from error
        finally:
            writer.close()
