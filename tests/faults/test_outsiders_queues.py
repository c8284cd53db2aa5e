"""Does an outsider whose queue is gone, full or elsewhere delay nobody, and get everything when it is mended?"""

import json
from uuid import uuid4

import aio_pika
import pytest
from contracts.broker import Binding, Queue
from contracts.channel import Submission
from contracts.pujk import TakeOver
from contracts.topology import PUJK, SUBMISSIONS, channel, firm, pujk_inbox
from kit.outsider import send_raw
from kit.running import eventually
from kit.shaken import Shaken, a_sender
from kit.steadfast import SteadfastFirm
from kit.story import Story
from slkt.sending import ChannelSender, DoorKey

OLD_NOTICE = b'{"data": {"number": "", "notice": "not-read-for-long", "round": 1}}'
SECOND = {"name": "BANK MANDIRI"}


async def test_a_reply_queue_that_is_gone_holds_up_nothing_and_the_same_key_is_answered_later(suite: Shaken) -> None:
    reply_queues = [one for one in (*channel("mobile").queues, *firm("BANK-008").queues) if "reply." in one.name]
    assert len(reply_queues) == 2
    mobile = suite.known["credentials"]["channels"]["mobile"]["amqp"]
    door = DoorKey(suite.http.get(f"{suite.url('intake')}/door-key").json())
    key, (_, data) = uuid4().hex, a_sender()
    data["pujk"] = SECOND
    number, act = suite.drawn("mobile", key), uuid4().hex
    event = {"specversion": "1.0", "id": key, "type": Submission.type(), "source": "/channel/mobile"}
    body = json.dumps(event | {"data": door.sealed(data)}).encode()
    async with suite.steadfast("BANK-008") as second:
        for queue in reply_queues:
            await suite.operator.delete(queue.name)
        try:
            await send_raw(mobile, SUBMISSIONS, "submission.mobile", {key: body}, Submission.type())
            await second.notice(number, "ticket-routed")
            await second.send(TakeOver, number, id_=act, round=1, officer="dina")
            await suite.said(number, "pujk_gateway.ticket-taken-over")
            await suite.whole()
        finally:
            await suite.operator.make(*reply_queues)
    async with ChannelSender(mobile, "mobile", door) as sender, suite.steadfast("BANK-008") as second:
        assert (await sender.submit(key, data))["number"] == number
        reply = await second.act(TakeOver, number, id_=act, round=1, officer="dina")
        assert (reply["status"], reply["state"]) == ("done", "in-handling")
    await suite.whole()


async def test_a_reply_goes_to_the_senders_own_queue_whatever_reply_to_says(suite: Shaken) -> None:
    elsewhere = pujk_inbox("BANK-008").name
    async with suite.steadfast("BANK-002") as first:
        story = await Story(suite, first).brought()
        await first.notice(story.number, "ticket-routed")
        before = await suite.operator.depth(elsewhere)
        taken = await first.act(TakeOver, story.number, reply_to=elsewhere, round=1, officer="dina")
        assert taken["status"] == "done"
        async with await aio_pika.connect(suite.known["credentials"]["pujk"]["BANK-002"]["amqp"]) as connection:
            direct = await connection.channel()
            pseudo = await direct.get_queue("amq.rabbitmq.reply-to", ensure=False)
            came: list[object] = []
            await pseudo.consume(came.append, no_ack=True)  # type: ignore[arg-type]
            again = await first.act(
                TakeOver, story.number, channel=direct, reply_to="amq.rabbitmq.reply-to", round=1, officer="budi"
            )
            assert again["status"] == "done"
            await suite.whole()
            assert came == []
        assert await suite.operator.depth(elsewhere) == before


@pytest.mark.long
async def test_a_firm_whose_queue_is_missing_gets_everything_later_and_delays_nobody(suite: Shaken) -> None:
    inbox = pujk_inbox("BANK-008")
    await suite.operator.delete(inbox.name)
    async with suite.steadfast("BANK-002") as first:
        try:
            waiting = [await Story(suite, first).brought_to(SECOND) for _ in range(3)]
            others = [await Story(suite, first).brought() for _ in range(3)]
            await _all_told(first, others)
            await _tried(suite, waiting)
        finally:
            await suite.operator.make(inbox)
        async with suite.steadfast("BANK-008") as second:
            await _all_told(second, waiting)
            await suite.whole()
            assert all(second.told(one.number) == [("ticket-routed", 1)] for one in waiting)


@pytest.mark.long
async def test_a_firm_whose_queue_is_full_gets_everything_later_and_delays_nobody(suite: Shaken) -> None:
    inbox = pujk_inbox("BANK-008")
    await suite.operator.delete(inbox.name)
    await suite.operator.make(Queue(inbox.name, (Binding(PUJK, "BANK-008.*"),), max_length=10))
    await suite.operator.fill(inbox.name, OLD_NOTICE)
    try:
        async with suite.steadfast("BANK-002") as first:
            waiting = [await Story(suite, first).brought_to(SECOND) for _ in range(3)]
            others = [await Story(suite, first).brought() for _ in range(3)]
            await _all_told(first, others)
            await _tried(suite, waiting)
            async with suite.steadfast("BANK-008") as second:
                await _all_told(second, waiting)
                await suite.whole()
                assert all(second.told(one.number) == [("ticket-routed", 1)] for one in waiting)
    finally:
        await suite.operator.delete(inbox.name)
        await suite.operator.make(inbox)


async def _all_told(system: SteadfastFirm, stories: list[Story]) -> None:
    for one in stories:
        await system.notice(one.number, "ticket-routed")


def _failures(suite: Shaken, stories: list[Story]) -> list[str]:
    documents = [suite.document("pujk_gateway", one.number).get("state", {}) for one in stories]
    return [one["failure"] for state in documents for one in state.get("deliveries", []) if one["failure"]]


async def _tried(suite: Shaken, stories: list[Story]) -> None:
    """One of them finds out for all."""
    await eventually(lambda: "queue missing or full" in _failures(suite, stories), "the firm's queue was tried")
