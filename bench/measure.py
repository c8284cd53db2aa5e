"""In which order is what measured? Interleaved, so that whatever else this machine does meets all alike."""

import json
import os
import sys
from dataclasses import dataclass
from statistics import median
from typing import Any

from bench import profile, rows
from bench.duplicates import duplicates as one_duplicates
from bench.figures import PLACES, Figures
from bench.ground import OWNERS, Ground
from bench.latency import latency as one_latency
from bench.lists import FLOOR, Lists
from bench.live import STREAMS
from bench.live import live as open_pages
from bench.pairs import PAIRS
from bench.pairs import pairs as made_pairs
from bench.replicas import SHARE, one_and_two
from bench.report import Report
from bench.stored import SUFFIX, Full

CONNECTIONS = (1, 16, 64)
#: Tickets of one firm.
LISTED = 100_000
WARM_UP = 300
SERVERS = ("broker", "database")


@dataclass(frozen=True)
class Sizes:
    """How much of each."""

    rounds: int
    tickets: int
    stored: int
    memory_seconds: float


def facts(ground: Ground, sizes: Sizes) -> dict[str, str]:
    """What the figures hold for."""
    size = ground.body_bytes
    load = os.getloadavg()
    return {
        "machine": f"{os.cpu_count()} cores, shared by services, broker, database and load generator",
        "load average before": f"{load[0]:.1f} (what others on this machine run; 0 is best)",
        "bodies": f"{len(size)} different, {size[0]} to {size[-1]} bytes, median {size[len(size) // 2]}",
        "one journaled insert, median": f"{ground.insert_ms():.1f} ms (three stand between accepted and visible)",
        "durability": "majority and journal; persistent, confirmed, quorum queues; the same for all",
        "rounds": f"{sizes.rounds}, interleaved; {sizes.tickets} tickets a measurement",
    }


def _keep(report: Report, name: str, found: dict[str, Any]) -> dict[str, Any]:
    short = {key: round(value, 2) for key, value in found.items() if isinstance(value, float)}
    print(f"   {name} {json.dumps(short)}", file=sys.stderr, flush=True)
    return report.keep(name, found)


def rates(ground: Ground, report: Report, sizes: Sizes) -> None:
    rows.pipeline(ground, WARM_UP)
    for _ in range(sizes.rounds):
        ground.only()
        _keep(report, "floor", rows.floor(ground, sizes.tickets))
        with rows.Naive(ground) as naive:
            naive.measure(16, WARM_UP)
            for n in CONNECTIONS:
                _keep(report, f"naive at {n}", naive.measure(n, _fewer(sizes.tickets, n)))
        rows.intake(ground, 16, WARM_UP)
        for n in CONNECTIONS:
            _keep(report, f"intake at {n}", rows.intake(ground, n, _fewer(sizes.tickets, n)))
        _keep(report, "two intakes at 64", rows.intake(ground, 64, sizes.tickets, processes=2))
        ground.only(*OWNERS)
        _keep(report, "pipeline", rows.pipeline(ground, sizes.tickets))
    floor, pipeline = report.of("floor", "rate"), report.of("pipeline", "rate")
    report.add("floor: whole tickets", "1/s", floor)
    report.add("floor: client CPU a ticket", "ms", report.of("floor", "client_cpu_ms"))
    for n in CONNECTIONS:
        report.add(f"naive service, {n} connections", "1/s", report.of(f"naive at {n}", "rate"))
    for n in CONNECTIONS:
        report.add(f"intake alone, {n} connections", "1/s", report.of(f"intake at {n}", "rate"))
    report.add("intake alone, 64 connections, two processes", "1/s", report.of("two intakes at 64", "rate"))
    report.add("whole pipeline, accept to visible", "1/s", pipeline)
    report.add("whole pipeline: client CPU a ticket", "ms", report.of("pipeline", "client_cpu_ms"))
    report.at_least("whole pipeline, ours / floor", "×", _ratios(pipeline, floor), 0.6)
    report.add("the same by CPU of all processes a ticket, floor / ours", "×", _by_cpu(report, "floor", "pipeline"))
    naives = report.of("naive at 64", "rate")
    of_two = _ratios(report.of("two intakes at 64", "rate"), naives)
    report.at_least("intake alone at 64 connections, two processes each, ours / naive", "×", of_two, 2.0)
    report.add("the same, one process of ours", "×", _ratios(report.of("intake at 64", "rate"), naives))
    by_cpu = _by_cpu(report, "naive at 64", "intake at 64")
    report.add("the same by CPU of all processes a submission, naive / ours", "×", by_cpu)
    loads = [load for name in ("naive at 64", "intake at 64", "pipeline") for load in report.of(name, "load_cores")]
    report.add("load generator", "cores", loads, "must stay far below 1")


def _fewer(tickets: int, connections: int) -> int:
    """One connection waits for the journal each time: a fifth says as much."""
    return tickets if connections > 1 else tickets // 5


def _ratios(above: list[float], below: list[float]) -> list[float]:
    return [a / b for a, b in zip(above, below, strict=True)]


def _by_cpu(report: Report, other: str, ours: str) -> list[float]:
    """What the ratio would be if nobody else used this machine: work against work."""

    def all_of(name: str) -> list[float]:
        found = [one for kept, one in report.raw if kept == name]
        return [one["client_cpu_ms"] + sum(one["cpu_ms"][server] for server in SERVERS) for one in found]

    return _ratios(all_of(other), all_of(ours))


def latency(ground: Ground, report: Report, sizes: Sizes) -> None:
    top = median(report.of("pipeline", "rate") or [rows.pipeline(ground, sizes.tickets)["rate"]])
    for _ in range(sizes.rounds):
        ground.only()
        for rate, of in ((50, "50/s"), (top / 2, "half")):
            _keep(report, f"floor's latency at {of}", rows.floor(ground, int(20 * rate), rate))
        ground.only(*OWNERS)
        rows.pipeline(ground, WARM_UP)
        _keep(report, "latency at 50/s", one_latency(ground, 50, 20))
        _keep(report, "latency at half", one_latency(ground, top / 2, 20))
    steady = _keep(report, "steady", one_latency(ground, top / 2, sizes.memory_seconds))
    for name, goal in (("latency at 50/s", 60), ("latency at half", 250)):
        shown = name.replace("latency at half", f"half of the top rate ({top / 2:.0f}/s)").replace("latency at ", "")
        floors = report.of(f"floor's {name}", "p99_ms")
        report.add(f"accept → visible, {shown}, p50", "ms", report.of(name, "p50_ms"))
        report.at_most(f"accept → visible, {shown}, p99", "ms", report.of(name, "p99_ms"), goal)
        report.add(f"accept → visible, {shown}, p99 of the floor", "ms", floors, "what this machine allows")
    for name, most in steady["rss_mib"].items():
        growth = f"{steady['rss_growth_mib'][name]:+.1f} MiB from the second to the last quarter"
        report.at_most(f"memory of {name} under load", "MiB", [most], 150, f"{growth} of {sizes.memory_seconds:.0f} s")


def stored(ground: Ground, report: Report, sizes: Sizes) -> None:
    ground.only(*OWNERS)
    rows.pipeline(ground, WARM_UP)
    full = Full(ground)
    full.start()
    ground.only()
    written = full.fill(sizes.stored)
    ratios = []
    for _ in range(sizes.rounds):
        services = full.start()
        loaded = _keep(report, "pipeline, stored", rows.pipeline(ground, sizes.tickets, services, suffix=SUFFIX))
        full.back()
        empty = _keep(report, "pipeline, empty", rows.pipeline(ground, sizes.tickets))
        ratios.append(loaded["rate"] / empty["rate"])
    note = f"{written} documents written in bulk"
    report.at_least(f"pipeline with {sizes.stored} matters stored / empty", "×", ratios, 0.9, note)


def lists(ground: Ground, report: Report, sizes: Sizes) -> None:
    ground.only(*OWNERS)
    long = Lists(ground, min(sizes.stored, LISTED))
    for one in long.asked():
        found = [_keep(report, one.what, long.measure(one)) for _ in range(sizes.rounds)]
        ratio = median(report.of(one.what, "p50_ms")) / median(report.of(FLOOR, "p50_ms"))
        cpu = " + ".join(f"{median(run[f'{name}_ms'] for run in found):.0f}" for name in ("service", "database"))
        half = median(run["p50_ms"] for run in found)
        note = f"p50 {half:.0f} ms, {ratio:.1f} × {FLOOR}; CPU of service + database {cpu} ms"
        calls = max(run["calls"] for run in found)
        report.at_most(f"{one.what}, p95", "ms", [run["p95_ms"] for run in found], 100, f"{note}; {calls:.1f} calls")
    for form in ("csv", "xlsx"):
        sent = _keep(report, f"export {form}", long.export(form))
        note = f"{sent['mib']:.0f} MiB in {sent['seconds']:.0f} s, memory of the process +{sent['grew_mib']:.0f} MiB"
        report.add(f"the whole list as {form}, first byte", "ms", [sent["first_byte_ms"]], note)


def figures(ground: Ground, report: Report, sizes: Sizes) -> None:
    ground.only(*OWNERS)
    whole = Figures(ground, sizes.stored)
    rate = sizes.stored / whole.counted_seconds
    report.add(
        f"figures made of {sizes.stored} new matters", "s", [whole.counted_seconds], f"{rate:.0f} matters a second"
    )
    report.add("a changed matter stands in the figures", "s", [whole.follows()], f"beside {sizes.stored}")
    for what, path in PLACES.items():
        found = [whole.measure(path) for _ in range(sizes.rounds)]
        note = f"p50 {median(median(one) for one in found):.0f} ms; {sizes.stored} matters"
        report.at_most(f"statistics, {what}, p95", "ms", [one[int(0.95 * len(one))] for one in found], 200, note)


def replicas(ground: Ground, report: Report, sizes: Sizes) -> None:
    found = [one_and_two(ground, max(500, sizes.tickets // 4)) for _ in range(sizes.rounds)]
    for one in found:
        _keep(report, "replicas", one)
    note = f"each process held to {SHARE:.0%} of a core by {found[0]['method']}"
    report.at_least("two replicas of each service / one", "×", [one["ratio"] for one in found], 1.6, note)


def duplicates(ground: Ground, report: Report, sizes: Sizes) -> None:
    ground.only(*OWNERS)
    rows.pipeline(ground, WARM_UP)
    for service in ("routing", "tracking"):
        found = [one_duplicates(ground, service, sizes.tickets // 2) for _ in range(sizes.rounds)]
        for one in found:
            _keep(report, f"duplicates at {service}", one)
        note = "CPU of the service and of the database"
        report.at_most(f"a duplicate / a first delivery, {service}", "×", [one["ratio"] for one in found], 0.5, note)
    ground.only(*OWNERS)


def pairs(ground: Ground, report: Report, sizes: Sizes) -> None:
    ground.only("intake")
    found = _keep(report, "pairs", made_pairs(ground))
    note = f"of {found['matters']:.0f} matters on four channels, with as many look-alikes as pairs; seeded"
    report.at_least(f"{PAIRS} matters that came twice: found", "share", [found["recall"]], 0.95, note)
    report.at_most("suggestions that are no pair", "share", [found["wrong"]], 0.01)
    report.at_most("look-alikes that were suggested", "share", [found["look_alikes"]], 0.01)
    report.add("compared after the last came in", "s", [found["compare_seconds_after"]], "the worker, one replica")
    ground.only(*OWNERS)


def profiled(ground: Ground, report: Report, sizes: Sizes) -> None:
    """Where the time of one ticket goes, by service and part; printed and kept as JSON."""
    ground.only(*OWNERS)
    rows.pipeline(ground, WARM_UP)
    pids = {name: service.pid for name, service in ground.stack.services.items() if service.pid is not None}
    folder = ground.root / "profile"
    sampling = profile.record(pids, 30, folder)
    found = _keep(report, "pipeline under the profiler", rows.pipeline(ground, sizes.tickets))
    for one in sampling:
        one.wait()
    for name in pids:
        spent = found["whole_cpu_ms"][name]
        print(f"{name}: {spent:.2f} ms a ticket")
        for part, share in profile.shares(folder / f"{name}.raw").items():
            print(f"   {share:5.0%} {share * spent * 1000:5.0f} µs  {part}")
        for function, share in profile.functions(folder / f"{name}.raw"):
            print(f"         {share:5.1%} {function}")


def live(ground: Ground, report: Report, sizes: Sizes) -> None:
    found = [_keep(report, "live", open_pages(ground, nth)) for nth in range(min(2, sizes.rounds))]
    note = (
        f"before {found[0]['rss_before_mib']:.0f}; CPU while nothing happens {found[0]['idle_cpu_share']:.0%} of a core"
    )
    memory = [max(one["rss_open_mib"], one["rss_after_mib"]) for one in found]
    report.at_most(f"{STREAMS} open live streams on one replica: its memory", "MiB", memory, 300, note)
    report.add("an act at intake's door → a page has heard, p50", "ms", [one["p50_ms"] for one in found])
    report.at_most("the same, p99", "ms", [one["p99_ms"] for one in found], 1_000)
    report.add("the same, the last of all", "ms", [one["most_ms"] for one in found])
