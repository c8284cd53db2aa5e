"""What if the broker or the database goes away, refuses, is full, or forgets? Stops, kills, alarms, failpoints."""

import asyncio
from functools import partial
from random import Random
from typing import Any
from urllib.parse import quote

import httpx
from contracts.topology import OWNERS, inbox
from kit.running import eventually
from slkt.republish import republish
from slkt.settings import Addresses
from slkt_local import permissions
from slkt_local.broker import NativeBroker
from soak.faults import fault
from soak.wires import BROKER, DATABASE
from soak.world import APP, World

AWAY_SECONDS = (4.0, 10.0)
#: Longer than the age at which an unsaid fact closes the doors (60 s).
ALARM_SECONDS = 75.0
WRITES = ["insert", "update", "findAndModify"]
COMMANDS = [*WRITES, "find", "aggregate", "count"]


async def _stop(world: World, random: Random, server: str) -> None:
    """the {of} is stopped in good order and started again"""
    running = getattr(world.stack, server)
    await asyncio.to_thread(running.stop)
    await world.says_unready()
    await asyncio.sleep(random.uniform(*AWAY_SECONDS))
    await asyncio.to_thread(running.start)


async def _kill(world: World, random: Random, server: str) -> None:
    """kill -9 of the {of}, twice"""
    running = getattr(world.stack, server)
    for _ in range(2):
        await asyncio.sleep(random.uniform(0.5, 3))
        await asyncio.to_thread(running.kill)
        await asyncio.to_thread(running.start)


for _server in (BROKER, DATABASE):
    fault(f"{_server}-stop", of=_server)(partial(_stop, server=_server))
    fault(f"{_server}-kill", light=True, of=_server)(partial(_kill, server=_server))


async def _alarm(world: World, on: list[str], off: list[str], seconds: float) -> None:
    broker = world.stack.broker
    assert isinstance(broker, NativeBroker)
    await asyncio.to_thread(broker.control, *on)
    try:
        await asyncio.sleep(seconds)
        if seconds > ALARM_SECONDS - 10:
            # What was accepted cannot be passed on: the doors close, and readiness says why.
            await world.says_unready(["intake"])
            refused = world.suite.watched.statuses["503"]
            if not await world.until(lambda: world.suite.watched.statuses["503"] > refused, 10):
                world.violated("took more while nothing could be passed on")
    finally:
        await asyncio.to_thread(broker.control, *off)


@fault("disk-alarm")
async def disk_alarm(world: World, random: Random) -> None:
    """the broker's disk alarm blocks every publisher, until the doors close"""
    await _alarm(world, ["set_disk_free_limit", "1000000GB"], ["set_disk_free_limit", "200MB"], ALARM_SECONDS)


@fault("memory-alarm")
async def memory_alarm(world: World, random: Random) -> None:
    """the broker's memory alarm blocks every publisher for some seconds"""
    on, off = ["set_vm_memory_high_watermark", "0.000001"], ["set_vm_memory_high_watermark", "0.4"]
    await _alarm(world, on, off, random.uniform(12, 18))


@fault("queue-deleted")
async def queue_deleted(world: World, random: Random) -> None:
    """a service's inbox is deleted with what is in it; it is made again, and facts are said again"""
    name = random.choice(OWNERS)
    since = world.suite.mongo.admin.command("hello")["localTime"]
    recreated = f'slkt_queue_recreated_total{{queue="{inbox(name).name}"}}'
    before = await _counter(world, name, recreated)
    await world.suite.operator.delete(inbox(name).name)
    world.history.write("queue deleted", queue=inbox(name).name)

    async def made_again() -> bool:
        return await _counter(world, name, recreated) > before

    await eventually(made_again, f"{name} says queue_recreated")
    await world.says_ready()
    where = Addresses.of_stack(world.stack.description())
    said, _ = await republish(where, OWNERS, {"at": {"$gte": since}})
    world.figures["facts said again"] += said


async def _counter(world: World, name: str, sample: str) -> float:
    async with httpx.AsyncClient(trust_env=False, timeout=5) as http:
        text = (await http.get(f"{world.stack.services[name].ops_url}/metrics")).text
    return next((float(line.rpartition(" ")[2]) for line in text.splitlines() if line.startswith(sample)), 0.0)


@fault("permission-revoked")
async def permission_revoked(world: World, random: Random) -> None:
    """a service's rights on the broker are taken away, and given back"""
    name, broker = random.choice(("intake", "routing", "pujk_gateway", "notifier")), world.stack.broker
    rights = permissions.of_service(name)
    path = f"{broker.management_url}/api/permissions/{quote(broker.vhost, safe='')}/{name}"
    login = (broker.operator.user, broker.operator.password)
    world.history.write("rights revoked", service=name)
    async with httpx.AsyncClient(auth=login, trust_env=False, timeout=30) as http:
        nothing = dict.fromkeys(("configure", "write", "read"), permissions.NOTHING)
        (await http.put(path, json=nothing)).raise_for_status()
        try:
            await asyncio.sleep(random.uniform(10, 15))
        finally:
            given = {"configure": rights.configure, "write": rights.write, "read": rights.read}
            (await http.put(path, json=given)).raise_for_status()


async def _failing(world: World, seconds: float, share: float, commands: list[str], **data: Any) -> None:
    """So much of the services' commands fails for so long; nobody else's."""
    order: dict[str, Any] = {"configureFailPoint": "failCommand"}
    what = {"failCommands": commands, "appName": APP, **data}
    admin = world.suite.mongo.admin
    await asyncio.to_thread(admin.command, {**order, "mode": {"activationProbability": share}, "data": what})
    try:
        await asyncio.sleep(seconds)
    finally:
        await asyncio.to_thread(admin.command, {**order, "mode": "off"})


@fault("write-conflicts", light=True)
async def write_conflicts(world: World, random: Random) -> None:
    """every other write fails with a write conflict (112)"""
    await _failing(world, random.uniform(6, 10), 0.5, WRITES, errorCode=112)


@fault("not-primary", light=True)
async def not_primary(world: World, random: Random) -> None:
    """every third write is told that this is no primary (10107)"""
    await _failing(world, random.uniform(6, 10), 0.33, WRITES, errorCode=10107)


@fault("connections-closed", light=True)
async def connections_closed(world: World, random: Random) -> None:
    """every fifth command finds its connection closed"""
    await _failing(world, random.uniform(6, 10), 0.2, COMMANDS, closeConnection=True)


@fault("slow-database", light=True)
async def slow_database(world: World, random: Random) -> None:
    """every third command takes half a second or more"""
    await _failing(
        world, random.uniform(8, 12), 0.33, COMMANDS, blockConnection=True, blockTimeMS=random.randint(500, 1500)
    )


@fault("confirmed-late")
async def confirmed_late(world: World, random: Random) -> None:
    """writes are done and fail to be confirmed: nobody knows what became of them"""
    error = {"code": 64, "errmsg": "waiting for replication timed out"}
    await _failing(world, random.uniform(6, 10), 0.3, WRITES, writeConcernError=error)
