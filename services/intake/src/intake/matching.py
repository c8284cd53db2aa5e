"""How are matters found again? Adapters → use cases → workers, put together: a part of intake's contents."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from chassis.clocks import Lease
from chassis.parts import Base, Job

from intake.adapters.marking import KeyedMarks
from intake.adapters.mongo import MongoServices
from intake.adapters.passes import Passes
from intake.jobs import MarksOld
from intake.ports import Marking, Seals
from intake.settings import Settings
from intake.usecases.finding import FindEarlier, MarkOld


@dataclass(frozen=True)
class Matching:
    marking: Marking
    find_earlier: FindEarlier
    jobs: Sequence[Job]
    prepare: Sequence[Callable[[], Awaitable[None]]]


def matching(base: Base, settings: Settings, services: MongoServices, seals: Seals) -> Matching:
    marking, lease = KeyedMarks(settings.number_key.get_secret_value()), Lease(base, "marks")
    old = MarksOld(MarkOld(services, services, marking, seals), lease, Passes(base))
    return Matching(marking, FindEarlier(services, marking, seals), [old], [lease.prepare])
