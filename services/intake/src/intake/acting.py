"""How does what a consumer does from the page of their matter come together? Use cases → pages: a part of
``/lapor``."""

from datetime import timedelta

from chassis.pages.frame import Pages
from chassis.parts import Base
from chassis.permits import Permits
from chassis.throttle import Throttle
from fastapi import APIRouter

from intake.pages.acts.doors import act_pages
from intake.ports import Numbers, Services
from intake.settings import Settings
from intake.usecases.acting import ReadWay, WithdrawByPage
from intake.usecases.attaching import AddAttachment

#: Forms a minute from one address: a household, or an office where people look at their matters.
PER_CLIENT = 60


def acting(base: Base, settings: Settings, services: Services, numbers: Numbers, add: AddAttachment) -> APIRouter:
    by_client = Throttle(base.database, base.clock, "way-client", most=PER_CLIENT, window=timedelta(minutes=1))
    # Tracking makes them, with the key that the two of them hold.
    ways = Permits(settings.pin_key.get_secret_value(), "way to intake")
    example, secure = settings.example_data, settings.behind_tls
    pages = Pages("intake.pages.acts", service="intake", base="/", example_data=example, secure=secure)
    read = ReadWay(services, ways, base.clock)

    async def count(client: str) -> None:
        await by_client.take(numbers.digest(f"client {client}"))

    return act_pages(pages, read=read, add=add, withdraw=WithdrawByPage(services), count=count)
