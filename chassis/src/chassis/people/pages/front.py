"""What do all pages of an issuer share? A session in a cookie that only its own addresses get, and forms that carry the
session's mark."""

from collections.abc import Awaitable, Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar

from fastapi import Request, Response
from starlette.datastructures import Headers

from chassis.access import Reader
from chassis.askers import Asker
from chassis.audit import Actor
from chassis.pages.answers import UNAVAILABLE_SECONDS
from chassis.pages.cookies import Cookie
from chassis.pages.forgery import FIELD, Guard
from chassis.pages.forms import WHOLE, Form, form_of
from chassis.pages.frame import Pages, Viewer
from chassis.pages.leads import known
from chassis.pages.passes import take_back
from chassis.pages.uploads import Uploads, uploads_of
from chassis.people.account import Account
from chassis.people.desk import Desk
from chassis.people.doors import actor_of
from chassis.people.log_in import WrongCode
from chassis.people.passwords import LENGTH_LEAST, LENGTH_MOST, TooEasy
from chassis.people.sessions import Stage
from chassis.refusals import TooMany, Unauthenticated, Unavailable

#: The header of a page's script that looks whether something is new.
WATCHES = "slkt-watches"


@dataclass(frozen=True)
class Inside:
    """Who is logged in at this issuer with a browser. The token of the session is shown on no page."""

    kind: ClassVar[str] = "page"
    token: str
    account: Account
    stage: Stage
    mark: str
    #: The name of the firm that the person works at.
    house: str | None = None

    @property
    def may(self) -> frozenset[str]:
        return frozenset(self.account.roles)

    @property
    def actor(self) -> Actor:
        return actor_of(self.account)

    @property
    def viewer(self) -> Viewer | None:
        if self.stage != "in":
            return None
        return Viewer(self.account.id, self.account.roles, self.mark, self.account.name, self.house)


class LoggingIn(Inside):
    """Who is on their way in with a browser."""

    kind: ClassVar[str] = "log-in page"


@dataclass(frozen=True)
class Here:
    """Who was let in, and the form that they sent from a page of ours."""

    token: str
    account: Account
    form: Form
    #: What came with the form, at doors that take files.
    uploads: Uploads = field(default_factory=lambda: Uploads(Form()))


def after(to: str, base: str, sections: Collection[str]) -> str | None:
    """Where somebody goes who is in now: a page of this issuer that is none of its log-in's, or of a section."""
    found = known(to, [base, *sections])
    turns = [f"{base}/{one}" for one in ("log-in", "log-out", "logged-out", "enter", "oidc", "api")]
    return None if found is None or known(found, turns) else found


class Outcome:
    """How the form is answered where it comes again."""

    def __init__(self) -> None:
        self.status = 422
        self.headers: dict[str, str] = {}


@dataclass(frozen=True)
class Front:
    """``base`` is where the pages of this issuer lie."""

    pages: Pages
    desk: Desk
    base: str
    cookie: Cookie
    sections: tuple[str, ...] = ()
    #: What a firm is called, by its code.
    called: Callable[[str], Awaitable[str | None]] | None = None

    @property
    def guard(self) -> Guard:
        return Guard(self.desk.vault.digest)

    def reader(self, found: type[Inside], *stages: Stage) -> Reader:
        """Who is found behind the cookie."""

        async def read(headers: Headers) -> Asker:
            token = self.cookie.read_from(headers)
            # An open list that looks again by itself keeps nobody's log-in: an empty chair is logged out.
            session, account = await self.desk.who(token, *stages, used=WATCHES not in headers)
            house = await self.called(account.firm) if self.called and account.firm else None
            return found(token, account, session.stage, self.guard.mark(token), house)

        return read

    def at(self, *stages: Stage) -> Callable[[Request], Awaitable[Here]]:
        """A FastAPI dependency of a page: who was let in is as far as the page is for, and the form is from here."""

        async def here(request: Request) -> Here:
            return self._here(request, Uploads(await form_of(request)), stages)

        return here

    def with_files(self, *stages: Stage) -> Callable[[Request], Awaitable[Here]]:
        """The same for a page with room (``roomy``), whose form may bring files: they are read by the page, once it has
        looked at the fields."""

        async def here(request: Request) -> Here:
            return self._here(request, await uploads_of(request), stages)

        return here

    def _here(self, request: Request, uploads: Uploads, stages: tuple[Stage, ...]) -> Here:
        asker, form = request.state.asker, uploads.form
        if asker.stage not in stages:
            raise Unauthenticated("another step of the log-in comes first")
        if request.method != "GET":
            self.guard.check(request, asker.token, form[FIELD])
        return Here(asker.token, asker.account, form, uploads)

    def again(self, request: Request, template: str, form: Form, outcome: Outcome, **values: Any) -> Response:
        """The form once more, with what is wrong."""
        response = self.pages.show(request, template, outcome.status, form=form, **values)
        response.headers.update(outcome.headers)
        return response

    async def sent(
        self,
        request: Request,
        template: str,
        form: Form,
        wrong: tuple[str, str],
        act: Callable[[], Awaitable[Response]],
        **values: Any,
    ) -> Response:
        """What ``act`` answers; or the form of ``template`` once more, where it was filled in wrongly or the act
        refuses. ``wrong``: where and what is said of something that is not right."""
        with judged(form, *wrong) as outcome:
            if not form.errors:
                return await act()
        return self.again(request, template, form, outcome, **values)

    def enter(self, to: str, token: str, *, said: str | None = None, count: int | None = None) -> Response:
        """On to ``to`` with the session that a step gave."""
        response = self.pages.lead(to, said=said, count=count)
        self.cookie.put(response, token)
        # Whatever an earlier log-in of this browser opened elsewhere was another person's, perhaps.
        take_back(response, self.sections, secure=self.pages.secure)
        return response


def _too_easy(form: Form, error: TooEasy) -> None:
    form.wrong("new", f"password.{error.why}", least=LENGTH_LEAST, most=LENGTH_MOST)


@contextmanager
def judged(form: Form, field: str, key: str) -> Iterator[Outcome]:
    """What a story refuses becomes an error of the form. ``field`` and ``key``: where and what is said of something
    that is wrong; never which part of it."""
    outcome = Outcome()
    try:
        yield outcome
    except Unauthenticated as error:
        form.wrong(field, key)
        if isinstance(error, WrongCode) and error.easy:
            _too_easy(form, error.easy)
    except TooEasy as error:
        _too_easy(form, error)
    except TooMany as error:
        seconds = int(error.extra["retry_after"])
        form.wrong(WHOLE, "form.too_many", minutes=-(-seconds // 60))
        outcome.status, outcome.headers = 429, {"Retry-After": str(seconds)}
    except Unavailable:
        form.wrong(WHOLE, "form.unavailable")
        outcome.status, outcome.headers = 503, {"Retry-After": str(UNAVAILABLE_SECONDS)}
