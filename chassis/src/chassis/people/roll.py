"""Which accounts are there? Found by name, role and state, a page at a time, by the database."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from chassis.clock import Clock
from chassis.pages.tables import Asked, Table, table_of
from chassis.people.account import Account
from chassis.people.store import Accounts

State = Literal["in-use", "new", "locked", "lapsed", "shut"]
STATES: tuple[State, ...] = ("in-use", "new", "locked", "lapsed", "shut")


def state_of(account: Account, now: datetime, *, elsewhere: bool) -> State:
    """``new``: the first log-in is to come. ``lapsed``: the account's time is over, or its letter's. ``shut``: it was
    made for a password, and people log in at a provider (``elsewhere``), or for a provider that is used no more."""
    if account.locked is not None:
        return "locked"
    if elsewhere != (account.external is not None):
        return "shut"
    if not account.usable(now):
        return "lapsed"
    return "new" if account.is_new else "in-use"


@dataclass(frozen=True)
class Roll:
    """Errors: Unavailable."""

    accounts: Accounts
    clock: Clock
    elsewhere: bool = False

    async def page(self, asked: Asked) -> Table[tuple[Account, State]]:
        now = self.clock.now()
        collection, account_of = self.accounts.for_lists()
        return await table_of(
            collection,
            _query(asked.filters, now, elsewhere=self.elsewhere),
            asked,
            lambda one: (made := account_of(one), state_of(made, now, elsewhere=self.elsewhere)),
        )


def _query(filters: Mapping[str, str], now: datetime, *, elsewhere: bool) -> dict[str, Any]:
    parts: list[dict[str, Any]] = []
    if typed := filters.get("q"):
        part_of_it = {"$regex": re.escape(typed), "$options": "i"}
        parts.append({"$or": [{"state.name": part_of_it}, {"state.id": part_of_it}]})
    if role := filters.get("role"):
        parts.append({"state.roles": role})
    if state := filters.get("state"):
        over = {"$or": [{"state.expires": {"$lte": now}}, {"state.one_time_until": {"$lte": now}}]}
        there: dict[str, Any] = {"state.external": {"$ne": None}}
        here, shut = (there, {"state.external": None}) if elsewhere else ({"state.external": None}, there)
        usable: dict[str, Any] = {"state.locked": None, "$nor": [over], **here}
        of_each: dict[str, dict[str, Any]] = {
            "locked": {"state.locked": {"$ne": None}},
            "lapsed": {"state.locked": None, **over, **here},
            "new": {**usable, "state.one_time_until": {"$ne": None}},
            "in-use": {**usable, "state.one_time_until": None},
            "shut": {"state.locked": None, **shut},
        }
        parts.append(of_each[state])
    return {"$and": parts} if parts else {}
