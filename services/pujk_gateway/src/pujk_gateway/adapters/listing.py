"""How does the database answer a firm's list? By a row that is kept with each case, and three orders of all rows."""

from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

from chassis.database import Collection, unavailable
from chassis.documents import Documents
from pydantic import TypeAdapter

from pujk_gateway.domain.case import Case
from pujk_gateway.domain.listing import ACTIVE, FIRMS_MOVE, STATES, Listed, ListedState, Row, listed_of
from pujk_gateway.domain.parts import Deadline
from pujk_gateway.usecases.listing import ROWS, Counters, Kind, Order, Page, Wanted

AT = "state.listed"
#: States sort by a ticket's life.
RANK: Mapping[ListedState, int] = {state: 1 + place for place, state in enumerate(STATES)}
STATE = {rank: state for state, rank in RANK.items()}
KINDS: tuple[Kind, ...] = ("indication", "complaint")
#: A list of so many rows is counted no more often than that.
MANY, MANY_KEPT = 10_000, timedelta(seconds=15)
_ALSO = ("product", "issue", "holder", "near")
#: Which order goes through which index; each holds all that is filtered by, so that only rows of the page are fetched.
ORDERS: Mapping[Order, tuple[str, ...]] = {
    "due": ("due", "number"),
    "received": ("received", "number"),
    "number": ("number",),
    "state": ("rank", "due", "number"),
}
INDEXES: Mapping[str, tuple[str, ...]] = {
    "listed_due": ("rank", "due", "number", "received", *_ALSO),
    "listed_received": ("received", "number", "rank", "due", *_ALSO),
    "listed_number": ("number", "rank", "due", "received", *_ALSO),
}
THROUGH: Mapping[Order, str] = {
    "due": "listed_due",
    "received": "listed_received",
    "number": "listed_number",
    "state": "listed_due",
}
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
        return {**super().state(aggregate), "listed": row}


class MongoLists:
    def __init__(self, cases: Collection) -> None:
        self._cases = cases
        self._many: dict[Wanted, tuple[int, datetime]] = {}

    async def prepare(self) -> None:
        for name, fields in INDEXES.items():
            keys = [(f"{AT}.{one}", 1) for one in ("pujk", "kind", *fields)]
            await self._cases.create_index(keys, name=name)

    async def unlisted(self, most: int) -> list[str]:
        """Numbers of cases that an older release wrote."""
        with unavailable():
            found = self._cases.find({f"{AT}.pujk": None}, {"_id": 1}).hint("listed_due").limit(most)
            return [one["_id"] async for one in found]

    async def page(self, wanted: Wanted, now: datetime) -> Page:
        query, through = _query(wanted, now), THROUGH[wanted.order]
        with unavailable():
            total = await self._total(wanted, now)
            pages = max(1, -(-total // ROWS))
            page = min(wanted.page, pages)
            skip = (page - 1) * ROWS
            take, turned = min(ROWS, total - skip), skip > total / 2
            if take <= 0:
                return Page([], 0, 1, 1)
            # From the nearer end: nothing is skipped twice over.
            order = _order(wanted, turned)
            found = self._cases.find(query, _SHOWN).sort(order).skip(total - skip - take if turned else skip)
            rows = [_row(one) async for one in found.limit(take).hint(through)]
        return Page(rows[::-1] if turned else rows, total, page, pages)

    async def _total(self, wanted: Wanted, now: datetime) -> int:
        """Of many at most a few seconds old: to count 100,000 takes longer than to find 20 of them."""
        asked = replace(wanted, order="number", down=False, page=1)
        known = self._many.get(asked)
        if known and now - known[1] < MANY_KEPT:
            return known[0]
        counted = "listed_received" if wanted.received else "listed_due"
        total: int = await self._cases.count_documents(_query(asked, now), hint=counted)
        if total >= MANY:
            self._many = {one: kept for one, kept in self._many.items() if now - kept[1] < MANY_KEPT}
            self._many[asked] = (total, now)
        return total

    async def counters(self, pujk: str, now: datetime) -> Mapping[Kind, Counters]:
        """One call: each figure is a count along an index."""
        asked = [(kind, state, False) for kind in KINDS for state in ACTIVE]
        asked += [(kind, state, True) for kind in KINDS for state in FIRMS_MOVE]
        parts = [_counted(pujk, kind, state, now if late else None) for kind, state, late in asked]
        others = [{"$unionWith": {"coll": self._cases.name, "pipeline": one}} for one in parts[1:]]
        with unavailable():
            found = [one async for one in self._cases.aggregate([*parts[0], *others])]
        made = {kind: (dict[ListedState, int](), [0]) for kind in KINDS}
        for one in found:
            by_state, late = made[one["kind"]]
            if one["late"]:
                late[0] += one["n"]
            else:
                by_state[STATE[one["rank"]]] = one["n"]
        return {kind: Counters(by_state, late[0]) for kind, (by_state, late) in made.items()}

    async def rows(self, wanted: Wanted, now: datetime, most: int) -> AsyncIterator[Listed]:
        with unavailable():
            found = self._cases.find(_query(wanted, now), {AT: 1}).sort(_order(wanted, False))
            async for one in found.limit(most).hint(THROUGH[wanted.order]):
                yield _LISTED.validate_python(one["state"]["listed"])


def _query(wanted: Wanted, now: datetime) -> dict[str, Any]:
    states: Iterable[ListedState] = wanted.states
    asked: dict[str, Any] = {"pujk": wanted.pujk, "kind": wanted.kind}
    if wanted.left:
        states = [one for one in states if one in FIRMS_MOVE]
        asked["due"] = {"$lt": now} if wanted.left == "overdue" else {"$gte": now}
        if wanted.left != "overdue":
            asked["near"] = {"$lte" if wanted.left == "soon" else "$gt": now}
    # All of them stand together in an index, but for the order by due, which goes through one state after the other.
    if set(states) != set(STATES) or wanted.order == "due":
        asked["rank"] = {"$in": [RANK[one] for one in states]}
    if wanted.received:
        asked["received"] = {"$gte": wanted.received[0], "$lt": wanted.received[1]}
    named = {"product": wanted.product, "issue": wanted.issue, "holder": wanted.holder}
    asked |= {name: value for name, value in named.items() if value is not None}
    return {f"{AT}.{name}": value for name, value in asked.items()}


def _order(wanted: Wanted, turned: bool) -> list[tuple[str, int]]:
    way = -1 if wanted.down != turned else 1
    return [(f"{AT}.{one}", way) for one in ORDERS[wanted.order]]


def _counted(pujk: str, kind: Kind, state: ListedState, before: datetime | None) -> list[dict[str, Any]]:
    match: dict[str, Any] = {f"{AT}.pujk": pujk, f"{AT}.kind": kind, f"{AT}.rank": RANK[state]}
    if before is not None:
        match[f"{AT}.due"] = {"$lt": before}
    named = {"kind": kind, "rank": RANK[state], "late": {"$literal": before is not None}}
    return [{"$match": match}, {"$count": "n"}, {"$set": named}]


def _row(found: dict[str, Any]) -> Row:
    state = found["state"]
    rounds = state.get("rounds") or [{}]
    deadline = rounds[-1].get("deadline")
    whole = {"rule": "", "rule_version": "", "calendar_version": ""} | deadline if deadline else None
    return Row(_LISTED.validate_python(state["listed"]), _DEADLINE.validate_python(whole))
