"""What if an outsider misbehaves? A firm that stops reading until its queue is full, a channel that floods its door."""

import asyncio
import json
import time
from random import Random
from uuid import uuid4

from contracts.broker import Binding, Queue
from contracts.channel import Submission
from contracts.topology import PUJK, SUBMISSIONS, channel_user, pujk_inbox
from kit.outsider import send_raw
from kit.running import eventually
from kit.shaken import a_sender
from soak.faults import fault
from soak.load import figures
from soak.world import World

#: So few fit into the firm's queue, for the sake of time; 50,000 in life.
FITS = 10
PHASE_SECONDS = 25.0
#: The others' p99 may grow by so much; less than this many milliseconds is noise on a shared machine.
SLOWER, NOISE_MS = 1.5, 150
FLOOD = 3_000
#: More than a queue takes within a minute before it rests.
GARBAGE = 150
SENDERS = 8


@fault("firm-stops-reading")
async def firm_stops_reading(world: World, random: Random) -> None:
    """a firm stops reading until its queue is full; others feel nothing, and it gets everything when it reads again"""
    others, silent = world.firms
    queue = pujk_inbox(silent.code)
    await _made_small(world, queue)
    before = len(world.load.walks)
    await asyncio.sleep(PHASE_SECONDS)
    during = len(world.load.walks)
    silent.stop_reading()
    await world.until(lambda: world.load.under_way > 2 * FITS, 60)
    full = len(world.load.walks)
    await asyncio.sleep(PHASE_SECONDS)
    calm = figures(world.load.walks[before:during], others.code)
    shaken = figures(world.load.walks[full:], others.code)
    world.history.say("others", before=calm, during=shaken)
    world.figures["others' p99 before, ms"] = calm["told_p99_ms"]
    world.figures["others' p99 beside a full queue, ms"] = shaken["told_p99_ms"]
    if shaken["told_p99_ms"] > max(SLOWER * calm["told_p99_ms"], calm["told_p99_ms"] + NOISE_MS):
        world.violated("others were slower", before=calm, during=shaken)
    silent.read_again()
    await world.until(lambda: world.load.under_way < FITS, 30)
    for number, told in silent.by_number.items():
        if [clock for _, _, clock in told] != sorted(clock for _, _, clock in told):
            world.violated("told out of order", number=number, told=told)


async def _made_small(world: World, queue: Queue) -> None:
    """The firm's queue as it is, but with little room; its reader comes back by itself."""
    operator, silent = world.suite.operator, world.firms[1]
    await silent.__aexit__()
    await operator.delete(queue.name)
    await operator.make(Queue(queue.name, (Binding(PUJK, f"{silent.code}.*"),), max_length=FITS))
    await silent.__aenter__()


@fault("flood")
async def flood(world: World, random: Random) -> None:
    """a channel floods its queue with what is refused and with what is no message at all"""
    channel = world.suite.known["credentials"]["channels"]["phone"]
    _, data = a_sender()
    bad = {uuid4().hex: _submission(data | {"kind": "gossip"}) for _ in range(FLOOD)}
    garbage = {uuid4().hex: b'{"specversion": "1.0", "data' for _ in range(GARBAGE)}
    before = len(world.load.walks)
    began = time.monotonic()
    bodies, senders = [*(bad | garbage).items()], []
    for nth in range(SENDERS):
        some = dict(bodies[nth::SENDERS])
        senders.append(send_raw(channel["amqp"], SUBMISSIONS, "submission.phone", some, Submission.type()))
    await asyncio.gather(*senders)
    world.poison += [("submissions.phone", "bad-json", id_) for id_ in garbage]
    await eventually(lambda: _taken(world), "the flood is taken", 120)
    world.figures["messages of the flood"] += FLOOD + GARBAGE
    world.history.say("flooded", seconds=time.monotonic() - began, others=figures(world.load.walks[before:]))
    await world.suite.operator.purge(f"reply.{channel_user('phone')}")


async def _taken(world: World) -> bool:
    return not await world.suite.operator.depth("submissions.phone")


def _submission(data: dict[str, object]) -> bytes:
    event = {"specversion": "1.0", "type": Submission.type(), "source": "/channel/phone", "data": data}
    return json.dumps(event | {"id": uuid4().hex}).encode()
