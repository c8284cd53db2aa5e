"""How is a matter changed? ``change(message, fn)``: loaded, applied, written with its facts in one document write,
together with whatever else is waiting; conflicts run again. Nobody else writes, and saving is the only way to speak."""

import asyncio
from collections.abc import Callable, Container
from datetime import timedelta
from typing import Any, Generic

from chassis import metrics
from chassis.clock import Clock
from chassis.crash import crash_point
from chassis.database import Collection, Database, DriverError, transient, unavailable
from chassis.documents import CODEC, A, Documents, Entry
from chassis.ids import new_id
from chassis.matter import Changed, Job, Matter, Plan
from chassis.memory import Memory
from chassis.messages import Act, Message, begins, is_event, somebody_waits
from chassis.messaging import Publisher
from chassis.moving import Mover
from chassis.pacing import Gathering, Pace
from chassis.refusals import Unavailable
from chassis.saying import Sayer, Voice
from chassis.tasks import Tasks
from chassis.telemetry import traceparent
from chassis.unsaid import Unsaid
from chassis.writing import write

BATCH = 200
BATCHES_AT_ONCE = 2
#: A channel waits for its receipt, and sends no more meanwhile; what services tell each other comes all the same.
GATHER_SECONDS, PACE_MOST_SECONDS = 0.04, 0.05
#: What waits to be said is written and never read here.
LOADED = {"unsent": 0}
#: Each conflict means that another writer went on; so many in a row mean that something else is wrong.
CONFLICTS_MOST = 100


class Repository(Generic[A]):
    """All matters of one service: one collection, one writer's discipline, group commit."""

    def __init__(
        self,
        database: Database,
        collection: str,
        documents: Documents[A],
        voice: Voice,
        publisher: Publisher,
        clock: Clock,
        lease_seconds: float = 15.0,
        unsent_alarm_seconds: float = 60.0,
        pace_seconds: float = 0.0,
    ) -> None:
        self.collection: Collection = database.get_collection(collection, codec_options=CODEC)
        self.sayer = Sayer(Mover(self.collection), voice, publisher)
        self.clock = clock
        self.lease_seconds = lease_seconds
        #: Age of the oldest fact that waits to be said, as the relay last saw it; when it grows too old, no act from
        #: outside is taken any more.
        self.unsent_age_seconds = 0.0
        self._unsent_alarm_seconds = unsent_alarm_seconds
        #: Matters whose facts this process wrote and could not say.
        self.unsaid = Unsaid()
        self._documents = documents
        self._voice = voice
        self._waiting: dict[str, list[tuple[Job[A], asyncio.Future[None]]]] = {}
        self._busy: set[str] = set()
        self._running = 0
        self._gathering, self._pace = Gathering(GATHER_SECONDS), Pace(pace_seconds, PACE_MOST_SECONDS)
        self._memory = Memory()
        self._tasks = Tasks()

    async def ensure_indexes(self) -> None:
        """For the relay (documents with something unsaid) and for the readers of facts."""
        unsent = {"unsent._id": {"$exists": True}}
        await self.collection.create_index([("lease", 1)], name="unsent", partialFilterExpression=unsent)
        await self.collection.create_index([("unsent.at", 1)], name="unsent_at", partialFilterExpression=unsent)
        facts = self.collection.database["facts"]
        await facts.create_index([("subject", 1), ("seq", 1)], name="subject_seq", unique=True)
        await facts.create_index([("at", 1)], name="at")

    async def get(self, number: str) -> A | None:
        """One matter as it is stored; None where it is unknown or erased. Errors: Unavailable."""
        with unavailable():
            stored = await self.collection.find_one({"_id": number})
        if stored is None or "erased_at" in stored:
            return None
        return self._documents.aggregate(number, stored["state"])

    async def change(
        self, message: Message, change: Callable[[A], None], *, fresh: bool = False, creates: bool = False
    ) -> Changed[A]:
        """Applies ``change`` to the matter that ``message`` is about, durably and once.

        An event about an unknown matter makes a stub; an act does so only with ``creates``, and with ``fresh`` only
        if nobody has the number. For an event this returns when its facts were said too (or left to the relay); for
        an act when the write is journaled by a majority. ``change`` is pure: it may run again after a conflict.
        Errors: whatever ``change`` refuses; NotFound, NumberTaken, KeyReused, MatterFull, Erased; Unavailable, also for
        an act from outside while facts have waited too long for the broker.
        """
        if isinstance(message, Act) and message.remember:
            self.check_open()
        creates = creates or fresh or is_event(message)
        job = Job(message, change, fresh=fresh, creates=creates, trace=traceparent())
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(message.subject, []).append((job, done))
        if somebody_waits(message):
            self._pace.hurry()
        self._start()
        await done
        if job.error is not None:
            raise job.error
        assert job.aggregate is not None
        return Changed(job.aggregate, job.repeated)

    def check_open(self) -> None:
        """Errors: Unavailable while what was accepted cannot be passed on."""
        if self.unsent_age_seconds > self._unsent_alarm_seconds:
            raise Unavailable("what was accepted cannot be passed on now")

    def _start(self) -> None:
        if self._running < BATCHES_AT_ONCE and any(number not in self._busy for number in self._waiting):
            self._running += 1
            self._tasks.start(self._work())

    async def _work(self) -> None:
        try:
            # One turn of the loop lets everything that arrived together join the batch.
            await asyncio.sleep(0)
            while batch := await self._next():
                try:
                    await self._commit(batch)
                finally:
                    self._busy.difference_update(batch)
        finally:
            self._running -= 1
            self._start()

    async def _next(self) -> dict[str, list[tuple[Job[A], asyncio.Future[None]]]]:
        if self._waiting and len(self._waiting) < BATCH and not self._urgent():
            await self._pace.rest()
        if self._urgent():
            await self._gathering.settle(lambda: len(self._waiting), BATCH)
        batch = self._take()
        if batch:
            self._gathering.began(len(batch))
            self._pace.began(len(batch))
        return batch

    def _urgent(self) -> bool:
        return any(somebody_waits(job.message) for jobs in self._waiting.values() for job, _ in jobs)

    def _take(self) -> dict[str, list[tuple[Job[A], asyncio.Future[None]]]]:
        numbers = [number for number in self._waiting if number not in self._busy][:BATCH]
        self._busy.update(numbers)
        return {number: self._waiting.pop(number) for number in numbers}

    async def _commit(self, batch: dict[str, list[tuple[Job[A], asyncio.Future[None]]]]) -> None:
        metrics.BATCH.observe(len(batch))
        jobs = {number: [job for job, _ in waiting] for number, waiting in batch.items()}
        try:
            plans = await self._write(jobs, assume_absent=True)
        except Exception as error:
            # Nothing is known of the outcome: everyone is told, and may send the same again.
            for job in (job for group in jobs.values() for job in group):
                job.error = Unavailable(type(error).__name__) if transient(error) else error
            # Where it was written all the same, what it has to say is found there.
            self.unsaid.add(jobs)
            plans = []
        entries = [entry for plan in plans for entry in plan.entries]
        said = self._tasks.start(self._say(entries)) if entries else None
        speaking = {plan.number for plan in plans if plan.entries}
        for number, (job, done) in ((number, pair) for number, waiting in batch.items() for pair in waiting):
            if said is not None and number in speaking and is_event(job.message) and job.error is None:
                said.add_done_callback(lambda _, done=done: done.done() or done.set_result(None))  # type: ignore[misc]
            elif not done.done():
                done.set_result(None)

    async def _say(self, entries: list[Entry]) -> None:
        try:
            failed = await self.sayer.say(entries)
        except DriverError:
            # Said but not moved, or not said: the relay does it again.
            failed = entries
            metrics.PUBLISH_FAILED.inc(len(entries))
        self.unsaid.add(entry["subject"] for entry in failed)

    async def _write(self, jobs: dict[str, list[Job[A]]], *, assume_absent: bool = False) -> list[Plan[A]]:
        """Loads, applies and writes; matters whose write lost against another run again until none is left."""
        done: list[Plan[A]] = []
        for _ in range(CONFLICTS_MOST):
            if not jobs:
                return done
            recalled = self._memory.recall(jobs)
            self._memory.forget(jobs)
            stored = recalled | await self._read(jobs, recalled, assume_absent=assume_absent)
            stamp = new_id()
            plans = [self._apply(number, stored.get(number), group, stamp) for number, group in jobs.items()]
            doubted = {plan.number for plan in plans if plan.number in recalled and plan.doubtful}
            sound = [plan for plan in plans if plan.write is not None and plan.number not in doubted]
            crash_point("before-write")
            lost = await write(self.collection, sound, stamp) | doubted
            for plan in plans:
                if plan.number in lost:
                    continue
                if plan.failed and len(plan.jobs) > 1:
                    # One message of the matter cannot be written: each stands alone, so that only its own job fails.
                    done += [p for job in plan.jobs for p in await self._write({plan.number: [job]})]
                else:
                    done.append(plan)
                    if plan.write is not None and plan.document is not None:
                        self._memory.keep(plan.number, plan.document)
            if not lost.isdisjoint(recalled):
                self._memory.was_wrong()
            jobs = {plan.number: plan.jobs for plan in plans if plan.number in lost}
            assume_absent = False
            metrics.CONFLICTS.inc(len(lost - doubted))
        raise Unavailable(f"{len(jobs)} matters lost against other writers {CONFLICTS_MOST} times")

    async def _read(
        self, jobs: dict[str, list[Job[A]]], known: Container[str], *, assume_absent: bool
    ) -> dict[str, dict[str, Any]]:
        """The documents of those that are neither known nor, by all signs, new."""

        def new(group: list[Job[A]]) -> bool:
            return assume_absent and all(job.fresh or begins(job.message) for job in group)

        load = [number for number, group in jobs.items() if number not in known and not new(group)]
        if not load:
            return {}
        return {document["_id"]: document async for document in self.collection.find({"_id": {"$in": load}}, LOADED)}

    def _apply(self, number: str, stored: dict[str, Any] | None, jobs: list[Job[A]], stamp: str) -> Plan[A]:
        now = self.clock.now()
        for job in jobs:
            job.error, job.repeated = None, False
        try:
            matter = Matter(number, stored, self._documents, self._voice)
            for job in jobs:
                matter.apply(job, now)
            return matter.plan(jobs, now, now + timedelta(seconds=self.lease_seconds), stamp)
        except Exception as error:
            # A document that its class cannot read, a state that is none, a change that is not pure: a defect of this
            # matter alone, and where it is one message's, of that message.
            for job in jobs:
                job.error = error
            return Plan(number, jobs, failed=True)

    async def close(self) -> None:
        """Waits until everything that was taken is written and said."""
        await self._tasks.finish()
