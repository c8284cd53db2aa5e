"""When can a consumer see the ticket? When tracking holds that it was registered and where routing sent it."""

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from pymongo.errors import PyMongoError

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


Change = dict[str, Any]


class Watch:
    """Number → the moment its document came to hold what is waited for. The stream's own delay is in it."""

    def __init__(self, documents: Any, field: str, holds: Callable[[Change], bool]) -> None:
        self.seen: dict[str, float] = {}
        self._holds = holds
        told = {"documentKey": 1, f"fullDocument.{field}": 1, "updateDescription.updatedFields": 1}
        self._stream = documents.watch([{"$project": told}], max_await_time_ms=500)
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        try:
            for change in self._stream:
                number = change.get("documentKey", {}).get("_id")
                if number is not None and number not in self.seen and self._holds(change):
                    self.seen[number] = time.monotonic()
        except PyMongoError:
            # Closing the stream from the other thread ends it so.
            return

    def close(self) -> None:
        self._stream.close()
        self._thread.join(5)

    def await_all(self, count: int, seconds: float) -> None:
        """Until so many were seen, or so long."""
        until = time.monotonic() + seconds
        while len(self.seen) < count and time.monotonic() < until:
            time.sleep(0.1)


def routed(change: Change) -> bool:
    """Whether tracking's document holds, with this change, where routing sent the matter."""
    if "routing" in change.get("fullDocument", {}).get("state", {}).get("standings", {}):
        return True
    return any(
        name.startswith("state.standings") and ("routing" in name or "routing" in value)
        for name, value in change.get("updateDescription", {}).get("updatedFields", {}).items()
    )


def took(seen: dict[str, float], sent: dict[str, float]) -> dict[str, float]:
    """Middle and 99th of a hundred, in ms; what was never seen took for ever."""
    all_ = sorted(1000 * (seen.get(number, float("inf")) - at) for number, at in sent.items())
    return {"p50_ms": all_[len(all_) // 2], "p99_ms": all_[int(len(all_) * 0.99)]}
