"""How does a browser go to the provider where people log in, and come back? Sent with what must return with it, once;
where something is wrong it stays on a page that says so, and is never sent round again by itself."""

import hashlib
from collections.abc import Collection
from typing import Literal

from fastapi import APIRouter, Request, Response

from chassis.doors import client_of
from chassis.pages.answers import UNAVAILABLE_SECONDS
from chassis.pages.cookies import Cookie
from chassis.pages.passes import take_back
from chassis.people.browsers import agent_of
from chassis.people.doors import actor_of
from chassis.people.elsewhere import ON_THE_WAY, LogInElsewhereBegins, LogInElsewhereEnds, NoRoleHere
from chassis.people.id_token import NotProved
from chassis.people.oidc import OpenIdProvider
from chassis.people.pages.front import Front, after
from chassis.refusals import NotFound, Unauthenticated, Unavailable
from chassis.traced import traced

#: Why nobody is in; the words for it begin with `elsewhere.`.
Because = Literal["no_role", "not_proved", "not_usable", "away"]


class Elsewhere:
    """The pages of a log-in at a provider; without one there is no such page. ``desks``: where else somebody may have
    come from."""

    def __init__(self, front: Front, provider: OpenIdProvider | None, desks: Collection[str]) -> None:
        self._front = front
        self._desks = tuple(desks)
        self._provider = provider

    @property
    def is_where_people_log_in(self) -> bool:
        return self._provider is not None

    def _kept(self, state: str) -> Cookie:
        """What a browser keeps of one log-in on the way: each tab has its own."""
        base, mark = self._front.base, hashlib.sha256(state.encode(errors="surrogatepass")).hexdigest()[:12]
        return Cookie(f"slkt-{base.strip('/')}-log-in-{mark}", f"{base}/oidc", self._front.cookie.secure)

    async def begin(self, request: Request, to: str) -> Response:
        """On to the provider. Errors: TooMany.

        By a page of ours: a browser follows no form of our pages to another host, redirects included, and people come
        here from a form that was sent after their session had ended.
        """
        try:
            url, kept, state = await LogInElsewhereBegins(self._front.desk, self._known())(to, client_of(request))
        except Unavailable:
            return self._away(request)
        response = self._front.pages.show(request, "people/on_the_way.html", url=url)
        self._kept(state).put(response, kept, ON_THE_WAY)
        return response

    async def out(self, request: Request, said: str) -> Response:
        """A session ended here: it ends at the provider, too, where that is able to."""
        pages, base, provider = self._front.pages, self._front.base, self._provider
        if provider is None:
            response: Response = pages.lead(f"{base}/log-in", said=said)
        else:
            url = await provider.log_out_at(provider.registered.site(f"{base}/logged-out"))
            # A form of ours leads to no other host, redirects included: so it is a page that goes on by itself.
            response = pages.show(request, "people/logged_out.html", here=f"{base}/logged-out", url=url)
        self._front.cookie.drop(response)
        take_back(response, self._desks, secure=pages.secure)
        return response

    def router(self) -> APIRouter:
        router = self._front.pages.router(self._front.base)

        @router.get("/oidc/callback")
        async def callback(request: Request) -> Response:
            provider, kept = self._known(), self._kept(request.query_params.get("state", ""))
            response = await self._answer(request, provider, kept.read(request))
            kept.drop(response)
            return response

        @router.get("/logged-out")
        async def logged_out(request: Request, because: Because | None = None) -> Response:
            """Also where the switch of languages leads from a page that says why nobody is in."""
            self._known()
            if because is not None:
                return self._refused(request, 200, because)
            return self._front.pages.show(request, "people/logged_out.html", url=None)

        return router

    async def _answer(self, request: Request, provider: OpenIdProvider, kept: str) -> Response:
        front = self._front
        try:
            begun, to = await LogInElsewhereEnds(front.desk, provider)(
                dict(request.query_params), kept, client_of(request), agent_of(request)
            )
        except NoRoleHere as error:
            if error.account is not None:
                await traced(request, actor_of(error.account), allowed=False)
            return self._refused(request, 403, "no_role")
        except NotProved:
            front.desk.failed.note("provider", None, client_of(request), Unauthenticated())
            return self._refused(request, 403, "not_proved")
        except Unauthenticated as error:
            front.desk.failed.note("provider", None, client_of(request), error)
            return self._refused(request, 403, "not_usable")
        except Unavailable:
            return self._away(request)
        await traced(request, actor_of(begun.account), allowed=True)
        return front.enter(after(to, front.base, self._desks) or front.base, begun.session)

    def _away(self, request: Request) -> Response:
        response = self._refused(request, 503, "away")
        response.headers["Retry-After"] = str(UNAVAILABLE_SECONDS)
        return response

    def _refused(self, request: Request, status: int, because: Because) -> Response:
        here, key = f"{self._front.base}/logged-out?because={because}", f"elsewhere.{because}"
        return self._front.pages.show(request, "people/elsewhere.html", status, here=here, key=key)

    def _known(self) -> OpenIdProvider:
        if self._provider is None:
            raise NotFound("people log in here")
        return self._provider
