"""Does a history still say what its consumer was given in writing? A receipt lists the digests of all entries, signed;
whoever has it finds out what was changed since."""

import json
from base64 import b64decode, b64encode
from binascii import Error as NoBase64
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from chassis.clock import Clock
from chassis.receipts import entry_digest, heads, leaf, root_by
from chassis.refusals import Invalid
from contracts.reading import said

from tracking.domain.timeline import NoMatch, Timeline
from tracking.ports import Timelines

KIND, VERSION = "slkt-receipt", 1
BYTES_MOST = 256 * 1024


def digest(entry: Mapping[str, Any]) -> str:
    """Of an entry as its fact was said: the same for ever, whichever release folded it."""
    return entry_digest({**entry, "data": said(f"slkt.{entry['type']}", entry["data"])})


@dataclass(frozen=True)
class Root:
    """A published root: ``document`` is JSON text, ``signature`` raw; ``leaves`` as they were hashed."""

    until: str
    document: str
    signature: bytes


@dataclass(frozen=True)
class Rooted:
    """A chain's head in a root: so many ``entries`` it had then, and the way from its leaf."""

    root: Root
    entries: int
    way: Sequence[tuple[str, str]]


class Signs(Protocol):
    """The service's own key."""

    @property
    def id(self) -> str: ...

    def vouches(self, document: bytes) -> bytes: ...

    def vouched(self, document: bytes, signature: bytes) -> bool: ...


class Roots(Protocol):
    """Errors of all: Unavailable."""

    async def of(self, heads_: Sequence[bytes]) -> Rooted | None:
        """The root that holds the latest of these heads of a chain which any root holds."""
        ...

    async def listed(self, before: str | None, most: int) -> Sequence[Root]:
        """The newest first."""
        ...


@dataclass(frozen=True)
class Newest:
    """The root that was made last: what was written since has a stamp of ``upto`` or more; ``kept``: it was told, and
    it is known where its leaves stand."""

    root: Root
    upto: str
    kept: bool


class MakesRoots(Protocol):
    """Errors of all: Unavailable."""

    async def newest(self) -> Newest | None: ...

    def moved_since(self, stamp: str) -> AsyncIterator[tuple[str, Sequence[str], bool]]:
        """Number and digests of each timeline that was written since; whether all its entries are chained."""
        ...

    async def unknown(self, leaves: Sequence[bytes]) -> Sequence[bytes]:
        """Those that stand in no root yet."""
        ...

    async def keep(self, until: datetime, made_at: datetime, leaves: Sequence[bytes], upto: str) -> Root | None:
        """A new root, after the newest; None where another replica was first."""
        ...

    async def index(self, until: str) -> None:
        """It is known where the leaves of a root stand; done again where somebody died before it was done."""
        ...


@dataclass(frozen=True)
class Found:
    """What came of looking at a receipt. ``state``: whole, changed, gone (nothing of the matter is kept any more);
    ``changed`` are places in the receipt, from 1; ``more``: entries that came later."""

    state: str
    number: str
    made_at: datetime
    entries: Sequence[Mapping[str, str]]
    changed: Sequence[int] = ()
    more: int = 0
    root: str | None = None
    signed: bool = True


@dataclass(frozen=True)
class MakeReceipt:
    """A matter's history in writing, for its consumer: whoever calls this knows that it is them."""

    timelines: Timelines
    roots: Roots
    key: Signs
    clock: Clock

    async def __call__(self, number: str) -> dict[str, Any]:
        """The file. Errors: NoMatch, Unavailable."""
        timeline = await self.timelines.get(number)
        if timeline is None:
            raise NoMatch
        by_id = {one["id"]: one for one in timeline.entries}
        chain = heads(number, [one.digest for one in timeline.links])
        receipt = {
            "kind": KIND,
            "version": VERSION,
            "number": number,
            "made_at": _moment(self.clock.now()),
            # Of one that somebody took away the digest is left, and is told.
            "entries": [_listed(by_id.get(one.id), one.digest) for one in timeline.links],
            "head": chain[-1].hex() if chain else "",
            "key": self.key.id,
        }
        text = json.dumps(receipt, ensure_ascii=False, indent=1)
        rooted = await self.roots.of(chain)
        return {"receipt": text, "signature": _b64(self.key.vouches(text.encode())), "root": _told(rooted)}


@dataclass(frozen=True)
class CheckReceipt:
    """Whoever has a receipt learns whether the history still begins so, and nothing else of the matter."""

    timelines: Timelines
    key: Signs

    async def __call__(self, file: str) -> Found:
        """Errors: Invalid for what is no receipt of ours, Unavailable."""
        receipt, root = self._read(file)
        number, given = str(receipt["number"]), receipt["entries"]
        about = {"number": number, "made_at": datetime.fromisoformat(receipt["made_at"]), "entries": given}
        timeline = await self.timelines.get(number)
        if timeline is None:
            return Found("gone", root=root, **about)
        changed = changes(timeline, [str(one["digest"]) for one in given])
        more = max(0, len(timeline.links) - len(given))
        return Found("changed" if changed else "whole", changed=changed, more=more, root=root, **about)

    def _read(self, file: str) -> tuple[dict[str, Any], str | None]:
        """The receipt, and until when the root was made that it brings along."""
        try:
            outer = json.loads(file)
            text, signature = outer["receipt"].encode(), b64decode(outer["signature"], validate=True)
            if not self.key.vouched(text, signature):
                raise ValueError("not signed here")
            receipt = json.loads(text)
            if (receipt["kind"], receipt["version"]) != (KIND, VERSION):
                raise ValueError("another kind")
            chain = heads(receipt["number"], [one["digest"] for one in receipt["entries"]])
            return receipt, self._root(outer.get("root"), chain)
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError, NoBase64) as error:
            problem = {
                "field": "receipt",
                "came": f"{len(file)} characters",
                "expected": "the file as it was given out",
            }
            raise Invalid(
                "this is no receipt that was given out here, or it was changed", problems=[problem]
            ) from error

    def _root(self, rooted: dict[str, Any] | None, chain: Sequence[bytes]) -> str | None:
        """Errors: ValueError where it brings a root that does not hold it."""
        if rooted is None:
            return None
        document = rooted["document"].encode()
        if not self.key.vouched(document, b64decode(rooted["signature"], validate=True)):
            raise ValueError("a root that was not signed here")
        said_ = json.loads(document)
        way = [(str(side), str(other)) for side, other in rooted["way"]]
        if root_by(way, leaf(chain[int(rooted["entries"]) - 1])).hex() != said_["root"]:
            raise ValueError("a root that does not hold this chain")
        return str(said_["until"])


def changes(timeline: Timeline, given: Sequence[str]) -> list[int]:
    """Which of the digests that were given out are others now, by place from 1: of the chain as it is kept, or of an
    entry as it stands."""
    stands = {one["id"]: digest(one) for one in timeline.entries}
    now = [one.digest if stands.get(one.id) == one.digest else "" for one in timeline.links]
    return [at for at, one in enumerate(given, 1) if at > len(now) or now[at - 1] != one]


def _listed(entry: Mapping[str, Any] | None, digest_: str) -> dict[str, str]:
    if entry is None:
        return {"time": "", "type": "", "digest": digest_}
    return {"time": _moment(entry["time"]), "type": entry["type"], "digest": digest_}


def _told(rooted: Rooted | None) -> dict[str, Any] | None:
    if rooted is None:
        return None
    signature = _b64(rooted.root.signature)
    return {
        "document": rooted.root.document,
        "signature": signature,
        "entries": rooted.entries,
        "way": list(rooted.way),
    }


def _b64(data: bytes) -> str:
    return b64encode(data).decode()


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
