"""What is one matter's document, and how do messages change it? Pure: the rules of hearing, saying and writing.

``{_id, version, seq, clock, size, heard, acts, unsent, lease, stamp, created_at, state}``. One write carries all of it;
a relay that takes over what is unsaid adds when it did (``taken``).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic

from contracts.base import Event
from pymongo import InsertOne, UpdateOne

from chassis import heard
from chassis.documents import A, Documents, Entry, changes
from chassis.messages import Act, Message
from chassis.refusals import Erased, KeyReused, MatterFull, NotFound, NumberTaken
from chassis.saying import Voice

MAX_ENTRIES = 2_000
MAX_BYTES = 4 * 2**20
ACTS_KEPT = timedelta(days=90)


@dataclass
class Job(Generic[A]):
    """One message that wants to change one matter. ``fresh``: it brings the matter into being; ``trace``: the trace it
    belongs to, whoever's task writes it."""

    message: Message
    change: Callable[[A], None]
    fresh: bool = False
    creates: bool = False
    trace: str | None = None
    aggregate: A | None = None
    repeated: bool = False
    error: Exception | None = None


@dataclass
class Changed(Generic[A]):
    """The matter after the change; ``repeated`` where the message had been applied before."""

    aggregate: A
    repeated: bool


@dataclass
class Plan(Generic[A]):
    """What one matter's jobs came to: the write that carries them, the facts in it, and who is answered how."""

    number: str
    jobs: list[Job[A]]
    write: InsertOne[dict[str, Any]] | UpdateOne | None = None
    entries: list[Entry] = field(default_factory=list)
    failed: bool = False
    #: The matter as this write leaves it, without what is unsaid.
    document: dict[str, Any] | None = None

    @property
    def doubtful(self) -> bool:
        """Whether this must not rest on a memory: somebody would be told something that may have changed."""
        return self.failed or any(job.error or (job.repeated and isinstance(job.message, Act)) for job in self.jobs)


class Impure(Exception):
    """A change that ran before did not run again: nothing of this matter may be written on its word."""


class Matter(Generic[A]):
    """The document of one matter while messages are applied to it in memory."""

    def __init__(self, number: str, stored: dict[str, Any] | None, documents: Documents[A], voice: Voice) -> None:
        self._documents = documents
        self._voice = voice
        self._stored = stored
        document = stored or {}
        self.number = number
        self.erased = "erased_at" in document
        self._version: int = document.get("version", 0)
        self._seq: int = document.get("seq", 0)
        self._clock: int = document.get("clock", 0)
        self._size: int = document.get("size", 0)
        self._heard: dict[str, heard.Ranges] = dict(document.get("heard", {}))
        self._new_heard: set[str] = set()
        self._acts: dict[str, str] = {act["id"]: act["digest"] for act in document.get("acts", [])}
        self._new_acts: list[dict[str, Any]] = []
        self._applied: list[Job[A]] = []
        self.aggregate = self._restored()
        self.entries: list[Entry] = []

    def _restored(self) -> A:
        if self._stored is None or self.erased:
            return self._documents.new(self.number)
        return self._documents.aggregate(self.number, self._stored["state"])

    def apply(self, job: Job[A], now: datetime) -> None:
        """Runs one message on the matter in memory; a refusal leaves the matter as it was and stands in the job."""
        message = job.message
        try:
            if isinstance(message, Event):
                if heard.has(self._heard.get(message.owner, []), message.seq):
                    job.repeated = True
                    return
                if not self.erased:
                    self._run(job, now)
                self._hear(message)
            else:
                assert isinstance(message, Act)
                if self._done_before(job, message):
                    job.repeated = True
                    return
                self._run(job, now)
                if message.remember:
                    self._acts[message.id] = message.digest
                    self._new_acts.append({"id": message.id, "digest": message.digest, "at": now})
            self._applied.append(job)
        except Impure:
            raise
        except Exception as error:
            job.error = error

    def _done_before(self, job: Job[A], act: Act) -> bool:
        """Errors: KeyReused, NumberTaken, NotFound, Erased, MatterFull."""
        known = self._acts.get(act.id)
        if known is not None:
            if known != act.digest:
                raise KeyReused("the same idempotency key was used before, for a different body; use a new key")
            return True
        if self.erased:
            raise Erased("this matter was erased")
        if job.fresh and self._exists:
            raise NumberTaken(self.number)
        if not self._exists and not job.creates:
            raise NotFound("there is no such matter here")
        # Facts and acts count, writes do not: the tries of a delivery must not fill a matter.
        entries = max(self._seq, len(self._acts))
        if act.remember and (entries >= MAX_ENTRIES or self._size >= MAX_BYTES):
            raise MatterFull(f"the matter holds {entries} entries and {self._size} bytes")
        return False

    @property
    def _exists(self) -> bool:
        return self._stored is not None or bool(self._applied)

    def _hear(self, event: Event[Any]) -> None:
        self._heard[event.owner] = heard.add(self._heard.get(event.owner, []), event.seq)
        self._new_heard.add(event.owner)
        self._clock = max(self._clock, event.clock)

    def _run(self, job: Job[A], now: datetime) -> None:
        try:
            job.change(self.aggregate)
            said, self.aggregate.said = self.aggregate.said, []
            standing = self.aggregate.standing() if said else {}
            entries: list[Entry] = []
            seq, clock = self._seq, max(self._clock, job.message.clock)
            for one in said:
                seq, clock = seq + 1, clock + 1
                entries.append(
                    self._voice.entry(
                        one,
                        message=job.message,
                        number=self.number,
                        seq=seq,
                        clock=clock,
                        now=now,
                        standing=standing,
                        trace=job.trace,
                    )
                )
        except Exception:
            self._replay()
            raise
        self._seq, self._clock = seq, clock
        self._size += sum(len(entry["body"].encode()) for entry in entries)
        self.entries += entries

    def _replay(self) -> None:
        """A refused change may have touched the aggregate: it is made again from what is stored and was applied."""
        self.aggregate = self._restored()
        try:
            for job in self._applied:
                job.change(self.aggregate)
                self.aggregate.said = []
        except Exception as error:
            raise Impure(type(error).__name__) from error

    def plan(self, jobs: list[Job[A]], now: datetime, lease: datetime, stamp: str) -> Plan[A]:
        """The one write that carries all that was applied; none if nothing was."""
        for job in jobs:
            job.aggregate = self.aggregate
        plan = Plan(self.number, jobs, entries=self.entries)
        if not self._applied:
            return plan
        kept = self._kept_acts(now)
        document: dict[str, Any] = {
            "_id": self.number,
            "version": self._version + 1,
            "seq": self._seq,
            "clock": self._clock,
            "size": self._size,
            "heard": self._heard,
            "acts": [*kept, *self._new_acts],
            "stamp": stamp,
            "state": self._documents.state(self.aggregate),
        }
        if self._stored is None:
            unsaid = {"unsent": self.entries, "lease": lease} if self.entries else {"unsent": []}
            plan.write = InsertOne({**document, **unsaid, "created_at": now})
        else:
            plan.write = self._update(document["state"], kept, lease, stamp)
        plan.document = None if self.erased else document
        return plan

    def _kept_acts(self, now: datetime) -> list[dict[str, Any]]:
        """The first act brought the matter into being; it answers its idempotency key for ever."""
        old: list[dict[str, Any]] = (self._stored or {}).get("acts", [])
        return old[:1] + [act for act in old[1:] if act["at"] > now - ACTS_KEPT]

    def _update(self, state: dict[str, Any], kept: list[dict[str, Any]], lease: datetime, stamp: str) -> UpdateOne:
        assert self._stored is not None
        sets: dict[str, Any] = {"version": self._version + 1, "clock": self._clock, "stamp": stamp}
        pushes: dict[str, Any] = {}
        sets.update({f"heard.{owner}": self._heard[owner] for owner in self._new_heard})
        if not self.erased:
            sets |= {"seq": self._seq, "size": self._size}
            state_sets, pushes = changes(self._stored["state"], state)
            sets |= state_sets
        if self._new_acts:
            if len(kept) == len(self._stored.get("acts", [])):
                pushes["acts"] = {"$each": self._new_acts}
            else:
                sets["acts"] = [*kept, *self._new_acts]
        if self.entries:
            pushes["unsent"] = {"$each": self.entries}
            sets["lease"] = lease
        update: dict[str, Any] = {"$set": sets}
        if pushes:
            update["$push"] = pushes
        # What erasing left has no version: None matches that too. It counts from the beginning, as does what was made
        # again from its facts: the stamp of the last write tells one document of a number from another.
        found = {name: self._stored.get(name) for name in ("version", "stamp", "erased_at")}
        return UpdateOne({"_id": self.number, **found}, update)


__all__ = ["Changed", "Job", "Matter", "Plan"]
