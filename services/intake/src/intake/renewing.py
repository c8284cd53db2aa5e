"""How does a lost PIN come to be replaced? Adapters → use cases → pages and worker, put together: a part of intake's
contents."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from chassis.pages.frame import Pages
from chassis.parts import Base, Job
from chassis.permits import Permits
from chassis.throttle import Throttle
from fastapi import APIRouter

from intake.adapters.numbers import DrawnNumbers
from intake.adapters.pin_asks import MongoPinAsks
from intake.jobs import Works
from intake.pages.pin.doors import pin_pages
from intake.ports import Marking, Seals, Services
from intake.settings import Settings
from intake.usecases.pins import AskPinLink, ReadPinLink, RenewPin, TellPinLinks

#: Asks an hour for one number, whether or not it exists; and a minute from one address.
PER_NUMBER, PER_CLIENT = 3, 120


@dataclass(frozen=True)
class Renewing:
    renew: RenewPin
    router: APIRouter
    jobs: Sequence[Job]
    prepare: Sequence[Callable[[], Awaitable[None]]]


def renewing(
    base: Base, settings: Settings, services: Services, seals: Seals, numbers: DrawnNumbers, marking: Marking
) -> Renewing:
    asks, clock = MongoPinAsks(base), base.clock
    by_number = Throttle(base.database, clock, "pin-number", most=PER_NUMBER, window=timedelta(hours=1))
    by_client = Throttle(base.database, clock, "pin-client", most=PER_CLIENT, window=timedelta(minutes=1))
    ask = AskPinLink(asks, marking, by_number, by_client, lambda client: numbers.digest(f"client {client}"))
    renew = RenewPin(services, numbers)
    link = ReadPinLink(services, Permits(settings.link_key.get_secret_value(), "link of a mail"), clock)
    example, secure = settings.example_data, settings.behind_tls
    pages = Pages("intake.pages.pin", service="intake", base="/", example_data=example, secure=secure)
    tell = Works(TellPinLinks(services, asks, seals, marking, clock), "links for a new PIN")
    return Renewing(renew, pin_pages(pages, ask, link, renew), [tell], [asks.prepare, by_number.prepare])
