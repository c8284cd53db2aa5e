"""A message is buried as its readers' death only where readers died of it: not for being given back, however often."""

import json
from base64 import b64decode
from typing import Any

import pytest
from aio_pika.abc import AbstractIncomingMessage
from chassis.consuming import CAREFUL_FROM
from chassis.delivered import Delivered
from chassis.letters import KEPT_TYPE
from chassis.messages import Act
from chassis.refusals import Unavailable
from chassis.trials import DEATHS_MOST, Trials
from contracts.base import Event
from kit.ground import Ground, a_number, an_ask, pong
from kit.pings import ASKS, INBOX, VAULT, Ask, CountAsk, HearPong, Ping, Ponged, ask_router, message_router
from kit.running import eventually

from chassis import consuming, patience

#: More than the broker itself would bear.
OFTEN = 30


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes minutes of a database away passes in milliseconds."""
    monkeypatch.setattr(patience, "WAIT_OUT_SECONDS", 0.0)
    monkeypatch.setattr(consuming, "RESTART_SECONDS", 0.05)


class Away:
    """What it needs comes back after so many tries."""

    def __init__(self, then: Any) -> None:
        self.tries = 0
        self._then = then

    async def __call__(self, *said: Any) -> Any:
        self.tries += 1
        if self.tries <= OFTEN:
            raise Unavailable("away")
        return await self._then(*said)


async def given_back(ground: Ground, queue: str, times: int) -> AbstractIncomingMessage:
    """The only message of a queue, as those who read it before left it."""
    message: AbstractIncomingMessage | None = None
    for _ in range(times):
        channel = await ground._channel("operator")
        found = await (await channel.get_queue(queue, ensure=False)).get(timeout=5, fail=True)
        message = message or found
        await channel.close()
    assert message is not None
    return message


def suspect(queue: str, message: AbstractIncomingMessage) -> str:
    told = Delivered(1, message.body, "", "", message.message_id or "", "", None, None, {}, True)
    return Trials.of(queue, told)


async def dies(ground: Ground, name: str) -> int:
    """Another process began with it and was never heard of again; what it knew of earlier ones."""
    return await Trials(ground.database, ground.clock).begin(name)


async def test_an_ask_that_is_given_back_thirty_times_is_answered_once(ground: Ground, soon: None) -> None:
    number, away = a_number(), Away(CountAsk(ground.repository()))
    await ground.send(
        "t.asks", "ask.a", an_ask(number, "k"), Ask.type(), user="outsider-a", user_id="outsider-a", correlation_id="c"
    )
    async with ground.reading(ask_router(away)) as consumer:  # type: ignore[arg-type]
        reply = await eventually(lambda: ground.take("reply.outsider-a"), "the ask is answered", 90)
        assert consumer._surround._outside
        await consumer._surround._outside.close()
    assert away.tries == OFTEN + 1
    assert (json.loads(reply.body), reply.correlation_id) == ({"count": 1}, "c")
    assert await ground.take("reply.outsider-a") is None
    assert await ground.dead(ASKS.name) == []
    assert await ground.database["trials"].count_documents({"begun": {"$gt": 1}}) == 0, "nobody died of it"


async def test_a_fact_that_is_given_back_thirty_times_is_heard_once(ground: Ground, soon: None) -> None:
    number, away = a_number(), Away(HearPong(ground.repository()))
    await ground.say(pong(number))
    async with ground.reading(message_router(away)):
        await eventually(lambda: ground.facts(number), "the fact is heard", 90)
    assert (await ground.matter(number))["state"]["count"] == 1
    assert await ground.dead(INBOX.name) == []


async def test_what_readers_died_of_is_buried_and_sealed_once(ground: Ground) -> None:
    body, handled = an_ask(a_number(), "k"), list[Act]()
    await ground.send("t.asks", "ask.a", body, Ask.type(), user="outsider-a", user_id="outsider-a", message_id="m")
    name = suspect(ASKS.name, await given_back(ground, ASKS.name, CAREFUL_FROM))
    assert [await dies(ground, name) for _ in range(DEATHS_MOST)] == [*range(DEATHS_MOST)]

    async def count(act: Act, note: str) -> Ping:
        handled.append(act)
        return Ping(act.subject)

    async with ground.reading(ask_router(count)):  # type: ignore[arg-type]
        [letter] = await eventually(lambda: ground.dead(ASKS.name), "it is buried")
    assert handled == []
    assert (letter.headers["x-slkt-reason"], letter.headers["x-slkt-sender"]) == ("kills-its-reader", "outsider-a")
    assert letter.content_type == KEPT_TYPE and VAULT.open(b64decode(letter.body)) == body
    assert await ground.database["trials"].count_documents({}) == 0


async def test_a_reader_that_lives_clears_the_suspect(ground: Ground) -> None:
    number, handled = a_number(), list[int]()
    await ground.say(pong(number))
    name = suspect(INBOX.name, await given_back(ground, INBOX.name, CAREFUL_FROM))
    for _ in range(DEATHS_MOST - 1):
        await dies(ground, name)

    async def handler(event: Event[Ponged]) -> None:
        handled.append(await ground.database["trials"].count_documents({"begun": DEATHS_MOST}))

    async with ground.reading(message_router(handler)):
        await eventually(lambda: handled, "it is read once more")
    assert handled == [1], "its reader has written down that it begins"
    assert await ground.database["trials"].count_documents({}) == 0
    assert await ground.dead(INBOX.name) == []


async def test_whoever_begins_again_did_not_die(ground: Ground) -> None:
    reader = Trials(ground.database, ground.clock)
    assert [await reader.begin("q:m") for _ in range(4)] == [0, 0, 0, 0]
    assert await dies(ground, "q:m") == 1
    assert await reader.begin("q:m") == 1, "the other died, this one did not"
    await reader.over("q:m")
    assert await dies(ground, "q:m") == 0
