"""Who answers in the demo? A stand-in for the PUJK's own systems: it reads each firm's queue as that firm, takes over,
follows up and proposes, and does what it promised."""

import asyncio
import json
import random
from collections.abc import Coroutine, Mapping
from datetime import date, timedelta
from importlib.resources import files
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import aio_pika
from aio_pika.abc import AbstractExchange, AbstractIncomingMessage
from contracts.base import CONTENT_TYPE, Command
from contracts.pujk import AddFollowUp, FulfilRelief, Propose, TakeOver
from contracts.topology import PUJK_ACTIONS, pujk_inbox, pujk_user, reply_queue

from slkt.demo import choices

REPLY_SECONDS = 60.0
GRANTS = {"monetary-relief": "granted", "non-monetary-relief": "granted", "explanation": "partly"}
DONE = "Yang kami janjikan sudah kami jalankan."


def acts() -> dict[str, Any]:
    """What the firm, the decider and the CSO of the demo write."""
    found: dict[str, Any] = json.loads(files("slkt").joinpath("sample/acts.json").read_text(encoding="utf-8"))
    return found


class Firm:
    """One PUJK's system."""

    def __init__(self, code: str, amqp: str, deciding: str, texts: Mapping[str, Any], today: date) -> None:
        """``deciding`` is the account of who decides at the firm: proposals are made in their name."""
        self.code = code
        self._deciding = deciding
        self.refused: list[dict[str, Any]] = []
        self._amqp = amqp
        self._texts = texts
        self._today = today
        self._waiting: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._exchange: AbstractExchange | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        #: Number → the ticket as it was seen last, with what was promised to which demands.
        self._proposed: dict[str, dict[str, Any]] = {}

    async def open(self) -> None:
        self._connection = await aio_pika.connect(self._amqp)
        sending = await self._connection.channel(publisher_confirms=True, on_return_raises=True)
        self._exchange = await sending.get_exchange(PUJK_ACTIONS, ensure=False)
        reading = await self._connection.channel()
        await reading.set_qos(prefetch_count=50)
        replies = await reading.get_queue(reply_queue(pujk_user(self.code)).name, ensure=False)
        await replies.consume(self._replied, no_ack=True)
        inbox = await reading.get_queue(pujk_inbox(self.code).name, ensure=False)
        await inbox.consume(self._noticed)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await self._connection.close()

    def agreed(self, number: str) -> None:
        """The consumer agrees: what was promised to them is done, before its day. In life the ticket says so."""
        if number in self._proposed:
            self._begin(self._fulfil(self._proposed[number]))

    async def _noticed(self, message: AbstractIncomingMessage) -> None:
        self._begin(self._work(message))

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(self, message: AbstractIncomingMessage) -> None:
        """Takes a ticket over, follows up and proposes; proposes anew what OJK returned. Acknowledged last."""
        notice = json.loads(message.body)["data"]
        rng = random.Random(f"{notice['number']}/{notice['round']}/{notice['basis']}")
        officer = rng.choice(list(self._texts["officers"]))
        if notice["notice"] == "ticket-routed":
            await self._act(notice, TakeOver, {"officer": officer})
        if notice["notice"] in ("ticket-routed", "resolution-returned"):
            kind = rng.choice(list(self._texts["follow_ups"]))
            note = rng.choice(list(self._texts["follow_ups"][kind]))
            await self._act(notice, AddFollowUp, {"officer": officer, "kind": kind, "note": self._filled(note)})
            await self._propose(notice, rng)
        await message.ack()

    async def _propose(self, notice: dict[str, Any], rng: random.Random) -> None:
        kind = choices.kind(notice["number"], 2 if notice["notice"] == "resolution-returned" else 1)
        amount = rng.randrange(1, 200) * 50_000 if kind == "monetary-relief" else None
        by, demands = self._today + timedelta(days=14), range(1, notice.get("demands", 0) + 1)
        answer = GRANTS.get(kind, "refused")
        promise = {} if answer == "refused" else {"promised_by": by.isoformat()}
        answers = [{"demand": one, "answer": answer} | promise for one in demands]
        text = self._filled(rng.choice(list(self._texts["proposals"][kind])), amount or 0)
        said = {"kind": kind, "amount": amount, "answers": answers, "text": text}
        await self._act(notice, Propose, {"officer": self._deciding} | said)
        self._proposed[notice["number"]] = notice | {"promised": list(demands) if promise else []}

    async def _fulfil(self, ticket: dict[str, Any]) -> None:
        officer = choices.drawn(ticket["number"], "pays").choice(list(self._texts["officers"]))
        demands, ticket["promised"] = ticket["promised"], []
        for demand in demands:
            await self._act(ticket, FulfilRelief, {"officer": officer, "demand": demand, "note": DONE})

    def _filled(self, text: str, amount: int = 0) -> str:
        values = {
            "{pujk}": "kami",
            "{amount}": f"Rp{amount:,}".replace(",", "."),
            "{promised}": (self._today + timedelta(days=14)).strftime("%d-%m-%Y"),
        }
        for name, value in values.items():
            text = text.replace(name, value)
        return text

    async def _act(self, notice: dict[str, Any], command: type[Command], data: dict[str, Any]) -> None:
        """Sends one act and waits for its reply; the notice's basis moves on with each."""
        assert self._exchange is not None
        known = {"round": notice["round"], "basis": notice["basis"]}
        data = {name: value for name, value in (known | data).items() if name in command.model_fields}
        act = str(uuid5(NAMESPACE_URL, f"{notice['number']}/{notice['round']}/{notice['basis']}/{command.key}"))
        waiting = self._waiting[act] = asyncio.get_running_loop().create_future()
        event = {
            "specversion": "1.0",
            "id": act,
            "type": command.type(),
            "source": f"/pujk/{self.code}",
            "subject": notice["number"],
            "data": data,
        }
        message = aio_pika.Message(
            json.dumps(event).encode(),
            content_type=CONTENT_TYPE,
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
            message_id=act,
            correlation_id=act,
            type=command.type(),
            user_id=pujk_user(self.code),
        )
        await self._exchange.publish(message, f"{self.code}.{command.key.split('.')[1]}", mandatory=True)
        async with asyncio.timeout(REPLY_SECONDS):
            reply = await waiting
        if reply["status"] == "done":
            notice["basis"] = reply["basis"]
        else:
            self.refused.append(reply)

    async def _replied(self, message: AbstractIncomingMessage) -> None:
        waiting = self._waiting.pop(message.correlation_id or "", None)
        if waiting is not None and not waiting.done():
            waiting.set_result(json.loads(message.body))
