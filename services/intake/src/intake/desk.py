"""How is the CSO desk put together? For the composition root: what registers, and the pages of whoever sits there."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chassis.auth import ServiceTokens
from chassis.calendar import load_calendar
from chassis.parts import Base, Job
from chassis.throttle import Throttle
from chassis.working_days import JAKARTA, end_of
from contracts.topology import CHANNELS
from fastapi import APIRouter

from intake.adapters.catalogues import load_canned, load_cards
from intake.adapters.days import JakartaDays
from intake.adapters.desk import MongoDesk
from intake.adapters.guidance import load_guidance
from intake.adapters.hours import load_hours
from intake.adapters.quality import MongoQuality
from intake.adapters.statuses import TrackingStatuses
from intake.adapters.taxonomy import load_taxonomy
from intake.doors.ivr import ivr_router
from intake.pages.cso.calls import call_pages
from intake.pages.cso.frame import desk_frame
from intake.pages.cso.quality import quality_pages
from intake.pages.cso.questions import question_pages
from intake.pages.cso.work import work_pages
from intake.ports import Attempts, Marking, Numbers, Seals, Services
from intake.refusals import REFUSALS
from intake.settings import Settings
from intake.usecases.desk import AnswerSeveral, FillAnswer, ReadMatter, RenewForCaller, SayStatus
from intake.usecases.due import DueDays
from intake.usecases.finding import FindEarlier
from intake.usecases.pins import RenewPin
from intake.usecases.quality import DrawSample, ScoreMatter, TellResults
from intake.usecases.services import AnswerQuestion, RegisterService


@dataclass(frozen=True)
class Desk:
    routers: Sequence[APIRouter]
    prepare: Sequence[Callable[[], Awaitable[None]]]
    close: Sequence[Callable[[], Awaitable[None]]]
    jobs: Sequence[Job] = ()


def register_story(base: Base, services: Services, numbers: Numbers, seals: Seals, marking: Marking) -> RegisterService:
    """One for every way in: what is complete, and when the office is open, is the same everywhere."""
    clock = base.clock
    return RegisterService(services, numbers, seals, load_taxonomy(), JakartaDays(clock), clock, load_hours(), marking)


def cso_desk(
    base: Base, settings: Settings, register: RegisterService, find: FindEarlier, renew: RenewPin, pins: Attempts
) -> Desk:
    """``pins``: how often a PIN was wrong, at whatever door of intake."""
    services, seals, clock = register.services, register.seals, base.clock
    today, waiting = JakartaDays(clock), MongoDesk(base)
    statuses = TrackingStatuses(settings.tracking_url, ServiceTokens(settings.service_key, base.name, clock))
    read, fill = ReadMatter(services, seals, statuses), FillAnswer(services, seals)
    answer = AnswerSeveral(AnswerQuestion(services, seals, clock), fill, register.numbers.digest)
    quality = MongoQuality(base)
    asked = Throttle(base.database, clock, "pin-cso")
    pages, renewed = desk_frame(settings, REFUSALS), RenewForCaller(services, register.marking, asked, renew)

    def times() -> tuple[datetime, datetime]:
        """Now, and until when what is due is near: the end of tomorrow."""
        return clock.now(), end_of(today() + timedelta(days=1))

    def midnight() -> datetime:
        return datetime.combine(today(), datetime.min.time(), JAKARTA)

    routers = [
        question_pages(pages, waiting, times, today, read, fill, answer, load_canned()),
        work_pages(pages, waiting, times, midnight),
        quality_pages(
            pages,
            DrawSample(waiting, quality, clock),
            ScoreMatter(services, seals, quality, load_cards(), clock, today),
            TellResults(services, seals, quality),
            quality,
            read,
            CHANNELS,
            today,
        ),
        call_pages(
            pages, register, find, read, statuses, renewed, DueDays(load_guidance(), load_calendar()), settings.senders
        ),
        ivr_router(say_status=SayStatus(services, register.numbers, pins, statuses), register_service=register),
    ]
    return Desk(routers, [waiting.prepare, quality.prepare], [statuses.close])
