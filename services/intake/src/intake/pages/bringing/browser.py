"""Whose draft is it? The browser's that holds its secret in a cookie; forms carry a mark made of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from chassis.doors import client_of
from chassis.pages.cookies import SAME_SITE, Cookie
from chassis.pages.forgery import FIELD, Guard, same_origin
from chassis.pages.forms import Form
from fastapi import Request, Response

from intake.bringing.draft import DraftEnded

PLACE = "/lapor"


class Tries(Protocol):
    async def take(self, key: str) -> None:
        """Refuses TooMany."""
        ...


@dataclass(frozen=True)
class Browsers:
    """``digest`` is a keyed one; ``life``: as long as a draft's."""

    digest: Callable[[bytes], str]
    tries: Tries
    life: timedelta
    secure: bool

    @property
    def _cookie(self) -> Cookie:
        return Cookie("slkt-draft", PLACE, self.secure)

    def token(self, request: Request) -> str:
        """Refuses DraftEnded where the browser brings none."""
        if token := self._cookie.read(request):
            return token
        raise DraftEnded("this browser has no draft")

    def give(self, response: Response, token: str) -> None:
        response.set_cookie(
            self._cookie.full_name, token, int(self.life.total_seconds()), path=PLACE, secure=self.secure,
            httponly=True, samesite=SAME_SITE,
        )  # fmt: skip

    def take_back(self, response: Response) -> None:
        self._cookie.drop(response)

    def mark(self, token: str) -> str:
        return Guard(self.digest).mark(token)

    def called(self, token: str) -> str:
        """What a device keeps this draft's words by, apart from those of every other draft: neither its secret nor
        the mark of its forms."""
        return self.digest(f"words of {token}".encode(errors="replace"))[:16]

    async def count(self, request: Request) -> None:
        """Before a form is read: where it stands, and how many came from there. Refuses NotFromHere, TooMany."""
        same_origin(request)
        await self.tries.take(client_of(request))

    def check(self, request: Request, token: str, form: Form) -> None:
        """Refuses NotFromHere."""
        Guard(self.digest).check(request, token, form[FIELD])
