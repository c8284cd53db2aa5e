"""What can a firm do with its own broker user, made at onboarding? Its own acts, nothing else; once gone, nothing."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, suppress
from uuid import uuid4

import aio_pika
import pytest
from aio_pika.abc import AbstractChannel
from aiormq.exceptions import AMQPConnectionError, AMQPError, ChannelAccessRefused, ChannelPreconditionFailed
from contracts.pujk import TakeOver
from contracts.topology import PUJK_ACTIONS, actions, pujk_inbox, pujk_user, reply_queue
from kit.firms import Onboarded, onboarded
from kit.outsider import send_raw
from kit.running import FIRMS, FirmSystem, Suite, eventually
from pujk_gateway.adapters.management import LIMITS

from contracts import topology

Act = Callable[[AbstractChannel, str], Awaitable[object]]
#: Another firm, which stands in its own right.
OTHER = FIRMS[0]


@pytest.fixture(scope="module")
def firm(running: Suite) -> Iterator[Onboarded]:
    with onboarded(running) as made:
        yield made


@pytest.fixture(scope="module")
async def amqp(firm: Onboarded) -> str:
    return await firm.gets_broker()


def publishing(exchange: str, key: str, user_id: str | None = None) -> Act:
    async def act(channel: AbstractChannel, code: str) -> object:
        to = await channel.get_exchange(exchange, ensure=False) if exchange else channel.default_exchange
        message = aio_pika.Message(b"{}", user_id=user_id or pujk_user(code))
        return await to.publish(message, key.format(code=code), timeout=10)

    return act


def reading(name: str) -> Act:
    async def act(channel: AbstractChannel, code: str) -> object:
        queue = await channel.get_queue(name.format(code=code), ensure=False)
        return await queue.get(fail=False, no_ack=True, timeout=10)

    return act


def declaring(name: str) -> Act:
    return lambda channel, code: channel.declare_queue(name.format(code=code), durable=True)


def binding(exchange: str, key: str) -> Act:
    async def act(channel: AbstractChannel, code: str) -> object:
        return await (await channel.get_queue(pujk_inbox(code).name, ensure=False)).bind(exchange, key)

    return act


REFUSED = {
    "the other firm's key": publishing(PUJK_ACTIONS, f"{OTHER}.take-over"),
    "the other firm's inbox": reading(pujk_inbox(OTHER).name),
    "the other firm's acts": reading(actions(OTHER).name),
    "the other firm's replies": reading(reply_queue(pujk_user(OTHER)).name),
    "its own acts, read back": reading("pujk.{code}.actions"),
    "a new queue": declaring("pujk.{code}.more"),
    "its own queue anew": declaring("pujk.{code}.inbox"),
    "facts, bound to its inbox": binding(topology.EVENTS, "#"),
    "the other firm's notices, bound to its inbox": binding(topology.PUJK, f"{OTHER}.*"),
    "the default exchange": publishing("", "pujk_gateway.inbox"),
    "the default exchange, to its own queue": publishing("", "pujk.{code}.inbox"),
    "facts": publishing(topology.EVENTS, "intake.service-registered.v1"),
    "replies": publishing(topology.REPLIES, pujk_user(OTHER)),
}


@pytest.mark.parametrize("act", REFUSED.values(), ids=REFUSED.keys())
async def test_the_broker_refuses_what_is_not_its_own(firm: Onboarded, amqp: str, act: Act) -> None:
    async with await aio_pika.connect(amqp) as connection:
        channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
        with pytest.raises(ChannelAccessRefused):
            await act(channel, firm.code)


async def test_the_broker_refuses_a_forged_sender(firm: Onboarded, amqp: str) -> None:
    async with await aio_pika.connect(amqp) as connection:
        channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
        with pytest.raises(ChannelPreconditionFailed):
            await publishing(PUJK_ACTIONS, "{code}.take-over", pujk_user(OTHER))(channel, firm.code)


async def test_a_system_that_opens_without_end_is_stopped(firm: Onboarded, amqp: str) -> None:
    async with AsyncExitStack() as stack:
        with pytest.raises(AMQPError):
            for _ in range(LIMITS["max-connections"] + 1):
                await stack.enter_async_context(await aio_pika.connect(amqp))

    async def lets_in() -> bool:
        with suppress(AMQPError):
            async with await aio_pika.connect(amqp):
                return True
        return False

    await eventually(lets_in, "it is let in again where it keeps within bounds")


def an_act(code: str) -> dict[str, bytes]:
    id_ = uuid4().hex
    event = {
        "specversion": "1.0",
        "id": id_,
        "type": TakeOver.type(),
        "source": f"/pujk/{code}",
        "subject": "5043812177304",
        "data": {"round": 1, "officer": "budi"},
    }
    return {id_: json.dumps(event).encode()}


def waiting(suite: Suite, queue: str) -> int:
    """Asked of the queue itself, since the list of queues is a second old."""
    found = suite.management(f"/queues/slkt/{queue}")
    return int(found.get("messages", 0))


async def test_its_own_acts_are_answered_and_one_without_a_sender_is_put_aside_unanswered(
    firm: Onboarded, amqp: str
) -> None:
    suite, code = firm.suite, firm.code
    headers = suite.staff("administrator")
    put = suite.http.put(f"{suite.url('pujk_gateway')}/endpoints/{code}", json={"kind": "queue"}, headers=headers)
    assert put.status_code == 200
    key, dead = f"{code}.take-over", f"{actions(code).name}.dead"
    await send_raw(amqp, PUJK_ACTIONS, key, an_act(code), TakeOver.type(), user_id=None)
    await eventually(lambda: waiting(suite, dead) == 1, "the act without a sender is in the dead letters")
    async with FirmSystem(code, amqp) as system:
        reply = await system.act(TakeOver, "5043812177304", round=1, officer="budi")
    assert (reply["status"], reply["problems"] == []) == ("refused", True), "answered: no ticket of yours"
    assert waiting(suite, reply_queue(pujk_user(code)).name) == 0, "and nothing else was"


async def test_a_new_password_ends_what_the_old_one_opened(firm: Onboarded, amqp: str) -> None:
    async with await aio_pika.connect(amqp) as connection:
        closed = asyncio.Event()
        connection.close_callbacks.add(lambda *_: closed.set())
        anew = await firm.gets_broker()
        async with asyncio.timeout(30):
            await closed.wait()
    with pytest.raises(AMQPConnectionError):
        await aio_pika.connect(amqp)
    async with await aio_pika.connect(anew):
        assert firm.broker_state() == "stands"


async def test_what_somebody_removed_at_the_broker_is_made_again(firm: Onboarded) -> None:
    """A verification is due: the same as after ten minutes."""
    suite, name = firm.suite, pujk_inbox(firm.code).name
    await firm.gets_broker()
    async with await aio_pika.connect(suite.known["amqp"]) as connection:
        await (await connection.channel()).queue_delete(name)
    suite.mongo["pujk_gateway"]["firms"].update_one({"_id": firm.code}, [{"$set": {"due_at": "$$NOW"}}])
    await eventually(lambda: suite.management(f"/queues/slkt/{name}").get("name") == name, "the inbox stands again")


async def test_off_boarding_closes_its_connection_and_leaves_nothing(running: Suite) -> None:
    with onboarded(running) as firm:
        amqp = await firm.gets_broker()
        async with await aio_pika.connect(amqp) as connection:
            closed = asyncio.Event()
            connection.close_callbacks.add(lambda *_: closed.set())
            assert firm.ask("DELETE").json()["state"] == "leaving"
            async with asyncio.timeout(30):
                await closed.wait()
        with pytest.raises(AMQPConnectionError):
            await aio_pika.connect(amqp)
        await eventually(lambda: firm.shown()["state"] == "left", "nothing of it is left")
        names = {queue["name"] for queue in running.management("/queues/slkt")}
        assert names.isdisjoint({queue.name for queue in topology.firm(firm.code).queues})
        assert "error" in running.management(f"/users/{pujk_user(firm.code)}")
