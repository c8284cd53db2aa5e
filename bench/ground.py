"""What do all rows stand on? One private broker and database with the five services, started once for the whole run."""

import json
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
from pymongo import WriteConcern
from slkt_local.services import Doors, Service
from slkt_local.stack import Stack

from bench.bodies import complaints, keep, requests

OWNERS = ("intake", "routing", "pujk_gateway", "notifier", "tracking")
INBOXES = tuple(f"{name}.inbox" for name in OWNERS)


class Ground:
    """The running stack, and the small things every row needs of it."""

    def __init__(self, root: Path, stack: Stack, bodies: int, file: Path | None) -> None:
        self.root = root
        self.stack = stack
        self._client = stack.database.client()
        # The database's day: the same that intake compares dates with, a day early for safety west of Jakarta.
        self.today = self._client.admin.command("hello")["localTime"].date()
        self.bodies = complaints(bodies, self.today, file)
        key = stack.channel_keys["web"]
        self.requests_file = root / "requests"
        ready = requests(self.bodies, "/submissions", {"X-API-Key": key})
        keep(ready, self.requests_file)
        self.body_bytes = sorted(len(one.split(b"\r\n\r\n", 1)[1]) for one in ready)
        self._runs = 0

    @property
    def python(self) -> str:
        return sys.executable

    def server_pids(self) -> dict[str, int]:
        found = {"broker": self.stack.broker.pid, "database": self.stack.database.pid, "mail": self.stack.mail.pid}
        return {name: pid for name, pid in found.items() if pid is not None}

    def pids(self, services: Iterable[Service]) -> dict[str, int]:
        found = {service.name: service.pid for service in services}
        return {name: pid for name, pid in found.items() if pid is not None} | self.server_pids()

    def only(self, *names: str) -> list[Service]:
        """Exactly these services run and are ready."""
        for name, service in self.stack.services.items():
            if name not in names:
                service.stop()
        wanted = [self.stack.services[name] for name in names]
        starting = [service for service in wanted if service.pid is None]
        for service in starting:
            service.launch()
        for service in starting:
            service.wait_ready()
        return wanted

    def tag(self) -> str:
        """Different for every run, so that no key is sent twice."""
        self._runs += 1
        return f"{self._runs:03d}-{time.monotonic_ns() % 10**9:09d}"

    def path(self, name: str) -> Path:
        folder = self.root / "runs"
        folder.mkdir(exist_ok=True)
        return folder / f"{self.tag()}-{name}"

    def load(self, ports: Sequence[int], connections: int, count: int, **more: Any) -> "Load":
        return Load(self, {"ports": list(ports), "connections": connections, "count": count, **more})

    def database(self, name: str) -> Any:
        return self._client[name]

    def insert_ms(self, times: int = 50) -> float:
        """How long this machine takes to journal one document, by the middle one of so many."""
        trial = self._client["trial"].get_collection("inserts", write_concern=WriteConcern("majority", j=True))
        took = []
        for n in range(times):
            started = time.monotonic()
            trial.insert_one({"_id": n})
            took.append(1000 * (time.monotonic() - started))
        self._client.drop_database("trial")
        return sorted(took)[times // 2]

    def queue_depth(self, queues: Iterable[str] = INBOXES) -> int:
        """Messages in these queues, by asking the broker itself."""
        broker = self.stack.broker
        login = (broker.operator.user, broker.operator.password)
        with httpx.Client(base_url=broker.management_url, auth=login, trust_env=False, timeout=30) as management:
            found = management.get(f"/api/queues/{broker.vhost}").raise_for_status().json()
        return sum(one.get("messages", 0) for one in found if one["name"] in set(queues))

    def purge(self, queues: Iterable[str]) -> None:
        broker = self.stack.broker
        login = (broker.operator.user, broker.operator.password)
        with httpx.Client(base_url=broker.management_url, auth=login, trust_env=False, timeout=60) as management:
            for queue in queues:
                management.delete(f"/api/queues/{broker.vhost}/{queue}/contents").raise_for_status()

    def settle(self, seconds: float = 120.0) -> None:
        """Until nothing waits in an inbox: one row must not pay for another."""
        until = time.monotonic() + seconds
        calm = 0
        while calm < 2 and time.monotonic() < until:
            calm = calm + 1 if self.queue_depth() == 0 else 0
            time.sleep(1.1)


class Load:
    """A load generator in a process of its own."""

    def __init__(self, ground: Ground, asked: Mapping[str, Any]) -> None:
        self._answer = ground.path("load.json")
        told = {"requests": str(ground.requests_file), "tag": ground.tag(), "answer": str(self._answer), **asked}
        self._process = subprocess.Popen([ground.python, "-m", "bench.load", json.dumps(told)])

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def result(self) -> dict[str, Any]:
        if self._process.wait() != 0:
            raise RuntimeError("the load generator failed")
        found: dict[str, Any] = json.loads(self._answer.read_text())
        if found["refused"]:
            raise RuntimeError(f"{len(found['refused'])} refused, the first: {found['refused'][0]}")
        return found


def replica_of(service: Service, doors: Doors) -> Service:
    """The same service a second time, on doors of its own."""
    told = service.told | {"HTTP_PORT": str(doors.http), "OPS_PORT": str(doors.ops)}
    return Service(service.name, doors, told, service.log.with_name(f"{service.name}-2.log"))
