"""How long from accepting to visible, at a steady rate? A change stream on tracking's documents says when each is."""

import threading
import time
from typing import Any

from pymongo.errors import PyMongoError

from bench.ground import OWNERS, Ground
from bench.processes import rss_mib

TAIL_SECONDS = 60.0
CONNECTIONS = 64


class Watch:
    """Number → the moment its timeline came to hold where routing sent it. The stream's own delay is in it."""

    def __init__(self, timelines: Any) -> None:
        self.seen: dict[str, float] = {}
        told = {"documentKey": 1, "fullDocument.state.standings": 1, "updateDescription.updatedFields": 1}
        self._stream = timelines.watch([{"$project": told}], max_await_time_ms=500)
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        try:
            for change in self._stream:
                number = change.get("documentKey", {}).get("_id")
                if number not in self.seen and _routed(change):
                    self.seen[number] = time.monotonic()
        except PyMongoError:
            # Closing the stream from the other thread ends it so.
            return

    def close(self) -> None:
        self._stream.close()
        self._thread.join(5)


def _routed(change: dict[str, Any]) -> bool:
    if "routing" in change.get("fullDocument", {}).get("state", {}).get("standings", {}):
        return True
    updated = change.get("updateDescription", {}).get("updatedFields", {})
    return any(
        name.startswith("state.standings") and ("routing" in name or "routing" in value)
        for name, value in updated.items()
    )


def latency(ground: Ground, rate: float, seconds: float, sample_every: float = 1.0) -> dict[str, Any]:
    """So many tickets a second for so long: accept → visible, and each service's memory meanwhile."""
    services = ground.only(*OWNERS)
    watch = Watch(ground.database("tracking")["timelines"])
    memory: dict[str, list[float]] = {service.name: [] for service in services}
    load = ground.load([services[0].doors.http], CONNECTIONS, int(rate * seconds), rate=rate)
    while load.running:
        for service in services:
            if service.pid is not None:
                memory[service.name].append(rss_mib(service.pid))
        time.sleep(sample_every)
    found = load.result()
    until = time.monotonic() + TAIL_SECONDS
    while len(watch.seen) < len(found["answers"]) and time.monotonic() < until:
        time.sleep(0.1)
    watch.close()
    took = sorted(watch.seen.get(number, float("inf")) - sent for number, sent, _ in found["answers"])
    answered = sorted(answered - sent for _, sent, answered in found["answers"])
    ground.settle()
    return {
        "asked_rate": rate,
        "rate": len(took) / found["seconds"],
        "p50_ms": 1000 * took[len(took) // 2],
        "p99_ms": 1000 * took[int(len(took) * 0.99)],
        "answer_p50_ms": 1000 * answered[len(answered) // 2],
        "answer_p99_ms": 1000 * answered[int(len(answered) * 0.99)],
        "load_cores": found["cpu_seconds"] / found["seconds"],
        "rss_mib": {name: max(seen) for name, seen in memory.items() if seen},
        "rss_growth_mib": {name: _growth(seen) for name, seen in memory.items() if seen},
    }


def _growth(seen: list[float]) -> float:
    """The last quarter's middle over the second quarter's: what was still growing after the start."""
    quarter = max(1, len(seen) // 4)
    second, last = sorted(seen[quarter : 2 * quarter] or seen), sorted(seen[-quarter:])
    return last[len(last) // 2] - second[len(second) // 2]
