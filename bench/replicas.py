"""Do two replicas do twice as much? Each process is held to the same share of a core: by a cgroup where this machine
lets us (version 2 or 1), else by stopping and continuing it."""

import os
import signal
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from slkt_local.ports import free_ports
from slkt_local.services import Doors, Service

from bench.ground import OWNERS, Ground, replica_of
from bench.rows import pipeline

SHARE = 0.2
PERIOD_US = 50_000
V2, V1 = Path("/sys/fs/cgroup"), Path("/sys/fs/cgroup/cpu")


def method() -> str:
    """How a share is enforced here."""
    if "cpu" in _read(V2 / "cgroup.subtree_control").split() and os.access(V2, os.W_OK):
        return "cgroup v2"
    if (V1 / "cpu.cfs_quota_us").exists() or (V1 / "cpu.shares").exists():
        with suppress(OSError):
            trial = V1 / "slkt-bench-trial"
            trial.mkdir()
            trial.rmdir()
            return "cgroup v1"
    return "stop and continue"


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


@contextmanager
def held(pids: Sequence[int], share: float = SHARE) -> Iterator[None]:
    """Each of these processes gets at most this share of one core."""
    how = method()
    if how == "stop and continue":
        done = threading.Event()
        threads = [threading.Thread(target=_duty, args=(pid, share, done)) for pid in pids]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            done.set()
            for thread in threads:
                thread.join()
        return
    base = V2 if how == "cgroup v2" else V1
    groups = [_group(base, pid, share, v2=how == "cgroup v2") for pid in pids]
    try:
        yield
    finally:
        for pid, group in zip(pids, groups, strict=True):
            with suppress(OSError):
                (base / "cgroup.procs").write_text(str(pid))
            with suppress(OSError):
                group.rmdir()


def _group(base: Path, pid: int, share: float, *, v2: bool) -> Path:
    group = base / f"slkt-bench-{pid}"
    group.mkdir(exist_ok=True)
    quota = int(PERIOD_US * share)
    if v2:
        (group / "cpu.max").write_text(f"{quota} {PERIOD_US}")
    else:
        (group / "cpu.cfs_period_us").write_text(str(PERIOD_US))
        (group / "cpu.cfs_quota_us").write_text(str(quota))
    (group / "cgroup.procs").write_text(str(pid))
    return group


def _duty(pid: int, share: float, done: threading.Event) -> None:
    """It runs for a fifth of each 50 ms. Coarser than a quota: a process that would idle pays all the same."""
    period = PERIOD_US / 1e6
    while not done.is_set():
        try:
            os.kill(pid, signal.SIGCONT)
            time.sleep(period * share)
            os.kill(pid, signal.SIGSTOP)
            time.sleep(period * (1 - share))
        except ProcessLookupError:
            return
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGCONT)


def one_and_two(ground: Ground, count: int) -> dict[str, Any]:
    """The pipeline's rate with one replica of each service and with two."""
    first = ground.only(*OWNERS)
    with held(_pids(first)):
        one = pipeline(ground, count, first)
    ports = free_ports(2 * len(first))
    second = [replica_of(service, Doors(ports[2 * n], ports[2 * n + 1])) for n, service in enumerate(first)]
    try:
        for service in second:
            service.launch()
        for service in second:
            service.wait_ready()
        with held(_pids([*first, *second])):
            two = pipeline(ground, count, [*first, *second])
    finally:
        for service in second:
            service.stop()
    return {"method": method(), "one": one, "two": two, "ratio": two["rate"] / one["rate"]}


def _pids(services: Sequence[Service]) -> list[int]:
    return [service.pid for service in services if service.pid is not None]
