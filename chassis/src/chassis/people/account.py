"""What does an account allow? One person, their roles, what they prove themselves with, and when that ends."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from contracts.accounts import Why

from chassis.documents import Said

#: Lower case, so that a name is typed in one way only.
USERNAME = r"^[a-z0-9][a-z0-9._-]{1,62}[a-z0-9]$"
#: So begin the accounts of those whom a provider proves; nobody else's do.
OF_PROVIDERS = "x-"
#: Characters of a person's name.
NAME_MOST = 200
#: Of why somebody was locked, which is one line.
REASON_MOST = 500
#: Wrong codes in a row, after the right password each (NIST SP 800-63B allows a hundred).
WRONG_MOST = 100
WRONG_CODES = "too many wrong codes in a row"
#: A password from a confidential letter is used by then, or a new letter is needed (policy).
ONE_TIME_FOR = timedelta(days=14)


class AccountRefuses(Exception):
    """What was asked does not fit the account as it stands."""


class NoSuchRole(AccountRefuses):
    """A role that this issuer may not state."""


class ThereIsOne(AccountRefuses):
    """A first administrator is let in where there is none."""


class LastAdministrator(AccountRefuses):
    """Afterwards nobody could let people in, or put them out."""


class IsOver(AccountRefuses):
    """The account was ended for good: whoever comes back gets another."""


class HasMoved(AccountRefuses):
    """The account is another than the one that was looked at."""


class HeldElsewhere(AccountRefuses):
    """Password, second factor and roles of this person are their provider's, and changed there."""

    page = (403, "refused.held_elsewhere")


@dataclass
class Account:
    """One person who logs in. ``password`` is a hash, ``seed`` the sealed secret of the second factor.

    ``epoch`` grows whenever every session and token must end: new password, new second factor, lock, changed roles.
    That is said, so that every service knows; ``number`` is what the account is called then.
    """

    id: str
    name: str
    roles: tuple[str, ...]
    password: str
    one_time_until: datetime | None
    expires: datetime | None = None
    seed: bytes | None = None
    used_step: int = 0
    recovery: tuple[str, ...] = ()
    locked: str | None = None
    #: Locked for good: no unlock undoes it.
    over: bool = False
    epoch: int = 1
    by: str = ""
    since: datetime | None = None
    logged_in: datetime | None = None
    wrong: int = 0
    #: The code of the firm that the person works at; None for OJK's staff.
    firm: str | None = None
    #: What a provider calls the person for ever, where one logs them in; then there is no password here.
    external: str | None = None
    number: str = ""
    said: list[Said] = field(default_factory=list, compare=False, repr=False)

    def standing(self) -> dict[str, Any]:
        """Facts of accounts carry none: the greatest epoch is how it stands."""
        return {}

    def begin(self, letter: "Account") -> None:
        """A new account becomes what was written down for it."""
        self.__dict__.update({**letter.__dict__, "number": self.number, "said": self.said})

    def _end(self, why: Why) -> None:
        """Whatever was given out before is good no more, here at once and elsewhere as soon as it is heard."""
        self.epoch += 1
        self.said.append(("officer-locked", {"epoch": self.epoch, "why": why}))

    def usable(self, now: datetime) -> bool:
        """Whether a log-in may begin or go on."""
        return self.locked is None and (self.expires is None or now < self.expires) and not self._letter_lapsed(now)

    @property
    def is_new(self) -> bool:
        """Whether the next log-in sets a password and a second factor."""
        return self.one_time_until is not None

    def _letter_lapsed(self, now: datetime) -> bool:
        return self.one_time_until is not None and now >= self.one_time_until

    def settle(self, password: str, seed: bytes, step: int, recovery: tuple[str, ...]) -> None:
        """The first log-in is over: the person's own password, second factor and recovery codes."""
        self.password, self.seed, self.used_step, self.recovery = password, seed, step, recovery
        self.one_time_until = None
        self._end("first-log-in")

    def renew(self, password: str, now: datetime) -> None:
        """As at the beginning, with a new one-time password: for whoever lost what they prove themselves with."""
        self._held_here()
        self.password, self.one_time_until = password, now + ONE_TIME_FOR
        self.seed, self.used_step, self.recovery = None, 0, ()
        self.wrong = 0
        self._end("new-letter")

    def take_step(self, step: int) -> bool:
        """Whether the code of this time step is new; each is good for one log-in (RFC 6238, 5.2)."""
        if step <= self.used_step:
            return False
        self.used_step = step
        return True

    def take_recovery(self, digest: str) -> bool:
        if digest not in self.recovery:
            return False
        self.recovery = tuple(one for one in self.recovery if one != digest)
        return True

    def entered(self, now: datetime) -> None:
        self.logged_in, self.wrong = now, 0

    def failed(self) -> None:
        """One more wrong code in a row; at last somebody who may must look at it."""
        self.wrong += 1
        if self.wrong >= WRONG_MOST:
            self.lock(WRONG_CODES)

    def change_password(self, password: str) -> None:
        self._held_here()
        self.password = password
        self._end("new-password")

    def hash_again(self, kept: str, hashed: str) -> None:
        """The same password, better kept."""
        if self.password == kept:
            self.password = hashed

    def change_second_factor(self, seed: bytes, step: int) -> None:
        """To another authenticator, which has shown that it has the secret."""
        self._held_here()
        self.seed, self.used_step = seed, step
        self._end("new-second-factor")

    def lock(self, reason: str, why: Why = "locked", *, for_good: bool = False) -> None:
        self.over = self.over or for_good
        if self.locked is None:
            self.locked = reason
            self._end(why)

    def as_before(self, before: "Account") -> None:
        """What was changed is taken back; what ended meanwhile stays ended."""
        self.roles, self.expires = before.roles, before.expires
        if not self.over:
            self.locked = before.locked

    def unlock(self) -> None:
        """Errors: IsOver."""
        if self.over:
            raise IsOver("the account was ended for good; whoever is to come in again gets another one")
        self.locked, self.wrong = None, 0

    def give(self, roles: tuple[str, ...]) -> None:
        self._held_here()
        self._give(roles)

    def is_stated(self, name: str, roles: tuple[str, ...]) -> None:
        """What their provider says of them now."""
        self.name = name or self.name
        self._give(roles)

    def _held_here(self) -> None:
        if self.external is not None:
            raise HeldElsewhere("the provider where this person logs in holds password and roles; change them there")

    def _give(self, roles: tuple[str, ...]) -> None:
        if roles != self.roles:
            self.roles = roles
            self._end("new-roles")

    def end_at(self, expires: datetime | None, now: datetime) -> None:
        """Who ends sooner than they were told starts anew, so that nothing they hold outlives it; so does who had ended
        already, so that nothing comes back."""
        had_ended = self.expires is not None and self.expires <= now
        if had_ended or (expires is not None and (self.expires is None or expires < self.expires)):
            self._end("expires-sooner")
        self.expires = expires

    def end_sessions(self) -> None:
        self._end("logged-out-everywhere")
