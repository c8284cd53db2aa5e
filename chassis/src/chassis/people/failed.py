"""Who tried to get in and could not? Of an account, an address and an outcome one entry a minute, of all together a
bounded number: whoever guesses fills no chain. What was typed is in none."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from chassis import metrics
from chassis.audit import Act, Audit
from chassis.clock import Clock
from chassis.refusals import TooMany, Unauthenticated, Unavailable

MINUTE = timedelta(minutes=1)
LOOK_SECONDS = 5.0
NOT_RIGHT, TOO_MANY = 401, 429
#: A name and a password; what proves whose session it is: a code, a password once more; a machine's key or secret.
What = Literal["password", "proof", "provider", "key", "secret"]
#: What machines try is counted by itself: their flood hides no try of a person.
BY_MACHINES = "by key"
#: More of one minute are one entry.
KEYS_MOST = 200


@dataclass(frozen=True)
class _Try:
    """``account`` None: there is none of that name; ``client`` empty: that of the session, or many."""

    what: What
    account: str | None
    client: str
    status: int


class FailedTries:
    """Counts in memory and writes beside who asked, an unknown name as a known one: how long an answer takes tells
    nothing. The first is written at once, what follows a minute later with its count."""

    def __init__(self, audit: Audit, clock: Clock, address: str) -> None:
        self._audit = audit
        self._clock = clock
        self._act = f"LOG-IN {address}"
        self._waiting: dict[_Try, int] = {}
        #: Those of this minute that were written.
        self._told: set[_Try] = set()
        self._minute: datetime | None = None
        self._new = asyncio.Event()

    def note(self, what: What, account: str | None, client: str, refused: Unauthenticated | TooMany) -> None:
        status = TOO_MANY if isinstance(refused, TooMany) else NOT_RIGHT
        metrics.NOT_LET_IN.labels(what, str(status)).inc()
        came = _Try(what, account, client, status)
        known = came in self._waiting or came in self._told
        if not known and len(self._waiting.keys() | self._told) >= KEYS_MOST:
            came = _Try(what, None, "", status)
        self._waiting[came] = self._waiting.get(came, 0) + 1
        self._new.set()

    async def run(self) -> None:
        while True:
            await self.write()
            self._new.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS):
                    await self._new.wait()

    async def write(self, *, everything: bool = False) -> None:
        """What is due. Errors: Unavailable; then it is due again."""
        now = self._clock.now()
        if self._minute is None or now >= self._minute + MINUTE:
            self._told.clear()
            self._minute = now
        for one in [one for one in self._waiting if everything or one not in self._told]:
            self._told.add(one)
            count = self._waiting.pop(one)
            known = {"account": one.account} if one.account else {"name": "unknown" if one.client else "many"}
            try:
                await self._audit.refused(
                    None, Act(self._act, {"with": one.what, **known, "count": count}, one.client), one.status
                )
            except Unavailable:
                self._told.discard(one)
                self._waiting[one] = self._waiting.get(one, 0) + count
                raise

    async def close(self) -> None:
        await self.write(everything=True)
