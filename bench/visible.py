"""When can a consumer see the ticket? When tracking holds that it was registered and where routing sent it."""

import time
from collections import deque
from typing import Any

SEEN = "state.standings.routing"
AT_ONCE = 200
PATIENCE_SECONDS = 600.0


def wait_visible(timelines: Any, numbers: list[str]) -> float:
    """The moment when the last of them is visible; asks in the order of acceptance, by `_id`, a few hundred a time."""
    pending = deque(numbers)
    until = time.monotonic() + PATIENCE_SECONDS
    while pending:
        wanted = [pending.popleft() for _ in range(min(AT_ONCE, len(pending)))]
        found = {one["_id"] for one in timelines.find({"_id": {"$in": wanted}, SEEN: {"$exists": True}}, {"_id": 1})}
        missing = [number for number in wanted if number not in found]
        pending.extendleft(reversed(missing))
        if missing:
            if time.monotonic() > until:
                raise RuntimeError(f"{len(pending)} of {len(numbers)} are not visible, the first is {pending[0]}")
            time.sleep(0.05)
    return time.monotonic()
