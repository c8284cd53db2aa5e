"""One run: a plan drawn from a seed, carried out step by step, judged after each, told at the end."""

import asyncio
import json
import os
import time
from collections.abc import Container
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from soak import clocks, disk, messages, network, outsiders, processes, sabotage, servers
from soak.disk import small_disk
from soak.faults import FAULTS
from soak.history import History
from soak.judge import GIVE_UP_SECONDS, RECOVER_SECONDS, Judge
from soak.load import figures
from soak.sabotage import SABOTAGES, UNDER
from soak.world import World

#: Modules that register faults as they are read.
KINDS = (processes, servers, network, messages, outsiders, clocks, disk)

KILLS = 4
#: What was sabotaged may never be calm again: nobody waits for it long.
SABOTAGED_SECONDS = 45.0
BEFORE, AFTER = 10, 12


@dataclass(frozen=True)
class Asked:
    """``only``: steps such as ``kills``, ``kills+poison`` (together), ``facts-dropped:kills`` (sabotaged),
    ``facts-dropped@intake,dedupe-off@routing:kills`` (so sabotaged, and only these)."""

    seed: int
    minutes: float = 60.0
    only: tuple[str, ...] = ()
    mixed: int = 0
    rate: float = 6.0
    lease_seconds: float | None = None
    recover_seconds: float = RECOVER_SECONDS

    def unknown(self) -> list[str]:
        """Faults and sabotages that are asked for and do not exist."""
        words = [(part, known) for step in self.only for part, known in _parts(step)]
        return [word for word, known in words if word not in known]

    @property
    def again(self) -> str:
        """What to type to see the same once more."""
        lease = f" --lease {self.lease_seconds:g}" if self.lease_seconds else ""
        only = f" --only {' '.join(self.only)}" if self.only else f" --mixed {self.mixed}"
        return f"PYTHONPATH=tests python -m soak --seed {self.seed} --rate {self.rate:g}{lease}{only}"


@dataclass
class Step:
    """What came of one step of the plan."""

    name: str
    recovered_seconds: float = 0.0
    struck_seconds: float = 0.0
    violations: list[str] = field(default_factory=list)
    load: dict[str, Any] = field(default_factory=dict)
    #: What a sabotage was seen by.
    found: list[str] = field(default_factory=list)


def _parts(step: str) -> list[tuple[str, Container[str]]]:
    sabotages, _, faults = step.rpartition(":")
    kinds = [one.partition("@")[0] for one in sabotages.split(",") if one]
    return [*((kind, SABOTAGES) for kind in kinds), *((one, FAULTS) for one in faults.split("+"))]


def names() -> dict[str, str]:
    return {one.name: one.tells for one in FAULTS.values()}


def plan(asked: Asked) -> list[str]:
    """Each fault once, the kills four times (20 in all), in an order of the seed; pairs of light ones; sabotages."""
    if asked.only:
        return list(asked.only)
    random = Random(asked.seed)
    single = [*FAULTS, *["kills"] * (KILLS - 1)]
    random.shuffle(single)
    light = [one.name for one in FAULTS.values() if one.light]
    mixed = ["+".join(random.sample(light, 2)) for _ in range(asked.mixed)]
    return [*single, *mixed, *(f"{kind}:{faults}" for kind, faults in UNDER.items())]


class Run:
    def __init__(self, folder: Path, asked: Asked, *, aloud: bool = True) -> None:
        self.folder = folder
        self.asked = asked
        self.steps: list[Step] = []
        self.history = History(folder, aloud=aloud)
        #: Sabotaged services left behind what no later step may be judged by.
        self._harmed = False

    async def whole(self) -> int:
        """Exit code: 0 where nothing was violated."""
        asked, history = self.asked, self.history
        steps = plan(asked)
        history.say("seed", seed=asked.seed, again=asked.again)
        history.write("plan", asked=asdict(asked), steps=steps)
        stack = self.folder / "stack"
        with small_disk(stack / "database") as small:
            world = World(
                stack, history, asked.seed, rate=asked.rate, lease_seconds=asked.lease_seconds, small_disk=small
            )
            async with world:
                await self._all(world, steps)
                self._told(world)
        history.close()
        return 1 if any(step.violations for step in self.steps) else 0

    async def _all(self, world: World, steps: list[str]) -> None:
        judge = Judge(world, self.asked.recover_seconds)
        world.load.begin(world.random("load"))
        await world.load.grows(BEFORE)
        world.load.pause()
        await judge.takes_base()
        until = time.monotonic() + self.asked.minutes * 60
        for at, name in enumerate(steps):
            sabotages, _, faults = name.rpartition(":")
            # Whether the harness sees anything is asked in any case.
            if not sabotages and time.monotonic() > until:
                self.history.say("out of time", left=name)
                continue
            if sabotages or self._harmed:
                await world.runs(sabotage.commands(sabotages), anew=self._harmed)
            if self._harmed:
                judge.forget()
            self._harmed = bool(sabotages)
            known = len(world.violations)
            # A step asked for alone draws what it drew among others.
            nth = steps[:at].count(name)
            step = await self._step(world, judge, faults, nth, SABOTAGED_SECONDS if sabotages else GIVE_UP_SECONDS)
            self.steps.append(step)
            if sabotages:
                self._must_have_seen(world, step, sabotages, known)

    def _must_have_seen(self, world: World, step: Step, sabotages: str, known: int) -> None:
        """The services broke a promise: what was found is what must be found."""
        del world.violations[known:]
        step.name = f"{sabotages}:{step.name}"
        step.found, step.violations = step.violations, []
        if not step.found:
            world.violated("the harness saw nothing", sabotage=sabotages)
            step.violations = world.violations[known:]
        self.history.say("sabotaged", by=sabotages, found=len(step.found))

    async def _step(
        self, world: World, judge: Judge, name: str, nth: int, give_up_seconds: float = GIVE_UP_SECONDS
    ) -> Step:
        faults, known, before = name.split("+"), len(world.violations), len(world.load.walks)
        step = Step(name)
        world.load.begin(world.random("load", name, nth))
        await world.load.grows(BEFORE)
        self.history.say("strikes", fault=name)
        began = time.monotonic()
        results = await asyncio.gather(
            *(FAULTS[one].strike(world, world.random(one, nth)) for one in faults), return_exceptions=True
        )
        for one, result in zip(faults, results, strict=True):
            if isinstance(result, BaseException):
                world.violated("the fault itself failed", fault=one, told=f"{type(result).__name__}: {result}"[:500])
        await world.mend()
        ended = time.monotonic()
        step.struck_seconds = round(ended - began, 1)
        if not await world.load.grows(AFTER):
            world.violated("nothing is accepted any more", fault=name)
        world.load.pause()
        step.recovered_seconds = round(await judge.judge(name, ended, give_up_seconds), 1)
        await world.says_ready()
        step.violations = world.violations[known:]
        step.load = figures(world.load.walks[before:])
        self.history.say(
            "judged",
            fault=name,
            struck=step.struck_seconds,
            recovered=step.recovered_seconds,
            wrong=len(step.violations),
            **step.load,
        )
        return step

    def _told(self, world: World) -> None:
        told = {
            "asked": asdict(self.asked),
            "seconds": round(self.history.elapsed),
            "steps": [asdict(step) for step in self.steps],
            "figures": dict(world.figures),
            # Others may use the machine: its load says what the seconds are worth.
            "load_average": os.getloadavg(),
            "lag_seconds": round(world.suite.watched.lag, 1),
            "answers": dict(world.suite.watched.statuses),
            "complaints": sum(step.load["complaints"] for step in self.steps),
            "notices_twice": sum(sum(firm.twice.values()) for firm in world.firms),
            "violations": world.violations,
        }
        (self.folder / "result.json").write_text(json.dumps(told, indent=2) + "\n")
        self.history.say("ended", complaints=told["complaints"], wrong=len(world.violations))
