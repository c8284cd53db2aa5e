"""How much may come before a request is whole, and how long may it take? A connection that wants more is answered where
HTTP allows it, and ended."""

import asyncio
import json
from asyncio import TimerHandle
from collections.abc import Callable
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from chassis.headers import Header, Safe
from chassis.limits import (
    ADDRESS_BYTES,
    ADDRESS_TOO_LONG,
    HEAD_BYTES,
    HEAD_SECONDS,
    HEAD_TOO_LARGE,
    HEADERS_MOST,
    NO_HTTP,
)
from chassis.refusals import COMMON, Rule, TooLarge, TooSlow
from chassis.rooms import Rooms

#: All that one request may send, with what frames its body: a chunk of one byte needs six.
REQUEST_BYTES = 2 * 1024 * 1024
#: Whoever was answered early may still be sending: closing at once would take the answer from it again.
LINGER_SECONDS = 5.0
#: An answer that nobody takes is kept no longer.
TAKE_SECONDS = 20.0


class _Refused(Exception):
    """Ends the parsing of a request; what is answered stands in the connection."""


class Connection(HttpToolsProtocol):
    """One connection of uvicorn's, with an end to everything that it leaves open."""

    safe = Safe(behind_tls=False)
    rooms = Rooms()

    def __init__(self, *arguments: Any, **but: Any) -> None:
        super().__init__(*arguments, **but)
        self.url = b""
        self._why = NO_HTTP
        #: Nothing of a request came yet; the head has begun; the request ended or began in the packet at hand.
        self._awaiting, self._in_head, self._turned = True, False, False
        self._fed, self._most = 0, REQUEST_BYTES
        self._over = False
        self._deadline: TimerHandle | None = None
        self._taking: TimerHandle | None = None

    # ---------------------------------------------------------------- what comes

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._within(HEAD_SECONDS, self._late)

    def connection_lost(self, exc: Exception | None) -> None:
        self._no_deadline()
        self.resume_writing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._over:
            return
        self._turned = False
        super().data_received(data)
        if self._over or (self._turned and not self._in_head):
            return
        self._fed += 0 if self._turned else len(data)
        if self._in_head or self._awaiting:
            if self._fed > HEAD_BYTES:
                self._refuse(self._head_rule())
            elif self._deadline is None:
                self._within(HEAD_SECONDS, self._late)
        elif self._fed > self._most:
            self._refuse(COMMON[TooLarge])

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head = self._turned = True
        self._awaiting = False
        self._fed, self._most = 0, REQUEST_BYTES

    def on_header(self, name: bytes, value: bytes) -> None:
        # What comes behind a body is no header: nobody in front of this door has looked at it.
        if self._in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        size = len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
        if size > HEAD_BYTES or len(self.headers) > HEADERS_MOST or len(self.url) > ADDRESS_BYTES:
            self._why = self._head_rule()
            raise _Refused
        hosts = sum(name == b"host" for name, _ in self.headers)
        if hosts > 1 or (not hosts and self.parser.get_http_version() == "1.1"):
            # Of two, whoever stands in front may have read the other one (RFC 9112, 3.2).
            raise _Refused
        self._in_head = False
        self._no_deadline()
        super().on_headers_complete()
        if room := self.rooms.of(self.scope["method"], self.scope["path"]):
            self._most = max(REQUEST_BYTES, 2 * room.most_bytes)

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._awaiting = self._turned = True
        self._fed = 0
        if self.cycle.response_complete and not self.transport.is_closing():
            # It was answered before it was whole; now it is, and the connection may be used again.
            self.cycle.more_body = False
            self._no_deadline()
            self._unset_keepalive_if_required()
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )

    # ---------------------------------------------------------------- what is answered

    def send_400_response(self, msg: str) -> None:
        self._refuse(self._why)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.cycle.response_complete and self.cycle.more_body and not self.transport.is_closing():
            self._within(LINGER_SECONDS, self.transport.abort)

    def pause_writing(self) -> None:
        super().pause_writing()
        if self._taking is None:
            self._taking = self.loop.call_later(TAKE_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._taking is not None:
            self._taking.cancel()
            self._taking = None

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        if self.transport.get_write_buffer_size():
            self._within(LINGER_SECONDS, self.transport.abort)

    def shutdown(self) -> None:
        if self._over:
            self.transport.abort()
        else:
            super().shutdown()

    # ---------------------------------------------------------------- ends

    def _head_rule(self) -> Rule:
        return ADDRESS_TOO_LONG if len(self.url) > ADDRESS_BYTES else HEAD_TOO_LARGE

    def _late(self) -> None:
        if self._in_head:
            self._refuse(COMMON[TooSlow])
        else:
            self.transport.close()

    def _refuse(self, rule: Rule) -> None:
        """Answers, unless another answer is under way or given; then takes in nothing more, and soon is gone."""
        if self._over:
            return
        self._over, cycle = True, self.cycle
        self._within(LINGER_SECONDS, self.transport.abort)
        if cycle is not None and not cycle.response_complete:
            if cycle.response_started or not cycle.more_body:
                # What is wrong came behind a request that is being answered: a second answer would be taken for its.
                self.transport.abort()
                return
            cycle.disconnected = True
            cycle.message_event.set()
        elif cycle is not None and cycle.more_body:
            return
        self.transport.write(_answer(rule, self.safe.plain))
        if self.transport.can_write_eof():
            self.transport.write_eof()

    def _within(self, seconds: float, end: Callable[[], None]) -> None:
        self._no_deadline()
        self._deadline = self.loop.call_later(seconds, end)

    def _no_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


def _answer(rule: Rule, headers: tuple[Header, ...]) -> bytes:
    told = {"type": f"urn:slkt:problem:{rule.code}", "title": rule.title, "status": rule.status}
    body = json.dumps(told).encode()
    about = (
        (b"content-type", b"application/problem+json"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    )
    lines = (name + b": " + value + b"\r\n" for name, value in (*about, *headers))
    return b"".join((STATUS_LINE[rule.status], *lines, b"\r\n", body))


def connection(safe: Safe, rooms: Rooms) -> type[Connection]:
    """The kind of connection of one service's doors; its own answers carry the same headers as all."""
    return type("Connection", (Connection,), {"safe": safe, "rooms": rooms})
