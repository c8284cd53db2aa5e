"""Accounts of the firms' people in the gateway's own database. They state seats, never a role of OJK's."""

from collections.abc import Sequence
from datetime import datetime

from chassis.clock import Clock
from chassis.people.account import Account
from chassis.people.administer import NO_PASSWORD
from chassis.people.office import Office
from chassis.refusals import Invalid, NotFound, Unavailable

from pujk_gateway.domain.firm import Seat, account_of, is_account
from pujk_gateway.ports import Person, Told

NUMBERS_MOST = 1_000


class FirmPeople:
    """Accounts by firm and seat; user names are made here, and used once."""

    def __init__(self, office: Office, clock: Clock) -> None:
        self._administer = office.administer
        self._accounts = office.administer.accounts
        self._clock = clock

    async def of(self, code: str) -> Sequence[Account]:
        return await self._accounts.of_firm(code)

    async def seated(self, code: str, seat: str, person: Person, by: str, sits: str | None) -> Seat:
        """A new account, or the one that an interrupted try has left; never that of who sits there.

        Errors: Unavailable.
        """
        name, position = person.name, person.position
        for number in range(1, NUMBERS_MOST):
            account = account_of(code, seat, number)
            found = await self._accounts.get(account)
            if found is not None and account != sits and _waits(found, name, code):
                return Seat(account, position, found.since or self._clock.now())
            try:
                if found is None:
                    made = await self._administer.seat(account, name, [seat], code, by)
                    return Seat(account, position, made.since or self._clock.now())
            except Invalid:
                continue
        raise Unavailable(f"{NUMBERS_MOST} names were taken: {account_of(code, seat, 1)} and on")

    async def letter(self, account: str, seen: int) -> Told:
        """Whatever an earlier letter told is good no more. Errors: NotFound, HasMoved, Unavailable."""
        told = await self._administer.renew(account, seen=seen)
        until = told.account.one_time_until or self._clock.now()
        return Told(told.account.name, told.password, until)

    async def lock(self, account: str, reason: str) -> None:
        await self._administer.lock(account, reason)

    async def end(self, account: str, reason: str, *, replaced: bool = False) -> None:
        await self._administer.lock(account, reason, "replaced" if replaced else "locked", for_good=True)

    async def unlock(self, account: str) -> None:
        """Errors: IsOver."""
        await self._administer.unlock(account)

    async def expire(self, account: str, expires: datetime | None) -> None:
        """Errors: NotFound, Invalid for a time that cannot be, Unavailable."""
        await self._administer.expire(account, expires)

    async def usable(self, account: str) -> int | None:
        """Its epoch, where a letter would let somebody in. Errors: NotFound, Unavailable."""
        found = await self._accounts.get(account)
        if found is None:
            raise NotFound(f"no account {account}")
        return found.epoch if self._stands(found) else None

    async def may_act(self, officer: str, firm: str) -> bool:
        """One find by key where the name is an account's; nothing is kept of it, since a lock holds at once."""
        if not is_account(officer):
            return True
        found = await self._accounts.get(officer.lower())
        return found is not None and found.firm == firm and self._stands(found)

    async def active(self, officer: str, firm: str) -> frozenset[str]:
        found = await self._accounts.get(officer.lower())
        if found is None or found.firm != firm or not self._stands(found):
            return frozenset()
        return frozenset(found.roles)

    def _stands(self, found: Account) -> bool:
        return found.locked is None and (found.expires is None or self._clock.now() < found.expires)


def _waits(found: Account, name: str, code: str) -> bool:
    """Whether it was made for this person and never used: no letter was written yet."""
    return (found.name, found.firm, found.password, found.locked) == (name, code, NO_PASSWORD, None)
