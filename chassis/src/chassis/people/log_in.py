"""How does a person get in? Name and password, then the second factor; at the first time a password of their own and an
authenticator. What is wrong is never told apart from what is not there."""

from dataclasses import dataclass

from chassis.clock import Clock
from chassis.database import Database
from chassis.people import second_factor
from chassis.people.account import Account
from chassis.people.passwords import Passwords, judge
from chassis.people.sessions import Session, Sessions, Stage
from chassis.people.store import Accounts
from chassis.people.tokens import Signer
from chassis.refusals import Invalid, Unauthenticated
from chassis.sealing import SealBroken, Vault
from chassis.throttle import Throttle

NOT_RIGHT = "name or password is not right, or the account cannot be used now"
NO_SESSION = "log in first: POST /log-in"
BAD_CODE = "the code is not right, or was used; wait for the next one"
NAME_TRIES, CODE_TRIES, CLIENT_TRIES = 10, 5, 100


@dataclass(frozen=True)
class Begun:
    """The session after a step, and which step comes next; at the first log-in what an authenticator must be told."""

    session: str
    then: Stage
    enrolment: str | None = None
    secret: str | None = None
    recovery_codes: tuple[str, ...] = ()


class Throttles:
    """Tries are counted by name, by account and by address, whether or not the name exists."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.name = Throttle(database, clock, "log-in", most=NAME_TRIES)
        self.code = Throttle(database, clock, "second-factor", most=CODE_TRIES)
        self.client = Throttle(database, clock, "log-in-from", most=CLIENT_TRIES)

    async def prepare(self) -> None:
        await self.name.prepare()


@dataclass(frozen=True)
class Desk:
    """What every story of a person needs."""

    accounts: Accounts
    sessions: Sessions
    passwords: Passwords
    throttles: Throttles
    vault: Vault
    clock: Clock

    async def who(self, token: str, *stages: Stage) -> tuple[Session, Account]:
        """Errors: Unauthenticated, the same whatever is amiss."""
        session = await self.sessions.find(token)
        account = await self.accounts.get(session.account) if session else None
        if (
            session is None
            or account is None
            or session.stage not in stages
            or session.epoch != account.epoch
            or not account.usable(self.clock.now())
        ):
            raise Unauthenticated(NO_SESSION)
        return session, account

    def seed(self, sealed: bytes | None, account: str) -> bytes:
        """Errors: Unauthenticated where the seal is not this issuer's."""
        try:
            return self.vault.open(sealed or b"", seed_of(account))
        except SealBroken as error:
            raise Unauthenticated(BAD_CODE) from error


@dataclass(frozen=True)
class LogIn:
    """Name and password. Errors: Unauthenticated, TooMany with ``retry_after``, Unavailable."""

    desk: Desk

    async def __call__(self, name: str, password: str, client: str) -> Begun:
        desk, name = self.desk, name.strip().lower()
        await desk.throttles.client.take(client)
        await desk.throttles.name.take(desk.vault.digest(name.encode(errors="surrogatepass")))
        account = await desk.accounts.get(name)
        right = await desk.passwords.fits(account.password if account else None, password)
        if account is None or not right or not account.usable(desk.clock.now()):
            raise Unauthenticated(NOT_RIGHT)
        await desk.throttles.name.give_back(desk.vault.digest(name.encode()))
        await desk.throttles.client.give_back(client)
        if not account.is_new:
            return Begun(await desk.sessions.start(account.id, account.epoch, "second-factor"), "second-factor")
        seed = second_factor.new_seed()
        token = await desk.sessions.start(
            account.id, account.epoch, "first-log-in", desk.vault.seal(seed, seed_of(account.id))
        )
        return Begun(token, "first-log-in", second_factor.enrolment(seed, account.id), second_factor.secret_text(seed))


@dataclass(frozen=True)
class SecondFactor:
    """A code of the authenticator, or a recovery code; each is good once. Errors: as LogIn."""

    desk: Desk

    async def __call__(self, token: str, code: str) -> Begun:
        desk = self.desk
        session, account = await desk.who(token, "second-factor")
        await desk.throttles.code.take(account.id)
        now, digest = desk.clock.now(), second_factor.digest_of(code)
        step = second_factor.step_of(desk.seed(account.seed, account.id), code, now)

        def prove(found: Account) -> None:
            if not (found.take_step(step) if step is not None else found.take_recovery(digest)):
                raise Unauthenticated(BAD_CODE)
            found.logged_in = now

        account = await desk.accounts.change(account.id, prove)
        await desk.throttles.code.give_back(account.id)
        return await _enter(desk, session, account)


@dataclass(frozen=True)
class FirstLogIn:
    """The person's own password, and a code that shows that the authenticator has the secret.

    Errors: Invalid for a password that is too easy, Unauthenticated, TooMany, Unavailable.
    """

    desk: Desk

    async def __call__(self, token: str, password: str, code: str) -> Begun:
        desk = self.desk
        session, account = await desk.who(token, "first-log-in")
        judge(password, account.id)
        if await desk.passwords.fits(account.password, password):
            came = {"field": "password", "came": "the one from the letter", "expected": "a password of your own"}
            raise Invalid("choose another password", problems=[came])
        await desk.throttles.code.take(account.id)
        now = desk.clock.now()
        step = second_factor.step_of(desk.seed(session.seed, account.id), code, now)
        if step is None:
            raise Unauthenticated(BAD_CODE)
        hashed, codes = await desk.passwords.hashed(password), second_factor.recovery_codes()
        digests = tuple(second_factor.digest_of(one) for one in codes)

        def settle(found: Account) -> None:
            if not found.is_new or found.epoch != session.epoch:
                raise Unauthenticated(NO_SESSION)
            found.settle(hashed, session.seed or b"", step, digests)
            found.logged_in = now

        account = await desk.accounts.change(account.id, settle)
        await desk.throttles.code.give_back(account.id)
        begun = await _enter(desk, session, account)
        return Begun(begun.session, "in", recovery_codes=codes)


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
        session, account = await desk.who(token, "in")
        judge(new, account.id)
        await desk.throttles.code.take(account.id)
        if not await desk.passwords.fits(account.password, old):
            raise Unauthenticated("the password that holds now is not right")
        await desk.throttles.code.give_back(account.id)
        hashed = await desk.passwords.hashed(new)
        account = await desk.accounts.change(account.id, lambda found: found.change_password(hashed))
        return await _enter(desk, session, account)

    async def log_out(self, token: str, *, everywhere: bool = False) -> None:
        """This session, or every one of the account. Errors: Unauthenticated, Unavailable."""
        session, account = await self.desk.who(token, "in")
        if everywhere:
            await self.desk.accounts.change(account.id, Account.end_sessions)
        await self.desk.sessions.take(session)


def seed_of(account: str) -> str:
    """What a sealed secret is bound to: it opens for its own account only."""
    return f"second factor of {account}"


async def _enter(desk: Desk, session: Session, account: Account) -> Begun:
    if not await desk.sessions.take(session):
        raise Unauthenticated(NO_SESSION)
    return Begun(await desk.sessions.start(account.id, account.epoch, "in"), "in")
