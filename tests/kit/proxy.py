"""A wire that can be frozen, cut, slowed and lost: TCP to a server, for tests of what happens when no answer comes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit, urlunsplit


class Proxy:
    """Forwards both ways until it is frozen; frozen connections stay open and carry nothing."""

    def __init__(self, host: str, port: int) -> None:
        self._to = (host, port)
        self._flows = asyncio.Event()
        self._flows.set()
        self._answers = asyncio.Event()
        self._answers.set()
        self._writers: list[asyncio.StreamWriter] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._generation = 0
        #: What passes waits so long first, each way.
        self.delay_seconds = 0.0
        self.port = 0

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._flows.wait()
        try:
            there_reader, there_writer = await asyncio.open_connection(*self._to)
        except OSError:
            writer.close()
            return
        self._writers = [one for one in self._writers if not one.is_closing()]
        self._writers += [writer, there_writer]
        for source, sink, gate in ((reader, there_writer, self._flows), (there_reader, writer, self._answers)):
            task = asyncio.create_task(self._carry(source, sink, gate, self._generation))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _carry(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, gate: asyncio.Event, generation: int
    ) -> None:
        try:
            while data := await source.read(65536):
                if self.delay_seconds:
                    await asyncio.sleep(self.delay_seconds)
                await gate.wait()
                if generation == self._generation:
                    sink.write(data)
                    await sink.drain()
        except OSError:
            return
        finally:
            # Of a lost connection neither end ever hears again, not even that the other is gone.
            if generation == self._generation:
                sink.close()

    def freeze(self) -> None:
        self._flows.clear()
        self._answers.clear()

    def hold_answers(self) -> None:
        """What is asked arrives and is done; nobody learns of it."""
        self._answers.clear()

    def thaw(self) -> None:
        self._flows.set()
        self._answers.set()

    def lose(self) -> None:
        """All connections become half-open: they stand, and carry nothing any more; new ones are whole."""
        self._generation += 1

    def cut(self) -> None:
        """All connections at once; new ones are taken."""
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    async def close(self) -> None:
        self.cut()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def through(url: str, port: int) -> str:
    """The URL with a proxy's address in place of its server's."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[0] + f"@127.0.0.1:{port}"))


async def listen(proxy: Proxy) -> asyncio.Server:
    """Takes connections on a free port, which the proxy knows afterwards."""
    server = await asyncio.start_server(proxy._connected, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    return server


@asynccontextmanager
async def proxied(url: str) -> AsyncIterator[tuple[Proxy, str]]:
    """A proxy to the server that ``url`` names, and the URL through it."""
    parts = urlsplit(url)
    assert parts.hostname and parts.port
    proxy = Proxy(parts.hostname, parts.port)
    server = await listen(proxy)
    try:
        yield proxy, through(url, proxy.port)
    finally:
        server.close()
        await proxy.close()
