"""How does a firm's system go through its tickets? From a cursor on, which is where the page before ended."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from chassis.database import Collection, unavailable
from chassis.pages.walking import steps
from chassis.refusals import Invalid

from pujk_gateway.adapters.listing import AT, ORDERS, query_of
from pujk_gateway.domain.listing import Sought
from pujk_gateway.usecases.listing import Wanted


async def seek(
    cases: Collection, wanted: Sought, now: datetime, after: str | None, limit: int
) -> tuple[Sequence[dict[str, Any]], str | None]:
    """Along ``turns_due``; one call, or up to three from a cursor on. Errors: Invalid, Unavailable."""
    order, found = [(f"{AT}.{one}", 1) for one in ORDERS["due"]], list[dict[str, Any]]()
    for beyond in steps(order, read_place(after)) if after else [{}]:
        if len(found) < limit:
            asked = cases.find({"$and": [_query(wanted, now), beyond]}).sort(order).hint("turns_due")
            with unavailable():
                found += await asked.to_list(limit - len(found))
    if len(found) < limit:
        return found, None
    last = found[-1]["state"]["listed"]
    return found, f"{told(last['due'])}~{told(last['near'])}~{last['number']}"


def told(at: datetime) -> str:
    """In UTC, with nothing that an address would have to hide."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def read_cursor(text: str) -> tuple[datetime, str]:
    """Errors: Invalid."""
    due, _, number = text.partition("~")
    return _moment(due, text), number


def read_place(text: str) -> tuple[datetime, datetime, str]:
    """Errors: Invalid."""
    due, _, rest = text.partition("~")
    near, _, number = rest.partition("~")
    return _moment(due, text), _moment(near, text), number


def _query(wanted: Sought, now: datetime) -> dict[str, Any]:
    one = Wanted(wanted.pujk, wanted.kinds[0], wanted.states, None, wanted.product, wanted.issue, wanted.holder)
    query = query_of(replace(one, left=wanted.left), now) | {f"{AT}.kind": {"$in": list(wanted.kinds)}}
    first, last = wanted.received
    span = ({"$gte": first} if first else {}) | ({"$lt": last} if last else {})
    return query | ({f"{AT}.received": span} if span else {})


def _moment(said: str, text: str) -> datetime:
    try:
        # In UTC, as it is kept: what the driver could not write is no cursor either.
        return datetime.fromisoformat(said).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        problem = {"field": "after", "came": text[:80], "expected": "'next' of the page before"}
        raise Invalid("not a cursor of this list", problems=[problem]) from error
