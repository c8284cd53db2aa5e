"""Whatever is done to a chain of entries by who has not the key is found, and at its place."""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import bson
import pytest
from bson.raw_bson import RawBSONDocument
from chassis.chain import AuditKey, Entry, Finding, Head, Judge, Root, digest, public_keys, read_root
from chassis.stored import Stored, stored
from kit.trails import KEYS, PRIVATE, PUBLIC, a_key
from slkt_local.secrets import a_signing_key

NOW = datetime(2026, 3, 2, 9, 0, 0, 123_000, tzinfo=UTC)


def a_chain(length: int = 9, key: AuditKey | None = None, before: Head | None = None) -> list[Entry]:
    entries, head = list[Entry](), before or Head()
    for n in range(length):
        step = {"id": f"e{n}", "step": "asked", "actor": {"kind": "staff", "id": "budi", "roles": ["cso"]}}
        entries.append((key or a_key()).entry(head, NOW + timedelta(seconds=n), step))
        head = head_of(entries[-1])
    return entries


def head_of(entry: Entry) -> Head:
    return Head(entry["_id"], entry["hash"], entry["at"])


def kept(entry: Entry) -> Stored:
    """As a database gives it back."""
    return stored(RawBSONDocument(bson.encode(entry)))


def found(entries: list[Entry], *roots: Root, keys: Any = KEYS, service: str = "ping") -> list[tuple[int, str]]:
    judge = Judge(service, keys, roots)
    for entry in sorted(entries, key=lambda one: (not isinstance(one["_id"], int | float), one["_id"])):
        judge.take(kept(entry))
    judge.end()
    return [(one.number, one.kind) for one in judge.findings]


def root_of(entries: list[Entry], day: str = "2026-03-02") -> Root:
    return read_root(a_key().root(day, head_of(entries[-1]), len(entries)), KEYS)


def recomputed(entries: list[Entry], start: int) -> list[Entry]:
    """Every hash from ``start`` on anew, as anybody can who may write; signatures cannot be made."""
    made = [dict(entry) for entry in entries]
    for at in range(start, len(made)):
        made[at]["prev"] = made[at - 1]["hash"] if at else "0" * 64
        made[at]["hash"] = digest(made[at])
    return made


def test_a_chain_as_it_was_written_is_whole() -> None:
    entries = a_chain()
    assert found(entries, root_of(entries), root_of(entries[:4], "2026-03-01")) == []
    judge = Judge("ping", KEYS)
    for entry in entries:
        judge.take(kept(entry))
    assert (judge.count, judge.head, judge.first, len(judge.open)) == (9, head_of(entries[-1]), NOW, 9)


def test_the_hash_is_that_of_the_documented_bytes() -> None:
    (entry,) = a_chain(1)
    text = (
        '{"_id":1,"actor":{"id":"budi","kind":"staff","roles":["cso"]},"at":"2026-03-02T09:00:00.123Z","id":"e0",'
        f'"key":"ping:1","prev":"{"0" * 64}","step":"asked"}}'
    )
    assert entry["hash"] == hashlib.sha256(text.encode()).hexdigest()


def change(entries: list[Entry]) -> list[Entry]:
    return [entry | {"actor": {"kind": "staff", "id": "siti", "roles": ["cso"]}} if entry["_id"] == 5 else entry
            for entry in entries]  # fmt: skip


def drop(entries: list[Entry]) -> list[Entry]:
    return [entry for entry in entries if entry["_id"] not in (5, 6)]


def close_the_gap(entries: list[Entry]) -> list[Entry]:
    return [entry | {"_id": n} for n, entry in enumerate(drop(entries), 1)]


def insert(entries: list[Entry]) -> list[Entry]:
    added = entries[4] | {"actor": {"kind": "staff", "id": "siti", "roles": []}}
    return [entry | {"_id": n} for n, entry in enumerate([*entries[:4], added, *entries[4:]], 1)]


def swap(entries: list[Entry]) -> list[Entry]:
    return [*entries[:4], entries[5] | {"_id": 5}, entries[4] | {"_id": 6}, *entries[6:]]


HARM: dict[str, tuple[Callable[[list[Entry]], list[Entry]], list[tuple[int, str]]]] = {
    "changed": (change, [(5, "changed")]),
    "removed": (drop, [(5, "removed")]),
    "removed, gap closed": (close_the_gap, [(5, "changed"), (6, "changed"), (7, "changed")]),
    "inserted": (insert, [(n, "changed") for n in range(5, 11)]),
    "inserted between": (lambda all_: [*all_, all_[4] | {"_id": 5.5}], [(5, "inserted")]),
    "inserted as text": (lambda all_: [*all_, all_[4] | {"_id": "5"}], [(9, "inserted")]),
    "reordered": (swap, [(5, "changed"), (6, "changed")]),
    "a field more": (lambda all_: [all_[0] | {"note": None}, *all_[1:]], [(1, "changed")]),
    "a field less": (lambda all_: [{k: v for k, v in all_[0].items() if k != "actor"}, *all_[1:]], [(1, "changed")]),
    "no hash": (lambda all_: [{k: v for k, v in all_[0].items() if k != "hash"}, *all_[1:]], [(1, "changed")]),
    "no JSON": (lambda all_: [all_[0] | {"at": b"x"}, *all_[1:]], [(1, "changed")]),
    "recomputed after a change": (lambda all_: recomputed(change(all_), 4), [(n, "forged") for n in range(5, 10)]),
    "recomputed after a removal": (
        lambda all_: recomputed(close_the_gap(all_), 4),
        [(n, "forged") for n in range(5, 8)],
    ),
    "recomputed after an insertion": (lambda all_: recomputed(insert(all_), 4), [(n, "forged") for n in range(5, 11)]),
    "recomputed after reordering": (lambda all_: recomputed(swap(all_), 4), [(n, "forged") for n in range(5, 10)]),
}


@pytest.mark.parametrize("what", HARM)
def test_harm_is_found_where_it_was_done(what: str) -> None:
    harm, expected = HARM[what]
    wrong = found(harm(a_chain()))
    assert wrong[: len(expected)] == expected
    # After a change alone the chain goes on; nothing else is blamed.
    assert {kind for _, kind in wrong[len(expected) :]} <= {"broken"}


def test_an_end_that_was_cut_off_is_found_by_a_root_kept_elsewhere() -> None:
    entries = a_chain()
    assert found(entries[:6]) == []
    assert found(entries[:6], root_of(entries)) == [(7, "truncated")]
    assert found([], root_of(entries)) == [(1, "truncated")]


def test_another_end_signed_by_the_service_itself_is_found_by_the_root() -> None:
    """Cut off while the service was down, and written on by it."""
    entries = a_chain()
    other = [*entries[:6], *a_chain(5, before=head_of(entries[5]))]
    assert found(other) == []
    assert found(other, root_of(entries)) == [(9, "another-root")]


def test_a_signed_entry_of_another_chain_does_not_fit() -> None:
    entries, other = a_chain(), a_chain(3, before=Head(3, "f" * 64, NOW))
    assert found([*entries[:4], other[1], *entries[5:]]) == [(5, "broken"), (6, "broken")]


@pytest.mark.parametrize(("kid", "published"), [("ping:1", True), ("pong:1", True), ("ping:2", False)])
def test_a_key_of_somebody_else_signs_nothing_here(kid: str, published: bool) -> None:
    private, public = a_signing_key(kid)
    stranger = AuditKey(private, kid.partition(":")[0])
    keys = public_keys({"keys": [PUBLIC, public] if published and kid != "ping:1" else [PUBLIC]})
    assert found(a_chain(1, stranger), keys=keys) == [(1, "forged")]
    with pytest.raises(ValueError, match="signed"):
        read_root(stranger.root("2026-03-02", Head(), 0), keys) if kid != "pong:1" else read_root("x.y.z", keys)


def test_a_service_signs_with_a_key_of_its_own_name_only() -> None:
    for jwk, service in ((PRIVATE, "pong"), (PUBLIC, "ping")):
        with pytest.raises(ValueError, match="audit key of"):
            AuditKey(jwk, service)


def test_keys_may_follow_one_another() -> None:
    private, public = a_signing_key("ping:2")
    first = a_chain(3)
    entries = [*first, *a_chain(3, AuditKey(private, "ping"), head_of(first[-1]))]
    assert found(entries, keys=public_keys({"keys": [PUBLIC, public]})) == []
    assert found(entries) == [(4, "forged"), (5, "forged"), (6, "forged")]


def test_a_root_tells_itself_and_cannot_be_changed() -> None:
    root = root_of(a_chain())
    assert root == Root("ping", "2026-03-02", 9, a_chain()[-1]["hash"], 9)
    head, body, signature = a_key().root("2026-03-02", Head(), 0).split(".")
    for token in (f"{head}.{body[:-3]}AAA.{signature}", f"{head}.{body}.", "", "a.b.c", f"{head}.{body}"):
        with pytest.raises(ValueError):
            read_root(token, KEYS)


def test_time_never_runs_backwards_in_a_chain() -> None:
    entry = a_key().entry(Head(4, "f" * 64, NOW), NOW - timedelta(hours=1), {"step": "asked"})
    assert entry["at"] == NOW


def test_findings_are_plain_values() -> None:
    assert json.dumps(Finding("ping", 5, "changed", "…").__dict__)
