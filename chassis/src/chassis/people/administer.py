"""Who lets people in, and puts them out? An administrator, and never themselves."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from contracts.accounts import Why

from chassis.clock import Clock
from chassis.people import passwords
from chassis.people.account import (
    OF_PROVIDERS,
    ONE_TIME_FOR,
    USERNAME,
    Account,
    HasMoved,
    HeldElsewhere,
    LastAdministrator,
    NoSuchRole,
    ThereIsOne,
)
from chassis.people.passwords import Passwords
from chassis.people.store import Accounts
from chassis.refusals import Invalid

ADMINISTRATOR = "administrator"
#: The hash of no password.
NO_PASSWORD = ""
EXPIRES_MOST = timedelta(days=3653)


@dataclass(frozen=True)
class Letter:
    """What a person is told once, by a confidential letter."""

    account: Account
    password: str = field(repr=False)


@dataclass(frozen=True)
class Administer:
    """``roles`` are those that this issuer may state; ``others_names``: what accounts of another issuer are called
    like, a pattern, so that nobody is taken for one of them; ``elsewhere``: people log in at a provider, and nobody by
    what an administrator gives them here."""

    accounts: Accounts
    passwords: Passwords
    roles: frozenset[str]
    clock: Clock
    others_names: str | None = None
    elsewhere: bool = False

    def lets_in(self) -> None:
        """Errors: HeldElsewhere where a letter would open nothing."""
        if self.elsewhere:
            raise HeldElsewhere("people log in at the provider: let this person in there, with a word for their role")

    async def add(self, account: str, name: str, roles: Sequence[str], expires: datetime | None, by: str) -> Letter:
        """Errors: HeldElsewhere, NoSuchRole, Invalid for the username or the time, Unavailable."""
        self.lets_in()
        wanted, now = self.known(roles), self.clock.now()
        _fits(account, expires, now)
        if self.is_others(account):
            problem = {"field": "id", "came": account, "expected": "a username like no account of another house's"}
            raise Invalid("this username is kept for others", problems=[problem])
        password = passwords.one_time()
        hashed = await self.passwords.hashed(password)
        made = Account(account, name, wanted, hashed, now + ONE_TIME_FOR, expires, by=by, since=now)
        return Letter(await self.accounts.add(made), password)

    async def seat(self, account: str, name: str, roles: Sequence[str], firm: str, by: str) -> Account:
        """Somebody of a firm, whom nothing lets in before a letter. Errors: as ``add``."""
        wanted, now = self.known(roles), self.clock.now()
        _fits(account, None, now)
        made = Account(account, name, wanted, NO_PASSWORD, now, by=by, since=now, firm=firm)
        return await self.accounts.add(made)

    async def first(self, account: str, name: str) -> Letter:
        """The first administrator, by whoever runs the service. Errors: ThereIsOne, and those of ``add``."""
        self.lets_in()
        if await self._administered():
            raise ThereIsOne("there is an administrator already; an administrator adds people")
        return await self.add(account, name, [ADMINISTRATOR], None, "operator")

    def is_others(self, account: str) -> bool:
        """Whether it would look like an account that a provider or another issuer makes."""
        others = self.others_names is not None and re.fullmatch(self.others_names, account)
        return bool(others) or account.startswith(OF_PROVIDERS)

    async def all(self) -> Sequence[Account]:
        return await self.accounts.all()

    async def renew(self, account: str, *, seen: int | None = None) -> Letter:
        """A new letter: password, second factor and recovery codes of before are good no more. ``seen``: the epoch
        that was looked at; of two who do this at once, one makes a letter. Errors: also HeldElsewhere, HasMoved."""
        self.lets_in()
        password = passwords.one_time()
        hashed, now = await self.passwords.hashed(password), self.clock.now()

        def renew(found: Account) -> None:
            if seen is not None and found.epoch != seen:
                raise HasMoved(
                    "the account has changed meanwhile: a letter made at the same time is good, or look again"
                )
            found.renew(hashed, now)

        return Letter(await self.accounts.change(account, renew), password)

    async def expire(self, account: str, expires: datetime | None) -> Account:
        """When the account ends by itself. Errors: NotFound, Invalid, LastAdministrator, Unavailable."""
        now = self.clock.now()
        _fits(account, expires, now)
        return await self._leaving_one(account, lambda found: found.end_at(expires, now))

    async def lock(self, account: str, reason: str, why: Why = "locked", *, for_good: bool = False) -> Account:
        return await self._leaving_one(account, lambda found: found.lock(reason, why, for_good=for_good))

    async def unlock(self, account: str) -> Account:
        """Errors: IsOver."""
        return await self.accounts.change(account, Account.unlock)

    async def give(self, account: str, roles: Sequence[str]) -> Account:
        """Errors: HeldElsewhere, NoSuchRole, LastAdministrator."""
        self.lets_in()
        wanted = self.known(roles)
        return await self._leaving_one(account, lambda found: found.give(wanted))

    async def _leaving_one(self, account: str, change: Callable[[Account], None]) -> Account:
        """Looks after the change: of two who put each other out at once, one at least finds it out and takes it back.

        Errors: LastAdministrator.
        """
        before = await self.accounts.get(account)
        changed = await self.accounts.change(account, change)
        if before is not None and ADMINISTRATOR in self.roles and not await self._administered():
            await self.accounts.change(account, lambda found: found.as_before(before))
            raise LastAdministrator("no other administrator can be let in now; let one in first")
        return changed

    async def _administered(self) -> bool:
        now = self.clock.now()
        found = [one for one in await self.accounts.all() if ADMINISTRATOR in one.roles and one.usable(now)]
        return any(not (self.elsewhere and one.external is None) for one in found)

    def known(self, roles: Sequence[str]) -> tuple[str, ...]:
        """Each once. Errors: NoSuchRole."""
        unknown = sorted(set(roles) - self.roles)
        if unknown or not roles:
            stated = ", ".join(sorted(self.roles))
            raise NoSuchRole(f"{len(unknown)} of {len(roles)} are no role; this issuer states {stated}")
        return tuple(sorted(set(roles)))


def _fits(account: str, expires: datetime | None, now: datetime) -> None:
    """Errors: Invalid, with every problem."""
    problems = []
    if not re.fullmatch(USERNAME, account):
        expected = "3 to 64 small letters, digits, dots, dashes"
        problems.append({"field": "id", "came": f"{len(account)} characters", "expected": expected})
    if expires is not None and not now < expires <= now + EXPIRES_MOST:
        problems.append({"field": "expires", "came": "another time", "expected": "a time within the next ten years"})
    if problems:
        raise Invalid("see problems", problems=problems)
