"""Who did what? An act is done after its entry is written, never before; all replicas write one chain without a gap."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from chassis import metrics
from chassis.chain import AuditKey, Entry, Head
from chassis.clock import Clock
from chassis.database import Collection, Database, as_held, insert_until_taken, unavailable
from chassis.ids import new_id
from chassis.refusals import Unavailable
from chassis.stored import hash_in, moment_in, stored
from chassis.tasks import Tasks

log = logging.getLogger(__name__)

#: Entries written together.
BATCH_MOST = 200
#: No chain comes so far; what somebody put behind it is no end to go on from.
NUMBERS_END = 2**53
#: The clocks of a database's members differ by seconds.
AHEAD_MOST = timedelta(hours=1)
#: What entries are looked up by, beside their numbers: who, with which key, for whom, when, and whatever it is about.
LOOKED_UP = ("at", "asked", "actor.id", "actor.key", "behalf", "object.$**")


@dataclass(frozen=True)
class Actor:
    """Who acts: ``kind`` is staff, officer (of a firm), service or channel; ``behalf`` is for whom or for what.

    ``id`` is the name of an account, never a person's name or contact; consumers are no actors. ``key`` is the prefix
    of the secret that a machine showed.
    """

    kind: str
    id: str
    roles: tuple[str, ...] = ()
    behalf: str | None = None
    key: str | None = None


@dataclass(frozen=True)
class Act:
    """What is asked for: method and route as they are declared, the parameters of the path, the asker's address."""

    name: str
    object: Mapping[str, Any]
    client: str


@dataclass(eq=False)
class _Waiting:
    said: dict[str, Any]
    number: asyncio.Future[int] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Audit:
    """Appends to the collection ``audit`` of a service's database. Those that ask at the same time are one write."""

    def __init__(self, database: Database, clock: Clock, key: AuditKey) -> None:
        self._entries = database["audit"]
        self._clock = clock
        self._key = key
        self._tasks = Tasks()
        self._waiting: list[_Waiting] = []
        self._writing = False
        #: What this process knows to stand; whoever cuts it off leaves a gap that `slkt audit verify` finds.
        self._head = Head()
        #: Whether another replica may have written since.
        self._stale = True

    async def ensure_indexes(self) -> None:
        """For whoever looks something up."""
        for one in LOOKED_UP:
            # A wildcard index is sparse by itself, and may not say so.
            but: dict[str, Any] = {} if "$" in one else {"sparse": True}
            await self._entries.create_index([(one, 1)], name=one.removesuffix(".$**"), **but)

    async def asked(self, actor: Actor, act: Act) -> int:
        """The entry's number; from now on the act may be done. Errors: Unavailable, then it may not."""
        return await self._append("asked", _told(actor, act))

    async def refused(self, actor: Actor | None, act: Act, status: int) -> None:
        """An act that nobody began; without ``actor`` somebody whom nobody knows. Errors: Unavailable."""
        await self._append("refused", _told(actor, act) | {"outcome": status})

    async def about(self, asked: int, said: Mapping[str, Any]) -> None:
        """What an act is about, where its address does not tell. Errors: Unavailable; then it may not go on."""
        await self._append("about", {"asked": asked, "object": dict(said)})

    async def answered(self, asked: int, status: int) -> None:
        """What came of an act. Errors: Unavailable; then its trace is that it was asked for."""
        await self._append("answered", {"asked": asked, "outcome": status})

    async def close(self) -> None:
        await self._tasks.finish()

    async def _append(self, step: str, said: dict[str, Any]) -> int:
        waiting = _Waiting({"id": new_id(), "step": step, **said})
        self._waiting.append(waiting)
        if not self._writing:
            self._writing = True
            self._tasks.start(self._write_all())
        try:
            number = await waiting.number
        except BaseException:
            metrics.AUDIT_FAILED.labels(step).inc()
            raise
        metrics.AUDITED.labels(step).inc()
        return number

    async def _write_all(self) -> None:
        try:
            while self._waiting:
                # Whoever gave up meanwhile was refused, and does nothing.
                batch = [one for one in self._waiting[:BATCH_MOST] if not one.number.done()]
                del self._waiting[:BATCH_MOST]
                try:
                    with unavailable():
                        await self._write(batch)
                except Exception as error:
                    self._stale = True
                    for one in batch:
                        _settle(one, error)
        finally:
            self._writing = False

    async def _write(self, batch: list[_Waiting]) -> None:
        tried: Head | None = None
        while batch:
            if self._stale:
                await self._look()
            entries = self._chained(batch)
            stood = await insert_until_taken(self._entries, entries)
            for one, entry in zip(batch[:stood], entries, strict=False):
                _settle(one, entry["_id"])
            if stood:
                self._head = _head_of(entries[stood - 1])
            elif tried == self._head:
                raise Unavailable("the next number is taken by what is no entry")
            # Another replica was faster with the next number.
            tried = self._head
            self._stale = stood < len(batch)
            batch = batch[stood:]

    async def _look(self) -> None:
        found = await last_entry(self._entries)
        if found.last < self._head.last:
            log.error("the end of the audit is gone: what follows leaves a gap", extra={"count": self._head.last})
            metrics.AUDIT_CUT.inc()
        else:
            now = self._clock.now()
            # No clock is so far ahead: somebody changed it, and what follows must not carry it on.
            self._head = replace(found, at=now) if found.at - now > AHEAD_MOST else found
        self._stale = False

    def _chained(self, batch: list[_Waiting]) -> list[Entry]:
        entries, head = [], self._head
        for one in batch:
            entries.append(self._key.entry(head, self._clock.now(), one.said))
            head = _head_of(entries[-1])
        return entries


async def last_entry(entries: Collection, **but: Any) -> Head:
    """The last entry of the chain, or the last that fits ``but``; one that was harmed as far as it can be read, so that
    the chain goes on behind it. Errors: those of the driver."""
    # 6.0 takes the number 6, too.
    wanted = {"_id": {"$type": ["int", "long", "double"], "$lt": NUMBERS_END}, **but}
    found = await as_held(entries).find_one(wanted, {"hash": 1, "at": 1}, sort=[("_id", -1)])
    return Head() if found is None else _head_of(stored(found).entry)


def _head_of(entry: Mapping[str, Any]) -> Head:
    return Head(int(entry["_id"]), hash_in(entry), moment_in(entry) or Head.at)


def _told(actor: Actor | None, act: Act) -> dict[str, Any]:
    about = {"act": act.name, "object": dict(act.object), "from": act.client}
    if actor is None:
        return {"actor": None, "behalf": None, **about}
    shown = {"key": actor.key} if actor.key else {}
    who = {"kind": actor.kind, "id": actor.id, "roles": sorted(actor.roles), **shown}
    return {"actor": who, "behalf": actor.behalf, **about}


def _settle(one: _Waiting, outcome: int | Exception) -> None:
    if one.number.done():
        return
    if isinstance(outcome, int):
        one.number.set_result(outcome)
    else:
        one.number.set_exception(outcome)
