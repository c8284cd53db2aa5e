"""How does a page of another service know who looks? By a pass: the issuer's token for that service, in a cookie that
only its desk gets, good for some minutes and fetched anew without anybody noticing."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from fastapi import Request
from starlette.datastructures import Headers
from starlette.responses import Response

from chassis.access import Reader
from chassis.audit import Actor
from chassis.pages.cookies import TRIED, TRIED_SECONDS, Cookie
from chassis.pages.forgery import FIELD, NotFromHere, same_origin
from chassis.pages.forms import Form, form_of
from chassis.pages.frame import Viewer
from chassis.readers import MARK, Checks, StandsStill
from chassis.refusals import Unauthenticated

COOKIE = "slkt-pass"


@dataclass(frozen=True)
class Visitor:
    """A person of OJK who looks at a page with the log-in at their issuer."""

    kind: ClassVar[str] = "staff page"
    id: str
    name: str
    roles: tuple[str, ...]
    mark: str

    @property
    def may(self) -> frozenset[str]:
        return frozenset(self.roles)

    @property
    def actor(self) -> Actor:
        return Actor("staff", self.id, self.roles)

    @property
    def viewer(self) -> Viewer:
        return Viewer(self.id, self.roles, self.mark, self.name)


@dataclass(frozen=True)
class Visit:
    """Who was let in, and the form that they sent from a page of ours."""

    visitor: Visitor
    form: Form


def visitor_reader(issuer: Checks, secure: bool, stands: StandsStill | None = None) -> Reader:
    """Who is found behind the pass."""
    # A browser gives a cookie by its path, so any path will do to read it.
    cookie = Cookie(COOKIE, "/", secure)

    async def read(headers: Headers) -> Visitor:
        claims = await issuer.claims(f"Bearer {cookie.read_from(headers)}")
        if MARK not in claims or (stands is not None and not await stands(claims)):
            raise Unauthenticated("log in first")
        name, roles = str(claims.get("name", "")), tuple(map(str, claims.get("roles", ())))
        return Visitor(str(claims["sub"]), name, roles, str(claims[MARK]))

    return read


async def visit(request: Request) -> Visit:
    """A FastAPI dependency of a desk's page: ``Annotated[Visit, Depends(visit)]``. Errors: NotFromHere."""
    visitor, form = request.state.asker, await form_of(request)
    if request.method != "GET":
        same_origin(request)
        if not hmac.compare_digest(visitor.mark.encode(), form[FIELD].encode(errors="replace")):
            raise NotFromHere("this form belongs to another log-in")
    return Visit(visitor, form)


def give(response: Response, desk: str, token: str, *, secure: bool) -> None:
    Cookie(COOKIE, desk, secure).put(response, token)
    response.set_cookie(TRIED, "1", TRIED_SECONDS, path=desk, secure=secure, httponly=True, samesite="lax")


def take_back(response: Response, desks: Sequence[str], *, secure: bool) -> None:
    for desk in desks:
        Cookie(COOKIE, desk, secure).drop(response)
        response.delete_cookie(TRIED, path=desk, secure=secure, httponly=True, samesite="lax")
