"""Which doors take or give more than a letter's worth? Those that say so: how much, and for how long. What comes there
is read as it comes, and never stands in memory as a whole."""

import re
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from fastapi.routing import APIRoute
from starlette.requests import ClientDisconnect, Request
from starlette.routing import BaseRoute
from starlette.types import Message, Receive

from chassis.refusals import TooLarge, TooSlow

_MARK = "__slkt_room__"
F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Room:
    """``most_bytes`` of a body; ``seconds`` from the head to the end of the answer. ``stays``: it is no request in hand
    but somebody who listens, and the door itself says how many there may be."""

    most_bytes: int
    seconds: float
    stays: bool = False


def roomy(room: Room) -> Callable[[F], F]:
    """Marks an endpoint, below its route's decorator. It reads ``request.stream()`` itself, or streams its answer."""

    def mark(endpoint: F) -> F:
        setattr(endpoint, _MARK, room)
        return endpoint

    return mark


async def streamed(request: Request) -> AsyncIterator[bytes]:
    """The body as it comes. Errors: TooLarge, TooSlow where it ends too early."""
    try:
        async for piece in request.stream():
            if piece:
                yield piece
    except ClientDisconnect as error:
        raise TooSlow("the file ended before it was whole; send it again") from error


class Rooms:
    """The doors of one service that are so marked."""

    def __init__(self, routes: Iterable[BaseRoute] = ()) -> None:
        self._known: dict[str, list[tuple[re.Pattern[str], Room]]] = {}
        for route in routes:
            room = getattr(route.endpoint, _MARK, None) if isinstance(route, APIRoute) else None
            if room is not None and isinstance(route, APIRoute):
                for method in route.methods or ():
                    self._known.setdefault(method, []).append((route.path_regex, room))

    def of(self, method: str, path: str) -> Room | None:
        return next((room for pattern, room in self._known.get(method, ()) if pattern.match(path)), None)


class Counted:
    """A body as it comes, up to what there is room for. ``whole``: its end has come, or nothing more will.

    What there is no room for is told once. Whoever asks on takes in the rest, of which nothing is left but its end; and
    that comes at twice the room at the latest."""

    def __init__(self, receive: Receive, room: Room) -> None:
        self._receive = receive
        self._most = room.most_bytes
        self._size = 0
        #: Too much came; with its end, which is still to be told.
        self._refused = self._end_left = False
        self.whole = False

    async def __call__(self) -> Message:
        """Errors: TooLarge, once."""
        if self._end_left:
            self._end_left = False
            return {"type": "http.request", "body": b"", "more_body": False}
        message = await self._receive()
        if message["type"] != "http.request":
            self.whole = True
            return message
        self._size += len(message.get("body", b""))
        self.whole = self.whole or not message.get("more_body", False)
        if self._size <= self._most:
            return message
        if not self._refused:
            self._refused, self._end_left = True, self.whole
            raise TooLarge(f"this door takes {self._most} bytes, and more came")
        self.whole = self.whole or self._size > 2 * self._most
        return {"type": "http.request", "body": b"", "more_body": not self.whole}
