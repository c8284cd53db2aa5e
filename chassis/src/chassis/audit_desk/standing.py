"""Does the chain stand, as far as its own service can tell while somebody waits? The latest entries, those that are
shown, and the newest signed root; all of it, and what was cut off, is for `slkt audit verify`."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import jwt

from chassis.audit import last_entry
from chassis.chain import AuditKey, Entry, Finding, Head, Judge, Root, read_root, wrong_with
from chassis.database import Collection, Database, as_held
from chassis.stored import BEFORE_ALL, Stored, stored

#: Some 30 ms of work.
LATEST = 200


@dataclass
class Standing:
    """``checked`` entries at the end of the chain were looked at; ``other``: so many of them and of roots are signed
    with another key than the service has now. ``root`` is the newest, where it is its own."""

    head: Head
    checked: int = 0
    other: int = 0
    root: Root | None = None
    findings: list[Finding] = field(default_factory=list)

    @property
    def vouched(self) -> datetime | None:
        return self.root.until if self.root else None


async def standing_of(key: AuditKey, database: Database, told: str | None) -> Standing:
    """``told``: the root that this process signed last. Errors: those of the driver."""
    entries = as_held(database["audit"])
    latest = [stored(one) async for one in entries.find({}, sort=[("_id", -1)], limit=LATEST)][::-1]
    standing = await asyncio.to_thread(_judged, key, latest)
    standing.head = await last_entry(entries)
    if told is None:
        held = await as_held(database["audit_roots"]).find_one({}, sort=[("_id", -1)])
        told = None if held is None else str(stored(held).entry.get("jws"))
    if told is not None:
        await _by_root(key, entries, told, standing)
    return standing


def genuine(key: AuditKey, one: Stored) -> bool:
    """Whether the service wrote it, as far as its own key tells."""
    wrong = wrong_with(one, key.service, key.public)
    return wrong is None or _of_another(key, one.entry, *wrong)


def _of_another(key: AuditKey, entry: Entry, kind: str, *_: str) -> bool:
    """Signed with a key that the service has no more, or by nobody who may: who has all its public keys can tell."""
    return kind == "forged" and entry.get("key") != key.id


def _judged(key: AuditKey, latest: Sequence[Stored]) -> Standing:
    judge = Judge(key.service, key.public)
    if (first := next((one for one in latest if one.number is not None), None)) is not None:
        judge.head = Head((first.number or 0) - 1, str(first.entry.get("prev", BEFORE_ALL)))
    for one in latest:
        judge.take(one)
    by_number = {one.number: one.entry for one in latest}
    others = {one.number for one in judge.findings if _of_another(key, by_number.get(one.number, {}), one.kind)}
    findings = [one for one in judge.findings if one.number not in others or one.kind != "forged"]
    return Standing(judge.head, len(latest), len(others), findings=findings)


async def _by_root(key: AuditKey, entries: Collection, jws: str, standing: Standing) -> None:
    if _names_another(key, jws):
        standing.other += 1
        return
    try:
        standing.root = root = read_root(jws, key.public)
    except ValueError:
        standing.findings.append(Finding(key.service, 0, "forged-root", "the newest root is not signed by the service"))
        return
    there = await entries.find_one({"_id": root.last}) if root.last else None
    if there is None and root.last:
        standing.findings.append(Finding(key.service, root.last, "truncated", f"the root of {root.name} saw it"))
    elif there is not None and stored(there).entry.get("hash") != root.hash:
        standing.findings.append(Finding(key.service, root.last, "another-root", f"not what {root.name} saw"))


def _names_another(key: AuditKey, jws: str) -> bool:
    try:
        return bool(jwt.get_unverified_header(jws).get("kid") != key.id)
    except jwt.PyJWTError:
        return False
