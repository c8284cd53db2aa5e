"""What does a browser keep for us? A session where it is the issuer's, a language, and a word about what was done."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from starlette.datastructures import Headers
from starlette.requests import Request, cookie_parser
from starlette.responses import Response

from chassis.pages.words import LANGUAGES, Language

LANGUAGE = "slkt-language"
SAID = "slkt-said"
#: The issuer has just given a pass to this browser.
TRIED = "slkt-entered"
#: It has, and was asked for another one for this page: the one before may have ended meanwhile.
TRIED_AGAIN = "slkt-entered-again"
#: Who comes back from the issuer twice within this time and still is not known is told so, and not sent there again.
TRIED_SECONDS = 10
LANGUAGE_SECONDS = 365 * 24 * 3600
SAID_SECONDS = 60
SAME_SITE: Literal["lax"] = "lax"


@dataclass(frozen=True)
class Cookie:
    """A secret that only ``path`` gets, and no script. ``secure``: browsers come by TLS, and give it by TLS alone."""

    name: str
    path: str
    secure: bool = False

    @property
    def full_name(self) -> str:
        # A browser takes this prefix by TLS alone: whoever only listens on the way can put none in place.
        return f"__Secure-{self.name}" if self.secure else self.name

    def read(self, request: Request) -> str:
        return self.read_from(request.headers)

    def read_from(self, headers: Headers) -> str:
        """ "" also where two came: a neighbour of the host may have put one there, and nobody can tell which."""
        came = "; ".join(headers.getlist("cookie"))
        names = [one.partition("=")[0].strip() for one in came.split(";")]
        return cookie_parser(came).get(self.full_name, "") if names.count(self.full_name) == 1 else ""

    def put(self, response: Response, value: str, lives: timedelta | None = None) -> None:
        """Until the browser is closed, or while it ``lives``; what it is good for ends before, at the issuer."""
        seconds, secure = int(lives.total_seconds()) if lives else None, self.secure
        response.set_cookie(
            self.full_name, value, seconds, path=self.path, secure=secure, httponly=True, samesite=SAME_SITE
        )

    def drop(self, response: Response) -> None:
        response.delete_cookie(self.full_name, path=self.path, secure=self.secure, httponly=True, samesite=SAME_SITE)


def language_of(request: Request) -> Language:
    """Asked for in the address, else as last time, else Indonesian."""
    asked = request.query_params.get("lang") or request.cookies.get(LANGUAGE)
    return next((one for one in LANGUAGES if one == asked), LANGUAGES[0])


def keep_language(request: Request, response: Response, *, secure: bool) -> None:
    if "lang" in request.query_params:
        response.set_cookie(
            LANGUAGE, language_of(request), LANGUAGE_SECONDS, secure=secure, httponly=True, samesite=SAME_SITE
        )


def say_next(response: Response, key: str, *, count: int | None = None, secure: bool) -> None:
    """The next page says what was done: a key of the catalogue and at most a number, never a text."""
    said = key if count is None else f"{key}:{count}"
    response.set_cookie(SAID, said, SAID_SECONDS, secure=secure, httponly=True, samesite=SAME_SITE)
