"""A queue is left in order: no more deliveries, then what is handled, then its acknowledgement, then the channel."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import pytest
from chassis.consuming import CAREFUL_FROM, ONE_BY_ONE, STOPPING, Consumer
from chassis.delivered import Delivered
from chassis.session import Session
from chassis.tasks import Tasks

from chassis import session as session_module


async def a_while() -> None:
    """Others run meanwhile."""
    with suppress(TimeoutError):
        await asyncio.wait_for(asyncio.Event().wait(), 0.005)


class Channel:
    """Writes down what is asked of it; everything takes a while."""

    is_closed = False

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.on_consumer_cancel_callbacks: set[Callable[[Any], None]] = set()

    async def basic_consume(self, queue: str, callback: Any, *, consumer_tag: str) -> None:
        self.asked.append(f"consume {consumer_tag}")

    async def basic_cancel(self, tag: str) -> None:
        await a_while()
        self.asked.append(f"cancel {tag}")

    async def close(self) -> None:
        self.asked.append("close")


class Ear:
    """Takes deliveries for one channel, and writes down what is acknowledged."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self.consumers: dict[str, Callable[[Delivered], None]] = {}
        self.closed = False

    def ack(self, tag: int, *, multiple: bool = False) -> None:
        if not self.closed:
            self._channel.asked.append(f"ack {tag}")

    def end(self, code: int) -> None:
        self.closed = True


def session_on(channel: Channel) -> Session:
    return Session(channel, Ear(channel))  # type: ignore[arg-type]


class Frozen(Channel):
    async def basic_cancel(self, tag: str) -> None:
        await asyncio.Event().wait()

    async def close(self) -> None:
        raise asyncio.CancelledError


async def test_the_acknowledgement_goes_before_the_channel() -> None:
    channel, tasks = Channel(), Tasks()
    session = session_on(channel)
    await session.consume("q", lambda _: None, "t")
    session.acker.delivered(1)

    async def handler() -> None:
        await a_while()
        channel.asked.append("handled")
        session.acker.done(1)

    tasks.start(handler())
    await session.leave(tasks)
    assert channel.asked[0] == "consume t"
    assert set(channel.asked[1:3]) == {"cancel t", "handled"}
    assert channel.asked[3:] == ["ack 1", "close"]
    assert session.ended.done()


async def test_a_broker_that_does_not_answer_holds_up_no_leaving(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_module, "LEAVE_SECONDS", 0.05)
    session = session_on(Frozen())
    await session.consume("q", lambda _: None, "t")
    async with asyncio.timeout(5):
        await session.leave(Tasks())


async def test_nothing_is_acknowledged_on_a_channel_that_the_library_gave_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_module, "LEAVE_SECONDS", 0.05)
    channel, tasks = Frozen(), Tasks()
    session = session_on(channel)
    await session.consume("q", lambda _: None, "t")
    session.acker.delivered(1)

    async def handler() -> None:
        while not session._ear.closed:
            await a_while()
        session.acker.done(1)

    tasks.start(handler())
    async with asyncio.timeout(5):
        await session.leave(tasks)
    assert channel.asked == ["consume t"]


async def test_the_first_reason_to_end_is_the_one_that_counts() -> None:
    session = session_on(Channel())
    for callback in session.channel.on_consumer_cancel_callbacks:
        callback(None)
    session.end(STOPPING)
    assert await session.ended == "cancelled by the broker"
    other = session_on(Channel())
    other._ear.when_over()
    assert await other.ended == "channel closed"


@pytest.mark.parametrize(
    ("headers", "redelivered", "earlier", "attempt"),
    [
        ({"x-delivery-count": 4, "x-slkt-attempt": 2}, True, 4, 2),
        ({"x-delivery-count": 4}, False, 0, 0),
        ({"x-delivery-count": "4", "x-slkt-attempt": "2"}, True, 0, 0),
        ({"x-delivery-count": -4, "x-slkt-attempt": -2}, True, 0, 0),
        ({"x-delivery-count": None, "x-slkt-attempt": [1]}, True, 0, 0),
        ({}, True, 0, 0),
    ],
)
def test_headers_are_whatever_somebody_wrote(
    headers: dict[str, Any], redelivered: bool, earlier: int, attempt: int
) -> None:
    message = Delivered(1, b"", "k", "t", "m", "c", None, None, headers, redelivered)
    assert (message.earlier, message.attempt) == (earlier, attempt)


class Everything:
    """A surround that handles whatever comes."""

    def __init__(self) -> None:
        self.inbox = SimpleNamespace(queue=SimpleNamespace(name="q"), sender_of=None)
        self.handled: list[tuple[int, bool]] = []

    async def handle(self, delivered: Delivered, *, careful: bool) -> str:
        self.handled.append((delivered.tag, careful))
        return "ok"


class Telling(Channel):
    """A channel that may be read with a prefetch."""

    async def basic_qos(self, *, prefetch_count: int) -> None:
        self.asked.append(f"prefetch {prefetch_count}")


async def deliver(session: Session, tag: int, earlier: int) -> None:
    """As the broker does to whoever began to consume last."""
    headers = {"x-delivery-count": earlier}
    message = Delivered(tag, b"", "k", "t", str(tag), "c", None, None, headers, redelivered=earlier > 0)
    list(session._ear.consumers.values())[-1](message)
    await a_while()


@pytest.fixture
async def read() -> AsyncIterator[tuple[Telling, Session, Everything]]:
    """A session whose broker is the test."""
    surround, channel = Everything(), Telling()
    consumer = Consumer(None, surround, prefetch=50, healthy=a_while)  # type: ignore[arg-type]
    session = session_on(channel)
    reading = asyncio.create_task(consumer._read(session))
    await a_while()
    yield channel, session, surround
    session.end("over")
    await reading


async def test_a_queue_is_read_one_by_one_until_a_message_that_nobody_died_of(
    read: tuple[Telling, Session, Everything],
) -> None:
    channel, session, surround = read
    await deliver(session, 1, CAREFUL_FROM)
    await deliver(session, 2, CAREFUL_FROM + 4)
    assert [asked for asked in channel.asked if "prefetch" in asked] == ["prefetch 1"]
    await deliver(session, 3, 0)
    await a_while()
    assert "prefetch 50" in channel.asked
    assert surround.handled == [(1, True), (2, True), (3, False)]


async def test_a_message_that_may_have_killed_others_is_left_for_a_careful_reader(
    read: tuple[Telling, Session, Everything],
) -> None:
    channel, session, surround = read
    await deliver(session, 1, 0)
    await a_while()
    await deliver(session, 2, CAREFUL_FROM)
    await deliver(session, 3, 0)
    assert await session.ended == ONE_BY_ONE
    assert surround.handled == [(1, False)], "neither the suspect nor what came after it was begun"
    # And neither is acknowledged along with the first.
    await session.leave(Tasks())
    assert [asked for asked in channel.asked if asked.startswith("ack")] == ["ack 1"]
