"""Is one matter whole? Pure: every fact kept and applied by whoever must hear it, nothing twice, the timeline right."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from contracts.intake import ServiceRegistered
from contracts.topology import HEARS

from chassis import heard
from slkt.verifying.fold import differences
from slkt.verifying.report import Finding
from slkt.verifying.view import Said, View

#: Which services bind to a fact of this type.
HEARERS: dict[str, tuple[str, ...]] = {}
for _service, _facts in HEARS.items():
    for _fact in _facts:
        HEARERS[_fact.type()] = (*HEARERS.get(_fact.type(), ()), _service)


@dataclass
class Judgement:
    """What one matter came to."""

    findings: list[Finding] = field(default_factory=list)
    judged: Counter[str] = field(default_factory=Counter)
    in_flight: int = 0


def judge(view: View, cut: datetime, services: Iterable[str]) -> Judgement:
    """Facts newer than the cut are in flight; only they may be missing anywhere."""
    services, judgement = list(services), Judgement()
    found = judgement.findings
    kept = {owner: view.kept(owner) for owner in services}
    for owner, facts in kept.items():
        old = [one for one in facts if one.at <= cut]
        judgement.judged[owner] += len(old)
        judgement.in_flight += len(facts) - len(old)
        missing = list(not_kept(view, owner, facts, old))
        found += missing
        found += said_twice(view, owner, facts)
        for one in old:
            found += (_not_heard(view, one, hearer) for hearer in _deaf(view, one, services))
        found += _made_up(view, owner, facts, services, known={one.seq for one in missing})
    if "intake" in services:
        found += _not_registered(view, kept, cut)
    for service, document in view.documents.items():
        if "state" in document:
            found += _effects_twice(view.number, service, document["state"])
    timeline = view.documents.get("tracking")
    if timeline and "state" in timeline:
        facts = [one for said in kept.values() for one in said]
        found += (Finding("timeline", "tracking", view.number, what=one) for one in differences(timeline, facts))
    return judgement


def not_kept(view: View, owner: str, facts: list[Said], old: list[Said]) -> Iterator[Finding]:
    """What an owner's document says that it said, and nobody keeps; and the other way round."""
    document = view.owned.get(owner)
    if document is None:
        if old:
            yield Finding("owner-lost", owner, view.number, owner, what=f"{len(facts)} facts kept")
        return
    seqs = {one.seq for one in facts}
    # Of an erased matter nothing is left that says how many there were.
    last = int(document.get("seq", max(seqs, default=0)))
    for seq in range(1, last + 1):
        if seq not in seqs:
            yield Finding("fact-missing", owner, view.number, owner, seq)
    for one in old:
        if one.seq > last:
            yield Finding("behind", owner, view.number, owner, one.seq, one.id, one.type, f"document at seq {last}")


def said_twice(view: View, owner: str, facts: list[Said]) -> Iterator[Finding]:
    """One seq, or one cause, and two facts."""
    for seq, times in Counter(one.seq for one in facts).items():
        if times > 1:
            yield Finding("doubled-seq", owner, view.number, owner, seq, what=f"{times} facts")
    if owner == "notifier":
        # One message may tell several facts, so one cause says several times that somebody was told.
        told = Counter((one.event()["data"].get("of"), one.event()["data"].get("turn"), one.type) for one in facts)
        for (of, _, type_), times in told.items():
            if times > 1:
                yield Finding("doubled-fact", owner, view.number, owner, type=type_, what=f"{times} times told of {of}")
        return
    for (cause, type_), times in Counter((one.cause, one.type) for one in facts if one.cause).items():
        if times > 1:
            yield Finding("doubled-fact", owner, view.number, owner, type=type_, what=f"{times} times for {cause}")


def _deaf(view: View, one: Said, services: list[str]) -> Iterator[str]:
    for hearer in HEARERS.get(one.type, ()):
        if hearer in services:
            ranges = view.documents.get(hearer, {}).get("heard", {}).get(one.owner, [])
            if not heard.has(ranges, one.seq):
                yield hearer


def _not_heard(view: View, one: Said, hearer: str) -> Finding:
    kind = "not-heard" if hearer in view.documents else "no-document"
    why = "" if one.where == "facts" else one.where
    return Finding(kind, hearer, view.number, one.owner, one.seq, one.id, one.type, why=why)


def _made_up(view: View, owner: str, facts: list[Said], services: list[str], known: set[int]) -> Iterator[Finding]:
    seqs = {one.seq for one in facts} | known
    for hearer in services:
        for first, last in view.documents.get(hearer, {}).get("heard", {}).get(owner, []):
            for seq in range(first, last + 1):
                if seq not in seqs:
                    yield Finding("heard-unknown", hearer, view.number, owner, seq)


def _not_registered(view: View, kept: Mapping[str, list[Said]], cut: datetime) -> Iterator[Finding]:
    if any(one.type == ServiceRegistered.type() for one in kept["intake"]):
        return
    document = view.owned.get("intake", {})
    said = [one for facts in kept.values() for one in facts]
    old = any(one.at <= cut for one in said) or (not said and document.get("created_at", cut) <= cut)
    if old and "erased_at" not in document:
        accepted = document.get("state", {}).get("registered_at") is not None
        yield Finding(
            "not-registered",
            "intake",
            view.number,
            "intake",
            type=ServiceRegistered.type(),
            what="accepted and never said" if accepted else "never accepted here",
        )


def _effects_twice(number: str, service: str, state: Mapping[str, Any]) -> Iterator[Finding]:
    """Anything with an id stands once; what was delivered is not to be delivered; one act is one line of history."""
    for name, value in state.items():
        if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
            for key, times in Counter(_identity(one) for one in value).items():
                if key is not None and times > 1:
                    yield Finding("doubled-effect", service, number, what=f"{times} times in {name}: {key}")
    told = {one["id"] for one in state.get("told", [])}
    for one in state.get("deliveries", []):
        if one["id"] in told:
            yield Finding("doubled-effect", service, number, what=f"told, and to be told again: {one['id']}")


def _identity(one: Mapping[str, Any]) -> str | None:
    if "id" in one:
        return str(one["id"])
    if {"cause", "what", "round"} <= one.keys():
        return f"{one['what']} of round {one['round']} by {one['cause']}"
    return f"proposal {one['number']} of round {one['round']}" if {"number", "round"} <= one.keys() else None
