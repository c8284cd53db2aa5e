"""Signed roots of all chains, in tracking's own database: ``receipt_roots``, the leaves of each in ``receipt_trees``
(by pieces), and where a leaf stands in ``receipt_leaves``."""

import json
from bisect import bisect_left
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from chassis.chain import AuditKey
from chassis.database import insert_missing, unavailable
from chassis.documents import CODEC
from chassis.receipts import SIZE, leaf, root, way
from chassis.service import Base

from tracking.usecases.receipts import Newest, Root, Rooted

#: Leaves of one piece: 8 MiB, and a document holds 16.
PIECE = 262_144
AT_ONCE = 1_000


class MongoRoots:
    """Errors of all: Unavailable."""

    def __init__(self, base: Base, key: AuditKey) -> None:
        self._timelines = base.database.get_collection("timelines", codec_options=CODEC)
        self._roots = base.database["receipt_roots"]
        self._trees = base.database["receipt_trees"]
        self._leaves = base.database["receipt_leaves"]
        self._key = key

    async def prepare(self) -> None:
        # Stamps grow with time: what moved since a root is found by them.
        await self._timelines.create_index([("stamp", 1)], name="stamp")

    async def newest(self) -> Newest | None:
        with unavailable():
            found = await self._roots.find_one(sort=[("_id", -1)])
        return Newest(_root(found), found["upto"], found["kept"]) if found else None

    async def listed(self, before: str | None, most: int) -> list[Root]:
        wanted = {"_id": {"$lt": before}} if before else {}
        with unavailable():
            return [_root(one) for one in await self._roots.find(wanted).sort("_id", -1).limit(most).to_list(most)]

    async def moved_since(self, stamp: str) -> AsyncIterator[tuple[str, list[str], bool]]:
        shown = {"stamp": 1, "state.links": 1, "state.entries.id": 1}
        with unavailable():
            found = self._timelines.find({"stamp": {"$gte": stamp}, "state": {"$exists": True}}, shown)
            async for one in found.sort("stamp", 1):
                links = one["state"].get("links", [])
                chained = {link["id"] for link in links} >= {entry["id"] for entry in one["state"].get("entries", ())}
                yield one["_id"], [link["digest"] for link in links], chained

    async def unknown(self, leaves: Sequence[bytes]) -> list[bytes]:
        with unavailable():
            found = self._leaves.find({"_id": {"$in": list(leaves)}}, {"_id": 1})
            known = {bytes(one["_id"]) async for one in found}
        return [one for one in leaves if one not in known]

    async def keep(self, until: datetime, made_at: datetime, leaves: Sequence[bytes], upto: str) -> Root | None:
        before = await self.newest()
        ordered = sorted(leaves)
        said = {
            "kind": "slkt-receipts-root",
            "version": 1,
            "until": _name(until),
            "made_at": _name(made_at),
            "chains": len(ordered),
            "root": root(ordered).hex(),
            "previous": sha256(before.root.document.encode()).hexdigest() if before else None,
            "key": self._key.id,
        }
        document = json.dumps(said)
        signature, name = self._key.vouches(document.encode()), _name(until)
        pieces = [ordered[at : at + PIECE] for at in range(0, len(ordered), PIECE)]
        with unavailable():
            # Another try may have left pieces; what counts are those of the root that was kept.
            for place, piece in enumerate(pieces):
                id_ = f"{name} {said['root']} {place:04d}"
                await self._trees.replace_one({"_id": id_}, {"leaves": b"".join(piece)}, upsert=True)
            kept = {"_id": name, "document": document, "signature": signature, "root": said["root"], "upto": upto}
            taken = await self._roots.update_one({"_id": name}, {"$setOnInsert": kept | {"kept": False}}, upsert=True)
        if taken.upserted_id is None:
            return None
        return Root(name, document, signature)

    async def index(self, until: str) -> None:
        with unavailable():
            found = await self._roots.find_one({"_id": until})
            leaves = await self._tree(until, found["root"]) if found else []
            for at in range(0, len(leaves), AT_ONCE):
                # The first root that holds a leaf is its root.
                stands = [{"_id": one, "root": until} for one in leaves[at : at + AT_ONCE]]
                await insert_missing(self._leaves, stands)
            await self._roots.update_one({"_id": until}, {"$set": {"kept": True}})

    async def of(self, heads_: Sequence[bytes]) -> Rooted | None:
        leaves = [leaf(one) for one in heads_]
        with unavailable():
            found = self._leaves.find({"_id": {"$in": list(leaves)}})
            in_roots = {bytes(one["_id"]): str(one["root"]) async for one in found}
            for entries in range(len(leaves), 0, -1):
                if name := in_roots.get(leaves[entries - 1]):
                    return await self._rooted(name, leaves[entries - 1], entries)
        return None

    async def _rooted(self, name: str, leaf_: bytes, entries: int) -> Rooted | None:
        kept = await self._roots.find_one({"_id": name})
        tree = await self._tree(name, kept["root"]) if kept else []
        place = bisect_left(tree, leaf_)
        if kept is None or tree[place : place + 1] != [leaf_]:
            return None
        return Rooted(_root(kept), entries, way(tree, place))

    async def _tree(self, name: str, root_: str) -> list[bytes]:
        wanted = {"_id": {"$gte": f"{name} {root_} ", "$lt": f"{name} {root_}!"}}
        pieces = [bytes(one["leaves"]) async for one in self._trees.find(wanted).sort("_id", 1)]
        whole = b"".join(pieces)
        return [whole[at : at + SIZE] for at in range(0, len(whole), SIZE)]


def _root(stored: Mapping[str, Any]) -> Root:
    return Root(stored["_id"], stored["document"], bytes(stored["signature"]))


def _name(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}Z"
