"""How fast are the statistics with a million matters behind them, and how soon do they follow? Rows are written in
bulk, in the shape that tracking writes; tracking makes the figures of them by itself."""

import time
from collections.abc import Iterator
from datetime import date
from itertools import islice
from random import Random
from statistics import median
from typing import Any
from zlib import crc32

import httpx
from chassis.ids import new_id
from pymongo import WriteConcern
from slkt.simulating.year import AHEAD, Simulated, Year
from slkt_local.waiting import wait_until
from tracking.domain.rows import VERSION

from bench.ground import OWNERS, Ground
from bench.stored import BATCH, number_of

#: As a regulator has them.
FIRST, YEARS = 2018, 9
TIMES, WARM = 40, 3
#: The numbers before these are of other parts.
AFTER = 40_000_000
PLACES = {
    "one year": "/desk/statistics?period=2024",
    "nine years less two days": "/desk/statistics?from=2018-01-02&to=2026-10-05",
    "some weeks": "/desk/statistics?from=2024-02-11&to=2024-03-19",
    "everybody's totals of one year": "/statistik?period=2024",
    "as CSV, nine years": "/desk/statistics/file/csv?from=2018-01-02&to=2026-10-05",
}


class Figures:
    """Tracking beside very many matters, and a supervisor who looks."""

    def __init__(self, ground: Ground, matters: int) -> None:
        self._stack = ground.stack
        self._database = ground.database("tracking")
        timelines = self._database["timelines"].with_options(write_concern=WriteConcern(w=1))
        ground.only()
        for batch in _batches(matters):
            timelines.insert_many(batch, ordered=False)
        ground.only(*OWNERS)
        began = time.monotonic()
        wait_until(self._counted, what="all is counted", timeout_seconds=1_800, every_seconds=1)
        self.counted_seconds = time.monotonic() - began
        staff = self._stack.description()["credentials"]["staff"]["supervisor"]
        self._http = httpx.Client(
            base_url=self._stack.entry.url,
            cookies={"slkt-staff-session": staff["session"]},
            follow_redirects=True,
            trust_env=False,
            timeout=60,
        )

    def measure(self, path: str) -> list[float]:
        """Milliseconds from asking to the whole answer, by the way in."""
        took = []
        for n in range(WARM + TIMES):
            begun = time.perf_counter()
            self._http.get(path).raise_for_status()
            if n >= WARM:
                took.append(1000 * (time.perf_counter() - begun))
        return sorted(took)

    def follows(self) -> float:
        """Seconds from a changed row to its figures, the middle of some."""
        timelines, took = self._database["timelines"], []
        for n in range(5):
            begun = time.monotonic()
            timelines.update_one({"_id": number_of(AFTER + n)}, {"$set": {"state.uncounted": new_id()}})
            wait_until(self._counted, what="it is counted", timeout_seconds=120, every_seconds=0.05)
            took.append(time.monotonic() - begun)
        return median(took)

    def _counted(self) -> bool:
        waiting = self._database["timelines"].count_documents({"state.uncounted": {"$gt": ""}}, limit=1)
        return not waiting and not self._database["figures"].count_documents({"dirty": {"$gt": ""}}, limit=1)


def _batches(matters: int) -> Iterator[list[dict[str, Any]]]:
    random, came = Random(2013), enumerate(_years(matters))
    while batch := [_timeline(AFTER + n, one, random) for n, one in islice(came, BATCH)]:
        yield batch


def _years(matters: int) -> Iterator[Simulated]:
    """As many in each of nine years as `slkt simulate` would send."""
    for year in range(YEARS):
        yield from Year(year, date(FIRST + year, 1, 1), matters // YEARS)


def _timeline(n: int, came: Simulated, random: Random) -> dict[str, Any]:
    said, about_a_firm = came.data, came.firm is not None
    kind = said["kind"]
    took = int(random.lognormvariate(8, 1.5))
    row = {
        "v": VERSION,
        "day": (came.at + AHEAD).date().isoformat(),
        "kind": kind,
        "channel": came.channel,
        "sector": came.sector,
        "pujk": came.firm,
        "name": said["pujk"]["name"] if about_a_firm else None,
        "product": said["product"],
        "issue": said["issue"],
        "region": said["region"],
        "answered": took,
        "closed": 2 * took if random.random() < 0.9 else None,
        "level": random.choices(("within", "near", "over", "running"), (80, 8, 7, 5))[0] if about_a_firm else None,
        "relief": 1_500_000 if kind == "complaint" and n % 5 == 0 else 0,
        "relieved": kind == "complaint" and n % 5 == 0,
        "returned": n % 7 == 0,
        "reopened": 0,
        "score": random.choice((None, None, 3, 4, 5)),
        "check": crc32(str(n).encode()),
    }
    state = {"entries": [], "standings": {}, "answers": [], "links": [], "row": row, "uncounted": new_id()}
    known = {"version": 1, "seq": 0, "clock": 1, "size": 0, "heard": {}, "acts": [], "unsent": [], "stamp": new_id()}
    return {"_id": number_of(n), **known, "state": state}
