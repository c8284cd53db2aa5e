"""What does every answer forbid a browser? One table, put on every answer of every door, whoever gave it."""

from collections.abc import Sequence

from starlette.types import ASGIApp, Message, Receive, Scope, Send

Header = tuple[bytes, bytes]

_FOR_ALL: tuple[Header, ...] = (
    # A browser takes what came for what it says it is, and nothing else.
    (b"x-content-type-options", b"nosniff"),
    # An address with a number in it is told to nobody.
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    # Almost every answer is about somebody; what is nobody's says how long it may be kept, in its route.
    (b"cache-control", b"no-store"),
)
_NOTHING = b"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
#: A page has style, script and pictures of its own host, and forms that go there; nothing stands in the page itself but
#: the library's small pictures, nothing is from elsewhere, a script asks this host alone, and no frame is around it.
_OF_A_PAGE = (
    b"default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; form-action 'self'; "
    b"connect-src 'self'; manifest-src 'self'; "
    b"base-uri 'none'; frame-ancestors 'none'"
)
#: Two years; said only where the suite was told that it is behind TLS, for a browser does not forget it.
_TLS: Header = (b"strict-transport-security", b"max-age=63072000; includeSubDomains")


class Safe:
    """The headers that an answer gets besides its own; a route's own header of the same name stays."""

    def __init__(self, *, behind_tls: bool) -> None:
        common = (*_FOR_ALL, *((_TLS,) if behind_tls else ()))
        self.plain: tuple[Header, ...] = (*common, (b"content-security-policy", _NOTHING))
        self._page: tuple[Header, ...] = (*common, (b"content-security-policy", _OF_A_PAGE))

    def added(self, headers: Sequence[Header]) -> list[Header]:
        own = {name.lower(): value for name, value in headers}
        is_page = own.get(b"content-type", b"").startswith(b"text/html")
        return [*headers, *(one for one in (self._page if is_page else self.plain) if one[0] not in own)]


class SafeAnswers:
    """Puts them on whatever the application behind it answers."""

    def __init__(self, app: ASGIApp, safe: Safe) -> None:
        self._app = app
        self._safe = safe

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = message.get("headers", ())
                if message["status"] == 204:
                    # There is no content to be of a type.
                    own = [one for one in own if one[0].lower() != b"content-type"]
                message["headers"] = self._safe.added(own)
            await send(message)

        await self._app(scope, receive, sent)
