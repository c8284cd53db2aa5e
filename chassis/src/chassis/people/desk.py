"""What does every story of a person need? Accounts, sessions, passwords, and tries that are counted."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from chassis.clock import Clock
from chassis.database import Database
from chassis.people import second_factor
from chassis.people.account import Account
from chassis.people.failed import FailedTries
from chassis.people.passwords import Passwords
from chassis.people.sessions import Session, Sessions, Stage
from chassis.people.spent import Spent
from chassis.people.store import Accounts
from chassis.refusals import Refusal, TooMany, Unauthenticated, Unavailable
from chassis.sealing import SealBroken, Vault
from chassis.throttle import Throttle

NOT_RIGHT = "name or password is not right, or the account cannot be used now"
NO_SESSION = "log in first"
BAD_CODE = "the code is not right, or was used; wait for the next one"
NOT_PROVED = "password or code is not right, or the code was used"
STAGES: tuple[Stage, ...] = ("second-factor", "first-log-in", "in")
#: For a name from one address, and from all: a stranger at one address keeps nobody else out.
NAME_TRIES, NAME_TRIES_FROM_ALL = 10, 100
CODE_TRIES, CLIENT_TRIES = 5, 100
#: Log-ins at a provider that were begun at one address and did not come to their end: an office shares one.
ELSEWHERE_TRIES = 100
#: Judging a password costs the most of all that is asked for here.
JUDGED_TRIES = 20


class LogInElsewhere(Refusal):
    """No password is taken here: another house proves who people are. ``log_in`` is where that begins."""

    page = (403, "refused.elsewhere")


@dataclass(frozen=True)
class Begun:
    """The session after a step, and which step comes next; at the first log-in what an authenticator must be told."""

    session: str
    then: Stage
    account: Account
    enrolment: str | None = None
    secret: str | None = None
    recovery_codes: tuple[str, ...] = ()


class Throttles:
    """Tries are counted by name and address, by name, by account and by address, whether or not the name exists."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.name = Throttle(database, clock, "log-in", most=NAME_TRIES)
        self.name_from_all = Throttle(database, clock, "log-in-from-all", most=NAME_TRIES_FROM_ALL)
        self.judged = Throttle(database, clock, "judged", most=JUDGED_TRIES)
        self.code = Throttle(database, clock, "second-factor", most=CODE_TRIES)
        self.client = Throttle(database, clock, "log-in-from", most=CLIENT_TRIES)
        self.elsewhere = Throttle(database, clock, "log-in-elsewhere", most=ELSEWHERE_TRIES)
        #: Of log-ins at a provider.
        self.spent = Spent(database)

    async def prepare(self) -> None:
        await self.name.prepare()
        await self.spent.prepare()


@asynccontextmanager
async def tried(throttle: Throttle, key: str) -> AsyncIterator[None]:
    """A try that counts where what was said is wrong, and only then: not where it is right, nor where we failed.

    Errors: TooMany; whatever the block raises.
    """
    await throttle.take(key)
    try:
        yield
    except Unauthenticated:
        raise
    except BaseException:
        with suppress(Unavailable):
            await asyncio.shield(throttle.give_back(key))
        raise
    await throttle.give_back(key)


@dataclass(frozen=True)
class Desk:
    """What every story of a person needs."""

    accounts: Accounts
    sessions: Sessions
    passwords: Passwords
    throttles: Throttles
    vault: Vault
    clock: Clock
    failed: FailedTries
    #: The page where a provider's log-in begins; then nobody logs in here by a password.
    elsewhere: str | None = None

    def takes_passwords(self) -> None:
        """Errors: LogInElsewhere."""
        if self.elsewhere is not None:
            raise LogInElsewhere(f"log in with a browser at {self.elsewhere}", extra={"log_in": self.elsewhere})

    @asynccontextmanager
    async def proving(self, account: str) -> AsyncIterator[None]:
        """A try at what proves whose session it is; where it fails, that is told. Errors: as ``tried``."""
        try:
            async with tried(self.throttles.code, account):
                yield
        except (Unauthenticated, TooMany) as error:
            self.failed.note("proof", account, "", error)
            raise

    async def who(self, token: str, *stages: Stage, used: bool = True) -> tuple[Session, Account]:
        """``used``: a person asks, and no page that only looks again. Errors: Unauthenticated, the same whatever is
        amiss."""
        session = await self.sessions.find(token, used=used)
        account = await self.accounts.get(session.account) if session else None
        if (
            session is None
            or account is None
            or session.stage not in stages
            or session.epoch != account.epoch
            or not account.usable(self.clock.now())
        ):
            raise Unauthenticated(NO_SESSION)
        if self.elsewhere is not None and account.external is None:
            # Begun by a password, before people logged in at the provider.
            raise Unauthenticated(NO_SESSION)
        return session, account

    async def judge(self, password: str, account: Account) -> None:
        """Each time counts, whatever comes of it. Errors: TooEasy, TooMany, Unavailable."""
        await self.throttles.judged.take(account.id)
        await self.passwords.judge(password, account.id, account.name, account.firm or "")

    def recovery(self, code: str, account: str) -> str:
        """What is kept of a recovery code: a keyed digest, of no use to who reads the database."""
        return self.vault.digest(f"{account} {second_factor.typed(code)}".encode(errors="surrogatepass"))

    def still(self, session: Session, found: Account) -> None:
        """Inside a change: what the session was begun with still holds. Errors: Unauthenticated."""
        if found.epoch != session.epoch or not found.usable(self.clock.now()):
            raise Unauthenticated(NO_SESSION)

    def seed(self, sealed: bytes | None, account: str) -> bytes:
        """Errors: Unauthenticated where the seal is not this issuer's."""
        try:
            return self.vault.open(sealed or b"", seed_of(account))
        except SealBroken as error:
            raise Unauthenticated(BAD_CODE) from error


def seed_of(account: str) -> str:
    """What a sealed secret is bound to: it opens for its own account only."""
    return f"second factor of {account}"
