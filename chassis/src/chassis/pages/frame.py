"""How does a page come to be? A template in the suite's frame, in the reader's language, with what this person may do;
a refusal is a page too."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from chassis.database import transient
from chassis.nowhere import PageRoute
from chassis.pages.answers import ANSWERS, REFUSED, UNAVAILABLE_SECONDS
from chassis.pages.assets import assets
from chassis.pages.cookies import (
    SAID,
    SAME_SITE,
    TRIED,
    TRIED_AGAIN,
    TRIED_SECONDS,
    keep_language,
    language_of,
    say_next,
)
from chassis.pages.leads import address, nearest
from chassis.pages.posted import IN_A_LANGUAGE
from chassis.pages.words import Words
from chassis.refusals import Rule, Unauthenticated, Unavailable

#: What is said where a form came after its sender's session.
NOT_SENT = "said.not_sent"
#: Of a number that the next page says.
COUNT_DIGITS = 4
#: What is said → where it leads, below the issuer's own address, and the words for that.
SAID_LEADS = {"said.recovered": ("/account/authenticator", "account.authenticator_do")}


@dataclass(frozen=True)
class Viewer:
    """Who looks at a page; ``mark`` goes into each of their forms."""

    id: str
    roles: tuple[str, ...]
    mark: str
    name: str | None = None
    #: Whom they act for, as people call it.
    house: str | None = None


@dataclass(frozen=True)
class Entry:
    """A way to go: who has one of ``roles`` sees it, everybody inside where there are none. ``label`` is a key of the
    catalogue, and ``<label>_about`` says what is there."""

    path: str
    label: str
    roles: frozenset[str] = frozenset()

    def open_to(self, viewer: Viewer) -> bool:
        return not self.roles or bool(self.roles & set(viewer.roles))


class Section(Protocol):
    """Pages of one service below one address, with the words of a menu."""

    @property
    def path(self) -> str: ...
    @property
    def service(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def roles(self) -> frozenset[str]: ...


def menu(
    base: str, sections: Sequence[Section], *, administered: bool = True, own: Sequence[Entry] = ()
) -> tuple[Entry, ...]:
    """The same at the issuer and wherever its log-in leads; ``own``: pages of the issuer's own service.

    Errors: ValueError where one section lies in another or in the issuer's own pages: a browser would bring two passes.
    """
    places = [base, *(one.path for one in sections)]
    for place in places:
        if inside := [one for one in places if one.startswith(f"{place}/")] or places.count(place) > 1:
            raise ValueError(f"pages of two services below {place}: {inside}; give each an address of its own")
    accounts = (Entry(f"{base}/accounts", "nav.accounts", frozenset({"administrator"})),) if administered else ()
    firsts = {one.label: one for one in reversed(sections)}
    there = (Entry(one.path, one.label, one.roles) for one in sections if firsts[one.label] is one)
    return (Entry(base, "nav.start"), *own, *there, *accounts, Entry(f"{base}/account", "nav.account"))


class Pages:
    """Makes pages of templates, which know ``also``. ``packages`` have ``templates/`` and ``data/pages.json``; ``base``
    is the issuer's; ``visited``: by whom it gives a pass, for the pages are another service's."""

    def __init__(
        self,
        *packages: str,
        service: str,
        base: str,
        navigation: Sequence[Entry] = (),
        example_data: bool = False,
        secure: bool = False,
        visited: bool = False,
        refusals: Mapping[type[Exception], Rule] | None = None,
        also: Mapping[str, Any] | None = None,
    ) -> None:
        all_packages = ("chassis.pages", *packages)
        self.words, self.base, self._service = Words(all_packages), base, service
        self.secure, self._visited, self._looked_at = secure, visited, set[str]()
        #: A service's own refusals: not there, or not as things stand.
        self._own = {
            kind: (rule.status, "refused.not_found" if rule.status == 404 else "refused.moved")
            for kind, rule in (refusals or {}).items()
        }
        self._navigation = navigation
        self._example_data = example_data
        self._templates = Environment(
            loader=ChoiceLoader([PackageLoader(package) for package in reversed(all_packages)]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals |= also or {}

    def router(self, prefix: str = "") -> APIRouter:
        """Whose routes answer with pages, also where they refuse."""
        pages = self

        class Route(PageRoute):
            place, refusing, looked_at = prefix, staticmethod(pages.refused), pages._looked_at

            def __init__(self, *arguments: Any, **named: Any) -> None:
                asked = {**(named.get("openapi_extra") or {})}
                if "GET" in (named.get("methods") or ()):
                    asked["parameters"] = [*asked.get("parameters", ()), IN_A_LANGUAGE]
                super().__init__(*arguments, **{**named, "openapi_extra": asked})

            def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
                handle = super().get_route_handler()

                async def answered(request: Request) -> Response:
                    try:
                        return await handle(request)
                    except Exception as error:
                        return pages.refused(request, error)

                return answered

            @staticmethod
            def missing(request: Request, status: int) -> Response:
                key = "refused.not_found"
                return pages.show(request, "refused.html", status, here=pages.base, key=key, minutes=0)

        return APIRouter(prefix=prefix, route_class=Route, default_response_class=HTMLResponse, responses=ANSWERS)

    def show(
        self, request: Request, template: str, status: int = 200, *, here: str | None = None, **values: Any
    ) -> HTMLResponse:
        """``here``: where the switch of languages leads, if not to this address; ``told_once=True``: there is none."""
        language, viewer = language_of(request), viewer_of(request)
        said, _, count = request.cookies.get(SAID, "").partition(":")
        said = said if said.startswith("said.") and said in self.words else ""
        other, mark = "en" if language == "id" else "id", "&" if "?" in (here or "") else "?"
        kept = {name: value for name, value in request.query_params.items() if name != "lang"} if here is None else {}
        html = self._templates.get_template(template).render(
            language=language,
            other=other,
            switch=f"{here or request.url.path}{mark}{urlencode({**kept, 'lang': other})}",
            path=request.url.path,
            say=lambda key, **filled: self.words.say(key, language, **filled),
            moment=lambda at: self.words.moment(at, language),
            short=lambda at: self.words.short(at, language),
            day=lambda at: self.words.day(at, language),
            rupiah=lambda amount: self.words.rupiah(amount, language),
            role=lambda name: self.words.say(key, language) if (key := f"role.{name}") in self.words else name,
            named=lambda field: self.words.say(key, language) if (key := f"field.{field}") in self.words else field,
            asset=partial(assets().url, self._service),
            base=self.base,
            viewer=viewer,
            navigation=[entry for entry in self._navigation if viewer and entry.open_to(viewer)],
            example_data=self._example_data,
            said=said,
            count=count if count.isdecimal() and len(count) <= COUNT_DIGITS else "0",
            NOT_SENT=NOT_SENT,
            said_leads=SAID_LEADS,
            **{"form": None, "told_once": False, **values},
        )
        response = HTMLResponse(html, status)
        # An older browser says where a form stands by this alone; nobody else is told.
        response.headers["Referrer-Policy"] = "same-origin"
        keep_language(request, response, secure=self.secure)
        if said:
            response.delete_cookie(SAID, secure=self.secure, httponly=True, samesite="lax")
        return response

    def lead(self, to: str, *, said: str | None = None, count: int | None = None) -> RedirectResponse:
        """On to another page, which says what was done, and of how many."""
        response = RedirectResponse(to, 303)
        if said:
            say_next(response, said, count=count, secure=self.secure)
        return response

    def refused(self, request: Request, error: Exception) -> Response:
        """The page of a refusal. Errors: ``error`` itself where it is a defect."""
        if isinstance(error, Unauthenticated):
            return self._to_log_in(request)
        if transient(error):
            error = Unavailable()
        known, own = REFUSED | self._own, getattr(error, "page", None)
        found = own or next((known[kind] for kind in type(error).__mro__ if kind in known), None)
        if found is None:
            raise error
        status, key = found
        seconds = UNAVAILABLE_SECONDS if status == 503 else int(getattr(error, "extra", {}).get("retry_after", 0))
        response = self.show(request, "refused.html", status, here=self.base, key=key, minutes=-(-seconds // 60))
        if seconds:
            response.headers["Retry-After"] = str(seconds)
        return response

    def to_log_in(self, request: Request, to: str) -> Response:
        """Nobody is in. Whoever sent a form is told that nothing of it was done."""
        way = f"{self.base}/log-in?to={quote(to, safe='')}" if to else f"{self.base}/log-in"
        return self.lead(way, said=None if request.method == "GET" else NOT_SENT)

    def _to_log_in(self, request: Request) -> Response:
        where = address(request.url.path, request.url.query)
        if not self._visited:
            return self.to_log_in(request, where if request.method == "GET" else nearest(request))
        if TRIED in request.cookies and TRIED_AGAIN in request.cookies:
            return self.show(request, "refused.html", 401, here=self.base, key="refused.not_entered", minutes=0)
        # What was sent is sent again with the new pass: nobody types it twice; ``back``: where its form stood.
        back, status = ({}, 303) if request.method == "GET" else ({"back": nearest(request)}, 307)
        response = RedirectResponse(f"{self.base}/enter?{urlencode({'to': where, **back})}", status)
        if TRIED in request.cookies:
            path, secure = request.url.path, self.secure
            response.set_cookie(
                TRIED_AGAIN, "1", TRIED_SECONDS, path=path, secure=secure, httponly=True, samesite=SAME_SITE
            )
        return response


def viewer_of(request: Request) -> Viewer | None:
    """Whoever was recognized, where they may be shown as inside."""
    return getattr(getattr(request.state, "recognized", None), "viewer", None)
