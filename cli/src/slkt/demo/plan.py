"""What does the demo send, through which door, and what must come of it?"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from slkt.cfpb import Row, RowError, load_firms, read
from slkt.stories import submissions

COMPLAINTS, QUESTIONS, INFORMATIONS = 200, 40, 10
SEED = 2026
CANDIDATES = 240
#: A third each: the web channel over HTTP, the web channel over AMQP, the phone channel over AMQP.
DOORS = ("web/http", "web/amqp", "phone/amqp")
#: Kinds that concern a firm.
ROUTED = ("indication", "complaint")


@dataclass
class Sent:
    """One submission on its way: what was sent, where, which firm it must reach, and the receipt it got."""

    key: str
    door: str
    data: dict[str, Any]
    story: str = ""
    firm: str | None = None
    number: str = ""
    pin: str = ""

    @property
    def kind(self) -> str:
        return str(self.data["kind"])

    @property
    def routed(self) -> bool:
        """Whether a firm must answer it."""
        return self.kind in ROUTED

    @property
    def demands(self) -> int:
        return len(self.data.get("demands") or ())

    @property
    def mailed(self) -> bool:
        """Whether this consumer is told by mail."""
        private = self.data["private"]
        representative = private.get("representative") or {}
        return self.data.get("tell_by", "email") == "email" and bool(
            private["consumer"].get("email") or representative.get("email")
        )


@dataclass
class Plan:
    """Everything that will be sent, and the rows of a file that could not be read."""

    sent: list[Sent]
    unreadable: list[RowError] = field(default_factory=list)

    def count(self) -> Counter[tuple[str, str]]:
        return Counter((one.kind, one.door) for one in self.sent)


def a_few(today: date) -> Plan:
    """Enough to look at."""
    counts = {"complaint": 12, "question": 3, "information": 1}
    return Plan(list(_by_door((one.key, one.data, one.story) for one in submissions(counts, SEED, today))))


def candidates(today: date) -> list[Sent]:
    """Many, for whoever picks those about one firm."""
    counts = {"complaint": CANDIDATES, "indication": CANDIDATES // 4}
    return [Sent(one.key, DOORS[0], one.data, one.story) for one in submissions(counts, SEED + 1, today)]


def plan(complaints: Path | None, today: date) -> Plan:
    """The shipped sample; or the complaints of a file in the CFPB export's layout with the sample's questions and
    informations. Errors: those of ``slkt.cfpb.read`` for a file that is none."""
    found: list[tuple[str, dict[str, Any], str]] = []
    unreadable: list[RowError] = []
    counts = {"complaint": COMPLAINTS, "question": QUESTIONS, "information": INFORMATIONS}
    if complaints is not None:
        del counts["complaint"]
        for row in read(complaints, load_firms()):
            if isinstance(row, Row):
                found.append((row.key, row.data, ""))
            else:
                unreadable.append(row)
    found += [(one.key, one.data, one.story) for one in submissions(counts, SEED, today)]
    return Plan(list(_by_door(found)), unreadable)


def _by_door(found: Iterable[tuple[str, dict[str, Any], str]]) -> Iterator[Sent]:
    seen: Counter[str] = Counter()
    for key, data, story in found:
        door = DOORS[seen[data["kind"]] % len(DOORS)]
        seen[data["kind"]] += 1
        if door.startswith("phone"):
            # Told to a CSO by phone: the oral service level applies.
            data = data | {"form": "oral"}
        yield Sent(key, door, data, story)
