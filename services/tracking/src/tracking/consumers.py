"""What do consumers meet here? Their pages and what stands behind them, put together for the composition root."""

from collections.abc import Sequence
from dataclasses import dataclass

from chassis.pages.frame import Pages
from chassis.permits import Permits
from chassis.sealing import seal
from chassis.service import Base, Job
from fastapi import APIRouter

from tracking.adapters.mongo import MongoTimelines
from tracking.pages.answering import answer_router
from tracking.pages.installed import at, installed_routers
from tracking.pages.looking import page_router
from tracking.pages.opened import OpenedPage
from tracking.pages.staying import live_router, staying_router
from tracking.pages.wishing import wish_router
from tracking.settings import Settings
from tracking.usecases.answering import PermitAnswers, TakeAnswer
from tracking.usecases.looking import TrackMatter
from tracking.usecases.watching import Watching
from tracking.usecases.wishing import TakeWish
from tracking.views.matter import Views


@dataclass(frozen=True)
class Consumers:
    routers: Sequence[APIRouter]
    jobs: Sequence[Job]
    permit: PermitAnswers
    pages: Pages


def consumers(
    base: Base, settings: Settings, timelines: MongoTimelines, track: TrackMatter, take: TakeAnswer, views: Views
) -> Consumers:
    pin_key, link_key = settings.pin_key.get_secret_value(), settings.link_key.get_secret_value()
    of_pages, of_ways = Permits(pin_key, "page of a matter"), Permits(pin_key, "way to intake")
    permit = PermitAnswers(of_pages, Permits(link_key, "link of a mail"), of_ways, track.prove.rounds, base.clock)
    example, secure = settings.example_data, settings.behind_tls
    pages = Pages("tracking", service="tracking", base="/", example_data=example, secure=secure, also={"file": at})
    opened = OpenedPage(track, timelines, permit, views, pages, settings.senders)
    wish, watching = TakeWish(timelines, seal, base.clock), Watching(timelines, base.clock)
    routers = [
        page_router(track_matter=track, opened=opened, pages=pages),
        answer_router(
            track_matter=track,
            opened=opened,
            permit=permit,
            take_answer=take,
            take_wish=wish,
            views=views,
            pages=pages,
        ),
        wish_router(opened=opened, prove=track.prove, permit=permit, take_wish=wish, pages=pages),
        staying_router(opened=opened, prove=track.prove, permit=permit, pages=pages),
        live_router(watching=watching, permit=permit, prove=track.prove, secure=secure),
        *installed_routers(pages=pages),
    ]
    return Consumers(routers, [watching], permit, pages)
