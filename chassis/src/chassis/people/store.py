"""Where are accounts kept? One document each, written with what it says: whoever is put out is put out everywhere."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from chassis.database import Collection, unavailable
from chassis.documents import Documents
from chassis.messages import of_worker
from chassis.parts import Base
from chassis.people.account import Account
from chassis.refusals import Invalid, NotFound, NumberTaken
from chassis.repository import LOADED
from chassis.sealing import Vault

#: A prefix that no matter's number has, and 128 bits of a keyed digest.
PREFIX, DIGITS = "account-", 32


def _new(number: str) -> Account:
    return Account("", "", (), "", None, number=number)


def number_of(account: str, issuer: str, vault: Vault) -> str:
    """What the account of that username is called outside its own document; ``issuer`` is the service that has it."""
    return PREFIX + vault.digest(f"account {issuer} {account}".encode(errors="surrogatepass"))[:DIGITS]


class Accounts:
    """``accounts`` of one issuer's own database. A username is kept in the document alone: the account is called by a
    digest of it, which says nothing to who reads facts, and is the same whenever the name is typed."""

    def __init__(self, base: Base, vault: Vault) -> None:
        self._documents = Documents(Account, _new)
        # Somebody waits for each of these writes, at a log-in.
        self._repository = base.repository("accounts", self._documents, pace_seconds=0)
        self._vault, self._issuer = vault, base.name

    def _number(self, account: str) -> str:
        return number_of(account, self._issuer, self._vault)

    async def get(self, account: str) -> Account | None:
        """Errors: Unavailable."""
        return await self._repository.get(self._number(account))

    async def all(self) -> Sequence[Account]:
        """By username. Errors: Unavailable."""
        with unavailable():
            found = self._repository.collection.find({}, LOADED).sort("state.id", 1)
            return [self._documents.aggregate(one["_id"], one["state"]) async for one in found]

    def for_lists(self) -> tuple[Collection, Callable[[dict[str, Any]], Account]]:
        """Where they lie, each with its fields in ``state``, and how one is read."""
        return self._repository.collection, lambda one: self._documents.aggregate(one["_id"], one["state"])

    async def of_firm(self, firm: str) -> Sequence[Account]:
        """By username. Errors: Unavailable."""
        with unavailable():
            found = self._repository.collection.find({"state.firm": firm}, LOADED).sort("state.id", 1)
            return [self._documents.aggregate(one["_id"], one["state"]) async for one in found]

    async def add(self, account: Account) -> Account:
        """Errors: Invalid where the name is taken, Unavailable."""
        try:
            return await self._change(account.id, lambda new: new.begin(account), fresh=True)
        except NumberTaken as error:
            problem = {"field": "id", "came": account.id, "expected": "a username that nobody has"}
            raise Invalid("this username is taken", problems=[problem]) from error

    async def change(self, account: str, change: Callable[[Account], Any]) -> Account:
        """``change`` may run again; returns what it left. Errors: NotFound, what ``change`` refuses, Unavailable."""
        try:
            return await self._change(account, change)
        except NotFound as error:
            raise NotFound(f"no account {account}") from error

    async def _change(self, account: str, change: Callable[[Account], Any], *, fresh: bool = False) -> Account:
        left: list[Account] = []

        def run(found: Account) -> None:
            change(found)
            # Whoever changes the same account at the same time shares the write, and goes on from here.
            left[:] = [replace(found, said=[])]

        await self._repository.change(of_worker(self._number(account)), run, fresh=fresh)
        return left[0]
