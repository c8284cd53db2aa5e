"""Tracking's table of contents: adapters → use cases → doors."""

from datetime import timedelta

from chassis.auth import ServiceTokens
from chassis.keydesk import KeyDesk
from chassis.readers import service_reader
from chassis.sealing import seal
from chassis.service import Base, Parts
from chassis.throttle import Throttle

from tracking.access import ACCESS
from tracking.adapters.mongo import MongoTimelines
from tracking.adapters.seals import DeskSeals
from tracking.consumers import consumers
from tracking.counting import counting
from tracking.http import http_router
from tracking.pages.meanings import meanings_router
from tracking.pins import Pins
from tracking.receipts import receipts
from tracking.refusals import REFUSALS
from tracking.settings import Settings
from tracking.subscribers import message_router
from tracking.usecases.answering import TakeAnswer
from tracking.usecases.looking import FoldFact, OpenMatter, Prove, ShowTimeline, TrackMatter
from tracking.views.matter import Views
from tracking.words import Words


def compose(base: Base, settings: Settings) -> Parts:
    timelines, views, clock = MongoTimelines(base), Views(Words()), base.clock
    desk = KeyDesk(settings.key_desk_url, ServiceTokens(settings.service_key, base.name, clock), "show the consumer")
    by_number = Throttle(base.database, clock, "number", most=settings.tries_per_number)
    minute = timedelta(minutes=1)
    by_client = Throttle(base.database, clock, "client", most=settings.tries_per_client, window=minute)
    pins = Pins(settings.pin_key.get_secret_value())
    track = TrackMatter(Prove(pins, timelines, by_number, by_client), OpenMatter(timelines, DeskSeals(desk), clock))
    take, show = TakeAnswer(timelines, seal, clock), ShowTimeline(timelines)
    people = consumers(base, settings, timelines, track, take, views)
    papers = receipts(base, settings, timelines, track.prove, people.permit, people.pages)
    figures = counting(base, settings, timelines)
    return Parts(
        inboxes=[message_router(fold_fact=FoldFact(timelines), end_tokens=base.ended.hear)],
        routers=[
            http_router(track_matter=track, take_answer=take, show_timeline=show, views=views, digest=pins.digest),
            *people.routers,
            papers.router,
            meanings_router(pages=people.pages),
            *figures.routers,
        ],
        access=ACCESS,
        readers={"service": service_reader(base.services_issuer(settings.service_keys))},
        refusals=REFUSALS,
        jobs=[*people.jobs, papers.job, figures.job],
        prepare=[by_number.prepare, timelines.prepare, *papers.prepare, *figures.prepare],
        close=[desk.close],
    )
