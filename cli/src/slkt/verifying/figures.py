"""Are the figures what the timelines' rows come to? Counts and sums of checks, by day, month and year: an index tells
those of a million rows in a second."""

from collections import Counter
from typing import Any

from slkt.owners import Databases
from slkt.verifying.report import Finding
from slkt.verifying.view import AFTER_MATTERS

TRACKING = "tracking"
DAY_CHARACTERS = 10
_ROWS: list[dict[str, Any]] = [
    {"$match": {"state.row.day": {"$gt": ""}}},
    {"$group": {"_id": "$state.row.day", "count": {"$sum": 1}, "check": {"$sum": "$state.row.check"}}},
]


async def judge_figures(databases: Databases) -> list[Finding]:
    """What is being counted is left out. Errors: those of the driver."""
    matters, figures = databases.matters(TRACKING), databases.figures()
    told = {one["_id"]: one async for one in figures.find({}, {"count": 1, "check": 1, "dirty": 1})}
    counts, checks = Counter[str](), Counter[str]()
    async for one in matters.aggregate(_ROWS):
        for cell in _cells(one["_id"]):
            counts[cell] += one["count"]
            checks[cell] += one["check"]
    moving = {cell for cell, one in told.items() if "dirty" in one}
    async for one in matters.find({"state.uncounted": {"$gt": ""}}, {"state.row.day": 1}):
        moving.add((one["state"].get("row") or {}).get("day") or "")
    moving |= {above for cell in moving for above in _cells(cell)}
    return [
        _finding(cell, told.get(cell, {}), counts[cell])
        for cell in sorted({*told, *counts} - moving)
        if (told.get(cell, {}).get("count", 0), told.get(cell, {}).get("check", 0)) != (counts[cell], checks[cell])
    ]


def _cells(cell: str) -> list[str]:
    """It and what stands above it."""
    return [cell[:length] for length in (DAY_CHARACTERS, 7, 4) if len(cell) >= length]


def _finding(cell: str, told: dict[str, Any], count: int) -> Finding:
    number, what = f"{AFTER_MATTERS}{cell}", f"{cell}: of {count} rows, told of {told.get('count', 0)}"
    return Finding("figures", TRACKING, number, TRACKING, what=what)
