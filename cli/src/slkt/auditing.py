"""Is every service's audit whole? Its chain against its signatures, and against the roots that are kept elsewhere."""

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import jwt
from chassis.audit_desk.search import Found, Wanted, acts_of
from chassis.chain import ROOT_TYPE, Finding, Judge, PublicKeys, Root, read_root
from chassis.database import as_held
from chassis.stored import stored

from slkt.owners import Databases

#: Where it can no longer be told.
NEVER = datetime.min.replace(tzinfo=UTC)
_JWS = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]+")


@dataclass
class Kept:
    """Roots that a file or a log held: those that were signed, and how many were not."""

    roots: list[Root] = field(default_factory=list)
    forged: int = 0

    def take(self, text: str, keys: PublicKeys) -> None:
        for token in _JWS.findall(text):
            try:
                self.roots.append(read_root(token, keys))
            except ValueError:
                self.forged += _says_root(token)


@dataclass
class Verdict:
    """What one service's audit is."""

    service: str
    count: int
    first: datetime | None
    last: datetime | None
    last_number: int
    last_hash: str
    #: Asked for, and never told what came of it.
    open: int
    #: Days whose roots came from elsewhere, and those that only the database holds.
    kept: int
    in_database: int
    #: Nothing that came before was cut off: the latest root from elsewhere says so.
    vouched_until: datetime | None
    findings: list[Finding]


def kept_roots(paths: Iterable[Path], keys: PublicKeys) -> Kept:
    """From files of roots, folders of them, logs in which they stand, or `-` for standard input. Errors: OSError."""
    kept = Kept()
    for path in paths:
        for text in _texts(path):
            kept.take(text, keys)
    return kept


async def verify_audit(databases: Databases, services: Iterable[str], keys: PublicKeys, kept: Kept) -> list[Verdict]:
    """Errors: those of the driver."""
    return [await _verdict(databases, service, keys, kept) for service in services]


async def _verdict(databases: Databases, service: str, keys: PublicKeys, kept: Kept) -> Verdict:
    # Roots first: what they saw stands in the entries that are read after.
    roots, own, forged = [one for one in kept.roots if one.service == service], list[Root](), list[str]()
    async for one in as_held(databases.audit_roots(service)).find(sort=[("_id", 1)]):
        held, said = Kept(), stored(one).entry
        held.take(str(said.get("jws")), keys)
        mine = [root for root in held.roots if (root.service, root.day) == (service, said.get("_id"))]
        own += mine
        forged += [] if mine else [str(said.get("_id"))[:20]]
    judge = Judge(service, keys, tuple({*roots, *own}))
    async for one in as_held(databases.audit(service)).find(sort=[("_id", 1)]):
        judge.take(stored(one))
    judge.end()
    if forged:
        what = f"{len(forged)} in the database not signed by the service for its day: {forged[0]}"
        judge.findings.append(Finding(service, 0, "forged-root", what))
    head, days = judge.head, {one.day for one in roots}
    last = head.at if judge.count else None
    vouched = max((one.until for one in roots), default=None)
    return Verdict(
        service, judge.count, judge.first, last, head.last, head.hash, len(judge.open),
        len(days), len({one.day for one in own} - days), vouched, judge.findings,
    )  # fmt: skip


async def acts_on(databases: Databases, services: Iterable[str], wanted: Wanted, limit: int) -> list[tuple[str, Found]]:
    """Who did what, by time: of each service the latest. Errors: those of the driver."""
    found = [(one, act) for one in services for act in await acts_of(databases.audit(one), wanted, limit)]
    return sorted(found, key=lambda one: one[1].at or NEVER)


def _texts(path: Path) -> Iterator[str]:
    if str(path) == "-":
        yield sys.stdin.read()
    elif path.is_dir():
        yield from (one.read_text() for one in sorted(path.glob("*.roots")))
    else:
        yield path.read_text()


def _says_root(token: str) -> bool:
    try:
        return jwt.get_unverified_header(token).get("typ") == ROOT_TYPE
    except jwt.PyJWTError:
        return False
