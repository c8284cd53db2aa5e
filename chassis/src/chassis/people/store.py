"""Where are accounts kept? One document each, guarded by a version: of two changes at once each sees the other."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from chassis.database import Database, unavailable
from chassis.documents import CODEC
from chassis.people.account import Account
from chassis.refusals import Invalid, NotFound, Unavailable

TRIES = 20


class Accounts:
    """``accounts`` of one issuer's own database."""

    def __init__(self, database: Database) -> None:
        self._stored = database.get_collection("accounts", codec_options=CODEC)

    async def get(self, account: str) -> Account | None:
        with unavailable():
            stored = await self._stored.find_one({"_id": account})
        return _account(stored) if stored else None

    async def all(self) -> Sequence[Account]:
        with unavailable():
            return [_account(one) async for one in self._stored.find().sort("_id", 1)]

    async def add(self, account: Account) -> None:
        """Errors: Invalid where the name is taken, Unavailable."""
        with unavailable():
            made = await self._stored.update_one(
                {"_id": account.id}, {"$setOnInsert": {**_document(account), "version": 1}}, upsert=True
            )
        if made.upserted_id is None:
            problem = {"field": "id", "came": account.id, "expected": "a username that nobody has"}
            raise Invalid("this username is taken", problems=[problem])

    async def change(self, account: str, change: Callable[[Account], Any]) -> Account:
        """``change`` may run again. Errors: NotFound, whatever ``change`` refuses, Unavailable."""
        for _ in range(TRIES):
            with unavailable():
                stored = await self._stored.find_one({"_id": account})
                if stored is None:
                    raise NotFound(f"no account {account}")
                found = _account(stored)
                change(found)
                guard = {"_id": account, "version": stored["version"]}
                done = await self._stored.update_one(
                    guard, {"$set": {**_document(found), "version": stored["version"] + 1}}
                )
            if done.matched_count:
                return found
        raise Unavailable(f"the account was changed by others {TRIES} times in a row")


def _document(account: Account) -> dict[str, Any]:
    kept = asdict(account)
    del kept["id"]
    return {**kept, "roles": list(account.roles), "recovery": list(account.recovery)}


def _account(stored: dict[str, Any]) -> Account:
    kept = {name: value for name, value in stored.items() if name not in ("_id", "version")}
    return Account(stored["_id"], **{**kept, "roles": tuple(kept["roles"]), "recovery": tuple(kept["recovery"])})
