"""How does a person get in? Name and password, then the second factor; at the first time a password of their own and an
authenticator. What is wrong is never told apart from what is not there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from chassis.people import second_factor
from chassis.people.account import Account
from chassis.people.desk import BAD_CODE, NO_SESSION, NOT_RIGHT, STAGES, Begun, Desk, seed_of, tried
from chassis.people.passwords import TooEasy
from chassis.people.sessions import Session, Stage
from chassis.people.tokens import Signer
from chassis.refusals import TooMany, Unauthenticated


@dataclass(frozen=True)
class LogIn:
    """Name and password. Errors: Unauthenticated, TooMany with ``retry_after``, Unavailable."""

    desk: Desk

    async def __call__(self, name: str, password: str, client: str, agent: str = "") -> Begun:
        desk, name = self.desk, name.strip().lower()
        desk.takes_passwords()
        known_as = desk.vault.digest(name.encode(errors="surrogatepass"))
        tries = desk.throttles
        try:
            async with (
                tried(tries.client, client),
                tried(tries.name, f"{known_as} {client}"),
                tried(tries.name_from_all, known_as),
            ):
                account = await desk.accounts.get(name)
                right = await desk.passwords.fits(account.password if account else None, password)
                if account is None or not right or not account.usable(desk.clock.now()):
                    raise Unauthenticated(NOT_RIGHT)
        except (Unauthenticated, TooMany) as error:
            found = await desk.accounts.get(name)
            desk.failed.note("password", found.id if found else None, client, error)
            raise
        start = partial(desk.sessions.start, account.id, account.epoch, client=client, agent=agent)
        if not account.is_new:
            await self._keep_well(account, password)
            token = await start("second-factor")
            return Begun(token, "second-factor", account)
        seed = second_factor.new_seed()
        sealed = desk.vault.seal(seed, seed_of(account.id))
        token = await start("first-log-in", sealed)
        return to_be_told(token, "first-log-in", account, seed)

    async def _keep_well(self, account: Account, password: str) -> None:
        """What was hashed with less than is asked for now is hashed again: only now is the password at hand."""
        if self.desk.passwords.is_old(account.password):
            kept, hashed = account.password, await self.desk.passwords.hashed(password)
            await self.desk.accounts.change(account.id, lambda found: found.hash_again(kept, hashed))


@dataclass(frozen=True)
class ShowEnrolment:
    """What an authenticator must be told, once more while the first log-in is not over. Errors: Unauthenticated."""

    desk: Desk

    async def __call__(self, token: str) -> Begun:
        session, account = await self.desk.who(token, "first-log-in")
        return to_be_told(token, "first-log-in", account, self.desk.seed(session.seed, account.id))


@dataclass(frozen=True)
class SecondFactor:
    """A code of the authenticator, or a recovery code; each is good once. Errors: as LogIn."""

    desk: Desk

    async def __call__(self, token: str, code: str) -> Begun:
        desk = self.desk
        desk.takes_passwords()
        session, account = await desk.who(token, "second-factor")
        now, digest = desk.clock.now(), desk.recovery(code, account.id)
        step = second_factor.step_of(desk.seed(account.seed, account.id), code, now)

        def prove(found: Account) -> None:
            desk.still(session, found)
            if not (found.take_step(step) if step is not None else found.take_recovery(digest)):
                raise Unauthenticated(BAD_CODE)
            found.entered(now)

        return await enter(desk, session, await proved(desk, account, prove))


class WrongCode(Unauthenticated):
    """The code is not right; ``easy`` where the password is not, either."""

    def __init__(self, easy: TooEasy | None) -> None:
        super().__init__(BAD_CODE)
        self.easy = easy


@dataclass(frozen=True)
class FirstLogIn:
    """The person's own password, and a code that shows that the authenticator has the secret.

    Errors: TooEasy for the password, WrongCode, which may say so, too; Unauthenticated, TooMany, Unavailable.
    """

    desk: Desk

    async def __call__(self, token: str, password: str, code: str) -> Begun:
        desk = self.desk
        desk.takes_passwords()
        session, account = await desk.who(token, "first-log-in")
        return await self._settle(session, account, password, await self._step(session, account, password, code))

    async def look(self, token: str, password: str, code: str) -> None:
        """What is wrong, while nothing is settled yet: all is told at once. Errors: as above."""
        await self._step(*await self.desk.who(token, "first-log-in"), password, code)

    async def _step(self, session: Session, account: Account, password: str, code: str) -> int:
        desk, easy = self.desk, None
        try:
            await desk.judge(password, account)
            if await desk.passwords.fits(account.password, password):
                raise TooEasy("letter", "the one from the letter", "a password of your own")
        except TooEasy as error:
            easy = error
        async with desk.proving(account.id):
            step = second_factor.step_of(desk.seed(session.seed, account.id), code, desk.clock.now())
            if step is None:
                raise WrongCode(easy)
        if easy:
            raise easy
        return step

    async def _settle(self, session: Session, account: Account, password: str, step: int) -> Begun:
        desk, now = self.desk, self.desk.clock.now()
        hashed, codes = await desk.passwords.hashed(password), second_factor.recovery_codes()
        digests = tuple(desk.recovery(one, account.id) for one in codes)

        def settle(found: Account) -> None:
            desk.still(session, found)
            found.settle(hashed, session.seed or b"", step, digests)
            found.entered(now)

        account = await desk.accounts.change(account.id, settle)
        begun = await enter(desk, session, account)
        return Begun(begun.session, "in", account, recovery_codes=codes)


@dataclass(frozen=True)
class Stands:
    """Whether a token's account is still what it was: the issuer's own doors ask, since they can."""

    desk: Desk

    async def __call__(self, claims: Mapping[str, Any]) -> bool:
        account = await self.desk.accounts.get(str(claims["sub"]))
        return bool(account and account.usable(self.desk.clock.now()) and account.epoch == claims.get("epoch"))


@dataclass(frozen=True)
class GiveToken:
    """A token for one service, to whoever is in. Errors: Unauthenticated, Unavailable."""

    desk: Desk
    signer: Signer

    async def __call__(self, token: str, audience: str) -> str:
        _, account = await self.desk.who(token, "in")
        return self.signer.token(account, audience)


@dataclass(frozen=True)
class OwnAccount:
    """What a person may do with their own account."""

    desk: Desk

    async def show(self, token: str) -> Account:
        return (await self.desk.who(token, "in"))[1]

    async def change_password(self, token: str, old: str, new: str) -> Begun:
        """Every other session ends. Errors: Invalid, Unauthenticated, TooMany, Unavailable."""
        desk = self.desk
        desk.takes_passwords()
        session, account = await desk.who(token, "in")
        await desk.judge(new, account)
        async with desk.proving(account.id):
            if not await desk.passwords.fits(account.password, old):
                raise Unauthenticated("the password that holds now is not right")
        if await desk.passwords.fits(account.password, new):
            raise TooEasy("same", "the one that holds now", "another password")
        hashed = await desk.passwords.hashed(new)

        def change(found: Account) -> None:
            desk.still(session, found)
            found.change_password(hashed)

        account = await desk.accounts.change(account.id, change)
        return await enter(desk, session, account)

    async def log_out(self, token: str, *, everywhere: bool = False) -> None:
        """This session, also half a one, or every one of the account. Errors: Unauthenticated, Unavailable."""
        session, account = await self.desk.who(token, *(("in",) if everywhere else STAGES))
        if everywhere:
            await self.desk.accounts.change(account.id, Account.end_sessions)
        await self.desk.sessions.take(session)


def to_be_told(token: str, then: Stage, account: Account, seed: bytes) -> Begun:
    """What an authenticator must be told."""
    return Begun(token, then, account, second_factor.enrolment(seed, account.id), second_factor.secret_text(seed))


async def proved(desk: Desk, account: Account, change: Callable[[Account], None]) -> Account:
    """``change`` takes a code, or raises Unauthenticated, which counts. Errors: those of ``change``, TooMany."""
    async with desk.proving(account.id):
        try:
            return await desk.accounts.change(account.id, change)
        except Unauthenticated:
            await desk.accounts.change(account.id, Account.failed)
            raise


async def enter(desk: Desk, session: Session, account: Account) -> Begun:
    """A new session in place of the one that led here: what was known before a step is nothing after it."""
    if not await desk.sessions.take(session):
        raise Unauthenticated(NO_SESSION)
    start = partial(desk.sessions.start, client=session.client, agent=session.agent)
    return Begun(await start(account.id, account.epoch, "in"), "in", account)
