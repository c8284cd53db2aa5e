"""How are matters found again and compared? Adapters → use cases → pages and workers, put together: a part of intake's
contents."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from chassis.clocks import Lease
from chassis.pages.frame import Pages, menu
from chassis.parts import Base, Job
from contracts.pages import SECTIONS
from fastapi import APIRouter

from intake.adapters.comparing import MongoComparing
from intake.adapters.marking import KeyedMarks, SealedSketches
from intake.adapters.mongo import MongoServices
from intake.adapters.passes import Passes
from intake.jobs import MarksOld, Works
from intake.pages.pairs.doors import pair_pages
from intake.ports import Marking, Seals
from intake.refusals import REFUSALS
from intake.settings import Settings
from intake.usecases.comparing import CompareDue, DecidePair, ShowPair, TraitsOf
from intake.usecases.finding import FindEarlier, MarkOld
from intake.usecases.linking import FinishLinks, LinkMatters
from intake.usecases.services import ShowService

#: A link that a dead process began waits so long at most.
FINISH_SECONDS = 10.0


@dataclass(frozen=True)
class Matching:
    marking: Marking
    router: APIRouter
    find_earlier: FindEarlier
    jobs: Sequence[Job]
    prepare: Sequence[Callable[[], Awaitable[None]]]


def matching(base: Base, settings: Settings, services: MongoServices, seals: Seals) -> Matching:
    marking, marks = KeyedMarks(settings.number_key.get_secret_value()), Lease(base, "marks")
    comparing, clock = MongoComparing(base, services), base.clock
    traits, compares = TraitsOf(seals, SealedSketches(marking)), Lease(base, "comparing")
    link = LinkMatters(services, comparing, clock)
    pages = Pages(
        "chassis.people.pages", "intake.pages.cso", "intake.pages.pairs", service="intake", base="/staff", visited=True,
        navigation=menu("/staff", SECTIONS), refusals=REFUSALS, example_data=settings.example_data,
        secure=settings.behind_tls,
    )  # fmt: skip
    show = ShowPair(services, traits)
    router = pair_pages(pages, comparing, show, ShowService(services, seals), link, DecidePair(services, clock))
    jobs = (
        MarksOld(MarkOld(services, services, marking, seals), marks, Passes(base)),
        Works(CompareDue(services, comparing, traits, clock), "comparing", lease=compares),
        Works(FinishLinks(link), "links", every_seconds=FINISH_SECONDS),
    )
    prepare = (marks.prepare, compares.prepare, comparing.prepare)
    return Matching(marking, router, FindEarlier(services, marking, seals), jobs, prepare)
