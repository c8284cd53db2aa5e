"""Nobody reaches another's queues, keys or database: the servers themselves refuse, whatever a program tries."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import aio_pika
import httpx
import pytest
from aio_pika.abc import AbstractChannel
from aiormq.exceptions import ChannelAccessRefused, ChannelClosed, ChannelPreconditionFailed
from chassis.topology import declare
from contracts.broker import Topology
from kit.servers import Suite
from pymongo import MongoClient
from pymongo.errors import OperationFailure
from slkt_local.accounts import add_firm, declare_accounts
from slkt_local.permissions import CHANNEL_LIMITS

from contracts import topology

UNAUTHORIZED = 13

Act = Callable[[AbstractChannel], Awaitable[object]]


@asynccontextmanager
async def channel_of(url: str) -> AsyncIterator[AbstractChannel]:
    async with await aio_pika.connect(url) as connection:
        yield await connection.channel(publisher_confirms=True, on_return_raises=True)


def publishing(exchange: str, key: str, user_id: str | None = None) -> Act:
    async def act(channel: AbstractChannel) -> object:
        to = channel.default_exchange if exchange == "" else await channel.get_exchange(exchange, ensure=False)
        return await to.publish(aio_pika.Message(b"{}", user_id=user_id), key, timeout=10)

    return act


def declaring(name: str) -> Act:
    return lambda channel: channel.declare_queue(name, durable=True)


def reading(name: str) -> Act:
    async def act(channel: AbstractChannel) -> object:
        queue = await channel.get_queue(name, ensure=False)
        return await queue.get(fail=False, no_ack=True, timeout=10)

    return act


def binding(name: str, exchange: str, key: str) -> Act:
    async def act(channel: AbstractChannel) -> object:
        return await (await channel.get_queue(name, ensure=False)).bind(exchange, key)

    return act


def url_of(suite: Suite, user: str) -> str:
    accounts = suite.accounts
    kind, _, name = user.partition(":")
    return {"service": accounts.service_amqp, "channel": accounts.channel_amqp, "firm": accounts.firm_amqp}[kind][name]


@pytest.mark.parametrize(
    ("user", "act"),
    [
        ("channel:web", publishing("slkt.submissions", "submission.phone")),
        ("channel:web", publishing("slkt.submissions", "submission.web.more")),
        ("channel:web", publishing("", "intake.inbox")),
        ("channel:web", publishing("", "reply.channel-phone")),
        ("channel:web", publishing("slkt.events", "intake.service-registered.v1")),
        ("channel:web", declaring("web.own")),
        ("channel:web", declaring("reply.channel-web")),
        ("channel:web", reading("submissions.web")),
        ("channel:web", reading("reply.channel-phone")),
        ("channel:web", binding("reply.channel-web", "slkt.events", "#")),
        ("firm:BANK-001", publishing("slkt.pujk.actions", "BANK-002.take-over")),
        ("firm:BANK-001", publishing("", "pujk.BANK-002.inbox")),
        ("firm:BANK-001", reading("pujk.BANK-002.inbox")),
        ("firm:BANK-001", reading("reply.pujk-bank-002")),
        ("firm:BANK-001", binding("pujk.BANK-001.inbox", "slkt.pujk", "BANK-002.*")),
        ("firm:BANK-001", declaring("pujk.BANK-001.more")),
        ("service:routing", publishing("", "intake.inbox")),
        ("service:routing", publishing("slkt.events", "intake.service-registered.v1")),
        ("service:routing", publishing("slkt.pujk", "BANK-001.ticket-delivered")),
        ("service:routing", publishing("slkt.replies", "channel-web")),
        ("service:routing", publishing("slkt.retry", "intake.inbox.5s")),
        ("service:routing", publishing("slkt.dead", "intake.inbox")),
        ("service:routing", declaring("intake.more")),
        ("service:routing", reading("intake.inbox")),
        ("service:routing", reading("submissions.web")),
        ("service:intake", reading("pujk.BANK-001.actions")),
        ("service:notifier", publishing("slkt.submissions", "submission.web")),
    ],
)
async def test_the_broker_refuses(suite: Suite, user: str, act: Act) -> None:
    async with channel_of(url_of(suite, user)) as channel:
        with pytest.raises(ChannelAccessRefused):
            await act(channel)


@pytest.mark.parametrize(
    ("user", "act"),
    [
        ("channel:web", publishing("slkt.submissions", "submission.web", user_id="channel-web")),
        ("channel:web", reading("reply.channel-web")),
        ("firm:BANK-001", publishing("slkt.pujk.actions", "BANK-001.take-over")),
        ("firm:BANK-001", reading("pujk.BANK-001.inbox")),
        ("firm:BANK-001", reading("reply.pujk-bank-001")),
        ("service:intake", publishing("slkt.events", "intake.service-registered.v1")),
        ("service:intake", publishing("slkt.replies", "channel-web")),
        ("service:intake", publishing("slkt.retry", "submissions.web.5s")),
        ("service:intake", publishing("slkt.retry", "intake.inbox.1m")),
        ("service:intake", publishing("slkt.dead", "submissions.web")),
        ("service:intake", reading("submissions.web")),
        ("service:pujk_gateway", publishing("slkt.pujk", "BANK-001.ticket-delivered")),
        ("service:pujk_gateway", publishing("slkt.replies", "pujk-bank-001")),
        ("service:pujk_gateway", publishing("slkt.dead", "pujk.BANK-001.actions")),
        ("service:pujk_gateway", publishing("slkt.retry", "pujk.BANK-001.actions.10m")),
        ("service:pujk_gateway", reading("pujk.BANK-001.actions")),
    ],
)
async def test_the_broker_lets_everybody_do_their_work(suite: Suite, user: str, act: Act) -> None:
    async with channel_of(url_of(suite, user)) as channel:
        await act(channel)


async def test_a_sender_cannot_pose_as_another(suite: Suite) -> None:
    async with channel_of(suite.accounts.channel_amqp["web"]) as channel:
        with pytest.raises(ChannelPreconditionFailed):
            await publishing("slkt.submissions", "submission.web", user_id="channel-phone")(channel)


async def test_a_message_above_the_broker_s_limit_is_refused(suite: Suite) -> None:
    async with channel_of(suite.broker.amqp_url) as channel:
        exchange = await channel.get_exchange("slkt.submissions", ensure=False)
        with pytest.raises(ChannelClosed, match="larger than"):
            await exchange.publish(aio_pika.Message(b"x" * (8 * 1024 * 1024 + 1)), "submission.web", timeout=30)


@pytest.mark.parametrize("service", topology.OWNERS)
async def test_a_service_can_make_its_own_inbox_anew(suite: Suite, service: str) -> None:
    async with channel_of(suite.broker.amqp_url) as channel:
        await channel.queue_delete(f"{service}.inbox")
    inbox = Topology(queues=(topology.inbox(service),))
    await declare(suite.accounts.service_amqp[service], inbox, dead_exchange=topology.DEAD)
    async with channel_of(suite.accounts.service_amqp[service]) as channel:
        assert await reading(f"{service}.inbox")(channel) is None


async def test_a_firm_added_later_has_its_own_user(suite: Suite) -> None:
    url = add_firm(suite.broker, suite.store, "BANK-003")
    assert url == add_firm(suite.broker, suite.store, "BANK-003")
    await declare(suite.broker.amqp_url, topology.firm("BANK-003"), dead_exchange=topology.DEAD)
    async with channel_of(url) as channel:
        await publishing("slkt.pujk.actions", "BANK-003.take-over", user_id="pujk-bank-003")(channel)


def test_no_channel_opens_connections_without_end(suite: Suite) -> None:
    operator = (suite.broker.operator.user, suite.broker.operator.password)
    with httpx.Client(base_url=suite.broker.management_url, auth=operator, trust_env=False, timeout=30) as management:
        for name in topology.CHANNELS:
            [found] = management.get(f"/api/user-limits/{topology.channel_user(name)}").raise_for_status().json()
            assert found["value"] == CHANNEL_LIMITS, name


def test_declaring_the_accounts_again_changes_nothing(suite: Suite) -> None:
    firms = suite.accounts.firm_amqp
    assert declare_accounts(suite.broker, suite.database, suite.store, firms=firms) == suite.accounts


def test_a_service_s_database_user_reaches_its_own_database_only(suite: Suite) -> None:
    url = suite.accounts.service_mongo["routing"]
    with MongoClient[dict[str, object]](url) as client:
        client["routing"]["things"].insert_one({"_id": "1"})
        assert client["routing"]["things"].find_one() == {"_id": "1"}
        for act in (
            lambda: client["intake"]["services"].find_one(),
            lambda: client["intake"]["services"].insert_one({"_id": "1"}),
            lambda: client["admin"]["system.users"].find_one(),
            lambda: client["local"]["oplog.rs"].find_one(),
        ):
            with pytest.raises(OperationFailure) as refusal:
                act()
            assert refusal.value.code == UNAUTHORIZED
