"""How does a timeline become right again? It is made of its owners' facts, and written over one that differs.

Nothing has to stop: tracking goes on hearing, and a document that moves meanwhile is folded again. Of what a timeline
contributes to the figures, and of the figures, it is only said that they are to be made again: tracking makes them.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from time import monotonic
from typing import Any

from chassis.ids import new_id
from contracts.topology import OWNERS
from pymongo.errors import DuplicateKeyError

from chassis import heard
from slkt.owners import Databases
from slkt.settings import Addresses
from slkt.verifying.fold import differences, fold, pin_round
from slkt.verifying.view import Said, View, look, spans

TRACKING = "tracking"
LOOKS, PAUSE_SECONDS = 10, 0.2
#: In place of the entry that changed a row: the row itself is to be made again.
AGAIN = "again"
#: Counting that does not go on for so long waits for tracking to run.
STILL_SECONDS = 20.0


class KeepsMoving(Exception):
    """A timeline moved at every try to repair it; a later run will find it at rest."""


async def rebuild(addresses: Addresses, progress: Callable[[int, int], None] = lambda done, of: None) -> Counter[str]:
    """Counts of timelines that were `right`, `repaired`, `made`. Errors: those of the driver, KeepsMoving."""
    databases, counts, done = Databases(addresses.mongo_url), Counter[str](), 0
    try:
        total = await databases.matters("intake").estimated_document_count()
        async for span in spans(databases, OWNERS):
            views = await look(databases, span, OWNERS, exactly=True)
            for view in views.values():
                counts[await _one(databases, view)] += 1
                done += 1
            of_span = {"_id": span, "state": {"$exists": True}}
            # Another version: whoever remembers the document as it was reads it again.
            anew = {"$set": {"state.uncounted": AGAIN}, "$inc": {"version": 1}}
            await databases.matters(TRACKING).update_many(of_span, anew)
            progress(done, max(total, done))
        await databases.figures().update_many({}, {"$set": {"dirty": new_id()}})
    finally:
        databases.close()
    return counts


async def counted(addresses: Addresses, progress: Callable[[int, int], None] = lambda done, of: None) -> int:
    """Waits while tracking makes rows and figures again; how many are left where it does not go on.

    Errors: those of the driver.
    """
    databases, most, still, last = Databases(addresses.mongo_url), 0, monotonic(), -1
    try:
        while left := await _uncounted(databases):
            most = max(most, left)
            progress(most - left, most)
            if left != last:
                still, last = monotonic(), left
            if monotonic() - still > STILL_SECONDS:
                return left
            await asyncio.sleep(PAUSE_SECONDS)
        progress(most, most)
        return 0
    finally:
        databases.close()


async def _uncounted(databases: Databases) -> int:
    rows: int = await databases.matters(TRACKING).count_documents({"state.uncounted": {"$gt": ""}})
    cells: int = await databases.figures().count_documents({"dirty": {"$gt": ""}})
    return rows + cells


async def _one(databases: Databases, view: View) -> str:
    for look_ in range(LOOKS):
        outcome = await _try(databases, view)
        if outcome is not None:
            return outcome
        await asyncio.sleep(PAUSE_SECONDS * look_)
        again = await look(databases, {"$in": [view.number]}, OWNERS, exactly=True)
        view = again.get(view.number, View(view.number))
    raise KeepsMoving(f"the timeline of {view.number} moved {LOOKS} times while it was repaired")


async def _try(databases: Databases, view: View) -> str | None:
    """None where the document moved between looking and writing.

    The timeline is taken as it stood before its facts were read: whatever it held then is among them.
    """
    facts = [one for owner in OWNERS for one in view.kept(owner)]
    document = view.owned.get(TRACKING)
    if "erased_at" in (document or {}) or not facts:
        return "right"
    if document is not None and not differences(document, facts) and not _unheard(document, facts):
        return "right"
    matters = databases.matters(TRACKING)
    if document is None:
        try:
            await matters.insert_one(await _made(databases, view.number, facts))
        except DuplicateKeyError:
            return None
        return "made"
    update = {"$set": {**_told(document.get("heard", {}), facts), "version": document["version"] + 1}}
    written = await matters.update_one({"_id": view.number, "version": document["version"]}, update)
    return "repaired" if written.matched_count else None


def _unheard(document: dict[str, Any], facts: Sequence[Said]) -> bool:
    """Whether facts that were said are missing from what the timeline has heard; what is unsent is on its way."""
    known = document.get("heard", {})
    return any(one.where == "facts" and not heard.has(known.get(one.owner, []), one.seq) for one in facts)


def _told(known: dict[str, heard.Ranges], facts: Sequence[Said]) -> dict[str, Any]:
    """State, stamp and what was heard of a timeline that holds exactly these facts."""
    ranges: dict[str, heard.Ranges] = {}
    for one in facts:
        ranges[one.owner] = heard.add(ranges.get(one.owner, []), one.seq)
    entries, standings = fold(facts)
    return {
        "heard": {**{owner: found for owner, found in known.items() if owner not in OWNERS}, **ranges},
        "clock": max(entry["clock"] for entry in entries.values()),
        "stamp": new_id(),
        "state.entries": list(entries.values()),
        "state.standings": standings,
        "state.pin_round": pin_round(entries.values()),
    }


async def _made(databases: Databases, number: str, facts: Sequence[Said]) -> dict[str, Any]:
    told = _told({}, facts)
    state = {name.removeprefix("state."): told.pop(name) for name in [*told] if name.startswith("state.")}
    own = [one.seq for one in facts if one.owner == TRACKING]
    return {
        "_id": number,
        "version": 1,
        "seq": max(own, default=0),
        "size": 0,
        "acts": [],
        "unsent": [],
        "created_at": await databases.now(),
        "state": state,
        **told,
    }
