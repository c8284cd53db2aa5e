"""How does a firm come in, and go? Its three people get seats and letters, its system a user at the broker."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chassis.refusals import NotFound

from pujk_gateway.domain.firm import CodeNotKnown, Firm, FirmStands
from pujk_gateway.ports import Account, Firms, Now, People, Person

REPLACED, OFF_BOARDED = "replaced by another person", "the firm was off-boarded"


@dataclass(frozen=True)
class Shown:
    """A firm, and the accounts of those who sit in its seats, by seat."""

    firm: Firm
    people: Mapping[str, Account]

    @property
    def sitting(self) -> dict[str, Person]:
        return {seat: Person(one.name, self.firm.seats[seat].position) for seat, one in self.people.items()}


@dataclass(frozen=True)
class ShowFirms:
    """Which firms are onboarded, with whom?"""

    firms: Firms
    people: People

    async def __call__(self) -> Sequence[Firm]:
        return await self.firms.all()

    async def one(self, code: str) -> Shown:
        """Errors: NotFound."""
        firm = await self.firms.get(code)
        if firm is None:
            raise NotFound(f"{code} was never onboarded")
        return await self.of(firm)

    async def of(self, firm: Firm) -> Shown:
        accounts = {one.id: one for one in await self.people.of(firm.code)}
        return Shown(firm, {name: accounts[seat.account] for name, seat in firm.seats.items()})


@dataclass(frozen=True)
class RegisterFirm:
    """A firm names three people. The same again changes nothing and finishes what was interrupted.

    The directory is routing's, and may be behind: what is known here of a code is whether a ticket ever went there
    (``has_tickets``). Where none did, whoever registers the firm says that they are ``sure`` of it.
    """

    firms: Firms
    people: People
    show: ShowFirms
    clock: Now
    put_out: Callable[[str, datetime], Awaitable[None]]
    has_tickets: Callable[[str], Awaitable[bool]]

    async def __call__(
        self,
        code: str,
        name: str,
        address: Sequence[str],
        people: Mapping[str, Person],
        by: str,
        *,
        sure: bool = False,
    ) -> Shown:
        """Errors: CodeNotKnown, FirmStands, Unavailable."""
        known = await self.firms.get(code)
        if known is None and not sure and not await self.has_tickets(code):
            look = f"GET /directory/search?code={code} shows whether the directory has it"
            raise CodeNotKnown(
                f"no ticket ever went to {code}; {look}; where it is right, say so: 'sure_of_code': true"
            )
        if known is not None and known.left is None:
            return await self._again(known, name, address, people)
        if known is not None and known.left is not None:
            # Whatever it had before ends first: accounts that are made from here on are newer, and stay.
            await self.put_out(code, known.left)
        made = await asyncio.gather(*(self.people.seated(code, seat, one, by, None) for seat, one in people.items()))
        seats = dict(zip(people, made, strict=True))
        firm = Firm(code, name, tuple(address), self.clock.now(), by, seats)
        if known is None and not await self.firms.add(firm):
            return await self(code, name, address, people, by, sure=True)
        if known is not None:
            firm = await self.firms.change(code, lambda found: found.come_back(firm))
        return await self.show.of(firm)

    async def _again(self, known: Firm, name: str, address: Sequence[str], people: Mapping[str, Person]) -> Shown:
        if (await self.show.of(known)).sitting != dict(people):
            raise FirmStands(f"{known.code} has other people; change one: PUT /firms/{known.code}/seats/{{seat}}")
        return await self.show.of(await self.firms.change(known.code, lambda found: found.move(name, address)))


@dataclass(frozen=True)
class ReplacePerson:
    """Another person sits down. Whoever sat there is out before that is said, everywhere."""

    firms: Firms
    people: People
    show: ShowFirms

    async def __call__(self, code: str, seat: str, person: Person, replaces: str, by: str) -> Shown:
        """Errors: NotFound, FirmHasLeft, SeatHasMoved, Unavailable."""
        shown = await self.show.one(code)
        if shown.sitting[seat] == person and shown.firm.seats[seat].account != replaces:
            return shown
        shown.firm.replaces(seat, replaces)
        made = await self.people.seated(code, seat, person, by, replaces)
        await self.people.end(replaces, REPLACED, replaced=True)
        return await self.show.of(await self.firms.change(code, lambda found: found.replace(seat, replaces, made)))


@dataclass(frozen=True)
class MindPerson:
    """One person's way in is locked, opened again, or ends by itself. Errors: NotFound, NotSeated, Unavailable."""

    people: People
    show: ShowFirms

    async def lock(self, code: str, account: str, reason: str) -> Shown:
        await self._seated(code, account)
        await self.people.lock(account, reason)
        return await self.show.one(code)

    async def unlock(self, code: str, account: str) -> Shown:
        (await self._seated(code, account)).here()
        await self.people.unlock(account)
        return await self.show.one(code)

    async def expire(self, code: str, account: str, expires: datetime | None) -> Shown:
        """Errors: also Invalid for a time that cannot be."""
        await self._seated(code, account)
        await self.people.expire(account, expires)
        return await self.show.one(code)

    async def _seated(self, code: str, account: str) -> Firm:
        firm = (await self.show.one(code)).firm
        firm.seat_of(account)
        return firm


@dataclass(frozen=True)
class OffBoard:
    """A firm goes: its people are out at once, and what it has at the broker is removed; ``also`` ends the
    rest of what it had by then.

    Done again, it finishes what was interrupted. Errors: NotFound, FirmHasMoved, Unavailable.
    """

    firms: Firms
    people: People
    show: ShowFirms
    clock: Now
    also: Sequence[Callable[[str, datetime], Awaitable[object]]] = ()

    async def __call__(self, code: str, seen: datetime | None = None) -> Shown:
        """``seen``: since when the firm was here as the asker saw it; one that came back later stays."""
        now = self.clock.now()
        firm = await self.firms.change(code, lambda found: found.leave(now, seen))
        await self.put_out(code, firm.left or now)
        return await self.show.of(firm)

    async def put_out(self, code: str, left: datetime) -> None:
        """Whoever was there when the firm left; a firm that came back meanwhile keeps what it was given since."""
        for account in await self.people.of(code):
            if not account.over and (account.since is None or account.since <= left):
                await self.people.end(account.id, OFF_BOARDED)
        for end in self.also:
            stored = await self.firms.get(code)
            if stored is not None and stored.left == left:
                await end(code, left)
