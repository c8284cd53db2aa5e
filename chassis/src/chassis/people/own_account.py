"""What else may a person do with their own account? New recovery codes, another authenticator, and see where they are
logged in."""

import hmac
from dataclasses import dataclass

from chassis.people import second_factor
from chassis.people.account import Account
from chassis.people.desk import BAD_CODE, NOT_PROVED, Begun, Desk, seed_of
from chassis.people.log_in import enter, proved, to_be_told
from chassis.people.sessions import Session
from chassis.refusals import NotFound, Unauthenticated


@dataclass(frozen=True)
class RenewRecoveryCodes:
    """Ten new ones for a code of the authenticator; those of before are good no more.

    Errors: Unauthenticated, TooMany, Unavailable.
    """

    desk: Desk

    async def __call__(self, token: str, code: str) -> tuple[str, ...]:
        desk = self.desk
        desk.takes_passwords()
        session, account = await desk.who(token, "in")
        step = second_factor.step_of(desk.seed(account.seed, account.id), code, desk.clock.now())
        codes = second_factor.recovery_codes()
        digests = tuple(desk.recovery(one, account.id) for one in codes)

        def renew(found: Account) -> None:
            desk.still(session, found)
            if step is None or not found.take_step(step):
                raise Unauthenticated(BAD_CODE)
            found.recovery = digests

        await proved(desk, account, renew)
        return codes


@dataclass(frozen=True)
class AskForAuthenticator:
    """The password, and a code of the old authenticator or a recovery code, for the secret of a new one: a session that
    was left open is not enough. Errors: as above; which of the two was wrong is not told."""

    desk: Desk

    async def __call__(self, token: str, password: str, code: str) -> Begun:
        desk = self.desk
        desk.takes_passwords()
        session, account = await desk.who(token, "in")
        async with desk.proving(account.id):
            if not await desk.passwords.fits(account.password, password):
                raise Unauthenticated(NOT_PROVED)
        step = second_factor.step_of(desk.seed(account.seed, account.id), code, desk.clock.now())
        digest = desk.recovery(code, account.id)

        def prove(found: Account) -> None:
            desk.still(session, found)
            if not (found.take_step(step) if step is not None else found.take_recovery(digest)):
                raise Unauthenticated(NOT_PROVED)

        account = await proved(desk, account, prove)
        seed = second_factor.new_seed()
        await desk.sessions.keep_seed(session, desk.vault.seal(seed, seed_of(account.id)))
        return to_be_told(token, "in", account, seed)


@dataclass(frozen=True)
class TakeUpAuthenticator:
    """A code of the new one shows that it has the secret; from then on only it counts, and every other session ends.

    Errors: Unauthenticated, also where no new one was asked for; TooMany, Unavailable.
    """

    desk: Desk

    async def told(self, token: str, secret: str) -> Begun:
        """Once more what the new one must be told, to whoever was told: ``secret`` is what they saw."""
        session, account = await self.desk.who(token, "in")
        seed = self.desk.seed(session.seed, account.id)
        if not hmac.compare_digest(second_factor.secret_text(seed).encode(), secret.encode(errors="replace")):
            raise Unauthenticated(NOT_PROVED)
        return to_be_told(token, "in", account, seed)

    async def __call__(self, token: str, code: str) -> Begun:
        desk = self.desk
        desk.takes_passwords()
        session, account = await desk.who(token, "in")
        step = second_factor.step_of(desk.seed(session.seed, account.id), code, desk.clock.now())

        def take_up(found: Account) -> None:
            desk.still(session, found)
            if step is None:
                raise Unauthenticated(BAD_CODE)
            found.change_second_factor(session.seed or b"", step)

        return await enter(desk, session, await proved(desk, account, take_up))


@dataclass(frozen=True)
class OwnSessions:
    """Where is this person logged in? Errors: Unauthenticated, NotFound, Unavailable."""

    desk: Desk

    async def show(self, token: str) -> tuple[Session, list[Session]]:
        """The one that asks, and all that are open."""
        session, account = await self.desk.who(token, "in")
        return session, await self.desk.sessions.of(account.id, account.epoch)

    async def end_others(self, token: str) -> Begun:
        """All but this one, which goes on with a new token. What they were let in with elsewhere ends, too."""
        session, account = await self.desk.who(token, "in")

        def end(found: Account) -> None:
            self.desk.still(session, found)
            found.end_sessions()

        return await enter(self.desk, session, await self.desk.accounts.change(account.id, end))

    async def end(self, token: str, name: str) -> None:
        """One of them. A token that it got before is good for its five minutes."""
        for one in (await self.show(token))[1]:
            if one.name == name and await self.desk.sessions.take(one):
                return
        raise NotFound("no session of yours has that name")
