"""The figures, put together: adapters → use cases → pages, door and worker. A part of tracking's contents."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from chassis.clocks import Lease
from chassis.pages.frame import Pages, menu
from chassis.parts import Base, Job
from chassis.settings import ServiceSettings
from contracts.pages import SECTIONS
from fastapi import APIRouter

from tracking.adapters.figures import MongoFigures
from tracking.doors import figures_router
from tracking.jobs import KeepFigures
from tracking.pages.statistics.site import desk_pages, public_pages
from tracking.ports import Timelines
from tracking.usecases.counting import CountMatters
from tracking.usecases.telling import TellFigures

WORDS = "tracking.pages.statistics"


@dataclass(frozen=True)
class Counting:
    routers: Sequence[APIRouter]
    job: Job
    prepare: Sequence[Callable[[], Awaitable[None]]]


def counting(base: Base, settings: ServiceSettings, timelines: Timelines) -> Counting:
    kept, lease = MongoFigures(base.database), Lease(base, "figures")
    tell, example, secure = TellFigures(kept), settings.example_data, settings.behind_tls
    desk = Pages(
        "chassis.people.pages",
        WORDS,
        service="tracking",
        base="/staff",
        visited=True,
        navigation=menu("/staff", SECTIONS),
        example_data=example,
        secure=secure,
    )
    everybody = Pages(WORDS, service="tracking", base="/", example_data=example, secure=secure)
    routers = [
        figures_router(tell, base.clock),
        desk_pages(desk, tell, base.clock),
        public_pages(everybody, tell, base.clock),
    ]
    job = KeepFigures(CountMatters(timelines, kept), lease)
    return Counting(routers, job, [kept.prepare, lease.prepare])
