"""What is answered where there is no door? Which methods an address has, all of them; and to a browser below the pages
of a service a page of theirs, or the way there where an address has a slash too many."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

_NAMED = re.compile(r"\{[^}]*\}")
#: Shows a browser that nothing is there, with this status.
Missing = Callable[[Request, int], Response]
#: Shows a browser why it gets nothing else.
Refusing = Callable[[Request, Exception], Response]


class PageRoute(APIRoute):
    """A route of pages: ``place`` is the address that they all lie below; ``looked_at``: shapes of those to look at."""

    place: str
    looked_at: set[str]
    missing: Missing
    refusing: Refusing

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        if "GET" in (self.methods or ()):
            self.looked_at.add(self.shape)

    @property
    def shape(self) -> str:
        """Its path, whatever the names of what stands in it."""
        return _NAMED.sub("{}", self.path)


class Nowhere:
    """``routes`` are those of all the service's doors."""

    def __init__(self, routes: Iterable[BaseRoute] = ()) -> None:
        self._routes = [one for one in routes if isinstance(one, APIRoute)]

    def allowed(self, path: str) -> str:
        """For the header of that name; "" where no method leads anywhere."""
        methods = {method for one in self._routes if one.path_regex.match(path) for method in one.methods or ()}
        return ", ".join(sorted(methods | ({"HEAD"} if "GET" in methods else set())))

    def route(self, method: str, path: str) -> APIRoute | None:
        """What would answer."""
        return next((one for one in self._routes if method in (one.methods or ()) and one.path_regex.match(path)), None)

    def page(self, request: Request, status: int) -> Response | None:
        """None for who reads no pages, and where there are none."""
        if "text/html" not in request.headers.get("accept", ""):
            return None
        pages = [one for one in self._routes if isinstance(one, PageRoute)]
        path = request.url.path
        shorter = path.rstrip("/")
        if shorter != path and any("GET" in (one.methods or ()) and one.path_regex.match(shorter) for one in pages):
            # Its path alone: a host would be the asker's own word.
            return RedirectResponse(f"{shorter}?{query}" if (query := request.url.query) else shorter, 308)
        route = next((one for one in pages if path == one.place or path.startswith(f"{one.place}/")), None)
        return route.missing(request, status) if route else None
