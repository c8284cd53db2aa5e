"""Tracking's table of contents: adapters → use cases → doors."""

from datetime import timedelta

from chassis.auth import ServiceTokens
from chassis.keydesk import KeyDesk
from chassis.pages.frame import Pages
from chassis.permits import Permits
from chassis.readers import service_reader
from chassis.sealing import seal
from chassis.service import Base, Parts
from chassis.throttle import Throttle

from tracking.access import ACCESS
from tracking.adapters.mongo import MongoTimelines
from tracking.adapters.seals import DeskSeals
from tracking.http import http_router
from tracking.pages.answering import answer_router
from tracking.pages.looking import page_router
from tracking.pages.meanings import meanings_router
from tracking.pins import Pins
from tracking.receipts import receipts
from tracking.refusals import REFUSALS
from tracking.settings import Settings
from tracking.subscribers import message_router
from tracking.usecases.answering import PermitAnswers, TakeAnswer
from tracking.usecases.looking import FoldFact, OpenMatter, Prove, ShowTimeline, TrackMatter
from tracking.views.matter import Views
from tracking.words import Words


def compose(base: Base, settings: Settings) -> Parts:
    timelines, views, clock = MongoTimelines(base), Views(Words()), base.clock
    desk = KeyDesk(settings.key_desk_url, ServiceTokens(settings.service_key, base.name, clock), "show the consumer")
    by_number = Throttle(base.database, clock, "number", most=settings.tries_per_number)
    minute = timedelta(minutes=1)
    by_client = Throttle(base.database, clock, "client", most=settings.tries_per_client, window=minute)
    pin_key, link_key = settings.pin_key.get_secret_value(), settings.link_key.get_secret_value()
    pins = Pins(pin_key)
    track = TrackMatter(Prove(pins, timelines, by_number, by_client), OpenMatter(timelines, DeskSeals(desk), clock))
    take, show = TakeAnswer(timelines, seal, clock), ShowTimeline(timelines)
    permit = PermitAnswers(Permits(pin_key, "page of a matter"), Permits(link_key, "link of a mail"), clock)
    example, secure = settings.example_data, settings.behind_tls
    pages = Pages("tracking", service="tracking", base="/", example_data=example, secure=secure)
    papers = receipts(base, settings, timelines, track.prove, permit, pages)
    return Parts(
        inboxes=[message_router(fold_fact=FoldFact(timelines), end_tokens=base.ended.hear)],
        routers=[
            http_router(track_matter=track, take_answer=take, show_timeline=show, views=views, digest=pins.digest),
            page_router(track_matter=track, permit=permit, views=views, pages=pages),
            answer_router(track_matter=track, permit=permit, take_answer=take, views=views, pages=pages),
            papers.router,
            meanings_router(pages=pages),
        ],
        access=ACCESS,
        readers={"service": service_reader(base.services_issuer(settings.service_keys))},
        refusals=REFUSALS,
        jobs=[papers.job],
        prepare=[by_number.prepare, timelines.prepare, papers.roots.prepare, papers.lease.prepare],
        close=[desk.close],
    )
