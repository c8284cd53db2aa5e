"""What if processes die, start anew, or stand still? Kills at any moment and at each named point, rolling restarts,
frozen leaders."""

import asyncio
from random import Random

from chassis.crash import POINTS
from contracts.topology import OWNERS
from kit.proxy import Proxy
from slkt_local.ports import free_ports
from slkt_local.services import Doors, Service
from soak.faults import fault
from soak.wires import DATABASE
from soak.world import World

#: Everybody who says facts: only a speaker passes the named points.
SPEAKERS = ("intake", "routing", "pujk_gateway", "notifier")
KILLED = 137
BACKLOG = 60
DIES_SECONDS = 60.0


@fault("kills", light=True)
async def kills(world: World, random: Random) -> None:
    """kill -9 of each service at a random moment, one after another in random order"""
    for name in random.sample(OWNERS, len(OWNERS)):
        await asyncio.sleep(random.uniform(0.2, 2.5))
        world.history.write("kill -9", service=name)
        world.figures["kill -9"] += 1
        await world.kill(name)
        await asyncio.sleep(random.uniform(0, 1.5))
        await world.launch(name)


@fault("kill-all")
async def kill_all(world: World, random: Random) -> None:
    """kill -9 of all services at once, in the middle of a burst"""
    for _ in range(BACKLOG):
        world.load.start()
    await asyncio.sleep(random.uniform(0.5, 1.5))
    world.figures["kill -9"] += len(OWNERS)
    await world.kill(*OWNERS)
    await world.launch(*OWNERS)


@fault("dies-holding")
async def dies_holding(world: World, random: Random) -> None:
    """hearers die with messages in hand that they could not write: their wires to the database stood still"""
    hearers = ("routing", "pujk_gateway", "tracking", "notifier")
    world.wires.each(DATABASE, hearers, Proxy.freeze)
    for _ in range(BACKLOG // 2):
        world.load.start()
    await asyncio.sleep(random.uniform(2, 3))
    await world.kill(*hearers)
    # What they had asked for must not arrive after their death.
    world.wires.each(DATABASE, hearers, Proxy.cut)
    world.wires.each(DATABASE, hearers, Proxy.thaw)
    world.figures["kill -9"] += len(hearers)
    await world.launch(*hearers)


async def _dies_at(world: World, random: Random, point: str) -> None:
    await world.kill(*SPEAKERS)
    for name in SPEAKERS:
        # Nobody waits until it is ready: it may die before.
        world.stack.services[name].launch({"SLKT_CRASH_AT": f"{point}:{random.randint(2, 12)}"})

    async def dies(name: str) -> None:
        service = world.stack.services[name]
        if not await world.until(lambda: service.pid is None, DIES_SECONDS):
            world.violated("did not die", service=name, point=point)
            await world.kill(name)
        elif service.exit_code != KILLED:
            world.violated("ended otherwise", service=name, point=point, exit_code=service.exit_code)
        world.figures[f"died {point}"] += 1
        await world.launch(name)

    await asyncio.gather(*(dies(name) for name in SPEAKERS))


@fault("dies-after-write")
async def dies_after_write(world: World, random: Random) -> None:
    """each speaker dies between its write and its publish"""
    await _dies_at(world, random, POINTS[0])


@fault("dies-after-publish")
async def dies_after_publish(world: World, random: Random) -> None:
    """each speaker dies between the confirm and the move to `facts`"""
    await _dies_at(world, random, POINTS[1])


@fault("dies-after-move")
async def dies_after_move(world: World, random: Random) -> None:
    """each speaker dies between the move and the acknowledgement"""
    await _dies_at(world, random, POINTS[2])


@fault("rolling")
async def rolling(world: World, random: Random) -> None:
    """rolling restart of all services, five times, under a backlog"""
    for _ in range(5):
        for _ in range(BACKLOG):
            world.load.start()
        for name in random.sample(OWNERS, len(OWNERS)):
            await world.stop(name)
            exit_code = world.stack.services[name].exit_code
            if exit_code != 0:
                world.violated("was not stopped in order", service=name, exit_code=exit_code)
            await world.launch(name)
        world.figures["rolling restarts"] += 1


@fault("frozen-leader")
async def frozen_leader(world: World, random: Random) -> None:
    """two replicas of each speaker; the first is frozen past its lease, then goes on"""
    replicas = []
    for name in ("intake", "routing", "pujk_gateway"):
        first, (http, ops) = world.stack.services[name], free_ports(2)
        told = first.told | {"HTTP_PORT": str(http), "OPS_PORT": str(ops)}
        replicas.append(Service(name, Doors(http, ops), told, first.log.with_name(f"{name}-2.log")))
    intake = replicas[0]
    try:
        for one in replicas:
            one.launch()
        for one in replicas:
            await asyncio.to_thread(one.wait_ready)
        world.suite.intakes.append(intake.url)
        await world.load.grows(5)
        for name in ("intake", "routing", "pujk_gateway"):
            service = world.stack.services[name]
            await asyncio.sleep(random.uniform(0.3, 2))
            world.history.write("frozen", service=name)
            world.suite.watched.frozen_doors |= {service.doors.http}
            world.suite.intakes = [one for one in world.suite.intakes if one != service.url]
            service.freeze()
        for _ in range(BACKLOG):
            world.load.start()
        await asyncio.sleep(world.lease_seconds + random.uniform(3, 6))
        for name in ("intake", "routing", "pujk_gateway"):
            world.stack.services[name].thaw()
        world.suite.intakes = [world.stack.services["intake"].url, intake.url]
        await asyncio.sleep(5)
    finally:
        world.suite.intakes = [world.stack.services["intake"].url]
        await asyncio.gather(*(asyncio.to_thread(one.stop) for one in replicas))
        world.suite.watched.frozen_doors.clear()
