"""What does a message cost that was heard before? One service gets the same facts twice; its CPU is told."""

import asyncio
import json
import time
from typing import Any

import aio_pika
from chassis.ids import new_id
from contracts.base import CONTENT_TYPE

from bench.ground import Ground
from bench.processes import Meter
from bench.stored import number_of

#: Far from the numbers that `stored` writes.
OFFSET = 10**9


def duplicates(ground: Ground, service: str, count: int) -> dict[str, Any]:
    """CPU of the service and of the database for a first delivery and for a second one, in ms."""
    facts = list(ground.database("intake")["facts"].find({"type": {"$regex": "service-registered"}}).limit(200))
    base = OFFSET + time.monotonic_ns() % 10**9
    messages = [_anew(facts[n % len(facts)]["body"], number_of(base + n)) for n in range(count)]
    (running,) = ground.only(service)
    assert running.pid is not None
    queue = f"{service}.inbox"
    costs = []
    for _ in range(2):
        meter = Meter({service: running.pid} | ground.server_pids())
        asyncio.run(_send(ground.stack.broker.amqp_url, queue, messages))
        calm = 0
        while calm < 2:
            time.sleep(1.1)
            calm = calm + 1 if ground.queue_depth([queue]) == 0 else 0
        used = meter.used()
        costs.append({name: 1000 * used[name] / count for name in (service, "database")})
    # What routing said of matters that nobody registered must not reach the others.
    ground.purge([f"{name}.inbox" for name in ground.stack.services])
    first, second = (sum(cost.values()) for cost in costs)
    return {"service": service, "first": costs[0], "second": costs[1], "ratio": second / first}


def _anew(body: str, number: str) -> tuple[str, str, bytes]:
    event = json.loads(body) | {"id": new_id(), "subject": number}
    return event["id"], event["type"], json.dumps(event).encode()


async def _send(url: str, queue: str, messages: list[tuple[str, str, bytes]]) -> None:
    connection = await aio_pika.connect(url)
    async with connection:
        channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
        for at in range(0, len(messages), 200):
            await asyncio.gather(
                *(
                    channel.default_exchange.publish(
                        aio_pika.Message(body, message_id=id_, type=type_, content_type=CONTENT_TYPE, delivery_mode=2),
                        queue,
                    )
                    for id_, type_, body in messages[at : at + 200]
                )
            )
