"""One way to publish: persistent, mandatory, confirmed, in time; one message that goes wrong harms no other."""

import asyncio
from dataclasses import replace
from time import monotonic
from typing import Any

import pytest
from chassis.confirms import PublishFailed
from chassis.messaging import Link, Publisher
from kit.ground import Ground, a_number, pong, together
from kit.pings import HearPong, message_router
from kit.proxy import proxied
from kit.running import eventually

from chassis import messaging


async def publish(publisher: Publisher, exchange: str = "t.dead", key: str = "ping.inbox", **but: Any) -> None:
    given: dict[str, Any] = {"message_id": "m-1", "type": "t", "content_type": "text/plain"} | but
    await publisher.publish(exchange, key, given.pop("body", b"hello"), **given)


async def test_a_message_is_persistent_named_and_says_its_user(ground: Ground) -> None:
    await publish(ground.publisher, with_user=True, correlation_id="c", headers={"x": 1})
    message = await ground.take("ping.inbox.dead")
    assert (message.delivery_mode, message.message_id, message.type, message.app_id) == (2, "m-1", "t", "ping")
    assert (message.user_id, message.correlation_id, message.headers["x"]) == ("ping", "c", 1)


async def test_an_unroutable_message_raises_and_is_this_messages_fault(ground: Ground) -> None:
    with pytest.raises(PublishFailed) as failed:
        await publish(ground.publisher, key="nobody.listens")
    assert failed.value.alone
    await publish(ground.publisher, key="nobody.listens", mandatory=False)


async def test_a_message_that_fits_no_frame_is_its_own_fault(ground: Ground) -> None:
    for but in ({"key": "k" * 300}, {"headers": {"x": object()}}, {"correlation_id": "ü" * 200}):
        with pytest.raises(PublishFailed) as failed:
            await publish(ground.publisher, **but)
        assert failed.value.alone, but
    await publish(ground.publisher)


async def test_a_missing_exchange_is_nobodys_fault_and_the_next_message_goes(ground: Ground) -> None:
    with pytest.raises(PublishFailed) as failed:
        await publish(ground.publisher, exchange="t.missing")
    assert not failed.value.alone and not failed.value.perhaps
    await publish(ground.publisher)
    assert await ground.waits_in("ping.inbox.dead") == 1


async def test_a_bad_publish_disturbs_no_consumer_on_its_connection(ground: Ground) -> None:
    pings, number, link = ground.repository(), a_number(), ground.link("ping")
    publisher = Publisher(link, app_id="ping")
    inbox = message_router(HearPong(pings))
    async with ground.reading(inbox, link=link) as consumer:
        await eventually(lambda: consumer.live, "the queue is read")
        session = consumer._session
        await ground.say(pong(number, 1))
        results = await together(*(publish(publisher, exchange="t.missing") for _ in range(5)))
        assert all(isinstance(result, PublishFailed) for result in results)
        await ground.say(pong(number, 2))

        async def both() -> bool:
            return bool((await ground.matter(number)).get("state", {}).get("count") == 2)

        await eventually(both, "both pongs are counted")
        assert consumer._session is session and consumer.live


async def test_a_frozen_connection_does_not_hang_a_publish(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messaging, "PUBLISH_SECONDS", 1)
    async with proxied(ground.url("ping")) as (wire, url):
        link = Link(url, "frozen")
        publisher = Publisher(link, app_id="ping")
        await publish(publisher)
        assert await link.answers()
        wire.freeze()
        began = monotonic()
        results = await together(*(publish(publisher) for _ in range(20)))
        assert monotonic() - began < 5
        assert all(isinstance(r, PublishFailed) and not r.alone and not r.perhaps for r in results)
        # It still looks alive; only asking tells.
        assert link.alive
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1):
                await link.answers()
        wire.thaw()
        await publish(publisher)
        await link.close()


async def test_a_cut_connection_fails_what_is_under_way_and_comes_back(ground: Ground) -> None:
    async with proxied(ground.url("ping")) as (wire, url):
        link = Link(url, "cut")
        publisher = Publisher(link, app_id="ping")
        await publish(publisher)
        wire.freeze()
        under_way = [asyncio.create_task(publish(publisher)) for _ in range(5)]
        done, _ = await asyncio.wait(under_way, timeout=0.2)
        assert not done
        wire.cut()
        wire.thaw()
        results = await together(*under_way)
        # Whatever aiormq raises for these, a cancellation or a bare Exception, it is a publish that failed.
        assert {type(result) for result in results} == {PublishFailed}
        assert not any(r.alone for r in results)
        await eventually(lambda: not link.alive, "the link sees that it was cut")
        await publish(publisher)
        await link.close()


async def test_a_cancellation_that_was_asked_for_stays_one(ground: Ground) -> None:
    async with proxied(ground.url("ping")) as (wire, url):
        link = Link(url, "cancelled")
        publisher = Publisher(link, app_id="ping")
        await publish(publisher)
        wire.freeze()
        task = asyncio.create_task(publish(publisher))
        await asyncio.wait([task], timeout=0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        wire.thaw()
        await link.close()


async def test_a_cancellation_nobody_asked_for_is_a_failed_publish() -> None:
    class Frozen:
        closed = False

        async def drain(self) -> None:
            raise asyncio.CancelledError

    publisher = Publisher(Link("amqp://nowhere", "x"), app_id="x")
    publisher._port = Frozen()  # type: ignore[assignment]
    with pytest.raises(PublishFailed) as failed:
        await publish(publisher)
    assert not failed.value.alone


async def test_a_link_that_is_kept_comes_back_without_anybody_asking(ground: Ground) -> None:
    async with proxied(ground.url("ping")) as (wire, url):
        link = Link(url, "kept")
        keeping = asyncio.create_task(link.keep())
        await eventually(lambda: link.alive, "the link connects by itself")
        wire.cut()
        await eventually(lambda: not link.alive, "the link sees the cut")
        await eventually(lambda: link.alive, "the link comes back by itself")
        keeping.cancel()
        await together(keeping)
        await link.close()


async def test_a_fact_whose_key_is_forbidden_holds_up_no_other(ground: Ground) -> None:
    """Two owners' facts on one channel, one of which may not be said: the broker closes the channel over it."""
    rights = {"exchange": "t.events", "write": "^ping[.]pinged", "read": ".*"}
    await ground.management("PUT", f"/topic-permissions/{ground.vhost}/ping", json=rights)
    try:
        pings = ground.repository()
        forbidden = ground.repository(collection="forbidden")
        forbidden.sayer._outgoing = lambda e: replace(pings.sayer._outgoing(e), key="ping.forbidden.v1")  # type: ignore[method-assign,assignment]
        numbers = [a_number() for _ in range(60)]
        await together(
            *(pings.change(pong(number), lambda p: p.ponged()) for number in numbers[:30]),
            forbidden.change(pong(a_number()), lambda p: p.ponged()),
            *(pings.change(pong(number), lambda p: p.ponged()) for number in numbers[30:]),
        )
        assert await ground.database["pings"].count_documents({"unsent.0": {"$exists": True}}) == 0
        assert await ground.database["forbidden"].count_documents({"unsent.0": {"$exists": True}}) == 1
        assert len(numbers) == await ground.database["facts"].count_documents({})
    finally:
        await ground.management("DELETE", f"/topic-permissions/{ground.vhost}/ping")
