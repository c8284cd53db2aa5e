"""Matters as tracking keeps them, very many at once: each is folded of facts by the service's own rules, and none of
them is said to anybody. With what their figures must come to."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from chassis.documents import CODEC, Documents
from chassis.ids import new_id
from pymongo.collection import Collection
from pymongo.database import Database
from tracking.domain.timeline import Timeline

#: 21 January to 31 December 2013, as it was told of the first year.
BEGAN, ENDED = datetime(2013, 1, 21, tzinfo=UTC), datetime(2013, 12, 31, tzinfo=UTC)
SEED = {"information": 495, "question": 6_271, "complaint": 889}
#: Beside the classes; and complaints that were indications at first.
INDICATIONS, UPGRADED = 37, 60
CHANNELS = ("phone", "web", "email", "phone", "mobile")
REGIONS = ("31", "32", "33", "35", "12", "73", None)
FIRMS = (("BANK-001", "PT Bank Contoh", "bank"), ("FIN-007", "PT Pembiayaan Contoh", "multifinance"))
DAYS = (ENDED - BEGAN).days + 1
_DOCUMENTS = Documents(Timeline, Timeline)


class Matter:
    """One, as its owners tell it; each call is the next fact."""

    def __init__(self, number: str, at: datetime) -> None:
        self.timeline = Timeline(number)
        self.at = at
        self._seqs = count(1)

    def says(self, key: str, minutes: int = 0, **data: Any) -> "Matter":
        at, seq = self.at + timedelta(minutes=minutes), next(self._seqs)
        owner = key.split(".")[0]
        entry = {
            "id": new_id(),
            "owner": owner,
            "type": f"{key}.v1",
            "seq": seq,
            "clock": seq,
            "time": at,
            "data": data,
        }
        # No receipt is asked for: what stands in the chain is nobody's.
        self.timeline.hear(entry, lambda one: str(one["id"]))
        return self

    def registered(self, kind: str, **but: Any) -> "Matter":
        received = self.at.isoformat().replace("+00:00", "Z")
        known = {"channel": "web", "received_at": received, "standing": {"kind": kind, "state": "open"}}
        return self.says("intake.service-registered", kind=kind, **known | but)

    def answered(self, minutes: int) -> "Matter":
        return self.says("intake.service-answered", minutes, standing={"kind": "question", "state": "answered"})

    def recorded(self) -> "Matter":
        standing = {"kind": "information", "state": "closed"}
        return self.says("intake.service-closed", 5, reason="recorded", standing=standing)

    def upgraded(self) -> "Matter":
        return self.says("intake.service-amended", 60, by="ojk", standing={"kind": "complaint", "state": "open"})

    def routed(self, firm: tuple[str, str, str]) -> "Matter":
        code, name, sector = firm
        standing = {"state": "routed", "round": 1, "pujk": code, "answer": "awaited"}
        return self.says(
            "routing.ticket-routed", 1, round=1, pujk=code, pujk_name=name, sector=sector, standing=standing
        )

    def document(self) -> dict[str, Any]:
        known = {
            "version": 1,
            "seq": 0,
            "clock": 9,
            "size": 0,
            "heard": {},
            "acts": [],
            "unsent": [],
            "stamp": new_id(),
        }
        return {"_id": self.timeline.number, **known, "state": _DOCUMENTS.state(self.timeline)}


def a_number(n: int) -> str:
    return str((1_234_567_891_234 + n * 7_654_321_098_767) % 10**13).zfill(13)


def the_first_year() -> Iterator[Matter]:
    """All of 2013, spread over its days."""
    numbers = count()
    wanted = [*SEED.items(), ("indication", INDICATIONS)]
    for kind, many in wanted:
        for n in range(many):
            at = BEGAN + timedelta(days=n * DAYS // many, hours=3, minutes=n % 60)
            upgraded = kind == "complaint" and n < UPGRADED
            matter = Matter(a_number(next(numbers)), at).registered(
                "indication" if upgraded else kind,
                channel=CHANNELS[n % len(CHANNELS)],
                region=REGIONS[n % len(REGIONS)],
                product="savings" if n % 3 else "vehicle_financing",
                issue="fees" if n % 2 else "fraud",
            )
            if kind == "question":
                matter.answered(30 + n % 600)
            elif kind == "information":
                matter.recorded()
            else:
                (matter.upgraded() if upgraded else matter).routed(FIRMS[n % len(FIRMS)])
            yield matter


def stored(matters: Iterator[Matter], timelines: Collection[dict[str, Any]]) -> int:
    documents = [one.document() for one in matters]
    timelines.with_options(codec_options=CODEC).insert_many(documents, ordered=False)
    return len(documents)


def kept(database: Database[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """All figures as they stand, without when they were made."""
    return {one.pop("_id"): one for one in database["figures"].find({}, {"at": 0})}


def all_counted(database: Database[dict[str, Any]]) -> bool:
    waiting = database["timelines"].count_documents({"state.uncounted": {"$gt": ""}}, limit=1)
    return not waiting and not database["figures"].count_documents({"dirty": {"$exists": True}}, limit=1)
