"""Who goes on whatever breaks? A firm's system that connects again and repeats an act, under its id, until answered."""

import asyncio
import json
from collections import Counter
from contextlib import suppress
from typing import Any
from uuid import uuid4

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractConnection
from aiormq.exceptions import AMQPError
from contracts.base import CONTENT_TYPE, Command
from contracts.topology import PUJK_ACTIONS, pujk_inbox, pujk_user, reply_queue
from kit.running import eventually

AGAIN_SECONDS = 4.0
GIVE_UP_SECONDS = 90.0
RECONNECT_SECONDS = 0.5
BROKEN = (AMQPError, OSError, RuntimeError, TimeoutError)
LOST = (*BROKEN, StopAsyncIteration)


def _asked_for(error: BaseException) -> None:
    """A lost connection raises cancellations that nobody asked for; one that was asked for goes on."""
    task = asyncio.current_task()
    if isinstance(error, asyncio.CancelledError) and task is not None and task.cancelling():
        raise error


class SteadfastFirm:
    """Notices are counted by message id; a reply is kept by the id of its act, the latest one."""

    def __init__(self, code: str, amqp: str, *, reads: bool = True) -> None:
        self.code = code
        self.notices: list[dict[str, Any]] = []
        self.ids: Counter[str] = Counter()
        self._amqp = amqp
        self.patience_seconds = GIVE_UP_SECONDS
        self._reads = reads
        self._replies: dict[str, asyncio.Future[dict[str, Any]]] = {}

    async def __aenter__(self) -> "SteadfastFirm":
        self._up = asyncio.Event()
        self._keeper = asyncio.create_task(self._keep())
        await self._up.wait()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._keeper.cancel()
        await asyncio.gather(self._keeper, return_exceptions=True)

    async def _keep(self) -> None:
        """Connected for ever; whatever breaks, all of it is made again."""
        while True:
            try:
                connection = await aio_pika.connect(f"{self._amqp}?heartbeat=10", timeout=5)
            except (*LOST, asyncio.CancelledError) as error:
                _asked_for(error)
                await asyncio.sleep(RECONNECT_SECONDS)
                continue
            lost = asyncio.Event()
            try:
                connection.close_callbacks.add(lambda *_, lost=lost: lost.set())
                await self._open(connection)
                self._up.set()
                await lost.wait()
            except (*LOST, asyncio.CancelledError) as error:
                _asked_for(error)
            finally:
                with suppress(*LOST):
                    await asyncio.wait_for(connection.close(), 5)
            await asyncio.sleep(RECONNECT_SECONDS)

    async def _open(self, connection: AbstractConnection) -> None:
        sending = await connection.channel(publisher_confirms=True, on_return_raises=True)
        self._exchange = await sending.get_exchange(PUJK_ACTIONS, ensure=False)
        reading = await connection.channel()
        await reading.set_qos(prefetch_count=50)
        if self._reads:
            await (await reading.get_queue(pujk_inbox(self.code).name, ensure=False)).consume(self._noticed)
        await (await reading.get_queue(reply_queue(pujk_user(self.code)).name, ensure=False)).consume(self._replied)

    async def _noticed(self, message: Any) -> None:
        self.ids[message.message_id] += 1
        self.notices.append(json.loads(message.body)["data"])
        with suppress(*LOST):
            await message.ack()

    async def _replied(self, message: Any) -> None:
        waiting = self._replies.get(message.correlation_id)
        if waiting and not waiting.done():
            waiting.set_result(json.loads(message.body))
        with suppress(*LOST):
            await message.ack()

    def told(self, number: str) -> list[tuple[str, int]]:
        """(notice, round) of everything that came about a ticket."""
        return [(one["notice"], one["round"]) for one in self.notices if one["number"] == number]

    async def notice(self, number: str, notice: str) -> dict[str, Any]:
        def came() -> dict[str, Any] | None:
            return next((one for one in self.notices if (one["number"], one["notice"]) == (number, notice)), None)

        what = f"{self.code} is told {notice} of {number}"
        found: dict[str, Any] = await eventually(came, what, self.patience_seconds)
        return found

    async def send(self, command: type[Command], number: str, *, id_: str, **data: Any) -> None:
        """One act, without waiting for what comes of it."""
        await self._exchange.publish(self._message(command, number, id_, data), self._key(command), mandatory=True)

    async def act(
        self,
        command: type[Command],
        number: str,
        *,
        id_: str | None = None,
        reply_to: str | None = None,
        channel: AbstractChannel | None = None,
        **data: Any,
    ) -> dict[str, Any]:
        """The reply to one act, sent again every few seconds until it comes."""
        id_ = id_ or uuid4().hex
        waiting: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._replies[id_] = waiting
        message, key = self._message(command, number, id_, data, reply_to), self._key(command)
        other = await channel.get_exchange(PUJK_ACTIONS, ensure=False) if channel else None
        async with asyncio.timeout(self.patience_seconds):
            while not waiting.done():
                with suppress(*BROKEN):
                    # Its own is another one after a reconnect.
                    exchange = other or self._exchange
                    await exchange.publish(message, key, mandatory=True, timeout=AGAIN_SECONDS)
                await asyncio.wait({waiting}, timeout=AGAIN_SECONDS)
        return waiting.result()

    def _key(self, command: type[Command]) -> str:
        return f"{self.code}.{command.key.split('.')[1]}"

    def _message(
        self, command: type[Command], number: str, id_: str, data: dict[str, Any], reply_to: str | None = None
    ) -> aio_pika.Message:
        event = {
            "specversion": "1.0",
            "id": id_,
            "type": command.type(),
            "source": f"/pujk/{self.code}",
            "subject": number,
            "data": data,
        }
        return aio_pika.Message(
            json.dumps(event).encode(),
            content_type=CONTENT_TYPE,
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
            message_id=id_,
            correlation_id=id_,
            type=command.type(),
            user_id=pujk_user(self.code),
            reply_to=reply_to,
        )
