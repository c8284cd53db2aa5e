"""How is each of the three measured once? The floor, the naive service, ours."""

import json
import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
from slkt_local.ports import free_ports
from slkt_local.services import Doors, Service

from bench.floor import HEARS
from bench.ground import INBOXES, OWNERS, Ground, replica_of
from bench.processes import Meter, children
from bench.visible import Change, Watch, took, wait_visible

FLOOR_ROLES = ("intake", *HEARS)
TAIL_SECONDS = 10.0


def floor(ground: Ground, count: int, rate: float = 0.0) -> dict[str, Any]:
    """Whole tickets per second of the bare program; or, at a steady rate, how long each took until its last mark but
    one, which is where ours is visible."""
    amqp, mongo = ground.stack.broker.amqp_url, ground.stack.database.mongo_url
    subprocess.run(
        [ground.python, "-c", f"import asyncio, bench.floor as f; asyncio.run(f.declare({amqp!r}))"], check=True
    )
    tag, start = ground.tag().replace("-", "_"), ground.path("start")
    ready = {role: ground.path(f"{role}.ready") for role in FLOOR_ROLES}
    answers = {role: ground.path(f"{role}.json") for role in FLOOR_ROLES}
    told = {"amqp": amqp, "mongo": mongo, "tag": tag, "count": count, "requests": str(ground.requests_file)}
    told |= {"rate": rate}
    marked = ground.database(f"floor_tracking_{tag}")["matters"]
    watch = Watch(marked, "heard", _heard_b) if rate else None
    programs = {
        role: subprocess.Popen(
            [
                ground.python,
                "-m",
                "bench.floor",
                json.dumps(
                    {**told, "role": role, "start": str(start), "ready": str(ready[role]), "answer": str(answers[role])}
                ),
            ]
        )
        for role in FLOOR_ROLES
    }
    try:
        _until(lambda: all(path.exists() for path in ready.values()), programs)
        meter = Meter({role: one.pid for role, one in programs.items()} | ground.server_pids())
        started = time.monotonic()
        start.touch()
        _until(lambda: all(_written(path) for path in answers.values()), programs)
        used = meter.used()
    finally:
        start.unlink(missing_ok=True)
        for one in programs.values():
            one.wait(20)
    found = {role: json.loads(path.read_text()) for role, path in answers.items()}
    ended = max(one["ended"] for one in found.values())
    waited: dict[str, float] = {}
    if watch is not None:
        watch.await_all(count, TAIL_SECONDS)
        watch.close()
        waited = took(watch.seen, found["intake"]["sent"])
    for role in FLOOR_ROLES:
        ground.database(f"floor_{role}_{tag}").client.drop_database(f"floor_{role}_{tag}")
    return _result(count, ended - started, used, FLOOR_ROLES) | waited


def _heard_b(change: Change) -> bool:
    """Routing's fact, as `routed` asks of ours."""
    heard = change.get("fullDocument", {}).get("heard", [])
    for name, value in change.get("updateDescription", {}).get("updatedFields", {}).items():
        if name.startswith("heard"):
            heard = [*heard, *(value if isinstance(value, list) else [value])]
    return any(str(one).endswith(".b") for one in heard)


def _until(true: Callable[[], bool], programs: dict[str, subprocess.Popen[bytes]]) -> None:
    while not true():
        for role, one in programs.items():
            if one.poll() is not None:
                raise RuntimeError(f"floor {role} ended with {one.returncode}")
        time.sleep(0.02)


def _written(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0


def _result(count: int, seconds: float, used: dict[str, float], clients: Any) -> dict[str, Any]:
    return {
        "count": count,
        "seconds": seconds,
        "rate": count / seconds,
        "cpu_ms": {name: 1000 * spent / count for name, spent in used.items()},
        "client_cpu_ms": 1000 * sum(used[name] for name in clients) / count,
    }


class Naive:
    """The naive service with its two workers; running from entering to leaving."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self.port = free_ports(1)[0]

    def __enter__(self) -> "Naive":
        ground = self._ground
        env = os.environ | {
            "NAIVE_MONGO": ground.stack.database.mongo_url,
            "NAIVE_AMQP": ground.stack.broker.amqp_url,
        }
        command = [ground.python, "-m", "uvicorn", "bench.naive:app", "--workers", "2", "--no-access-log"]
        self._process = subprocess.Popen([*command, "--log-level", "warning", "--port", str(self.port)], env=env)
        for _ in range(300):
            try:
                httpx.get(f"http://127.0.0.1:{self.port}/docs", trust_env=False)
                break
            except httpx.HTTPError:
                time.sleep(0.1)
        time.sleep(2)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(20)
        self._ground.purge(["naive.inbox"])
        self._ground.database("naive").client.drop_database("naive")

    def measure(self, connections: int, count: int) -> dict[str, Any]:
        workers = {f"naive {n}": pid for n, pid in enumerate(children(self._process.pid))}
        return _http(self._ground, workers, [self.port], connections, count)


def _http(ground: Ground, clients: dict[str, int], ports: list[int], connections: int, count: int) -> dict[str, Any]:
    load = ground.load(ports, connections, count)
    meter = Meter(clients | ground.server_pids())
    found = load.result()
    used = meter.used() | {"load": found["cpu_seconds"]}
    answered = sorted(answered - sent for _, sent, answered in found["answers"])
    return _result(count, found["seconds"], used, clients) | {
        "p50_ms": 1000 * answered[len(answered) // 2],
        "p99_ms": 1000 * answered[int(len(answered) * 0.99)],
        "load_cores": found["cpu_seconds"] / found["seconds"],
    }


def intake(ground: Ground, connections: int, count: int, *, processes: int = 1) -> dict[str, Any]:
    """Intake alone; what it says waits in the others' inboxes and is thrown away afterwards."""
    running = ground.only("intake")
    for _ in range(processes - 1):
        another = replica_of(running[0], Doors(*free_ports(2)))
        another.launch()
        running.append(another)
    try:
        for one in running[1:]:
            one.wait_ready()
        clients = {f"intake {n}": one.pid for n, one in enumerate(running, 1) if one.pid is not None}
        found = _http(ground, clients, [one.doors.http for one in running], connections, count)
    finally:
        for one in running[1:]:
            one.stop()
    ground.purge(INBOXES)
    return found


def pipeline(
    ground: Ground, count: int, services: list[Service] | None = None, *, connections: int = 64, suffix: str = ""
) -> dict[str, Any]:
    """From the first request to the last ticket visible in tracking, the five services running."""
    running = services or ground.only(*OWNERS)
    ports = [service.doors.http for service in running if service.name == "intake"]
    names = {f"{service.name}{'' if n < len(OWNERS) else ' 2'}": service.pid for n, service in enumerate(running)}
    clients = {name: pid for name, pid in names.items() if pid is not None}
    load = ground.load(ports, connections, count)
    meter = Meter(clients | ground.server_pids())
    found = load.result()
    visible = wait_visible(ground.database(f"tracking{suffix}")["timelines"], [a[0] for a in found["answers"]])
    used = meter.used() | {"load": found["cpu_seconds"]}
    seconds = visible - found["started"]
    # What comes after "visible" (mails, the others' marks) was begun by these tickets, and is paid for here.
    ground.settle()
    whole = meter.used()
    return _result(count, seconds, used, clients) | {
        "accepted_rate": count / found["seconds"],
        "load_cores": found["cpu_seconds"] / found["seconds"],
        "whole_cpu_ms": {name: 1000 * spent / count for name, spent in whole.items()},
    }
