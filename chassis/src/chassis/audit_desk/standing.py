"""Does the chain stand, as far as its own service can tell while somebody waits? The latest entries, those that are
shown, and the newest signed root; all of it, and what was cut off, is for `slkt audit verify`."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import jwt

from chassis.audit import last_entry
from chassis.chain import BEFORE_ALL, AuditKey, Entry, Finding, Head, Judge, Root, read_root, wrong_with
from chassis.database import Collection, Database

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
    entries = database["audit"]
    latest = [one async for one in entries.find({}, sort=[("_id", -1)], limit=LATEST)][::-1]
    standing = await asyncio.to_thread(_judged, key, latest)
    standing.head = await last_entry(entries)
    stored = await database["audit_roots"].find_one({}, sort=[("_id", -1)]) if told is None else None
    if (jws := told or (stored or {}).get("jws")) is not None:
        await _by_root(key, entries, str(jws), standing)
    return standing


async def wrong_acts(key: AuditKey, entries: Collection, acts: Sequence[int]) -> frozenset[int]:
    """Those of which an entry is not what the service wrote."""
    found = [one async for one in entries.find({"$or": [{"_id": {"$in": acts}}, {"asked": {"$in": acts}}]})]

    def wrong() -> frozenset[int]:
        told = ((one, wrong_with(one, key.service, key.public)) for one in found)
        return frozenset(
            one.get("asked", one["_id"]) for one, wrong in told if wrong and not _of_another(key, one, *wrong)
        )

    return await asyncio.to_thread(wrong)


def _of_another(key: AuditKey, entry: Entry, kind: str, *_: str) -> bool:
    """Signed with a key that the service has no more, or by nobody who may: who has all its public keys can tell."""
    return kind == "forged" and entry.get("key") != key.id


def _judged(key: AuditKey, latest: Sequence[Entry]) -> Standing:
    judge = Judge(key.service, key.public)
    if latest and isinstance(number := latest[0]["_id"], int):
        judge.head = Head(number - 1, str(latest[0].get("prev", BEFORE_ALL)))
    for one in latest:
        judge.take(one)
    by_number = {one["_id"]: one for one in latest}
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
    there = await entries.find_one({"_id": root.last}, {"hash": 1}) if root.last else {"hash": root.hash}
    if there is None:
        standing.findings.append(Finding(key.service, root.last, "truncated", f"the root of {root.name} saw it"))
    elif there.get("hash") != root.hash:
        standing.findings.append(Finding(key.service, root.last, "another-root", f"not what {root.name} saw"))


def _names_another(key: AuditKey, jws: str) -> bool:
    try:
        return bool(jwt.get_unverified_header(jws).get("kid") != key.id)
    except jwt.PyJWTError:
        return False
