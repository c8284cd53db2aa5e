"""What if the network lies? Connections to the broker and the database are cut, frozen, slowed and lost."""

import asyncio
from functools import partial
from random import Random

from contracts.topology import OWNERS
from kit.proxy import Proxy
from soak.faults import fault
from soak.wires import BROKER, DATABASE
from soak.world import World

DELAY_SECONDS = 0.2


async def _cut(world: World, random: Random, server: str) -> None:
    """connections to the {of} are cut, again and again"""
    for _ in range(6):
        some = random.sample(OWNERS, random.randint(1, len(OWNERS)))
        world.wires.each(server, some, Proxy.cut)
        world.figures[f"{server} wires cut"] += len(some)
        await asyncio.sleep(random.uniform(0.3, 2))


async def _freeze(world: World, _: Random, server: str) -> None:
    """connections to the {of} stand and carry nothing"""
    world.wires.each(server, OWNERS, Proxy.freeze)
    try:
        await world.says_unready()
        await asyncio.sleep(8)
    finally:
        world.wires.each(server, OWNERS, Proxy.thaw)


async def _delay(world: World, random: Random, server: str) -> None:
    """everything to and from the {of} takes 200 ms more each way"""

    def slow(proxy: Proxy) -> None:
        proxy.delay_seconds = DELAY_SECONDS

    world.wires.each(server, OWNERS, slow)
    await asyncio.sleep(random.uniform(12, 18))
    world.wires.mend()


async def _lose(world: World, random: Random, server: str) -> None:
    """three services' connections to the {of} are lost without a word"""
    some = random.sample(OWNERS, 3)
    world.history.write("half-open", services=some, server=server)
    world.wires.each(server, some, Proxy.lose)
    await asyncio.sleep(1)


#: What may be done to the wires of a server, and whether it may strike together with another fault.
LIES = {"cut": (_cut, True), "frozen": (_freeze, False), "slow": (_delay, True), "half-open": (_lose, False)}

for _server in (BROKER, DATABASE):
    for _lie, (_strike, _light) in LIES.items():
        fault(f"{_server}-{_lie}", light=_light, of=_server)(partial(_strike, server=_server))
