"""What does one matter contribute to the figures? A row: a function of what was said of it, and of nothing else."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any
from zlib import crc32

from tracking.domain.relief import relief
from tracking.domain.stages import Stands

WIB = timezone(timedelta(hours=7), "WIB")
#: Rows of an older version are made again, by themselves, when a release with a newer one starts.
VERSION = 3
#: Kinds that a service level is kept or missed for.
JUDGED = ("indication", "complaint")
REGISTERED = "intake.service-registered.v1"
ROUTED = ("routing.ticket-routed.v1", "routing.ticket-rerouted.v1")
#: The first of these answers whoever brought the matter; the last of those ends it, while it stands as ended.
ANSWERS = ("intake.service-answered.v1", "pujk_gateway.resolution-proposed.v1")
ENDS = (
    "intake.service-answered.v1",
    "intake.service-closed.v1",
    "routing.ticket-closed.v1",
    "pujk_gateway.ticket-closed.v1",
)
REOPENED = ("intake.service-reopened.v1", "pujk_gateway.ticket-reopened.v1")

Entry = Mapping[str, Any]
Row = dict[str, Any]


def row_of(entries: Sequence[Entry], stands: Stands) -> Row | None:
    """None until it was heard that the matter was registered. Minutes are elapsed time, without pauses.

    ``check`` tells two rows apart: figures say the sum of those that they were made of.
    """
    registered = next((one["data"] for one in entries if one["type"] == REGISTERED), None)
    if registered is None:
        return None
    received = datetime.fromisoformat(registered["received_at"])
    kind = str(stands.intake.get("kind", registered["kind"]))
    latest = max(_of(entries, *ROUTED), key=lambda one: int(one["seq"]), default=None)
    routed: Mapping[str, Any] = latest["data"] if latest else {}
    paid = relief(entries)
    scores = sorted((one["seq"], one["data"]["score"]) for one in _of(entries, "tracking.feedback-given.v1"))
    row = {
        "v": VERSION,
        "day": received.astimezone(WIB).date().isoformat(),
        "kind": kind,
        "channel": registered["channel"],
        "sector": routed.get("sector"),
        "pujk": routed.get("pujk"),
        "name": routed.get("pujk_name"),
        "product": registered.get("product"),
        "issue": registered.get("issue"),
        "region": registered.get("region"),
        "answered": _minutes(received, min(_times(entries, ANSWERS), default=None)),
        "closed": _minutes(received, max(_times(entries, ENDS), default=None)) if stands.ended else None,
        "level": _level(entries, stands) if kind in JUDGED else None,
        "relief": paid or 0,
        "relieved": paid is not None,
        "returned": len(list(_of(entries, "pujk_gateway.resolution-returned.v1"))),
        "reopened": len(list(_of(entries, *REOPENED))),
        "score": scores[-1][1] if scores else None,
    }
    return row | {"check": crc32(json.dumps(row, sort_keys=True).encode())}


def _of(entries: Iterable[Entry], *types: str) -> Iterator[Entry]:
    return (one for one in entries if one["type"] in types)


def _times(entries: Iterable[Entry], types: Sequence[str]) -> list[datetime]:
    return [one["time"] for one in _of(entries, *types)]


def _minutes(since: datetime, until: datetime | None) -> int | None:
    return None if until is None else max(0, int((until - since).total_seconds() // 60))


def _level(entries: Sequence[Entry], stands: Stands) -> str | None:
    """Of all firms that had it, the worst: one day missed and not taken back is over; an answer in the last fifth of
    the time is near. None where no firm's time ran."""

    def rounds(fact: str) -> set[int]:
        return {int(one["data"]["round"]) for one in _of(entries, f"routing.deadline-{fact}.v1")}

    met = rounds("met")
    if rounds("missed") - met:
        return "over"
    if met:
        return "near" if rounds("near") & met else "within"
    return "running" if stands.routing.get("answer") == "awaited" else None
