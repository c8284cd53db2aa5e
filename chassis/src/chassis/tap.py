"""How do thousands of frames a second pass one event loop? What comes often is taken from the connection here, as it
arrives and without a task of its own; everything else goes on to the AMQP library as it came (docs/decisions/0010)."""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Callable
from time import monotonic
from typing import Any

from aiormq.connection import TransportFactory
from aiormq.exceptions import AMQPConnectionError

from chassis import frames
from chassis.delivered import Delivered

log = logging.getLogger(__name__)

#: The library judges by what it sees whether the broker lives: so often it is shown a heartbeat in place of deliveries.
BEAT_SECONDS = 1.0


class Port(ABC):
    """What one channel receives past the library. Subclasses say what becomes of it."""

    def __init__(self, tap: "Tap", channel: Any) -> None:
        self._tap = tap
        self._number: int = channel.number
        #: A body may be so long in one frame.
        self._most: int = channel.max_content_size
        self._method: bytes | None = None
        self._header = b""
        self._parts: list[bytes] = []
        self._left = 0
        self.closed = False
        tap.ports[self._number] = self
        channel.closing.add_done_callback(lambda _: self.end(0))

    def take(self, kind: int, payload: bytes) -> bool:
        """Whether this frame was for us."""
        if kind == frames.METHOD:
            return self.take_method(payload[:4], payload)
        if self._method is None:
            return False
        if kind == frames.HEADER:
            self._header, self._parts, self._left = payload, [], frames.body_size(payload)
        else:
            self._parts.append(payload)
            self._left -= len(payload)
        if self._left <= 0:
            method, self._method = self._method, None
            self.content(method, self._header, b"".join(self._parts))
        return True

    def take_method(self, name: bytes, payload: bytes) -> bool:
        if name in (frames.DELIVER, frames.RETURN):
            self._method = payload
            return True
        if name == frames.CHANNEL_CLOSE:
            # The library answers it; nothing more may be written from here on, or the whole connection is closed.
            self.end(frames.reply_code(payload))
        return False

    def write(self, data: bytes) -> None:
        if self._tap.writer.is_closing():
            # Whoever writes to a connection that is gone is told so, and does not wait for what cannot come.
            self.end(0)
        elif not self.closed:
            self._tap.writer.write(data)

    async def drain(self) -> None:
        """Waits while the broker takes no more."""
        await self._tap.writer.drain()

    def end(self, code: int) -> None:
        """The channel is gone: closed by the broker with a ``code``, or with its connection (0)."""
        if not self.closed:
            self.closed = True
            if self._tap.ports.get(self._number) is self:
                del self._tap.ports[self._number]

    @abstractmethod
    def content(self, method: bytes, header: bytes, body: bytes) -> None:
        """A whole message, delivered or returned."""


def _nothing() -> None:
    return


class Ear(Port):
    """A channel that reads: deliveries by consumer tag; acknowledgements on the way back."""

    def __init__(self, tap: "Tap", channel: Any) -> None:
        super().__init__(tap, channel)
        self.consumers: dict[str, Callable[[Delivered], None]] = {}
        #: Told once, whatever ended it: who reads must not wait for deliveries that nobody passes on.
        self.when_over: Callable[[], None] = _nothing

    def end(self, code: int) -> None:
        if not self.closed:
            super().end(code)
            self.when_over()

    def content(self, method: bytes, header: bytes, body: bytes) -> None:
        consumer, message = frames.delivered(method, header, body)
        self.consumers[consumer](message)

    def ack(self, tag: int, *, multiple: bool = False) -> None:
        self.write(frames.acknowledged(tag, self._number, multiple=multiple))


class Tap(asyncio.StreamReader):
    """All that a connection receives. ``ports`` take theirs; the library reads the rest from here."""

    writer: asyncio.StreamWriter

    def __init__(self) -> None:
        super().__init__()
        self.ports: dict[int, Port] = {}
        self._rest = b""
        self._shown = 0.0
        self._foreign = False

    def feed_data(self, data: Any) -> None:
        buffer = self._rest + data if self._rest else bytes(data)
        at, end, others = 0, len(buffer), []
        took = False
        while end - at >= frames.AROUND and not self._foreign:
            kind, channel, size = frames.HEAD.unpack_from(buffer, at)
            stop = at + size + frames.AROUND
            # Not AMQP, or not this version of it: the library knows what to say.
            self._foreign = kind > 8
            if stop > end or self._foreign:
                break
            port = self.ports.get(channel)
            if port is not None and self._taken(port, kind, buffer[at + frames.HEAD.size : stop - 1]):
                took = True
            else:
                others.append(buffer[at:stop])
            at = stop
        self._rest = buffer[at:]
        if self._foreign:
            others, self._rest = [*others, self._rest], b""
        if took and monotonic() - self._shown > BEAT_SECONDS:
            self._shown = monotonic()
            others.append(frames.HEARTBEAT)
        if others:
            super().feed_data(b"".join(others))

    def _taken(self, port: Port, kind: int, payload: bytes) -> bool:
        try:
            return port.take(kind, payload)
        except Exception as error:
            # An error here would end the connection, with all that others have under way on it.
            log.error("frame not understood", exc_info=error)
            port.end(0)
            return True

    def feed_eof(self) -> None:
        self._end()
        super().feed_eof()

    def set_exception(self, exc: Exception) -> None:
        self._end()
        super().set_exception(exc)

    def _end(self) -> None:
        for port in list(self.ports.values()):
            port.end(0)


class Tapped(TransportFactory):
    """Makes the library's connection with a tap in it."""

    tap: Tap

    async def create(self, url: Any, **kwargs: Any) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        provider = kwargs.pop("ssl_context_provider")
        ssl = await provider.get_context() if url.scheme == "amqps" else None
        loop = asyncio.get_running_loop()
        self.tap = Tap()
        protocol = asyncio.StreamReaderProtocol(self.tap)
        try:
            transport, _ = await loop.create_connection(lambda: protocol, url.host, url.port, ssl=ssl, **kwargs)
        except OSError as error:
            raise AMQPConnectionError(*error.args) from error
        self.tap.writer = asyncio.StreamWriter(transport, protocol, self.tap, loop)
        return self.tap, self.tap.writer
