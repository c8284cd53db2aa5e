"""How is a password kept, made and judged? Argon2id, few at a time: each takes 19 MiB and a core for a moment."""

import asyncio
import re
import secrets
import unicodedata
from collections.abc import Callable, Sequence
from importlib.resources import files
from typing import ParamSpec, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from chassis.people.familiar import is_familiar
from chassis.refusals import Invalid, Unavailable

P = ParamSpec("P")
T = TypeVar("T")

#: OWASP's second choice for Argon2id; the parameters stand in every hash, and may grow.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
#: So many wait at most; whoever is one more is asked to come later.
AT_ONCE, WAITING_MOST = 2, 50
LENGTH_LEAST, LENGTH_MOST = 12, 200
#: zxcvbn: 10^10 guesses and more; of a longer password its beginning is judged, 0.4 s at most: signs that stand for
#: letters make more work with each.
SCORE_LEAST, JUDGED_MOST = 4, 24
#: Characters beside what everybody knows of the person.
BESIDE_LEAST = 8
#: It knows English, and common passwords; these are words that people here choose.
WORDS = files("chassis").joinpath("people/data/words.txt").read_text(encoding="utf-8").split()
#: Letters and digits that nobody mistakes for each other when typed from paper.
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"


class Passwords:
    """Hashes and compares outside the event loop."""

    def __init__(self) -> None:
        self._few = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0
        #: Compared with where there is no account: both take as long, and nobody hears which names exist.
        self._nobody = _HASHER.hash(secrets.token_urlsafe(32))

    async def hashed(self, password: str) -> str:
        """Errors: Unavailable where too many wait."""
        return await self._in_turn(_HASHER.hash, _same(password))

    async def fits(self, kept: str | None, password: str) -> bool:
        """Errors: Unavailable where too many wait."""
        right = await self._in_turn(_fits, kept or self._nobody, _same(password))
        return right and kept is not None

    def is_old(self, kept: str) -> bool:
        """Whether it was hashed with less than what is asked for now."""
        return _HASHER.check_needs_rehash(kept)

    async def judge(self, password: str, account: str, *known: str) -> None:
        """A person's own choice; ``known`` is what is no secret about them. Errors: TooEasy; Unavailable."""
        password, wrong = _same(password), None
        if not LENGTH_LEAST <= len(password) <= LENGTH_MOST:
            wrong = "length", f"{LENGTH_LEAST} to {LENGTH_MOST} characters"
        elif account.casefold() in password.casefold():
            wrong = "username", "a password without your username in it"
        elif await self._in_turn(_too_easy, password, (account, *known)):
            wrong = "common", "no common word, name, date or run of keys: several words that do not belong together"
        if wrong:
            raise TooEasy(wrong[0], f"{len(password)} characters", wrong[1])

    async def _in_turn(self, work: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
        if self._waiting >= WAITING_MOST:
            raise Unavailable("too many log in at once; send the same again later")
        self._waiting += 1
        try:
            await self._few.acquire()
            # Whoever gave up waiting has not ended the work: its place is free when it is done.
            working = asyncio.ensure_future(asyncio.to_thread(work, *given, **named))
            working.add_done_callback(lambda _: self._few.release())
            return await asyncio.shield(working)
        finally:
            self._waiting -= 1


def _fits(kept: str, password: str) -> bool:
    try:
        return _HASHER.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False


def _same(password: str) -> str:
    """The same letters typed on another keyboard are the same password (NIST SP 800-63B)."""
    return unicodedata.normalize("NFKC", password)


def one_time() -> str:
    """16 readable characters in groups of four: 79 bits."""
    return "-".join("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(4))


class TooEasy(Invalid):
    """A password that is too easy to guess; ``why`` is a code: length, username, common, letter, same."""

    def __init__(self, why: str, came: str, expected: str) -> None:
        problem = {"field": "password", "came": came, "expected": expected}
        super().__init__("this password is too easy to guess", problems=[problem])
        self.why = why


def _too_easy(password: str, known: Sequence[str]) -> bool:
    """Whether somebody who knows languages, keyboards, dates, and whose account it is, comes to it soon."""
    parts = {part for one in known for part in re.split(r"[^\w]+|_", one.casefold()) if len(part) > 2}
    rest = password.casefold()
    for part in sorted(parts, key=len, reverse=True):
        rest = rest.replace(part, "")
    if len(rest) < BESIDE_LEAST or is_familiar(rest):
        return True
    return bool(zxcvbn(password[:JUDGED_MOST], user_inputs=[*WORDS, *parts])["score"] < SCORE_LEAST)
