"""Was each audit entry written by its service, and is none missing? How entries are chained, signed and judged: whoever
may change the database, and computes every hash anew, still cannot sign."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, TypeAlias

import jwt
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt import PyJWK

from chassis.sealing import b64, unb64
from chassis.stored import BEFORE_ALL, Stored, as_text, as_written, hash_in, moment_in

ROOT_TYPE = "slkt-audit-root"

Entry: TypeAlias = dict[str, Any]
#: By the keys' names, which begin with the service: `routing:1`.
PublicKeys: TypeAlias = Mapping[str, Ed25519PublicKey]


@dataclass(frozen=True)
class Head:
    """The last entry of a chain."""

    last: int = 0
    hash: str = BEFORE_ALL
    at: datetime = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Root:
    """What a chain was at a moment of a day (UTC), or when the day had ended: its last entry then, and how many had
    come on that day."""

    service: str
    day: str
    last: int
    hash: str
    count: int
    #: The moment; empty where the day had ended.
    at: str = ""

    @property
    def name(self) -> str:
        return self.at or self.day

    @property
    def until(self) -> datetime:
        """Whatever came before this moment is vouched for."""
        if self.at:
            return datetime.fromisoformat(self.at)
        return datetime.combine(date.fromisoformat(self.day) + timedelta(days=1), time(), UTC)


@dataclass(frozen=True)
class Finding:
    """What is wrong with entry ``number`` of a service. ``kind``: removed, inserted, changed, forged, broken,
    truncated, another-root, forged-root."""

    service: str
    number: int
    kind: str
    what: str


class AuditKey:
    """A service's private key for its own audit. It is never in the database."""

    def __init__(self, jwk: Mapping[str, str], service: str) -> None:
        key, self.id = PyJWK.from_dict(dict(jwk)).key, jwk["kid"]
        if not isinstance(key, Ed25519PrivateKey) or not _is_of(self.id, service):
            raise ValueError(f"the audit key of {service} is a private Ed25519 JWK with a kid that begins '{service}:'")
        self._key, self.service = key, service

    @classmethod
    def read(cls, path: Path, service: str) -> "AuditKey":
        return cls(json.loads(path.read_text()), service)

    @property
    def public(self) -> PublicKeys:
        """What the service itself can check with: not what was signed with a key that it had before."""
        return {self.id: self._key.public_key()}

    def entry(self, before: Head, at: datetime, said: Mapping[str, Any]) -> Entry:
        """The entry that follows ``before``; time never runs backwards in a chain."""
        made = {
            **as_written(said),
            "_id": before.last + 1,
            "at": max(at, before.at),
            "prev": before.hash,
            "key": self.id,
        }
        made["hash"] = digest(made)
        made["signature"] = b64(self._key.sign(made["hash"].encode()))
        return made

    def root(self, day: str, head: Head, count: int, at: datetime | None = None) -> str:
        """A root as a JWS, which says and proves itself wherever it is kept; without ``at`` that of the ended day."""
        said = {"service": self.service, "day": day, "last": head.last, "hash": head.hash, "count": count}
        if at is not None:
            said["at"] = as_text(at)
        return jwt.encode(said, self._key, algorithm="EdDSA", headers={"kid": self.id, "typ": ROOT_TYPE})

    def vouches(self, document: bytes) -> bytes:
        """The raw Ed25519 signature of a JSON object that leaves the house; it begins with a brace, so it is never
        taken for the hash of an entry or for a root. Errors: ValueError for anything else."""
        if not document.startswith(b"{"):
            raise ValueError("an audit key vouches for JSON objects")
        return self._key.sign(document)

    def vouched(self, document: bytes, signature: bytes) -> bool:
        """Whether this very key, and none that the service had before, vouched for it."""
        try:
            self._key.public_key().verify(signature, document)
        except InvalidSignature:
            return False
        return document.startswith(b"{")

    @property
    def public_pem(self) -> bytes:
        """The public half as tools read it."""
        return self._key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def digest(entry: Mapping[str, Any]) -> str:
    """SHA-256 of everything an entry says, the hash before it included. Errors: TypeError for what is no JSON."""
    said = {name: value for name, value in entry.items() if name not in ("hash", "signature")}
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=as_text)
    return hashlib.sha256(text.encode()).hexdigest()


def public_keys(jwks: Mapping[str, Any]) -> dict[str, Ed25519PublicKey]:
    """Errors: KeyError, jwt.PyJWTError for what is no JWKS."""
    return {key["kid"]: PyJWK.from_dict(key).key for key in jwks["keys"]}


def read_root(token: str, keys: PublicKeys) -> Root:
    """Errors: ValueError where nobody that may has signed it."""
    try:
        header = jwt.get_unverified_header(token)
        said = jwt.decode(token, keys[header["kid"]], algorithms=["EdDSA"])
        root = Root(**said)
        _ = root.until
    except (jwt.PyJWTError, KeyError, TypeError, ValueError) as error:
        raise ValueError("no root that a service signed") from error
    if header.get("typ") != ROOT_TYPE or not _is_of(header["kid"], root.service):
        raise ValueError(f"no root that {root.service} signed")
    return root


def wrong_with(stands: Stored, service: str, keys: PublicKeys) -> tuple[str, str] | None:
    """What is wrong with an entry by itself, as a finding's kind and words."""
    if changed := changed_in(stands):
        return "changed", changed
    if not _is_signed(stands.entry, service, keys):
        return "forged", "changed or inserted by somebody who has not the service's key"
    return None


def changed_in(stands: Stored) -> str:
    """Why an entry is not what was hashed; empty where it is. Everybody can tell, without any key."""
    if stands.amiss:
        return stands.amiss
    entry = stands.entry
    try:
        same = digest(entry) == entry.get("hash")
    except (TypeError, ValueError):
        same = False
    return "" if same else "its hash is not that of what it says"


def _is_signed(entry: Entry, service: str, keys: PublicKeys) -> bool:
    name = entry.get("key")
    if not isinstance(name, str) or name not in keys or not _is_of(name, service):
        return False
    try:
        keys[name].verify(unb64(str(entry.get("signature"))), str(entry["hash"]).encode())
    except (InvalidSignature, ValueError):
        return False
    return True


@dataclass
class Judge:
    """Takes a service's entries in the order of their numbers; ``findings`` grow. ``roots`` are kept elsewhere."""

    service: str
    keys: PublicKeys
    roots: Sequence[Root] = ()
    findings: list[Finding] = field(default_factory=list)
    head: Head = field(default_factory=Head)
    first: datetime | None = None
    count: int = 0
    #: Asked, and never told what came of it: the process ended in between.
    open: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._seen: dict[int, list[Root]] = {}
        for root in self.roots:
            self._seen.setdefault(root.last, []).append(root)

    def take(self, stands: Stored) -> None:
        entry, number = stands.entry, stands.number
        if number is None or number <= self.head.last:
            what = f"after it stands {str(entry.get('_id'))[:40]!r}, which is no number of an entry"
            return self._found(self.head.last, "inserted", what)
        if not (follows := number == self.head.last + 1):
            missing = number - 1 if number == self.head.last + 2 else f"{self.head.last + 1}–{number - 1}"
            self._found(self.head.last + 1, "removed", f"{missing} missing before {number}")
        self.count += 1
        if wrong := wrong_with(stands, self.service, self.keys):
            self._found(number, *wrong)
        elif follows and entry["prev"] != self.head.hash:
            self._found(number, "broken", f"written after another {number - 1} than the one that stands there")
        self._note(number, entry)
        for root in self._seen.get(number, ()):
            if root.hash != entry.get("hash"):
                self._found(number, "another-root", f"the root of {root.name} saw another entry here")

    def end(self) -> None:
        """All entries were taken."""
        if cut := [root for root in self.roots if root.last > self.head.last]:
            root = max(cut, key=lambda one: one.last)
            what = f"{self.head.last + 1}–{root.last} missing at the end: the root of {root.name} saw {root.last}"
            self._found(self.head.last + 1, "truncated", what)

    def _note(self, number: int, entry: Entry) -> None:
        moment = moment_in(entry) or self.head.at
        self.first = self.first or moment
        self.head = Head(number, hash_in(entry), moment)
        if entry.get("step") == "asked":
            self.open.add(number)
        elif entry.get("step") == "answered" and isinstance(asked := entry.get("asked"), int):
            self.open.discard(asked)

    def _found(self, number: int, kind: str, what: str) -> None:
        self.findings.append(Finding(self.service, number, kind, what))


def _is_of(key: object, service: str) -> bool:
    return isinstance(key, str) and key.partition(":")[0] == service
