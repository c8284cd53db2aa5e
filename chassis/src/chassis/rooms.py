"""Which doors take or give more than a letter's worth? Those that say so: how much, and for how long. What comes there
is read as it comes, and never stands in memory as a whole."""

import re
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from fastapi.routing import APIRoute
from starlette.requests import ClientDisconnect, Request
from starlette.routing import BaseRoute
from starlette.types import Message, Receive

from chassis.limits import FORM_BYTES, FORM_SECONDS, FORMS_AT_ONCE, FORMS_OF_ONE
from chassis.refusals import TooLarge, TooSlow, Unavailable

_MARK = "__slkt_room__"
F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Room:
    """``most_bytes`` of a body; ``seconds`` from the head to the end of the answer. ``stays``: it is no request in hand
    but somebody who listens, and the door itself says how many there may be. ``at_once``, ``of_one``: how many requests
    may be in it, and how many of one address; any number where that is 0."""

    most_bytes: int
    seconds: float
    stays: bool = False
    at_once: int = 0
    of_one: int = 0


#: Of a page's form with several files.
FORM_WITH_FILES = Room(FORM_BYTES, FORM_SECONDS, at_once=FORMS_AT_ONCE, of_one=FORMS_OF_ONE)


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


class Inside:
    """Who is in the rooms of one service now."""

    def __init__(self) -> None:
        self._all: Counter[Room] = Counter()
        self._ones: Counter[tuple[Room, str]] = Counter()

    @contextmanager
    def enters(self, room: Room, address: str) -> Iterator[None]:
        """Errors: Unavailable."""
        one = room, address
        if room.at_once and (self._all[room] >= room.at_once or self._ones[one] >= room.of_one):
            raise Unavailable("too many send files just now; send the same again later")
        self._all[room] += 1
        self._ones[one] += 1
        try:
            yield
        finally:
            self._all[room] -= 1
            self._ones[one] -= 1
            if not self._ones[one]:
                del self._ones[one]


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
