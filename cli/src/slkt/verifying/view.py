"""What is known of one matter, in all five databases, at one look?"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import orjson

from slkt.owners import Databases

Where = Literal["facts", "unsent", "stuck"]

#: How much is read at once: so many matters and so many facts of each service at the most (1 KB a fact: 4 MB).
MATTERS_AT_ONCE, FACTS_AT_ONCE = 500, 4_000
#: Numbers of matters are digits; what comes after all of them is the subject of something else.
AFTER_MATTERS = ":"
_LEFT_OUT = {"acts": 0, "state.sealed": 0, "state.key": 0, "state.entries.sealed": 0, "state.proposals.sealed": 0}


@dataclass(frozen=True, slots=True)
class Said:
    """One fact as its owner keeps it."""

    id: str
    owner: str
    number: str
    seq: int
    type: str
    cause: str | None
    at: datetime
    where: Where
    body: str

    def event(self) -> dict[str, Any]:
        found: dict[str, Any] = orjson.loads(self.body)
        return found


@dataclass
class View:
    """One matter: its facts by owner, its documents by service.

    `owned` are the documents as they were seen before the facts, for what they still have to say; `documents` as they
    were seen after, for what they have heard.
    """

    number: str
    said: dict[str, list[Said]] = field(default_factory=dict)
    documents: dict[str, dict[str, Any]] = field(default_factory=dict)
    owned: dict[str, dict[str, Any]] = field(default_factory=dict)

    def kept(self, owner: str) -> list[Said]:
        """Every fact of the owner, each once, wherever it is kept; in the order of `seq`."""
        found = {one.id: one for one in _unsent(owner, self.number, self.owned.get(owner))}
        found |= {one.id: one for one in self.said.get(owner, [])}
        return sorted(found.values(), key=lambda one: (one.seq, one.id))


async def spans(databases: Databases, services: Iterable[str]) -> AsyncIterator[dict[str, Any]]:
    """Filters on a number that together cover all numbers, each small enough to be read at once."""
    services, after = list(services), ""
    while True:
        ends = await asyncio.gather(
            *(_end_of_matters(databases, one, after) for one in services),
            *(_end_of_facts(databases, one, after) for one in services),
        )
        upto = min((end for end in ends if end is not None), default=None)
        yield {"$gt": after, "$lt": AFTER_MATTERS} if upto is None else {"$gt": after, "$lte": upto}
        if upto is None:
            return
        after = upto


async def _end_of_matters(databases: Databases, service: str, after: str) -> str | None:
    page = databases.matters(service).find({"_id": {"$gt": after}}, {"_id": 1}).sort("_id", 1).limit(MATTERS_AT_ONCE)
    found: list[str] = [one["_id"] async for one in page]
    return found[-1] if len(found) == MATTERS_AT_ONCE else None


async def _end_of_facts(databases: Databases, service: str, after: str) -> str | None:
    """The last matter whose facts are all on the page; of one that fills the page alone, that one."""
    wanted, order = {"subject": {"$gt": after, "$lt": AFTER_MATTERS}}, [("subject", 1), ("seq", 1)]
    page = databases.facts(service).find(wanted, {"_id": 0, "subject": 1}).sort(order).limit(FACTS_AT_ONCE)
    found: list[str] = [one["subject"] async for one in page]
    if len(found) < FACTS_AT_ONCE:
        return None
    whole = [one for one in found if one < found[-1]]
    return whole[-1] if whole else found[-1]


async def look(
    databases: Databases, numbers: Mapping[str, Any], services: Iterable[str], *, exactly: bool = False
) -> dict[str, View]:
    """The matters of a span. Owners' facts are read first, what hearers have heard after.

    `exactly` reads the owners' documents once more before their facts: a fact that moves from `unsent` to `facts`
    meanwhile is then seen at least once.
    """
    services, views = list(services), dict[str, View]()
    owned = await _documents(databases, numbers, services) if exactly else {}
    said = await asyncio.gather(*(said_of(databases, numbers, service) for service in services))
    documents = await _documents(databases, numbers, services)
    for one in (one for found in said for one in found):
        views.setdefault(one.number, View(one.number)).said.setdefault(one.owner, []).append(one)
    for (service, number), document in documents.items():
        views.setdefault(number, View(number)).documents[service] = document
    for (service, number), document in (owned or documents).items():
        views.setdefault(number, View(number)).owned[service] = document
    return views


async def _documents(
    databases: Databases, numbers: Mapping[str, Any], services: list[str]
) -> dict[tuple[str, str], dict[str, Any]]:
    async def of(service: str) -> list[dict[str, Any]]:
        return [one async for one in databases.matters(service).find({"_id": numbers}, _LEFT_OUT)]

    found = await asyncio.gather(*(of(service) for service in services))
    return {(service, one["_id"]): one for service, all_ in zip(services, found, strict=True) for one in all_}


async def said_of(databases: Databases, numbers: Mapping[str, Any], owner: str) -> list[Said]:
    """Facts of an owner, those that are stuck too, whose subjects fit. Errors: those of the driver."""
    facts = [_of(owner, one, "facts") async for one in databases.facts(owner).find({"subject": numbers})]
    stuck = [_of(owner, one, "stuck") async for one in databases.stuck(owner).find({"subject": numbers})]
    known = {one.id for one in facts}
    return [*facts, *(one for one in stuck if one.id not in known)]


def _unsent(owner: str, number: str, document: dict[str, Any] | None) -> list[Said]:
    return [_of(owner, one, "unsent") for one in (document or {}).get("unsent", [])]


def _of(owner: str, one: dict[str, Any], where: Where) -> Said:
    return Said(
        one["_id"], owner, one["subject"], one["seq"], one["type"], one.get("cause"), one["at"], where, one["body"]
    )
