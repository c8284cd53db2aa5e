"""Trouble of database and broker is waited out: nothing is lost, nothing is doubled, nobody has to be told."""

import asyncio
import logging
from typing import Any

import pytest
from chassis.health import Health
from chassis.relay import Relay
from contracts.base import Event
from kit.ground import Ground, a_number, pong
from kit.pings import INBOX, HearPong, Ponged, message_router
from kit.proxy import proxied
from kit.running import eventually

from chassis import consuming, metrics, patience


async def counted(ground: Ground, numbers: list[str]) -> bool:
    wanted = {"_id": {"$in": numbers}, "state.count": 1, "version": 1}
    return bool(await ground.database["pings"].count_documents(wanted) == len(numbers))


@pytest.mark.parametrize(
    "failure",
    [{"errorCode": 262}, {"closeConnection": True}, {"writeConcernError": {"code": 64, "errmsg": "slow"}}],
    ids=["too slow", "cut off", "write concern"],
)
async def test_passing_trouble_of_the_database_is_waited_out_in_place(ground: Ground, failure: dict[str, Any]) -> None:
    numbers, runs, done = [a_number() for _ in range(10)], list[str](), set[str]()
    pings = ground.repository()

    async def handler(event: Event[Ponged]) -> None:
        runs.append(event.id)
        await HearPong(pings)(event)
        done.add(event.subject)

    fails = {"failCommands": ["insert", "update"], "namespace": f"{ground.name}.pings"} | failure
    async with ground.reading(message_router(handler)):
        with ground.failing("failCommand", {"times": 5}, **fails):
            await ground.say(*(pong(number, 1) for number in numbers))
            # A write whose concern failed can be read, and is tried again all the same.
            await eventually(lambda: done == set(numbers), "every message is handled")
    assert await counted(ground, numbers), "every matter is written once"
    assert len(runs) > 10, "the failpoint did not bite"
    assert await ground.dead(INBOX.name) == []
    assert await ground.waits_in(INBOX.name) == 0


async def test_a_frozen_database_delays_and_loses_nothing(ground: Ground) -> None:
    numbers, pings = [a_number() for _ in range(20)], ground.repository()
    async with ground.reading(message_router(HearPong(pings))) as consumer:
        await eventually(lambda: consumer.live, "the queue is read")
        health = Health(ground.database, [ground.links[0]], [Relay(pings)], 60)
        ground.mongod.freeze()
        try:
            await ground.say(*(pong(number, 1) for number in numbers))
            assert any("database does not answer" in trouble for trouble in await health.troubles())
        finally:
            ground.mongod.thaw()
        await eventually(lambda: counted(ground, numbers), "every matter is written when the database goes on")

        async def healthy() -> bool:
            return await health.troubles() == []

        # The link is opened by the first who says something, and that may be now.
        await eventually(healthy, "nothing is amiss any more")
    assert await ground.dead(INBOX.name) == []


async def test_what_lasts_too_long_stops_the_reader_until_the_database_answers(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "WAIT_OUT_SECONDS", 0.3)
    number, pings, asked = a_number(), ground.repository(), list[int]()

    async def healthy() -> None:
        asked.append(1)
        if len(asked) < 3:
            raise ConnectionError

    fails = {"failCommands": ["insert"], "namespace": f"{ground.name}.pings", "errorCode": 262}
    async with ground.reading(message_router(HearPong(pings)), healthy=healthy) as consumer:
        with ground.failing("failCommand", "alwaysOn", **fails):
            await ground.say(pong(number, 1))
            await eventually(lambda: asked, "the reader asks whether the database answers")
            assert not consumer.live
        await eventually(lambda: counted(ground, [number]), "the message is handled in the end")
    assert len(asked) >= 3
    assert await ground.dead(INBOX.name) == []


async def test_a_queue_deleted_under_its_reader_is_made_again_and_that_is_told(
    ground: Ground, caplog: pytest.LogCaptureFixture
) -> None:
    number, pings = a_number(), ground.repository()
    before = metrics.QUEUE_RECREATED.labels(INBOX.name)._value.get()
    failures = 1

    async def recreate() -> None:
        nonlocal failures
        if failures:
            failures -= 1
            raise RuntimeError("the broker holds it with other arguments")
        await ground.mend()

    with caplog.at_level(logging.ERROR):
        async with ground.reading(message_router(HearPong(pings)), recreate=recreate) as consumer:
            await eventually(lambda: consumer.live, "the queue is read")
            await (await ground._channel("operator")).queue_delete(INBOX.name)
            await eventually(lambda: not consumer.live, "the reader sees that its queue is gone")
            await eventually(lambda: consumer.live, "the queue is made again, at the second try, and read")
            await ground.say(pong(number, 1))
            await eventually(lambda: counted(ground, [number]), "what is said now is heard")
    assert [r for r in caplog.records if r.getMessage().startswith("queue_recreated")]
    assert metrics.QUEUE_RECREATED.labels(INBOX.name)._value.get() == before + 1


async def test_a_frozen_wire_is_told_by_readiness_and_reading_goes_on_after_it(ground: Ground) -> None:
    numbers, pings = [a_number() for _ in range(2)], ground.repository()
    async with proxied(ground.url("ping")) as (wire, url):
        link = ground.link("ping", url)
        async with ground.reading(message_router(HearPong(pings)), link=link) as consumer:
            await eventually(lambda: consumer.live, "the queue is read")
            health = Health(ground.database, [link], [Relay(pings)], 60, consumers=[consumer])
            await ground.say(pong(numbers[0], 1))
            await eventually(lambda: counted(ground, numbers[:1]), "it reads")
            assert await health.troubles() == []
            wire.freeze()
            # The connection is open and the consumer is registered: only asking tells.
            assert await health.troubles() == ["broker does not answer"]
            await ground.say(pong(numbers[1], 1))
            wire.cut()
            await eventually(lambda: not consumer.live, "the reader sees the cut")
            assert "queue ping.inbox is not read" in await health.troubles()
            wire.thaw()
            await eventually(lambda: counted(ground, numbers), "it reads again by itself")
            assert await health.troubles() == []


async def test_a_broker_that_goes_away_and_comes_back_finds_its_readers_again(ground: Ground) -> None:
    numbers, pings = [a_number() for _ in range(30)], ground.repository(lease_seconds=1.0)
    relay = asyncio.create_task(Relay(pings).run())
    try:
        async with ground.reading(message_router(HearPong(pings)), prefetch=5) as consumer:
            await eventually(lambda: consumer.live, "the queue is read")
            await ground.say(*(pong(number, 1) for number in numbers))
            await asyncio.get_running_loop().run_in_executor(None, ground.broker.restart)
            await eventually(lambda: consumer.live, "the queue is read again")
            await eventually(lambda: counted(ground, numbers), "everything is handled")

            async def moved() -> bool:
                return bool(await ground.database["facts"].count_documents({}) == len(numbers))

            await eventually(moved, "every fact is said and moved, once")
    finally:
        relay.cancel()
    assert await ground.dead(INBOX.name) == []


async def test_no_error_of_a_session_ends_the_reader(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consuming, "RESTART_SECONDS", 0.05)
    number, pings = a_number(), ground.repository()
    link = ground.link("ping")
    errors = [KeyError("channel"), asyncio.CancelledError(), Exception(), ValueError("frame"), TimeoutError()]
    real = link.channel

    async def channel(*, confirms: bool) -> Any:
        if errors:
            raise errors.pop()
        return await real(confirms=confirms)

    link.channel = channel  # type: ignore[method-assign]
    async with ground.reading(message_router(HearPong(pings)), link=link):
        await ground.say(pong(number, 1))
        await eventually(lambda: counted(ground, [number]), "it reads after every error")
    assert errors == []
