"""A stand-in for a firm's system: its own broker user sends acts, reads its own inbox and its own replies."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aio_pika
from chassis.ids import new_id
from contracts.base import CONTENT_TYPE, Command
from contracts.topology import PUJK_ACTIONS, pujk_inbox, pujk_user, reply_queue

WAIT_SECONDS = 20


async def eventually(found: Callable[[], Any], what: str, seconds: float = WAIT_SECONDS) -> Any:
    """Asks ``found`` until it gives something true; fails saying what was waited for."""
    try:
        async with asyncio.timeout(seconds):
            while not (value := found()):  # noqa: ASYNC110 - what is waited for happens in other processes
                await asyncio.sleep(0.05)
            return value
    except TimeoutError:
        raise AssertionError(f"waited {seconds:g} s in vain: {what}") from None


class Firm:
    """What one firm sent and got."""

    def __init__(self, code: str, exchange: aio_pika.abc.AbstractExchange) -> None:
        self.code = code
        self.notices: list[dict[str, Any]] = []
        self.replies: dict[str, list[dict[str, Any]]] = {}
        self._exchange = exchange

    async def send(self, command: Command, number: str | None, id_: str | None = None, **properties: Any) -> str:
        """Sends an act; returns its id."""
        id_ = id_ or new_id()
        event = {
            "specversion": "1.0",
            "id": id_,
            "type": command.type(),
            "source": f"/pujk/{self.code}",
            "data": command.model_dump(mode="json"),
        }
        if number is not None:
            event["subject"] = number
        known: dict[str, Any] = {
            "content_type": CONTENT_TYPE,
            "message_id": id_,
            "type": command.type(),
            "user_id": pujk_user(self.code),
            "delivery_mode": 2,
        }
        message = aio_pika.Message(json.dumps(event).encode(), **(known | properties))
        await self._exchange.publish(message, f"{self.code}.{command.key.split('.')[1]}", timeout=10)
        return id_

    async def reply(self, id_: str, nth: int = 1, seconds: float = WAIT_SECONDS) -> dict[str, Any]:
        await eventually(lambda: len(self.replies.get(id_, [])) >= nth, f"reply {nth} to {id_}", seconds)
        return self.replies[id_][nth - 1]

    async def does(self, command: Command, number: str | None, id_: str | None = None, **more: Any) -> dict[str, Any]:
        """Sends an act and awaits its answer."""
        before = len(self.replies.get(id_ or "", []))
        return await self.reply(await self.send(command, number, id_), before + 1, **more)

    def told(self, number: str) -> list[str]:
        return [one["data"]["notice"] for one in self.notices if one["subject"] == number]

    async def is_told(self, number: str, *notices: str, seconds: float = WAIT_SECONDS) -> dict[str, Any]:
        """Waits until exactly these notices of the ticket came; the data of the last one."""
        await eventually(lambda: len(self.told(number)) >= len(notices), f"{notices} at {self.code}", seconds)
        assert self.told(number) == list(notices)
        data: dict[str, Any] = [one["data"] for one in self.notices if one["subject"] == number][-1]
        return data

    def took_notice(self, message: Any) -> None:
        self.notices.append(json.loads(message.body))

    def took_reply(self, message: Any) -> None:
        self.replies.setdefault(message.correlation_id, []).append(json.loads(message.body))


@asynccontextmanager
async def firm_system(code: str, url: str) -> AsyncIterator[Firm]:
    """``url`` is ``accounts.firm_amqp[code]``."""
    async with await aio_pika.connect(url) as connection:
        sending, reading = await connection.channel(), await connection.channel()
        firm = Firm(code, await sending.get_exchange(PUJK_ACTIONS, ensure=False))
        for name, took in (
            (pujk_inbox(code).name, firm.took_notice),
            (reply_queue(pujk_user(code)).name, firm.took_reply),
        ):
            queue = await reading.get_queue(name, ensure=False)
            await queue.consume(_taking(took))
        yield firm


def _taking(took: Callable[[Any], None]) -> Callable[[Any], Any]:
    async def take(message: Any) -> None:
        took(message)
        await message.ack()

    return take
