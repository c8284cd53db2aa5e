"""A stand-in for clamd, as far as INSTREAM goes: a TCP server that reads length and piece, and answers one line. The
real one needs 300 MB of signatures and a minute to start: too much for a check."""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from kit.papers import EICAR


class StandInScanner:
    """``port`` is its own; ``seen`` are the contents it was sent. ``mute``: takes all and says nothing; ``says``: what
    it answers in place of a finding."""

    def __init__(self) -> None:
        self.port = 0
        self.seen: list[bytes] = []
        self.mute = asyncio.Event()
        self.says: bytes | None = None
        self.waiting = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            assert await reader.readexactly(10) == b"zINSTREAM\0"
            content = b""
            while length := struct.unpack(">I", await reader.readexactly(4))[0]:
                content += await reader.readexactly(length)
            self.seen.append(content)
            if self.mute.is_set():
                self.waiting += 1
                await reader.read()
            found = b"stream: Eicar-Test-Signature FOUND" if EICAR in content else b"stream: OK"
            writer.write((self.says or found) + b"\0")
            await writer.drain()
        writer.close()

    @asynccontextmanager
    async def open(self, port: int = 0) -> AsyncIterator["StandInScanner"]:
        """Twice where it goes away and comes back, at the same port."""
        server = await asyncio.start_server(self.serve, "127.0.0.1", port or self.port)
        self.port = server.sockets[0].getsockname()[1]
        async with server:
            yield self
