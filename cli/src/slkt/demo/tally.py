"""Does every number add up? What was sent says what must have come of it; the databases say what did."""

import email
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contracts.topology import OWNERS
from pymongo import MongoClient

from slkt.demo import choices
from slkt.demo.plan import DOORS, Sent


@dataclass(frozen=True)
class Line:
    """One line of the summary: how many there must be, and how many there are."""

    what: str
    expected: int
    found: int

    @property
    def right(self) -> bool:
        return self.expected == self.found


class Books:
    """Reads the services' facts with the operator's account."""

    def __init__(self, mongo: str, mail_dir: Path) -> None:
        self._mongo: MongoClient[dict[str, Any]] = MongoClient(mongo, tz_aware=True)
        self._mail_dir = mail_dir

    def facts(self) -> Counter[str]:
        """How many facts of each kind were said, by ``<owner>.<fact>``."""
        found: Counter[str] = Counter()
        for owner in OWNERS:
            for row in self._mongo[owner]["facts"].aggregate([{"$group": {"_id": "$type", "n": {"$sum": 1}}}]):
                found[row["_id"].removeprefix("slkt.").rsplit(".", 1)[0]] = row["n"]
        return found

    def with_fact(self, owner: str, fact: str) -> set[str]:
        """Numbers of the matters of which ``owner`` said ``fact``."""
        return set(self._mongo[owner]["facts"].distinct("subject", {"type": f"slkt.{owner}.{fact}.v1"}))

    def doors(self) -> Counter[tuple[str, str]]:
        """Services by kind and channel, as intake keeps them."""
        rows = self._mongo["intake"]["services"].aggregate(
            [{"$group": {"_id": {"k": "$state.kind", "c": "$state.channel"}, "n": {"$sum": 1}}}]
        )
        return Counter({(row["_id"]["k"], row["_id"]["c"]): row["n"] for row in rows})

    def told(self) -> int:
        """What the mails tell that the mail server has kept: what happens in a row makes one mail."""
        kept = (email.message_from_bytes(file.read_bytes()) for file in self._mail_dir.glob("[0-9]*.eml"))
        return sum(len(str(one["X-Slkt-Tells"]).split()) for one in kept)

    def delays_seconds(self) -> list[float]:
        """From accepted by intake to visible in tracking, per matter, sorted; both by the database's clock."""
        accepted = {
            row["_id"]: row["created_at"] for row in self._mongo["intake"]["services"].find({}, {"created_at": 1})
        }
        seen = self._mongo["tracking"]["timelines"].find({}, {"created_at": 1})
        return sorted(
            (row["created_at"] - accepted[row["_id"]]).total_seconds() for row in seen if row["_id"] in accepted
        )

    def close(self) -> None:
        self._mongo.close()


def lines(sent: Sequence[Sent], books: Books) -> list[Line]:
    """Every number of the summary with what it must be."""
    facts, mails = books.facts(), sum(_mails(one) for one in sent)
    return [
        *_accepted(sent, books),
        *_handled(sent, facts),
        Line("diberitahukan lewat surat / told by mail", mails, facts["notifier.notification-sent"]),
        Line("isi surat di server / told in the kept mails", mails, books.told()),
        Line("surat gagal / mails failed", 0, facts["notifier.notification-failed"]),
    ]


def _accepted(sent: Sequence[Sent], books: Books) -> list[Line]:
    """By kind and door as the receipts say, by kind and channel as intake keeps them."""
    receipts = Counter((one.kind, one.door) for one in sent if one.number)
    wanted = Counter((one.kind, one.door) for one in sent)
    by_door = [
        Line(f"diterima / accepted: {kind} {door}", wanted[kind, door], receipts[kind, door])
        for kind in ("complaint", "question", "information")
        for door in DOORS
    ]
    kept, channels = books.doors(), Counter((one.kind, one.door.split("/")[0]) for one in sent)
    return by_door + [Line(f"tersimpan / kept: {k} {c}", n, kept[k, c]) for (k, c), n in sorted(channels.items())]


def _handled(sent: Sequence[Sent], facts: Counter[str]) -> list[Line]:
    kinds = Counter(one.kind for one in sent)
    concerns = sum(one.routed for one in sent)
    routed = sum(one.firm is not None for one in sent)
    back = sum(_returned(one) for one in sent)
    return [
        Line(
            "disalurkan + diparkir / routed + parked",
            concerns,
            facts["routing.ticket-routed"] + facts["routing.ticket-parked"],
        ),
        Line("disalurkan / routed", routed, facts["routing.ticket-routed"]),
        Line("diparkir / parked", concerns - routed, facts["routing.ticket-parked"]),
        Line("diambil alih / taken over", routed, facts["pujk_gateway.ticket-taken-over"]),
        Line("tindak lanjut / follow-ups", routed + back, facts["pujk_gateway.follow-up-added"]),
        Line("diusulkan / proposed", routed + back, facts["pujk_gateway.resolution-proposed"]),
        Line("diterima OJK / accepted by OJK", routed, facts["pujk_gateway.resolution-accepted"]),
        Line("dikembalikan / returned", back, facts["pujk_gateway.resolution-returned"]),
        *_answered(sent, facts),
        Line("pertanyaan dijawab / questions answered", kinds["question"], facts["intake.service-answered"]),
        Line(
            "selesai / closed",
            kinds["information"] + sum(_ended(one) for one in sent),
            facts["pujk_gateway.ticket-closed"] + facts["intake.service-closed"],
        ),
    ]


def _answered(sent: Sequence[Sent], facts: Counter[str]) -> list[Line]:
    """What consumers said of what OJK accepted, and of what was promised to them; the others wait at the desks."""
    answers = Counter(_answer(one) for one in sent)
    paid = sum(_promised(one) for one in sent)
    there = sum(_promised(one) for one in sent if _ended(one))
    return [
        Line("konsumen setuju / consumers agreed", answers["agrees"], facts["tracking.consumer-confirmed"]),
        Line("konsumen keberatan / consumers objected", answers["objects"], facts["tracking.consumer-objected"]),
        Line("janji dijalankan / promises done", paid, facts["pujk_gateway.relief-paid"]),
        Line("janji diterima / promises there", there, facts["tracking.relief-confirmed"]),
        Line("janji terpenuhi / promises kept", there, facts["pujk_gateway.relief-fulfilled"]),
    ]


def _returned(one: Sent) -> bool:
    """Whether the demo's decider returns the first proposal for it."""
    return one.firm is not None and bool(one.number) and choices.returned(one.number)


def _answer(one: Sent) -> str:
    """What its consumer says of the accepted proposal; nothing where nobody asks."""
    return choices.answer(one.number) if one.firm is not None and one.number else ""


def _promised(one: Sent) -> int:
    """How many demands their firm does what it promised to."""
    return one.demands if _answer(one) == "agrees" and choices.promises(one.number) else 0


def _ended(one: Sent) -> bool:
    """Who agrees ends it, once what was promised is there."""
    return _answer(one) == "agrees" and (not _promised(one) or choices.confirms(one.number))


def _mails(one: Sent) -> int:
    """Registered; then routed, taken over, proposed, accepted, and two more if returned; each promise that is done; the
    end. Or answered, or recorded."""
    if not one.mailed:
        return 0
    if not one.routed:
        return 2
    return 5 + 2 * _returned(one) + _promised(one) + _ended(one) if one.firm else 1
