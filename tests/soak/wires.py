"""What lies between each service and its servers? A wire of its own to each, in a thread that nothing else holds up."""

import asyncio
from collections.abc import Callable, Iterable
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from kit.proxy import Proxy, listen, through

BROKER, DATABASE = "broker", "database"


class Wires:
    """Proxies by (service, server). What is done to them is done in their own loop."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="wires", daemon=True)
        self._proxies: dict[tuple[str, str], Proxy] = {}
        self._servers: list[asyncio.Server] = []
        self._thread.start()

    def lay(self, service: str, server: str, url: str) -> str:
        """The URL through a new wire."""
        parts = urlsplit(url)
        assert parts.hostname and parts.port

        async def laid() -> Proxy:
            proxy = Proxy(str(parts.hostname), int(parts.port or 0))
            self._servers.append(await listen(proxy))
            return proxy

        proxy = asyncio.run_coroutine_threadsafe(laid(), self._loop).result(10)
        self._proxies[service, server] = proxy
        return through(url, proxy.port)

    def each(self, server: str, services: Iterable[str], do: Callable[[Proxy], Any]) -> None:
        """Does the same to the wires of these services, before it returns."""

        async def done() -> None:
            for service in services:
                do(self._proxies[service, server])

        asyncio.run_coroutine_threadsafe(done(), self._loop).result(10)

    def mend(self) -> None:
        def whole(proxy: Proxy) -> None:
            proxy.delay_seconds = 0.0
            proxy.thaw()

        for service, server in self._proxies:
            self.each(server, [service], whole)

    def close(self) -> None:
        async def closed() -> None:
            for server in self._servers:
                server.close()
            for proxy in self._proxies.values():
                await proxy.close()

        asyncio.run_coroutine_threadsafe(closed(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
