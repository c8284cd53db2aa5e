"""How does the database answer a firm's list? By a row that is kept with each case, and four orders of all rows."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from chassis.database import Collection, unavailable
from chassis.documents import Documents
from chassis.pages.walking import Document, Walked, walked
from chassis.pages.walking import Order as Ways
from pydantic import TypeAdapter

from pujk_gateway.domain.case import Case
from pujk_gateway.domain.listing import ACTIVE, FIRMS_MOVE, STATES, Listed, ListedState, Row, listed_of
from pujk_gateway.domain.parts import Deadline
from pujk_gateway.domain.settling import wakes_at
from pujk_gateway.usecases.listing import Counters, Kind, Order, Page, Wanted

AT = "state.listed"
#: When a worker has something to say of a case, kept with whatever changes.
WAKES = "state.wakes_at"
#: States sort by a ticket's life; older rows keep the number that theirs had.
RANK: Mapping[ListedState, float] = dict(zip(STATES, (1, 2, 3, 4, 4.1, 4.2, 4.25, 4.3, 4.4, 4.5, 5), strict=True))
STATE = {rank: state for state, rank in RANK.items()}
KINDS: tuple[Kind, ...] = ("indication", "complaint")
#: So few rows are sorted faster than they are found in the order of all.
FEW = 10_000
BATCH = 1_000
#: Tickets of one day are due at one moment: among them the order is that of ``near``, by which they are filtered too.
ORDERS: Mapping[Order, tuple[str, ...]] = {
    "due": ("due", "near", "number"),
    "received": ("received", "number"),
    "number": ("number",),
    "state": ("rank", "due", "near", "number"),
}
#: Each holds all that is filtered by, so that only rows of the page are fetched. By state first, for most lists leave
#: out what is closed.
INDEXES: Mapping[str, tuple[str, ...]] = {
    "turns_due": ("rank", "due", "near", "number", "received", "product", "issue", "holder"),
    "turns_received": ("rank", "received", "number", "due", "near", "product", "issue", "holder"),
    "turns_number": ("rank", "number", "due", "near", "received", "product", "issue", "holder"),
    "turns_about": ("rank", "holder", "product", "issue", "received", "due", "near", "number"),
}
THROUGH: Mapping[Order, str] = {
    "due": "turns_due",
    "received": "turns_received",
    "number": "turns_number",
    "state": "turns_due",
}
#: What nobody sees stands in the first alone: an index more is work for every ticket.
SEEN = {f"{AT}.pujk": {"$gt": ""}}
SUPERSEDED = ("listed_due", "listed_received", "listed_number")
_LISTED: TypeAdapter[Listed] = TypeAdapter(Listed)
_DEADLINE: TypeAdapter[Deadline | None] = TypeAdapter(Deadline | None)
_SHOWN = {AT: 1, "state.rounds.deadline.days": 1, "state.rounds.deadline.working_days": 1}


class CaseDocuments(Documents[Case]):
    """A case as it is kept: with its row in the list of the firm whose turn it is, written with whatever changes."""

    def __init__(self) -> None:
        super().__init__(Case, Case)

    def state(self, aggregate: Case) -> dict[str, Any]:
        listed = listed_of(aggregate)
        # "" is nobody's list: who is not there is told from who was never looked at.
        row = {**asdict(listed), "rank": RANK[listed.state]} if listed else {"pujk": ""}
        return {**super().state(aggregate), "listed": row, "wakes_at": wakes_at(aggregate)}


class MongoLists:
    def __init__(self, cases: Collection, few: int = FEW) -> None:
        self._cases = cases
        self._few = few

    async def prepare(self) -> None:
        for name, fields in INDEXES.items():
            keys = [(f"{AT}.{one}", 1) for one in ("pujk", "kind", *fields)]
            partly: dict[str, Any] = {} if name == "turns_due" else {"partialFilterExpression": SEEN}
            await self._cases.create_index(keys, name=name, **partly)
        for name in set(SUPERSEDED) & set(await self._cases.index_information()):
            await self._cases.drop_index(name)

    async def any_of(self, pujk: str) -> bool:
        """Whether a ticket is, or came to its end, with the firm of this code."""
        with unavailable():
            return await self._cases.find_one({f"{AT}.pujk": pujk}, {"_id": 1}) is not None

    async def unlisted(self, most: int) -> list[str]:
        """Numbers of cases that an older release wrote."""
        with unavailable():
            found = self._cases.find({f"{AT}.pujk": None}, {"_id": 1}).hint("turns_due").limit(most)
            return [one["_id"] async for one in found]

    async def page(self, wanted: Wanted, now: datetime) -> Page:
        """Two or three calls: the counters, beside them the count of what they do not tell, then the rows; one or two
        more far in."""
        with unavailable():
            # At once: each is a walk along an index, and a database has more than one processor.
            apart = asyncio.gather(*(self._count(one, now) for one in _uncounted(wanted)))
            every, more = await asyncio.gather(self.counters(wanted.pujk, now), apart)
            counters = every[wanted.kind]
            total = _total(wanted, counters, more)
            found = await self._walked(wanted, now, total)
        return Page([_row(one) for one in found.rows], total, found, counters)

    async def _walked(self, wanted: Wanted, now: datetime, total: int) -> Walked:
        base, hint = query_of(wanted, now), THROUGH[wanted.order]

        async def look(beyond: Document, order: Ways, skip: int, most: int) -> list[dict[str, Any]]:
            query = {"$and": [base, beyond]} if beyond else base
            if wanted.filtered and total <= self._few:
                return await self._sorted(query, _narrow(wanted), order, skip, most)
            found = self._cases.find(query, _SHOWN).sort(list(order)).skip(skip)
            return [one async for one in found.limit(most).hint(hint)]

        return await walked(look, _order(wanted), wanted.page, wanted.spot, total)

    async def _sorted(self, query: Document, hint: str, order: Ways, skip: int, most: int) -> list[dict[str, Any]]:
        """Sorted by what the index knows; the rows of the page alone are fetched."""
        fields = {field: 1 for field, _ in order} | {f"{AT}.number": 1, "_id": 0}
        keys = self._cases.find(query, fields).sort(list(order)).skip(skip).limit(most).hint(hint)
        numbers = [one["state"]["listed"]["number"] async for one in keys]
        # Asked as before: what went on meanwhile is not shown.
        again = self._cases.find({"$and": [{"_id": {"$in": numbers}}, query]}, _SHOWN).hint("_id_")
        found = {one["_id"]: one async for one in again}
        return [found[number] for number in numbers if number in found]

    async def _count(self, wanted: Wanted, now: datetime) -> int:
        if not _in_stretches(wanted):
            counted: int = await self._cases.count_documents(query_of(wanted, now), hint=_narrow(wanted))
            return counted
        asked = query_of(wanted, now)
        parts = [asked | {f"{AT}.rank": rank} for rank in asked[f"{AT}.rank"]["$in"]]
        return sum([one["n"] async for one in self._counted(parts)]) if parts else 0

    async def counters(self, pujk: str, now: datetime) -> Mapping[Kind, Counters]:
        """One call: each figure is a count along an index."""
        asked = [(kind, state, False) for kind in KINDS for state in ACTIVE]
        asked += [(kind, state, True) for kind in KINDS for state in FIRMS_MOVE]
        parts = [
            _of_state(pujk, kind, state) | ({f"{AT}.due": {"$lt": now}} if late else {}) for kind, state, late in asked
        ]
        made = {kind: (dict[ListedState, int](), [0]) for kind in KINDS}
        with unavailable():
            async for one in self._counted(parts):
                kind, state, late = asked[one["part"]]
                if late:
                    made[kind][1][0] += one["n"]
                else:
                    made[kind][0][state] = one["n"]
        return {kind: Counters(by_state, late[0]) for kind, (by_state, late) in made.items()}

    def _counted(self, parts: Sequence[Document]) -> AsyncIterator[dict[str, Any]]:
        """One call. Whatever is one stretch of an index is counted along it, eight times as fast as looked at: 30 ms
        for 100,000."""
        told: list[list[dict[str, Any]]] = [
            [{"$match": one}, {"$count": "n"}, {"$set": {"part": {"$literal": part}}}] for part, one in enumerate(parts)
        ]
        others = [{"$unionWith": {"coll": self._cases.name, "pipeline": one}} for one in told[1:]]
        return self._cases.aggregate([*told[0], *others])

    async def rows(self, wanted: Wanted, now: datetime, most: int) -> AsyncIterator[Listed]:
        with unavailable():
            found = self._cases.find(query_of(wanted, now), {AT: 1}).sort(list(_order(wanted)))
            # Few at a time: each call is answered soon, however many there are.
            async for one in found.limit(most).hint(THROUGH[wanted.order]).batch_size(BATCH):
                yield _LISTED.validate_python(one["state"]["listed"])


def _uncounted(wanted: Wanted) -> list[Wanted]:
    """Lists whose lengths tell that of the wanted one, together with the counters."""
    none = Counters()
    if none.of(wanted) is not None:
        return []
    if not wanted.filtered:
        return [replace(wanted, states=tuple(one for one in wanted.states if one not in ACTIVE))]
    if _rest(wanted):
        late = replace(wanted, left="overdue")
        return [replace(wanted, left="soon"), *([late] if none.of(late) is None else [])]
    return [wanted]


def _rest(wanted: Wanted) -> bool:
    """Whether they are counted as what is left of those that wait for the firm, for they are many, the others few."""
    return wanted.left == "later" and not wanted.about and not wanted.received


def _total(wanted: Wanted, counters: Counters, apart: Sequence[int]) -> int:
    if (known := counters.of(wanted)) is not None:
        return known
    if not wanted.filtered:
        return sum(counters[one] for one in wanted.states) + sum(apart)
    if _rest(wanted):
        waiting = sum(counters[one] for one in wanted.states if one in FIRMS_MOVE)
        late = counters.of(replace(wanted, left="overdue"))
        return max(0, waiting - sum(apart) - (late or 0))
    return sum(apart)


def query_of(wanted: Wanted, now: datetime) -> dict[str, Any]:
    states: Iterable[ListedState] = wanted.states
    asked: dict[str, Any] = {"pujk": wanted.pujk, "kind": wanted.kind}
    if wanted.left:
        states = [one for one in states if one in FIRMS_MOVE]
        asked["due"] = {"$lt": now} if wanted.left == "overdue" else {"$gte": now}
        if wanted.left != "overdue":
            asked["near"] = {"$lte" if wanted.left == "soon" else "$gt": now}
    asked["rank"] = {"$in": [RANK[one] for one in states]}
    if wanted.received:
        asked["received"] = {"$gte": wanted.received[0], "$lt": wanted.received[1]}
    named = {"product": wanted.product, "issue": wanted.issue, "holder": wanted.holder}
    asked |= {name: value for name, value in named.items() if value is not None}
    return {f"{AT}.{name}": value for name, value in asked.items()}


def _narrow(wanted: Wanted) -> str:
    """Where those that fit lie together, state by state."""
    return "turns_about" if wanted.about else "turns_received" if wanted.received else "turns_due"


def _order(wanted: Wanted) -> Ways:
    return [(f"{AT}.{one}", -1 if wanted.down else 1) for one in ORDERS[wanted.order]]


def _in_stretches(wanted: Wanted) -> bool:
    """Whether those of one state that fit lie side by side in an index."""
    if wanted.about:
        within_holder = wanted.holder is not None and (wanted.product is not None or wanted.issue is None)
        return within_holder and wanted.left is None and wanted.received is None
    return wanted.left is None or (wanted.left == "overdue" and wanted.received is None)


def _of_state(pujk: str, kind: Kind, state: ListedState) -> dict[str, Any]:
    return {f"{AT}.pujk": pujk, f"{AT}.kind": kind, f"{AT}.rank": RANK[state]}


def _row(found: Mapping[str, Any]) -> Row:
    state = found["state"]
    rounds = state.get("rounds") or [{}]
    deadline = rounds[-1].get("deadline")
    whole = {"rule": "", "rule_version": "", "calendar_version": ""} | deadline if deadline else None
    return Row(_LISTED.validate_python(state["listed"]), _DEADLINE.validate_python(whole))
