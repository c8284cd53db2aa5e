"""How are many matters written at once, so that one that cannot be written fails alone?"""

from typing import Any

from pymongo import InsertOne
from pymongo.errors import BulkWriteError

from chassis.database import Collection, passing, transient
from chassis.matter import Plan
from chassis.refusals import Unavailable


async def write(collection: Collection, plans: list[Plan[Any]], stamp: str) -> set[str]:
    """Writes all at once; returns the numbers that must run again, because another writer was faster.

    A bulk that raises is halved until the culprit stands alone, and only its own jobs fail. ``stamp`` marks the
    documents of this write. Errors: those of the driver that pass; then nothing is known of the outcome.
    """
    if not plans:
        return set()
    updates = [plan.number for plan in plans if not _inserts(plan)]
    lost: set[str] = set()
    try:
        result = await collection.bulk_write([plan.write for plan in plans if plan.write is not None], ordered=False)
        matched = result.matched_count
    except BulkWriteError as error:
        if error.details.get("writeConcernErrors"):
            raise
        matched = error.details["nMatched"]
        for failure in error.details["writeErrors"]:
            plan = plans[failure["index"]]
            if failure["code"] != 11000 or set(failure.get("keyPattern", {})) != {"_id"}:
                _fail(plan, _reason(failure.get("code")))
            elif _inserts(plan):
                lost.add(plan.number)
    except Exception as error:
        if transient(error):
            raise
        if len(plans) == 1:
            _fail(plans[0], error)
            return set()
        half = len(plans) // 2
        return await write(collection, plans[:half], stamp) | await write(collection, plans[half:], stamp)
    if matched < len(updates):
        mine = {d["_id"] async for d in collection.find({"_id": {"$in": updates}, "stamp": stamp}, {"_id": 1})}
        failed = {plan.number for plan in plans if plan.write is None}
        lost |= set(updates) - mine - failed
    return lost


def _inserts(plan: Plan[Any]) -> bool:
    return isinstance(plan.write, InsertOne)


def _reason(code: object) -> Exception:
    return Unavailable(f"write error {code}") if passing(code) else RuntimeError(f"write error {code}")


def _fail(plan: Plan[Any], reason: Exception) -> None:
    plan.entries, plan.write, plan.failed = [], None, True
    for job in plan.jobs:
        if not job.repeated and job.error is None:
            job.error = reason
