"""How long from accepting to visible, at a steady rate? A change stream on tracking's documents says when each is."""

import time
from typing import Any

from bench.ground import OWNERS, Ground
from bench.processes import rss_mib
from bench.visible import Watch, routed, took

TAIL_SECONDS = 60.0
CONNECTIONS = 64


def latency(ground: Ground, rate: float, seconds: float, sample_every: float = 1.0) -> dict[str, Any]:
    """So many tickets a second for so long: accept → visible, and each service's memory meanwhile."""
    services = ground.only(*OWNERS)
    watch = Watch(ground.database("tracking")["timelines"], "state.standings", routed)
    memory: dict[str, list[float]] = {service.name: [] for service in services}
    load = ground.load([services[0].doors.http], CONNECTIONS, int(rate * seconds), rate=rate)
    while load.running:
        for service in services:
            if service.pid is not None:
                memory[service.name].append(rss_mib(service.pid))
        time.sleep(sample_every)
    found = load.result()
    watch.await_all(len(found["answers"]), TAIL_SECONDS)
    watch.close()
    answered = sorted(answered - sent for _, sent, answered in found["answers"])
    ground.settle()
    return {
        "asked_rate": rate,
        "rate": len(answered) / found["seconds"],
        **took(watch.seen, {number: sent for number, sent, _ in found["answers"]}),
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
