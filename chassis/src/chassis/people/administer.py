"""Who lets people in, and puts them out? An administrator; the last one cannot put themselves out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from chassis.clock import Clock
from chassis.people import passwords
from chassis.people.account import ONE_TIME_FOR, Account, LastAdministrator, NoSuchRole
from chassis.people.passwords import Passwords
from chassis.people.store import Accounts

ADMINISTRATOR = "administrator"


@dataclass(frozen=True)
class Letter:
    """What a person is told once, by a confidential letter."""

    account: Account
    password: str = field(repr=False)


@dataclass(frozen=True)
class Administer:
    """``roles`` are those that this issuer may state."""

    accounts: Accounts
    passwords: Passwords
    roles: frozenset[str]
    clock: Clock

    async def add(self, account: str, name: str, roles: Sequence[str], expires: datetime | None, by: str) -> Letter:
        """Errors: NoSuchRole, Invalid where the username is taken, Unavailable."""
        wanted = self._known(roles)
        password, now = passwords.one_time(), self.clock.now()
        hashed = await self.passwords.hashed(password)
        made = Account(account, name, wanted, hashed, now + ONE_TIME_FOR, expires, by=by, since=now)
        await self.accounts.add(made)
        return Letter(made, password)

    async def first(self, account: str, name: str) -> Letter:
        """The first administrator, by whoever runs the service. Errors: LastAdministrator where there is one."""
        if await self._administrators():
            raise LastAdministrator("there is an administrator already; an administrator adds people")
        return await self.add(account, name, [ADMINISTRATOR], None, "operator")

    async def all(self) -> Sequence[Account]:
        return await self.accounts.all()

    async def renew(self, account: str) -> Letter:
        """A new letter: password, second factor and recovery codes of before are good no more."""
        password = passwords.one_time()
        hashed, now = await self.passwords.hashed(password), self.clock.now()
        return Letter(await self.accounts.change(account, lambda found: found.renew(hashed, now)), password)

    async def lock(self, account: str, reason: str) -> Account:
        await self._another_than(account)
        return await self.accounts.change(account, lambda found: found.lock(reason))

    async def unlock(self, account: str) -> Account:
        return await self.accounts.change(account, Account.unlock)

    async def give(self, account: str, roles: Sequence[str]) -> Account:
        wanted = self._known(roles)
        if ADMINISTRATOR not in wanted:
            await self._another_than(account)
        return await self.accounts.change(account, lambda found: found.give(wanted))

    def _known(self, roles: Sequence[str]) -> tuple[str, ...]:
        unknown = sorted(set(roles) - self.roles)
        if unknown or not roles:
            came, stated = ", ".join(unknown) or "no role", ", ".join(sorted(self.roles))
            raise NoSuchRole(f"came {came}; this issuer states {stated}")
        return tuple(sorted(set(roles)))

    async def _another_than(self, account: str) -> None:
        # Two administrators may lock each other in the same moment: who runs the service then adds a first one again.
        found = await self._administrators()
        if found == [account]:
            raise LastAdministrator(f"{account} is the last administrator; let in another first")

    async def _administrators(self) -> list[str]:
        now = self.clock.now()
        return [one.id for one in await self.accounts.all() if ADMINISTRATOR in one.roles and one.usable(now)]
