"""What if the disk of the database is full? Its data lie on a small file system of their own, which is then filled."""

import asyncio
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random

from soak.faults import fault
from soak.world import World

SIZE_MIB = 640
FULL_SECONDS = 12.0


@contextmanager
def small_disk(folder: Path) -> Iterator[bool]:
    """A file system of its own at the folder; False where this user may not make one."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["umount", "-l", str(folder)], capture_output=True, check=False)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MIB}m,mode=0700", "tmpfs", str(folder)]
    mounted = shutil.which("mount") is not None and subprocess.run(mount, capture_output=True).returncode == 0
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(folder)], capture_output=True, check=False)


@fault("disk-full")
async def disk_full(world: World, random: Random) -> None:
    """the disk of the database is full; the database ends or stands, and goes on once there is room"""
    if not world.small_disk:
        world.history.say("left out", fault="disk-full", why="no right to mount a file system of its own")
        return
    database = world.stack.database
    ballast = world.stack.root / "database" / "ballast"
    await asyncio.to_thread(_fill, ballast)
    try:
        await world.until(lambda: database.pid is None, FULL_SECONDS)
        await asyncio.to_thread(_fill, ballast)
        await world.says_unready()
        await asyncio.sleep(FULL_SECONDS)
        world.history.say("the disk was full", database="ended" if database.pid is None else "stands")
    finally:
        ballast.unlink()
    if database.pid is not None:
        await asyncio.to_thread(database.kill)
    await asyncio.to_thread(database.start)


def _fill(ballast: Path) -> None:
    with suppress(OSError), ballast.open("ab") as file:
        while True:
            file.write(b"\0" * 2**16)
            file.flush()
