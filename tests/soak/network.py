"""What if the network lies? Connections to the broker and the database are cut, frozen, slowed and lost."""

import asyncio
from random import Random

from contracts.topology import OWNERS
from kit.proxy import Proxy
from soak.faults import fault
from soak.wires import BROKER, DATABASE
from soak.world import World

DELAY_SECONDS = 0.2


async def _cut(world: World, random: Random, server: str) -> None:
    for _ in range(6):
        some = random.sample(OWNERS, random.randint(1, len(OWNERS)))
        world.wires.each(server, some, Proxy.cut)
        world.figures[f"{server} wires cut"] += len(some)
        await asyncio.sleep(random.uniform(0.3, 2))


async def _freeze(world: World, server: str) -> None:
    world.wires.each(server, OWNERS, Proxy.freeze)
    try:
        await world.says_unready()
        await asyncio.sleep(8)
    finally:
        world.wires.each(server, OWNERS, Proxy.thaw)


async def _delay(world: World, random: Random, server: str) -> None:
    def slow(proxy: Proxy) -> None:
        proxy.delay_seconds = DELAY_SECONDS

    world.wires.each(server, OWNERS, slow)
    await asyncio.sleep(random.uniform(12, 18))
    world.wires.mend()


async def _lose(world: World, random: Random, server: str) -> None:
    some = random.sample(OWNERS, 3)
    world.history.write("half-open", services=some, server=server)
    world.wires.each(server, some, Proxy.lose)
    await asyncio.sleep(1)


@fault("broker-cut", light=True)
async def broker_cut(world: World, random: Random) -> None:
    """connections to the broker are cut, again and again"""
    await _cut(world, random, BROKER)


@fault("broker-frozen")
async def broker_frozen(world: World, random: Random) -> None:
    """connections to the broker stand and carry nothing"""
    await _freeze(world, BROKER)


@fault("broker-slow", light=True)
async def broker_slow(world: World, random: Random) -> None:
    """everything to and from the broker takes 200 ms more each way"""
    await _delay(world, random, BROKER)


@fault("broker-half-open")
async def broker_half_open(world: World, random: Random) -> None:
    """three services' connections to the broker are lost without a word"""
    await _lose(world, random, BROKER)


@fault("database-cut", light=True)
async def database_cut(world: World, random: Random) -> None:
    """connections to the database are cut, again and again"""
    await _cut(world, random, DATABASE)


@fault("database-frozen")
async def database_frozen(world: World, random: Random) -> None:
    """connections to the database stand and carry nothing"""
    await _freeze(world, DATABASE)


@fault("database-slow", light=True)
async def database_slow(world: World, random: Random) -> None:
    """everything to and from the database takes 200 ms more each way"""
    await _delay(world, random, DATABASE)


@fault("database-half-open")
async def database_half_open(world: World, random: Random) -> None:
    """three services' connections to the database are lost without a word"""
    await _lose(world, random, DATABASE)
