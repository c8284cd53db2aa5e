"""What does this machine allow? The same durable work per ticket with nothing around it: `python -m bench.floor ROLE`.

Per ticket, whatever the suite grows to: 3 inserts, 3 confirmed persistent publishes to quorum queues, 3 clears of the
outbox, 6 consumes with multiple ack, 4 guarded updates; majority and journal. One process per service, batches of 200,
no validation, no framework, no HTTP.
"""

import asyncio
import json
import sys
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import uuid4

import aiormq
import uvloop
from motor.motor_asyncio import AsyncIOMotorClient
from pamqp.commands import Basic
from pymongo import InsertOne, UpdateOne
from pymongo.errors import BulkWriteError

from bench.bodies import kept

BATCH = 200
EXCHANGE = "floor"
#: Who hears what, and what follows: a matter of its own and the next fact, or a mark on a matter that is kept.
HEARS = {"routing": ["a"], "gateway": ["b"], "notifier": ["c"], "tracking": ["a", "b", "c"]}
SAYS = {"intake": "a", "routing": "b", "gateway": "c"}


class Program:
    """One service of the floor."""

    def __init__(self, role: str, amqp: str, mongo: str, tag: str) -> None:
        self._role = role
        self._amqp = amqp
        client: Any = AsyncIOMotorClient(mongo, w="majority", journal=True)
        self._matters = client[f"floor_{role}_{tag}"]["matters"]
        self._came: asyncio.Queue[Any] = asyncio.Queue()
        self.done = 0

    async def connect(self) -> None:
        connection = await aiormq.connect(self._amqp)
        self._saying: Any = await connection.channel(publisher_confirms=True)
        self._hearing: Any = await connection.channel(publisher_confirms=False)

    async def _publish(self, key: str, number: str, body: bytes) -> None:
        properties = Basic.Properties(delivery_mode=2, message_id=f"{number}.{key}", content_type="application/json")
        await self._saying.basic_publish(
            body, exchange=EXCHANGE, routing_key=key, properties=properties, mandatory=True, wait=False
        )

    async def say(self, matters: list[tuple[str, bytes]]) -> None:
        """Insert, publish with confirms, clear the outbox."""
        key = SAYS[self._role]
        inserts = [InsertOne({"_id": n, "unsent": [{"_id": f"{n}.{key}", "body": b}]}) for n, b in matters]
        await self._write(inserts)
        await asyncio.gather(*(self._publish(key, n, b) for n, b in matters))
        await self._matters.bulk_write(
            [UpdateOne({"_id": n}, {"$pull": {"unsent": {"_id": f"{n}.{key}"}}}) for n, _ in matters], ordered=False
        )

    async def mark(self, matters: list[tuple[str, str, bytes]]) -> None:
        """Guarded by what was heard: a second time changes nothing."""
        updates = [
            UpdateOne(
                {"_id": n, "heard": {"$ne": m}},
                {"$push": {"heard": m, "entries": b}, "$inc": {"version": 1}},
                upsert=True,
            )
            for n, m, b in matters
        ]
        await self._write(updates)

    async def _write(self, writes: list[Any]) -> None:
        try:
            await self._matters.bulk_write(writes, ordered=False)
        except BulkWriteError as error:
            if any(e["code"] != 11000 for e in error.details["writeErrors"]):
                raise

    async def bring(self, bodies: list[bytes], count: int) -> None:
        """Intake's part: bodies come from memory."""
        numbers = [uuid4().hex for _ in range(count)]
        for at in range(0, count, BATCH):
            batch = numbers[at : at + BATCH]
            await self.say([(n, bodies[(at + i) % len(bodies)]) for i, n in enumerate(batch)])
            self.done += len(batch)

    async def bring_at(self, rate: float, bodies: list[bytes], count: int) -> dict[str, float]:
        """The same one by one, so many a second; when each began."""
        began, sent = monotonic(), dict[str, float]()
        async with asyncio.TaskGroup() as saying:
            for n in range(count):
                await asyncio.sleep(began + n / rate - monotonic())
                number = uuid4().hex
                sent[number] = monotonic()
                saying.create_task(self.say([(number, bodies[n % len(bodies)])]))
        return sent

    async def work(self, count: int) -> None:
        """The others' part, until so many messages were worked off."""
        await self._hearing.basic_qos(prefetch_count=3 * BATCH)
        await self._hearing.basic_consume(f"floor.{self._role}", self._came.put)
        while self.done < count:
            batch = [await self._came.get()]
            while len(batch) < BATCH and not self._came.empty():
                batch.append(self._came.get_nowait())
            came = [(m.header.properties.message_id, m.body) for m in batch]
            if self._role in SAYS:
                await self.say([(m.split(".")[0], b) for m, b in came])
            else:
                await self.mark([(m.split(".")[0], m, b) for m, b in came])
            await self._hearing.basic_ack(batch[-1].delivery.delivery_tag, multiple=True, wait=False)
            self.done += len(batch)
        # The last acknowledgement is on its way before the process ends.
        await self._hearing.basic_qos(prefetch_count=1)


async def declare(amqp: str) -> None:
    """A topic exchange and a quorum queue per reader, empty."""
    connection = await aiormq.connect(amqp)
    channel = await connection.channel()
    await channel.exchange_declare(EXCHANGE, exchange_type="topic", durable=True)
    for role, keys in HEARS.items():
        queue = f"floor.{role}"
        await channel.queue_delete(queue)
        await channel.queue_declare(queue, durable=True, arguments={"x-queue-type": "quorum"})
        for key in keys:
            await channel.queue_bind(queue, EXCHANGE, routing_key=key)
    await connection.close()


async def main(asked: dict[str, Any]) -> None:
    program = Program(asked["role"], asked["amqp"], asked["mongo"], asked["tag"])
    await program.connect()
    bodies: list[bytes] = []
    if asked["role"] == "intake":
        bodies = [one.split(b"\r\n\r\n", 1)[1] for one in kept(Path(asked["requests"]))]
    sent: dict[str, float] = {}
    _tell(asked["ready"], "")
    await _while(asked["start"], exists=False)
    if bodies and asked["rate"]:
        sent = await program.bring_at(asked["rate"], bodies, asked["count"])
    elif bodies:
        await program.bring(bodies, asked["count"])
    else:
        await program.work(asked["count"] * len(HEARS[asked["role"]]))
    _tell(asked["answer"], json.dumps({"ended": monotonic(), "sent": sent}))
    # The measurer reads this process' CPU time before it ends.
    await _while(asked["start"], exists=True)


def _tell(file: str, text: str) -> None:
    Path(file).write_text(text)


async def _while(file: str, *, exists: bool) -> None:
    """Programs of one run start and end together: by a file, since they share nothing else."""
    path = Path(file)
    while path.exists() == exists:  # noqa: ASYNC110, ASYNC240
        await asyncio.sleep(0.02)


if __name__ == "__main__":
    uvloop.run(main(json.loads(sys.argv[1])))
