"""Every message is handled once or put aside with its reason, and acknowledged last."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from chassis.acking import Acker
from chassis.inbox import Inbox
from chassis.refusals import NotYetKnown, Unavailable
from contracts.base import Event
from kit.ground import Ground, a_number, body_of, pong
from kit.pings import INBOX, HearPong, Ponged, TooShy, message_router
from kit.running import eventually

from chassis import consuming, metrics, patience

Handler = Callable[[Event[Ponged]], Awaitable[None]]


async def emptied(ground: Ground, queue: str = INBOX.name) -> None:
    async def empty() -> bool:
        return await ground.waits_in(queue) == 0

    await eventually(empty, f"nothing waits in {queue}", 20)


class Gate:
    """A handler that waits until it is let through."""

    def __init__(self, then: Handler | None = None) -> None:
        self.open = asyncio.Event()
        self.entered: list[str] = []
        self._then = then

    async def __call__(self, event: Event[Ponged]) -> None:
        self.entered.append(event.data.text)
        await self.open.wait()
        if self._then:
            await self._then(event)


async def test_a_message_is_acknowledged_last_and_comes_back_if_its_reader_goes_before(ground: Ground) -> None:
    gate, number = Gate(), a_number()
    link = ground.link("ping")
    before = repeated()
    async with ground.reading(message_router(gate), link=link):
        await ground.say(pong(number, 1))
        await eventually(lambda: gate.entered, "the handler is at work")
        connection = await link.connection()
        await connection.close()
        gate.open.set()
        await eventually(lambda: repeated() > before, "it is delivered again, and known")
        assert len(gate.entered) == 1
    await emptied(ground)


def repeated() -> float:
    """Second deliveries of what was applied, so far."""
    return float(metrics.MESSAGES.labels(INBOX.name, "repeated")._value.get())


async def test_what_is_done_is_acknowledged_and_what_is_not_comes_back(ground: Ground) -> None:
    """Acknowledging many at once must not take along one that is still under way."""
    waiting, seen = asyncio.Event(), list[str]()

    async def handler(event: Event[Ponged]) -> None:
        seen.append(event.data.text)
        if event.data.text == "7":
            await waiting.wait()
            raise Unavailable

    consumer_gone = False
    async with ground.reading(message_router(handler)) as consumer:
        await ground.say(*(pong(a_number(), 1, text=str(i)) for i in range(20)))
        await eventually(lambda: len(seen) >= 20, "all are delivered")
        waiting.set()
        consumer._surround.stop()
        await eventually(lambda: not consumer.live, "the reader gives up for now")
        consumer_gone = True
    assert consumer_gone
    left = [await ground.take(INBOX.name) for _ in range(2)]
    assert [b'"text":"7"' in m.body if m else None for m in left] == [True, None]


class Frames:
    """What a broker hears: acknowledgements as (tag, multiple); strict about tags it does not know."""

    def __init__(self, delivered: int) -> None:
        self.open = set(range(1, delivered + 1))

    def ack(self, tag: int, *, multiple: bool = False) -> None:
        acked = {one for one in self.open if one <= tag} if multiple else {tag}
        assert tag in self.open, f"the broker closes the channel: {tag} is unknown"
        self.open -= acked


@pytest.mark.parametrize("order", [[1, 2, 3, 4, 5], [5, 4, 3, 2, 1], [2, 4, 5, 1, 3], [3, 1, 5]])
async def test_acknowledgements_leave_exactly_what_is_open(order: list[int]) -> None:
    frames = Frames(5)
    acker = Acker(frames)  # type: ignore[arg-type]
    for tag in range(1, 6):
        acker.delivered(tag)
    for place, tag in enumerate(order, 1):
        acker.done(tag)
        if place % 2:
            acker.flush()
            assert frames.open == set(range(1, 6)) - set(order[:place])
    acker.flush()
    assert frames.open == set(range(1, 6)) - set(order)


async def test_each_kind_of_poison_is_put_aside_with_its_reason_and_blocks_nobody(ground: Ground) -> None:
    pings, good = ground.repository(), a_number()

    async def handler(event: Event[Ponged]) -> None:
        if event.data.text == "defect":
            raise ValueError("a secret of somebody")
        await pings.change(event, lambda ping: ping.ponged(event.data.text))

    wrong_owner = pong(a_number()).model_copy(update={"source": "/slkt/ping"})
    sent: dict[str, tuple[bytes, str | None]] = {
        "bad-json": (b"{no json", Ponged.type()),
        "wrong-schema": (b'{"type": "slkt.pong.ponged.v1"}', Ponged.type()),
        "unknown-type": (body_of(pong(a_number())), "slkt.pong.unheard.v1"),
        "defect:ValueError": (body_of(pong(a_number(), text="defect")), Ponged.type()),
        "too-shy": (body_of(pong(a_number(), text="shy")), Ponged.type()),
        "too-large": (body_of(pong(a_number(), text="x" * 300_000)), Ponged.type()),
        "not-its-owner": (body_of(wrong_owner), Ponged.type()),
    }
    for body, type_ in sent.values():
        await ground.send("t.events", Ponged.key, body, type_)
    await ground.say(pong(good, 1))
    async with ground.reading(message_router(handler)):
        await emptied(ground)
    assert (await ground.matter(good))["state"]["count"] == 1
    letters = {m.headers["x-slkt-reason"]: m for m in await ground.dead(INBOX.name)}
    assert set(letters) == set(sent)
    for reason, letter in letters.items():
        assert letter.body == sent[reason][0]
        assert (letter.headers["x-slkt-queue"], letter.headers["x-slkt-service"]) == (INBOX.name, "ping")
        assert letter.headers["x-slkt-attempt"] == 0 and letter.user_id == "ping"


async def test_a_message_too_early_waits_in_each_room_and_is_put_aside_at_last(ground: Ground) -> None:
    attempts: list[int] = []

    async def handler(event: Event[Ponged]) -> None:
        attempts.append(1)
        raise NotYetKnown("not here yet")

    async with ground.reading(message_router(handler)):
        await ground.say(pong(a_number(), 1))
        await eventually(lambda: len(attempts) == 4, "three rooms and the first try")
        [letter] = await eventually(lambda: ground.dead(INBOX.name), "it is put aside")
    assert (letter.headers["x-slkt-reason"], letter.headers["x-slkt-attempt"]) == ("not-yet-known", 3)


async def test_a_message_that_is_known_at_its_second_try_is_handled_once(ground: Ground) -> None:
    pings, number, tries = ground.repository(), a_number(), list[int]()

    async def handler(event: Event[Ponged]) -> None:
        tries.append(1)
        if len(tries) == 1:
            raise NotYetKnown
        await HearPong(pings)(event)

    async with ground.reading(message_router(handler)):
        await ground.say(pong(number, 1))
        await eventually(lambda: ground.facts(number), "it is handled when it comes back")
    assert (await ground.matter(number))["state"]["count"] == 1
    assert await ground.dead(INBOX.name) == []


async def test_a_header_that_is_no_number_stops_nothing(ground: Ground) -> None:
    pings, number = ground.repository(), a_number()
    headers: dict[str, Any] = {"x-delivery-count": "many", "x-slkt-attempt": "many"}
    await ground.send("t.events", Ponged.key, body_of(pong(number)), Ponged.type(), headers=headers)
    await ground.send("t.events", Ponged.key, b"{", Ponged.type(), headers=headers)
    async with ground.reading(message_router(HearPong(pings))):
        await emptied(ground)
    assert (await ground.matter(number))["state"]["count"] == 1
    assert len(await ground.dead(INBOX.name)) == 1


async def test_a_clean_stop_lets_handlers_finish_and_takes_nothing_new(ground: Ground) -> None:
    pings, numbers = ground.repository(), [a_number() for _ in range(40)]
    gate = Gate(HearPong(pings))
    await ground.say(*(pong(number, 1, text=str(i)) for i, number in enumerate(numbers)))
    async with ground.reading(message_router(gate), prefetch=10) as consumer:
        await eventually(lambda: len(gate.entered) >= 10, "ten handlers are at work")
        stopping = asyncio.create_task(consumer.stop())
        await asyncio.wait([stopping], timeout=0.2)
        assert not stopping.done(), "it waits for the handlers"
        gate.open.set()
        await stopping
        handled = len(gate.entered)
        assert handled < 40, "it went on reading while it stopped"
    await pings.close()
    assert await ground.database["pings"].count_documents({}) == handled
    assert await ground.waits_in(INBOX.name) == 40 - handled, "what was handled is acknowledged, the rest is there"


async def test_too_many_dead_letters_rest_the_queue_and_are_told(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consuming, "DEAD_MOST", 5)
    monkeypatch.setattr(consuming, "PAUSE_SECONDS", 1.0)

    async def handler(event: Event[Ponged]) -> None:
        raise TooShy

    async with ground.reading(message_router(handler), prefetch=2) as consumer:
        await eventually(lambda: consumer.live, "the queue is read")
        await ground.say(*(pong(a_number(), 1) for _ in range(30)))
        await eventually(lambda: not consumer.live, "the queue rests")
        aside = len(await ground.dead(INBOX.name))
        assert 5 < aside < 12
        await eventually(lambda: consumer.live, "it is read again after a while")


async def test_putting_aside_that_fails_keeps_the_message(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "WAIT_OUT_SECONDS", 0.5)
    channel = await ground._channel("operator")
    await channel.queue_delete(f"{INBOX.name}.dead")
    try:
        async with ground.reading(message_router(Gate())) as consumer:
            await ground.send("t.events", Ponged.key, b"{", Ponged.type())
            await eventually(lambda: consumer.live, "the queue is read")
            await eventually(lambda: not consumer.live, "the reader gives the message back")
    finally:
        await ground.mend()
    async with ground.reading(message_router(Gate())):
        [letter] = await eventually(lambda: ground.dead(INBOX.name), "it is put aside now")
    assert letter.headers["x-slkt-reason"] == "bad-json"


def test_an_inbox_is_one_line_a_fact() -> None:
    inbox = message_router(Gate())
    assert isinstance(inbox, Inbox) and list(inbox.heard) == [Ponged.type()]
