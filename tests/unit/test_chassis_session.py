"""A queue is left in order: no more deliveries, then what is handled, then its acknowledgement, then the channel."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from chassis.consuming import STOPPING, Session
from chassis.delivered import Delivered
from chassis.tasks import Tasks

from chassis import consuming


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
        self.closing: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def basic_consume(self, queue: str, callback: Any, *, consumer_tag: str) -> None:
        self.asked.append(f"consume {consumer_tag}")

    async def basic_cancel(self, tag: str) -> None:
        await a_while()
        self.asked.append(f"cancel {tag}")

    async def basic_ack(self, tag: int, multiple: bool = False, wait: bool = True) -> None:
        await a_while()
        self.asked.append(f"ack {tag}")

    async def close(self) -> None:
        self.asked.append("close")


class Frozen(Channel):
    async def basic_cancel(self, tag: str) -> None:
        await asyncio.Event().wait()

    async def close(self) -> None:
        raise asyncio.CancelledError


async def test_the_acknowledgement_goes_before_the_channel() -> None:
    channel, tasks = Channel(), Tasks()
    session = Session(channel)
    await session.consume("q", lambda _: a_while(), "t")
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
    monkeypatch.setattr(consuming, "LEAVE_SECONDS", 0.05)
    session = Session(Frozen())
    await session.consume("q", lambda _: a_while(), "t")
    async with asyncio.timeout(5):
        await session.leave(Tasks())


async def test_the_first_reason_to_end_is_the_one_that_counts() -> None:
    session = Session(Channel())
    for callback in session.channel.on_consumer_cancel_callbacks:
        callback(None)
    session.end(STOPPING)
    assert await session.ended == "cancelled by the broker"
    other = Session(Channel())
    other.channel.closing.set_result(None)
    await a_while()
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
