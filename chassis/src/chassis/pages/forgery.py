"""Does a form come from a page of ours, and from this very log-in? Else nothing of it is done."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.requests import Request

from chassis.refusals import Forbidden

#: The hidden field of every form of somebody who is logged in.
FIELD = "csrf"


class NotFromHere(Forbidden):
    """The form was sent by another site's page, or by one that belongs to a session that has ended."""


def same_origin(request: Request) -> None:
    """Errors: NotFromHere. A browser says where a form stands; one that says nothing is not believed.

    A browser that knows ``Sec-Fetch-Site`` is the judge itself; an older one names the page's origin.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        if site not in ("same-origin", "none"):
            raise NotFromHere("this form stands on another site")
        return
    origin = urlsplit(request.headers.get("origin", ""))
    if not origin.netloc or origin.netloc != request.headers.get("host"):
        raise NotFromHere("this form stands on another site")


@dataclass(frozen=True)
class Guard:
    """``digest`` is a keyed one, so that nobody makes a mark who does not hold the key."""

    digest: Callable[[bytes], str]

    def mark(self, session: str) -> str:
        """What the forms of this session carry; it tells nothing about the session."""
        return self.digest(f"form of {session}".encode(errors="surrogatepass"))

    def check(self, request: Request, session: str, mark: str) -> None:
        """Errors: NotFromHere."""
        same_origin(request)
        if not hmac.compare_digest(self.mark(session).encode(), mark.encode(errors="replace")):
            raise NotFromHere("this form belongs to another log-in")
