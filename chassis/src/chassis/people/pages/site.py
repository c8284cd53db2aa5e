"""Which pages does an issuer have? The frame, all routes, and who is found behind a cookie, put together."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter

from chassis.access import Reader
from chassis.pages.cookies import Cookie
from chassis.pages.frame import Entry, Pages, Section, menu
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
from chassis.refusals import Rule
from chassis.settings import ServiceSettings


@dataclass(frozen=True)
class Home:
    """Pages of the issuer's own service: where their templates and words are, their entries in the menu, how its
    refusals are told, and what a firm is called by its code."""

    packages: Sequence[str]
    entries: Sequence[Entry]
    refusals: Mapping[type[Exception], Rule]
    called: Callable[[str], Awaitable[str | None]] | None = None


class Site:
    """``administer`` is None where others let people in; ``sections``: pages of other services, which the
    log-in opens; ``provider``: where people log in, if not here; ``home``: the service's own pages at this issuer,
    which begin at ``base`` in place of a start page."""

    def __init__(
        self,
        desk: Desk,
        base: str,
        administer: Administer | None,
        signer: Signer,
        service: str,
        settings: ServiceSettings,
        sections: Sequence[Section],
        provider: OpenIdProvider | None = None,
        home: Home | None = None,
    ) -> None:
        own = home or Home((), (), {})
        pages = Pages(
            "chassis.people.pages",
            *own.packages,
            service=service,
            base=base,
            navigation=menu(base, sections, administered=administer is not None, own=own.entries),
            example_data=settings.example_data,
            secure=settings.behind_tls,
            refusals={**REFUSALS, **own.refusals},
        )
        cookie = Cookie(f"slkt-{base.strip('/')}-session", base, settings.behind_tls)
        leads = {one.path: one.service for one in sections}
        self.front = front = Front(pages, desk, base, cookie, tuple(leads), home.called if home else None)
        elsewhere = Elsewhere(front, provider, leads)
        self.readers: Mapping[str, Reader] = {
            Inside.kind: front.reader(Inside, "in"),
            LoggingIn.kind: front.reader(LoggingIn, "second-factor", "first-log-in"),
        }
        self.routers: list[APIRouter] = [
            log_in_pages(front, elsewhere, leads),
            account_pages(front, starts=home is None),
            session_pages(front, elsewhere),
        ]
        if leads:
            self.routers.append(enter_pages(front, signer, leads))
        if administer:
            self.routers += [accounts_pages(front, administer), elsewhere.router()]
