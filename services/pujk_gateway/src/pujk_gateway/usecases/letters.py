"""What is told once, and kept nowhere? A person's one-time password, by letter, and the password of a firm's system."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from chassis.refusals import NotFound

from pujk_gateway.domain.firm import Firm, Letter, NobodyThere, NotOnPaper, on_paper
from pujk_gateway.ports import Digests, Firms, Now, People, Printer


@dataclass(frozen=True)
class WriteLetter:
    """A new letter to one person, printed; whatever an earlier one told is good no more.

    Its number is taken before the password is made, so that no two letters have one. Of several that are asked for at
    once one is printed, and the others are refused: the letter with the greatest number is the one that is good.
    """

    firms: Firms
    people: People
    printed: Printer
    digest: Digests
    clock: Now

    async def __call__(self, code: str, account: str, by: str) -> tuple[str, bytes]:
        """The letter's number, and the page. Errors: NotFound, NotSeated, FirmHasLeft, NotOnPaper,
        NobodyThere, Unavailable."""
        firm = await _known(self.firms, code)
        firm.here()
        seat = firm.seat_of(account)
        named = [one.name for one in await self.people.of(code) if one.id == account]
        if not all(map(on_paper, (*named, firm.seats[seat].position, firm.name, *firm.address))):
            raise NotOnPaper(
                f"the letter to {account} cannot show a name or line of the address: spell it in Latin letters"
            )
        seen = await self.people.usable(account)
        if seen is None:
            raise NobodyThere(f"{account} is locked or has expired: unlock it, or give it more time, then write")
        now, numbers = self.clock.now(), list[str]()
        firm = await self.firms.change(code, lambda found: numbers.append(found.next_letter(now)))
        told, number = await self.people.letter(account, seen), numbers[-1]
        check = self.digest(f"{number} {account} {told.until.isoformat()}")[:16].upper()
        letter = Letter(number, account, now, told.until, by, check)
        firm = await self.firms.change(code, lambda found: found.wrote(letter))
        return number, await self.printed(firm, seat, letter, told)


@dataclass(frozen=True)
class Access:
    """What a firm's system logs in to the broker with; told once."""

    user: str
    password: str = field(repr=False)
    firm: Firm


@dataclass(frozen=True)
class GiveBrokerAccess:
    """A firm's system gets a user with a new password; a worker brings it about. Of several that ask at once one gets
    it. Errors: NotFound, FirmHasLeft, FirmHasMoved."""

    firms: Firms
    new_password: Callable[[], tuple[str, str]]
    user_of: Callable[[str], str]
    unreach: Callable[[str], Awaitable[object]]

    async def __call__(self, code: str, seen: int | None = None) -> Access:
        """``seen``: what was ``given`` before as the asker saw it; now, where they do not say."""
        before = (await _known(self.firms, code)).given if seen is None else seen
        password, secret = self.new_password()
        firm = await self.firms.change(code, lambda found: found.want_broker(secret, before))
        return Access(self.user_of(code), password, firm)

    async def end(self, code: str, seen: int | None = None) -> Firm:
        """Its queues go, and so does the endpoint that leads there. Again, it finishes what was interrupted."""
        firm = await self.firms.change(code, lambda found: found.end_broker(seen))
        await self.unreach(code)
        return firm


async def _known(firms: Firms, code: str) -> Firm:
    firm = await firms.get(code)
    if firm is None:
        raise NotFound(f"{code} was never onboarded")
    return firm
