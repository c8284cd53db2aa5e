"""Which pages does an issuer have? The frame, all routes, and who is found behind a cookie, put together."""

from collections.abc import Mapping, Sequence

from fastapi import APIRouter

from chassis.access import Reader
from chassis.pages.assets import asset_router
from chassis.pages.cookies import Cookie
from chassis.pages.frame import Entry, Pages
from chassis.people.administer import ADMINISTRATOR, Administer
from chassis.people.desk import Desk
from chassis.people.pages.account import account_pages
from chassis.people.pages.accounts import accounts_pages
from chassis.people.pages.front import Front, Inside, LoggingIn
from chassis.people.pages.log_in import log_in_pages
from chassis.settings import ServiceSettings


class Site:
    """``administer`` is None where others let people in; ``more``: where else the pages lead to."""

    def __init__(
        self,
        desk: Desk,
        base: str,
        administer: Administer | None,
        settings: ServiceSettings,
        more: Sequence[Entry],
    ) -> None:
        accounts = (Entry(f"{base}/accounts", "nav.accounts", frozenset({ADMINISTRATOR})),) if administer else ()
        pages = Pages(
            "chassis.people.pages",
            base=base,
            navigation=(Entry(base, "nav.start"), *more, *accounts, Entry(f"{base}/account", "nav.account")),
            example_data=settings.example_data,
            secure=settings.behind_tls,
        )
        cookie = Cookie(f"slkt-{base.strip('/')}-session", base, settings.behind_tls)
        front = Front(pages, desk, base, cookie)
        self.readers: Mapping[str, Reader] = {
            Inside.kind: front.reader(Inside, "in"),
            LoggingIn.kind: front.reader(LoggingIn, "second-factor", "first-log-in"),
        }
        self.routers: list[APIRouter] = [log_in_pages(front), account_pages(front), asset_router()]
        if administer:
            self.routers.append(accounts_pages(front, administer))
