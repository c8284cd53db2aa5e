"""Does a history still say what it said when somebody got a receipt for it? Entries are chained by their digests, and
what many chains were at one moment is one signed root: who changes an old entry, and computes every hash anew, meets
the receipts that were given out and the roots that were published.

Everything is SHA-256. Of an entry nothing but its digest is told, and an entry's private words are sealed in it.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

SIZE = 32
#: What stands before a hash says what it is of: none is ever taken for another.
_ENTRY, _LINK, _LEAF, _NODE = b"slkt entry\0", b"slkt link\0", b"slkt leaf\0", b"slkt node\0"
#: The root of no chains at all.
EMPTY = hashlib.sha256(b"slkt nothing\0").digest()


def entry_digest(entry: Mapping[str, Any]) -> str:
    """Hex, of everything that an entry says, its sealed words as they are. Errors: TypeError for what is no JSON."""
    text = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_moment)
    return hashlib.sha256(_ENTRY + text.encode(errors="surrogatepass")).hexdigest()


def heads(number: str, digests: Iterable[str]) -> list[bytes]:
    """The chain's head after each of its entries; the number begins it, so that no two chains are alike."""
    head, found = hashlib.sha256(_LINK + number.encode()).digest(), []
    for one in digests:
        head = hashlib.sha256(_LINK + head + bytes.fromhex(one)).digest()
        found.append(head)
    return found


def leaf(head: bytes) -> bytes:
    """What stands of a chain in a root: its number cannot be found by it."""
    return hashlib.sha256(_LEAF + head).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """Of leaves in their order; one without a neighbour goes up as it is."""
    row = list(leaves)
    while len(row) > 1:
        row = _above(row)
    return row[0] if row else EMPTY


def way(leaves: Sequence[bytes], place: int) -> list[tuple[str, str]]:
    """From a leaf to the root: on which side each neighbour stands (``left``, ``right``), and its hash in hex."""
    row, found = list(leaves), []
    while len(row) > 1:
        beside = place ^ 1
        if beside < len(row):
            found.append(("left" if beside < place else "right", row[beside].hex()))
        row, place = _above(row), place // 2
    return found


def root_by(way_: Iterable[tuple[str, str]], start: bytes) -> bytes:
    """The root that a way leads to. Errors: ValueError for what is no hex."""
    at = start
    for side, other in way_:
        beside = bytes.fromhex(other)
        at = _node(beside, at) if side == "left" else _node(at, beside)
    return at


def _above(row: Sequence[bytes]) -> list[bytes]:
    pairs = [_node(row[at], row[at + 1]) for at in range(0, len(row) - 1, 2)]
    return [*pairs, row[-1]] if len(row) % 2 else pairs


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(_NODE + left + right).digest()


def _moment(value: object) -> str:
    if isinstance(value, datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        return aware.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    raise TypeError(f"no {type(value).__name__} stands in an entry")
