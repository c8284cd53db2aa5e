"""What did a process cost? CPU time and resident memory as the kernel counts them."""

import os
from collections.abc import Mapping
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PAGE_MIB = os.sysconf("SC_PAGE_SIZE") / 2**20


def cpu_seconds(pid: int) -> float:
    """User and system time of all its threads and of its ended children."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(field) for field in fields[11:15]) / TICKS


def rss_mib(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE_MIB


def children(pid: int) -> list[int]:
    """The processes it started, theirs included."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += [int(child), *children(int(child))]
    return found


def machine_cpu_seconds() -> float:
    """All that all processes of the machine used; the difference to ours is what others took."""
    fields = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    busy = [int(field) for n, field in enumerate(fields[:8]) if n not in (3, 4)]
    return sum(busy) / TICKS


class Meter:
    """CPU seconds by name between making it and asking."""

    def __init__(self, pids: Mapping[str, int]) -> None:
        self._pids = dict(pids)
        self._before = {name: cpu_seconds(pid) for name, pid in self._pids.items()}
        self._machine = machine_cpu_seconds()

    def used(self) -> dict[str, float]:
        used = {name: cpu_seconds(pid) - self._before[name] for name, pid in self._pids.items()}
        return used | {"machine": machine_cpu_seconds() - self._machine}
