"""Is everything whole after a fault? Nothing lost, nothing twice, nothing left over, and as small as before."""

import asyncio
import email
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from contracts.topology import OWNERS, UNROUTED
from slkt.owners import MATTERS
from soak.load import Walk
from soak.world import World

RECOVER_SECONDS = 30.0
GIVE_UP_SECONDS = 240.0
MEMORY_MIB = 150.0
#: The driver's pool holds 20 at the most, and watches over two more.
DATABASE_CONNECTIONS = 23
#: Connections of requests that others still hold open, and a worker at its look.
TASKS_MORE = 25
#: To speak, to hear, and for outsiders' queues.
BROKER_CONNECTIONS = 3
SAMPLE = 3


@dataclass
class Base:
    """What an idle suite holds."""

    tasks: dict[str, float] = field(default_factory=dict)


class Judge:
    """Looks at a world in which the load is paused."""

    def __init__(self, world: World, recover_seconds: float = RECOVER_SECONDS) -> None:
        self.world = world
        self._recover_seconds = recover_seconds
        self._judged = 0
        self._mails = _Mails(world.stack.mail.mail_dir)
        self._base = Base()

    def forget(self) -> None:
        """The world was made anew."""
        self._judged = 0

    async def takes_base(self) -> None:
        await self._calm(GIVE_UP_SECONDS)
        self._base = Base(await self._tasks())
        self.world.history.write("base", tasks=self._base.tasks)

    async def judge(self, name: str, ended: float, give_up_seconds: float = GIVE_UP_SECONDS) -> float:
        """Seconds from the fault's end until nothing was under way; what is wrong goes to the world's violations."""
        world, suite = self.world, self.world.suite
        if not await self._calm(give_up_seconds):
            left = await asyncio.to_thread(suite.under_way)
            world.violated("never calm again", fault=name, left=left, complaints=world.load.under_way)
        seconds = time.monotonic() - ended
        if seconds > self._recover_seconds:
            world.violated("late", fault=name, seconds=round(seconds, 1))
        walks = world.load.since(self._judged)
        self._judged += len(walks)
        await self._verified(name)
        await asyncio.to_thread(self._each, name, walks)
        await self._put_aside(name)
        await self._small_again(name)
        await self._the_same_again(name, walks)
        for told in suite.watched.wrong:
            world.violated("a wrong answer", fault=name, told=told)
        for told in world.load.failed:
            world.violated("a complaint did not end", fault=name, told=told)
        suite.watched.wrong.clear()
        world.load.failed.clear()
        return seconds

    async def _calm(self, seconds: float) -> bool:
        """Nothing under way at three looks in a row: the broker's counts are a second old."""
        until, looks, last = time.monotonic() + seconds, 0, dict[str, int]()
        while looks < 3 and time.monotonic() < until:
            left = await asyncio.to_thread(self.world.suite.under_way)
            if self.world.load.under_way:
                left["complaints"] = self.world.load.under_way
            looks = 0 if left else looks + 1
            if left != last:
                self.world.history.write("under way", **left)
            last = left
            await asyncio.sleep(0.5)
        return looks >= 3

    async def _verified(self, name: str) -> None:
        report = await asyncio.to_thread(lambda: asyncio.run(self.world.suite.verified()))
        if not report.clean or report.explained or not report.judged:
            told = report.to_dict()
            self.world.violated("verify", fault=name, found=told.get("found"), troubles=report.troubles)
            self.world.history.write("verify", report=told)

    def _each(self, name: str, walks: list[Walk]) -> None:
        """What the harness itself knows must have come of each complaint, against what is stored and was told."""
        world, mongo = self.world, self.world.suite.mongo
        numbers = [one.number for one in walks if one.receipt]
        if len({*numbers}) != len(numbers):
            world.violated("one number for two complaints", fault=name)
        accepted = sum(bool(one.receipt) for one in world.load.walks)
        stored = mongo["intake"][MATTERS["intake"]].count_documents({})
        if accepted != stored:
            world.violated("accepted and stored differ", fault=name, accepted=accepted, stored=stored)
        facts: dict[str, list[str]] = defaultdict(list)
        for owner in OWNERS:
            found = mongo[owner]["facts"].find({"subject": {"$in": numbers}}, {"subject": 1, "type": 1})
            for one in found.sort([("subject", 1), ("seq", 1)]):
                facts[one["subject"]].append(one["type"].removeprefix("slkt.").rsplit(".", 1)[0])
        mails = self._mails.by_address()
        wrong = [line for walk in walks if walk.receipt for line in _wrong(walk, facts, mails)]
        if wrong:
            kinds = dict(Counter(kind for kind, _ in wrong))
            some = dict(wrong)
            world.violated("effects", fault=name, kinds=kinds, some=some)
        if any(mongo[owner]["stuck"].count_documents({}) for owner in OWNERS):
            world.violated("facts are stuck", fault=name)

    async def _put_aside(self, name: str) -> None:
        """Dead letters are exactly the poison; then they are forgotten, so that the next fault has its own.

        A letter may lie there twice: its reader put it aside, and lost the connection before it could acknowledge.
        """
        suite = self.world.suite
        dead, poison = await suite.dead(), {*self.world.poison}
        if more := {*dead} - poison:
            self.world.violated("dead letters nobody asked for", fault=name, letters=sorted(more)[:5])
        if less := poison - {*dead}:
            self.world.violated("poison not put aside", fault=name, letters=sorted(less)[:5])
        self.world.poison.clear()
        for queue in {f"{one}.dead" for one, _, _ in dead} | {UNROUTED}:
            await suite.operator.purge(queue)

    async def _small_again(self, name: str) -> None:
        for _ in range(20):
            connections, tasks = await self._connections(), await self._tasks()
            more = {name: count for name, count in connections.items() if count > BROKER_CONNECTIONS}
            grown = {one: count for one, count in tasks.items() if count > self._base.tasks[one] + TASKS_MORE}
            if not more and not grown:
                break
            await asyncio.sleep(1)
        else:
            self.world.violated("not as small as before", fault=name, connections=more, tasks=grown)
        pools = await asyncio.to_thread(self._pools)
        if too_many := {one: count for one, count in pools.items() if count > DATABASE_CONNECTIONS}:
            self.world.violated("connections to the database", fault=name, services=too_many)
        memory = {one: (await self.world.metrics(one))["process_resident_memory_bytes"] / 2**20 for one in OWNERS}
        if too_large := {one: round(mib) for one, mib in memory.items() if mib > MEMORY_MIB}:
            self.world.violated("memory", fault=name, mib=too_large)
        self.world.history.write(
            "size",
            tasks=tasks,
            connections=connections,
            pools=pools,
            mib={one: round(mib) for one, mib in memory.items()},
        )

    async def _the_same_again(self, name: str, walks: list[Walk]) -> None:
        """A few are sent again, step by step under their keys, and are answered as the first time; and are shown."""
        ended = [one for one in walks if one.receipt and (one.decided or not one.whole)]
        for one in self.world.random("again", name, len(ended)).sample(ended, min(SAMPLE, len(ended))):
            try:
                await one.everything_again()
            except AssertionError as error:
                self.world.violated("answered otherwise the second time", fault=name, told=str(error)[:300])
            shown = await asyncio.to_thread(self.world.suite.track, one.receipt)
            if shown.get("stage", {}).get("code") != one.stage:
                self.world.violated("shown wrongly", fault=name, number=one.number, stage=shown.get("stage"))

    async def _connections(self) -> Counter[str]:
        """By user of the broker, those of the services."""
        found = await asyncio.to_thread(self.world.suite.management, "/connections")
        return Counter(one["user"] for one in found if one.get("user") in OWNERS)

    async def _tasks(self) -> dict[str, float]:
        return {name: (await self.world.metrics(name))["slkt_tasks"] for name in OWNERS}

    def _pools(self) -> Counter[str]:
        """Connections to the database by user, idle ones too."""
        stages = [{"$currentOp": {"allUsers": True, "idleConnections": True}}]
        found = self.world.suite.mongo.admin.aggregate(stages)
        users = (one.get("effectiveUsers", [{}])[0].get("user", "") for one in found)
        return Counter(user for user in users if user in OWNERS)


def _wrong(walk: Walk, facts: dict[str, list[str]], mails: dict[str, set[str]]) -> list[tuple[str, str]]:
    """(kind, what) of everything that should be otherwise."""
    number, found = walk.number, list[tuple[str, str]]()
    said = [one for one in facts[number] if not one.startswith("notifier.")]
    if said != walk.facts:
        found.append(("said otherwise", f"{number}: {said}"))
    mailed = facts[number].count("notifier.notification-sent")
    received = len(mails.get(walk.address, ()))
    if not mailed == received == walk.mails:
        found.append(("mailed otherwise", f"{number}: {mailed} said, {received} received, {walk.mails} due"))
    if walk.firm.told(number) != walk.notices:
        found.append(("firm told otherwise", f"{number}: {walk.firm.told(number)}"))
    return found


class _Mails:
    """What was told by mail, by address; each file is read once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: set[str] = set()
        self._found: dict[str, set[str]] = defaultdict(set)

    def by_address(self) -> dict[str, set[str]]:
        for file in self._folder.glob("[0-9]*.eml"):
            if file.name not in self._read:
                self._read.add(file.name)
                told: Any = email.message_from_bytes(file.read_bytes())
                self._found[str(told["X-Envelope-To"])].update(str(told["X-Slkt-Tells"]).split())
        return self._found
