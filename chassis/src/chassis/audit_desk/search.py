"""Who did what with this matter, account, firm or key? Acts found in a service's audit, each with what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chassis.database import Collection

#: Where each thing that an act is about may stand in an entry: by whose leave it was done included.
_WHERE = {
    "number": ("object.number", "object.numbers"),
    "account": ("object.account", "object.accounts", "object.replaces", "behalf"),
    "firm": ("object.code", "object.firm", "behalf"),
    "key": ("object.prefix", "object.key", "actor.key"),
}


@dataclass(frozen=True)
class Wanted:
    """What acts are looked for; all that is said must fit. ``since`` is included, ``until`` is not; of ``before`` and
    ``after``, numbers of entries, only earlier or later ones are told."""

    number: str | None = None
    actor: str | None = None
    account: str | None = None
    firm: str | None = None
    key: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None
    after: int | None = None


@dataclass(frozen=True)
class Found:
    """One act: its first entry, with what was told of it later. ``outcome`` None: never told."""

    number: int
    at: datetime
    actor: Mapping[str, Any] | None
    behalf: str | None
    act: str
    object: Mapping[str, Any]
    client: str
    outcome: int | None


async def acts_of(entries: Collection, wanted: Wanted, limit: int, *, upwards: bool = False) -> Sequence[Found]:
    """The latest first, or ``upwards`` the earliest. Errors: those of the driver."""
    fits = [await _about(entries, name, value) for name in _WHERE if (value := getattr(wanted, name)) is not None]
    if wanted.actor is not None:
        fits.append({"actor.id": wanted.actor})
    if span := {one: at for one, at in (("$gte", wanted.since), ("$lt", wanted.until)) if at is not None}:
        fits.append({"at": span})
    for one, number in (("$lt", wanted.before), ("$gt", wanted.after)):
        if number is not None:
            fits.append({"_id": {one: number}})
    acts = entries.find(
        {"$and": [{"act": {"$exists": True}}, *fits]}, sort=[("_id", 1 if upwards else -1)], limit=limit
    )
    found = {one["_id"]: one async for one in acts}
    async for later in entries.find({"asked": {"$in": list(found)}}):
        act = found[later["asked"]]
        if later["step"] == "about":
            act["object"] = {**act["object"], **later["object"]}
        else:
            act["outcome"] = later["outcome"]
    return [_found(one) for one in found.values()]


async def _about(entries: Collection, name: str, value: str) -> dict[str, Any]:
    """By the entry that begins an act, or by what was told of it afterwards."""
    here = [{place: value} for place in _WHERE[name]]
    later = entries.find({"step": "about", "$or": here}, {"asked": 1})
    return {"$or": [*here, {"_id": {"$in": [one["asked"] async for one in later]}}]}


def _found(one: Mapping[str, Any]) -> Found:
    return Found(
        one["_id"], one["at"], one["actor"], one["behalf"], one["act"], one["object"], one["from"], one.get("outcome")
    )
