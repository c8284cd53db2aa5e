"""What if messages come twice, late, out of order, or are none? The harness stands between the exchange and inboxes."""

import asyncio
import json
import time
from contextlib import suppress
from random import Random
from typing import Any
from uuid import uuid4

import aio_pika
from contracts.broker import Binding, Queue
from contracts.intake import ServiceRegistered
from contracts.topology import OWNERS, inbox
from kit.facts import AMatter
from kit.operator import Letter
from soak.faults import fault
from soak.world import World

WINDOW = 20
#: A window that does not fill goes on all the same.
WINDOW_SECONDS = 2.0
LATE_SECONDS = 60.0
EVERY_NTH = 10
POISON_SHARE = 0.01
OF_LATE = 100
KILLED = 137
KINDS = ("bad-json", "wrong-schema", "unknown-type", "not-its-owner")
DEATHS_SECONDS = 240.0


class Between:
    """Takes what is meant for each inbox, shuffles it in windows, and sends every tenth a second time, later."""

    def __init__(self, world: World, random: Random, late_seconds: float) -> None:
        self._world = world
        self._random = random
        self._late_seconds = late_seconds
        self._windows: dict[str, list[Letter]] = {name: [] for name in OWNERS}
        self._seen = 0
        self._again: list[asyncio.Task[None]] = []
        self._ends = asyncio.Event()

    async def __aenter__(self) -> "Between":
        operator, known = self._world.suite.operator, self._world.suite.known
        self._connection = await aio_pika.connect(known["amqp"])
        self._putting = await self._connection.channel(publisher_confirms=True, on_return_raises=True)
        self._binding = await self._connection.channel()
        for name in OWNERS:
            # First theirs too, then only ours: what comes in between comes twice, and nothing is lost.
            await operator.make(Queue(f"soak.{name}", inbox(name).bindings))
            await self._bind(f"{name}.inbox", inbox(name).bindings, on=False)
            reading = await self._connection.channel()
            queue = await reading.get_queue(f"soak.{name}", ensure=False)
            await queue.consume(self._taker(name))
        self._flusher = asyncio.create_task(self._flushes())
        return self

    async def __aexit__(self, *_: object) -> None:
        for name in OWNERS:
            await self._bind(f"{name}.inbox", inbox(name).bindings, on=True)
            await self._bind(f"soak.{name}", inbox(name).bindings, on=False)
        until = time.monotonic() + 30
        while await self._left() and time.monotonic() < until:  # noqa: ASYNC110 - others' doing
            await asyncio.sleep(0.5)
        self._ends.set()
        await self._flusher
        await asyncio.gather(*self._again)
        for name in OWNERS:
            await self._world.suite.operator.delete(f"soak.{name}")
        await self._connection.close()

    async def _left(self) -> int:
        return sum([await self._world.suite.operator.depth(f"soak.{name}") for name in OWNERS])

    async def _bind(self, queue: str, bindings: tuple[Binding, ...], *, on: bool) -> None:
        found = await self._binding.get_queue(queue, ensure=False)
        for one in bindings:
            await (found.bind if on else found.unbind)(one.exchange, one.key)

    def _taker(self, name: str) -> Any:
        async def take(message: Any) -> None:
            self._windows[name].append(Letter.of(message))
            if len(self._windows[name]) >= WINDOW:
                await self._flush(name)
            # Acknowledged only when it went on: what the harness holds is lost with it otherwise.
            await message.ack()

        return take

    async def _flushes(self) -> None:
        while not self._ends.is_set():
            await self._or_ends(WINDOW_SECONDS)
            for name in OWNERS:
                await self._flush(name)

    async def _flush(self, name: str) -> None:
        window, self._windows[name] = self._windows[name], []
        self._random.shuffle(window)
        for letter in window:
            await self._put(name, letter)
            self._seen += 1
            if self._seen % EVERY_NTH == 0:
                self._world.figures["messages doubled"] += 1
                self._again.append(asyncio.create_task(self._later(name, letter)))
        self._world.figures["messages shuffled"] += len(window)

    async def _later(self, name: str, letter: Letter) -> None:
        await self._or_ends(self._random.uniform(0, self._late_seconds))
        await self._put(name, letter)

    async def _or_ends(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._ends.wait(), seconds)

    async def _put(self, name: str, letter: Letter) -> None:
        await self._putting.default_exchange.publish(letter.message(), f"{name}.inbox", mandatory=True)


@fault("twice-and-shuffled")
async def twice_and_shuffled(world: World, random: Random) -> None:
    """every tenth message comes twice, up to a minute later; all come shuffled in windows of twenty"""
    late = min(LATE_SECONDS, 4 * world.lease_seconds)
    async with Between(world, random, late):
        await asyncio.sleep(late * 1.5)


@fault("everything-again", light=True)
async def everything_again(world: World, random: Random) -> None:
    """everything that was said of late is said again, in another order"""
    numbers = [one.number for one in world.load.walks[-OF_LATE:] if one.receipt]

    def said() -> list[Letter]:
        mongo = world.suite.mongo
        found = (one for owner in OWNERS for one in mongo[owner]["facts"].find({"subject": {"$in": numbers}}))
        return [Letter(one["_id"], one["type"], one["body"].encode()) for one in found]

    letters = await asyncio.to_thread(said)
    random.shuffle(letters)
    await world.suite.operator.say(letters)
    world.figures["messages doubled"] += len(letters)


def a_poison(kind: str) -> Letter:
    """A message that its reader puts aside with this reason."""
    fact = AMatter().registered()
    body = fact.model_dump_json(exclude_none=True, serialize_as_any=True).encode()
    type_, id_ = ServiceRegistered.type(), uuid4().hex
    return {
        "bad-json": Letter(id_, type_, body[:-9]),
        "wrong-schema": Letter(id_, type_, json.dumps({"specversion": "1.0", "data": {}}).encode()),
        "unknown-type": Letter(id_, "slkt.intake.service-forgotten.v1", body),
        "not-its-owner": Letter(id_, type_, body.replace(b"/slkt/intake", b"/slkt/routing")),
    }[kind]


@fault("poison", light=True)
async def poison(world: World, random: Random) -> None:
    """one message of a hundred can never be handled"""
    hearers = [name for name in OWNERS if name != "intake"]
    until = time.monotonic() + 12
    # Some twelve messages a complaint reach inboxes.
    pause = 1 / (world.rate * 12 * POISON_SHARE)
    while time.monotonic() < until:
        name, kind = random.choice(hearers), random.choice(KINDS)
        letter = a_poison(kind)
        world.poison.append((f"{name}.inbox", kind, letter.id))
        await world.suite.operator.put(f"{name}.inbox", [letter])
        await asyncio.sleep(random.uniform(0.5, 1.5) * pause)


@fault("kills-its-reader")
async def kills_its_reader(world: World, random: Random) -> None:
    """one message kills whoever reads it, each time, until it is put aside alone"""
    name = random.choice(("routing", "tracking", "notifier"))
    deadly = AMatter().registered()
    body = deadly.model_dump_json(exclude_none=True, serialize_as_any=True).encode()
    armed, service = {"SLKT_CRASH_AT": f"on-message:{deadly.id}"}, world.stack.services[name]
    await world.kill(name)
    service.launch(armed)
    await world.suite.operator.put(f"{name}.inbox", [Letter(deadly.id, deadly.type, body)])
    world.poison.append((f"{name}.inbox", "kills-its-reader", deadly.id))
    until = time.monotonic() + DEATHS_SECONDS
    while time.monotonic() < until:
        if service.pid is None:
            world.figures["deaths by one message"] += 1
            if service.exit_code != KILLED:
                world.violated("ended otherwise", service=name, exit_code=service.exit_code)
            service.launch(armed)
        if await world.suite.operator.depth(f"{name}.inbox.dead"):
            break
        await asyncio.sleep(0.3)
    await world.kill(name)
    await world.launch(name)
