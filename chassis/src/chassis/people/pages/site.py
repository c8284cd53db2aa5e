"""Which pages does an issuer have? The frame, all routes, and who is found behind a cookie, put together."""

from collections.abc import Mapping, Sequence

from fastapi import APIRouter

from chassis.access import Reader
from chassis.pages.assets import asset_router
from chassis.pages.cookies import Cookie
from chassis.pages.frame import Pages, Section, menu
from chassis.people.administer import Administer
from chassis.people.desk import Desk
from chassis.people.oidc import OpenIdProvider
from chassis.people.pages.account import account_pages
from chassis.people.pages.accounts import accounts_pages
from chassis.people.pages.elsewhere import Elsewhere
from chassis.people.pages.enter import enter_pages
from chassis.people.pages.front import Front, Inside, LoggingIn
from chassis.people.pages.log_in import log_in_pages
from chassis.people.pages.own_sessions import session_pages
from chassis.people.refusals import REFUSALS
from chassis.people.tokens import Signer
from chassis.settings import ServiceSettings


class Site:
    """``administer`` is None where others let people in; ``sections``: pages of other services, which the
    log-in opens; ``provider``: where people log in, if not here."""

    def __init__(
        self,
        desk: Desk,
        base: str,
        administer: Administer | None,
        signer: Signer,
        settings: ServiceSettings,
        sections: Sequence[Section],
        provider: OpenIdProvider | None = None,
    ) -> None:
        pages = Pages(
            "chassis.people.pages",
            base=base,
            navigation=menu(base, sections, administered=administer is not None),
            example_data=settings.example_data,
            secure=settings.behind_tls,
            refusals=REFUSALS,
        )
        cookie = Cookie(f"slkt-{base.strip('/')}-session", base, settings.behind_tls)
        leads = {one.path: one.service for one in sections}
        front = Front(pages, desk, base, cookie, tuple(leads))
        elsewhere = Elsewhere(front, provider, leads)
        self.readers: Mapping[str, Reader] = {
            Inside.kind: front.reader(Inside, "in"),
            LoggingIn.kind: front.reader(LoggingIn, "second-factor", "first-log-in"),
        }
        self.routers: list[APIRouter] = [
            log_in_pages(front, elsewhere, leads),
            account_pages(front),
            session_pages(front, elsewhere),
            asset_router(),
        ]
        if leads:
            self.routers.append(enter_pages(front, signer, leads))
        if administer:
            self.routers += [accounts_pages(front, administer), elsewhere.router()]
