"""Tracking's table of contents: adapters → use cases → doors."""

from datetime import timedelta

from chassis.auth import ServiceTokens
from chassis.keydesk import KeyDesk
from chassis.refusals import Rule
from chassis.service import Base, Parts
from chassis.throttle import Throttle

from tracking.access import ACCESS
from tracking.adapters.mongo import MongoTimelines
from tracking.adapters.seals import DeskSeals
from tracking.domain import NoMatch
from tracking.http import http_router
from tracking.pages import page_router
from tracking.pins import Pins
from tracking.settings import Settings
from tracking.subscribers import message_router
from tracking.usecases import FoldFact, ShowTimeline, TrackMatter
from tracking.views import Views
from tracking.words import Words

REFUSALS: dict[type[Exception], Rule] = {NoMatch: Rule(404, "not-found", "No matter has this number and PIN")}


def compose(base: Base, settings: Settings) -> Parts:
    timelines, views = MongoTimelines(base), Views(Words())
    tokens = ServiceTokens(settings.service_key, base.name, base.clock)
    desk = KeyDesk(settings.key_desk_url, tokens, purpose="show the consumer")
    by_number = Throttle(base.database, base.clock, "number", most=settings.tries_per_number)
    by_client = Throttle(
        base.database, base.clock, "client", most=settings.tries_per_client, window=timedelta(minutes=1)
    )
    pins = Pins(settings.pin_key.get_secret_value())
    track_matter = TrackMatter(timelines, pins, DeskSeals(desk), by_number, by_client)
    return Parts(
        inboxes=[message_router(fold_fact=FoldFact(timelines), end_tokens=base.ended.hear)],
        routers=[
            http_router(track_matter=track_matter, show_timeline=ShowTimeline(timelines), views=views),
            page_router(track_matter=track_matter, views=views, settings=settings),
        ],
        access=ACCESS,
        refusals=REFUSALS,
        prepare=[by_number.prepare],
        close=[desk.close],
    )
