"""What if the wall clocks of services are wrong? A small library in front of libc tells each service another time."""

import asyncio
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from contracts.topology import OWNERS
from slkt_local.install import Missing
from soak.faults import fault
from soak.world import World

SKEW_SECONDS = 600
TOLERATED = timedelta(seconds=2)
#: The wall clock alone: monotonic clocks run on, as they do when an operator sets a clock.
SOURCE = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long off(void) { const char *text = getenv("SOAK_CLOCK_SECONDS"); return text ? atol(text) : 0; }

int clock_gettime(clockid_t which, struct timespec *out) {
    static int (*theirs)(clockid_t, struct timespec *);
    if (!theirs) theirs = dlsym(RTLD_NEXT, "clock_gettime");
    int said = theirs(which, out);
    if (!said && (which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE)) out->tv_sec += off();
    return said;
}

int gettimeofday(struct timeval *restrict out, void *restrict zone) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (out) { out->tv_sec = now.tv_sec; out->tv_usec = now.tv_nsec / 1000; }
    return 0;
}

time_t time(time_t *out) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (out) *out = now.tv_sec;
    return now.tv_sec;
}
"""


def library(folder: Path) -> Path:
    """The library, made once. Errors: Missing where there is no C compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        raise Missing("wrong clocks need a C compiler: sudo apt-get install gcc libc6-dev")
    made = folder / "clock.so"
    if not made.exists():
        subprocess.run(
            [compiler, "-shared", "-fPIC", "-O1", "-o", str(made), "-x", "c", "-", "-ldl"],
            input=SOURCE,
            text=True,
            check=True,
            capture_output=True,
        )
    return made


@fault("wrong-clocks")
async def wrong_clocks(world: World, random: Random) -> None:
    """wall clocks of services are ten minutes fast or slow, each its own way"""
    shim = await asyncio.to_thread(library, world.stack.root)
    hello = world.suite.mongo.admin.command
    began, before = hello("hello")["localTime"], len(world.load.walks)
    skews = dict(zip(OWNERS, random.sample((-1, 1, -1, 1, 1), 5), strict=True))
    world.history.write("clocks", skews=skews)
    for name in OWNERS:
        await world.stop(name)
        extra = {"LD_PRELOAD": str(shim), "SOAK_CLOCK_SECONDS": str(skews[name] * SKEW_SECONDS)}
        await world.launch(name, extra=extra)
    await asyncio.sleep(random.uniform(12, 18))
    numbers = [one.number for one in world.load.walks[before:] if one.receipt]
    wrong = await asyncio.to_thread(_dated_wrongly, world, numbers, began)
    if wrong:
        world.violated("dated by a wrong clock", facts=wrong)
    for name in OWNERS:
        await world.stop(name)
        await world.launch(name)


def _dated_wrongly(world: World, numbers: list[str], began: Any) -> dict[str, int]:
    """How many facts of these matters were not said since then by the database's time, by owner."""
    found = {}
    for owner in OWNERS:
        facts = world.suite.mongo[owner]["facts"]
        now = world.suite.mongo.admin.command("hello")["localTime"]
        outside = {"$not": {"$gte": began - TOLERATED, "$lte": now + TOLERATED}}
        if count := facts.count_documents({"subject": {"$in": numbers}, "at": outside}):
            found[owner] = count
    return found
