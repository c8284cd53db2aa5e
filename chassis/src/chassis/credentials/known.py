"""Is this secret good, for a door that thousands knock at? Live credentials are kept in memory, and no older than a few
seconds: within that time a revocation is felt everywhere."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from time import monotonic

from chassis.clock import Clock
from chassis.credentials import secret
from chassis.credentials.allowances import Allowances
from chassis.credentials.credential import Credential, Issued, proves
from chassis.credentials.store import NOT_GOOD, TOUCH, Credentials
from chassis.database import Database
from chassis.refusals import Unauthenticated, Unavailable
from chassis.tasks import Tasks

#: Nothing older is believed: where the database is away for longer, nobody is let in.
KNOWN_SECONDS = 5.0
#: From then on it is read again, while nobody waits for it.
AGAIN_SECONDS = 2.5
#: A prefix that is not known may be a new one; strangers make us look no more often.
UNKNOWN_SECONDS = 0.25


class Known:
    """Credentials of one kind, as this process knows them."""

    def __init__(self, database: Database, clock: Clock, kind: str, scopes: Sequence[str]) -> None:
        self._stored = Credentials(database, clock, kind, scopes)
        self._allowances = Allowances(database, clock)
        self._clock = clock
        self._live: Mapping[str, Credential] = {}
        self._read_at = float("-inf")
        self._reading: asyncio.Task[None] | None = None
        self._touched: dict[str, float] = {}
        self._tasks = Tasks()

    async def prepare(self) -> None:
        await self._stored.prepare()
        await self._allowances.prepare()

    async def prove(self, text: str | None, detail: str = NOT_GOOD) -> Credential:
        """Errors: Unauthenticated with ``detail``, the same whatever is amiss; Unavailable."""
        came = secret.read(self._stored.kind, text)
        kept = await self.standing(came.prefix) if came else None
        if came is None or kept is None or not proves(kept, came, self._clock.now()):
            raise Unauthenticated(detail)
        self._touch(kept)
        return kept

    async def admit(self, text: str | None, detail: str = NOT_GOOD) -> Credential:
        """``prove``, and it may ask once more this minute. Errors: TooMany besides."""
        kept = await self.prove(text, detail)
        await self.count(kept)
        return kept

    async def count(self, credential: Credential) -> None:
        """Errors: TooMany with ``retry_after``, Unavailable."""
        await self._allowances.take(credential.prefix, credential.per_minute)

    async def standing(self, prefix: str) -> Credential | None:
        """The credential of that prefix while it is neither revoked nor over. Errors: Unavailable."""
        # Until one was read that no change here has overtaken: what is older is believed by nobody.
        while (age := monotonic() - self._read_at) >= KNOWN_SECONDS:
            await asyncio.shield(self._read())
        if prefix not in self._live and age >= UNKNOWN_SECONDS:
            await asyncio.shield(self._read())
        elif age >= AGAIN_SECONDS:
            self._read()
        kept = self._live.get(prefix)
        return kept if kept and kept.live(self._clock.now()) else None

    async def issue(
        self, owner: str, scopes: Sequence[str], by: str, *, expires: datetime | None, per_minute: int
    ) -> Issued:
        """Errors: Invalid, EnoughSecrets, Unavailable."""
        made = await self._stored.issue(owner, scopes, by, expires=expires, per_minute=per_minute)
        self._look_again()
        return made

    async def of(self, owner: str) -> Sequence[Credential]:
        """All that the owner ever had, the newest first. Errors: Unavailable."""
        return await self._stored.of(owner)

    async def revoke(self, owner: str, prefix: str) -> None:
        """Here it is felt at once. Errors: NotFound, Unavailable."""
        await self._stored.revoke(owner, prefix)
        self._look_again()

    async def revoke_all(self, owner: str) -> None:
        """Errors: Unavailable."""
        await self._stored.revoke_all(owner)
        self._look_again()

    def _look_again(self) -> None:
        self._read_at = float("-inf")
        self._reading = None

    async def close(self) -> None:
        await self._tasks.finish()

    def _read(self) -> asyncio.Task[None]:
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._take_over())
            # Seen also where nobody waits: what cannot be read grows old, and then somebody does.
            self._reading.add_done_callback(lambda done: done.cancelled() or done.exception())
        return self._reading

    async def _take_over(self) -> None:
        began = monotonic()
        live = {one.prefix: one for one in await self._stored.live()}
        # What was read before a change here is not believed after it.
        if self._reading is asyncio.current_task():
            self._live, self._read_at = live, began

    def _touch(self, credential: Credential) -> None:
        now = monotonic()
        if now - self._touched.get(credential.prefix, float("-inf")) >= TOUCH.total_seconds():
            self._touched[credential.prefix] = now
            self._tasks.start(self._touched_now(credential))

    async def _touched_now(self, credential: Credential) -> None:
        with suppress(Unavailable):
            await self._stored.touch(credential)
