"""Who did what with this matter, account, firm or key? Acts found in a service's audit, each with what came of it and
whether it stands as it was written; one that was harmed hides none of the others."""

import asyncio
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chassis.chain import changed_in
from chassis.database import Collection, as_held
from chassis.stored import Stored, moment_in, stored

#: Where each thing that an act is about may stand in an entry: by whose leave it was done included.
_WHERE = {
    "number": ("object.number", "object.numbers"),
    "account": ("object.account", "object.accounts", "object.replaces", "behalf"),
    "firm": ("object.code", "object.firm", "behalf"),
    "key": ("object.prefix", "object.key", "actor.key"),
}
#: Of what stands where something else belongs.
SHOWN_MOST = 80
#: Where nothing can be read of who or what.
UNREAD = "?"

#: Whether a document of the audit is what the service wrote.
Genuine = Callable[[Stored], bool]


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
    """One act: its first entry, with what was told of it later. ``outcome`` None: never told; ``at`` None: harmed so
    that it cannot be told. Not ``genuine``: one of its entries is not what the service wrote."""

    number: int
    at: datetime | None
    actor: Mapping[str, Any] | None
    behalf: str | None
    act: str
    object: Mapping[str, Any]
    client: str
    outcome: int | None
    genuine: bool = True


def unchanged(one: Stored) -> bool:
    """As far as it can be told without a key."""
    return not changed_in(one)


async def acts_of(
    entries: Collection, wanted: Wanted, limit: int, *, upwards: bool = False, genuine: Genuine = unchanged
) -> Sequence[Found]:
    """The latest first, or ``upwards`` the earliest. Errors: those of the driver."""
    held = as_held(entries)
    fits = [await _about(held, name, value) for name in _WHERE if (value := getattr(wanted, name)) is not None]
    if wanted.actor is not None:
        fits.append({"actor.id": wanted.actor})
    if span := {one: at for one, at in (("$gte", wanted.since), ("$lt", wanted.until)) if at is not None}:
        fits.append({"at": span})
    for one, number in (("$lt", wanted.before), ("$gt", wanted.after)):
        if number is not None:
            fits.append({"_id": {one: number}})
    begun = {"act": {"$exists": True}, "_id": {"$type": ["int", "long"]}}
    acts = held.find({"$and": [begun, *fits]}, sort=[("_id", 1 if upwards else -1)], limit=limit)
    found = {first.number: [first] async for one in acts if (first := stored(one)).number is not None}
    async for one in held.find({"asked": {"$in": list(found)}}, sort=[("_id", 1)]):
        asked = (later := stored(one)).entry.get("asked")
        if isinstance(asked, int) and asked in found:
            found[asked].append(later)
    # A signature takes 0.1 ms.
    return await asyncio.to_thread(
        lambda: [_found(number, of_it, genuine) for number, of_it in found.items() if number is not None]
    )


async def _about(held: Collection, name: str, value: str) -> dict[str, Any]:
    """By the entry that begins an act, or by what was told of it afterwards."""
    here = [{place: value} for place in _WHERE[name]]
    later = held.find({"step": "about", "$or": here}, {"asked": 1})
    asked = [stored(one).entry.get("asked") async for one in later]
    return {"$or": [*here, {"_id": {"$in": [one for one in asked if isinstance(one, int)]}}]}


def _found(number: int, of_it: Sequence[Stored], genuine: Genuine) -> Found:
    first, about, outcome = of_it[0].entry, dict[str, Any](), of_it[0].entry.get("outcome")
    about |= _object(first.get("object"))
    for later in (one.entry for one in of_it[1:]):
        if later.get("step") == "about":
            about |= _object(later.get("object"))
        else:
            outcome = later.get("outcome")
    behalf = first.get("behalf")
    return Found(
        number,
        moment_in(first),
        _actor(first.get("actor")),
        None if behalf is None else _text(behalf),
        _text(first.get("act", UNREAD)),
        about,
        _text(first.get("from", UNREAD)),
        outcome if type(outcome) is int else None,
        all(map(genuine, of_it)),
    )


def _actor(said: Any) -> Mapping[str, Any] | None:
    if said is None:
        return None
    if not isinstance(said, Mapping):
        return {"kind": UNREAD, "id": _text(said), "roles": []}
    roles = said.get("roles")
    shown = {"key": _text(said["key"])} if "key" in said else {}
    known = [_text(one) for one in roles] if isinstance(roles, list) else []
    return {"kind": _text(said.get("kind", UNREAD)), "id": _text(said.get("id", UNREAD)), "roles": known, **shown}


def _object(said: Any) -> Mapping[str, Any]:
    return {name: _plain(one) for name, one in said.items()} if isinstance(said, Mapping) else {UNREAD: _text(said)}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return moment_in({"at": value}) or _text(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else _text(value)
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value if value is None or isinstance(value, str | int) else _text(value)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else str(value)[:SHOWN_MOST]
