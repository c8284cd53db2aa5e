"""Where may a page send somebody on to? To addresses of our own that are known, and nowhere else."""

import re
from collections.abc import Sequence

from fastapi import Request

from chassis.nowhere import PageRoute

_PATH = re.compile(r"(/[A-Za-z0-9_~-][A-Za-z0-9._~-]{0,99}){1,10}")
#: Of another one the path alone is kept.
_QUERY = re.compile(r"[A-Za-z0-9._~=&%+-]{1,500}")


def known(to: str, ways: Sequence[str]) -> str | None:
    """``to`` where it is a plain path at or below one of ``ways``, with a plain query or none; else None."""
    path, asks, query = to.partition("?")
    if not _PATH.fullmatch(path) or (asks and not _QUERY.fullmatch(query)):
        return None
    return to if any(path == way or path.startswith(f"{way}/") for way in ways) else None


def address(path: str, query: str) -> str:
    """Where somebody was, to be led back to."""
    return f"{path}?{query}" if _QUERY.fullmatch(query) else path


def nearest(request: Request) -> str:
    """The page at this address or else above it; "" where there is none."""
    route = request.scope.get("route")
    if not isinstance(route, PageRoute):
        return ""
    shape, path = route.shape, request.url.path.rstrip("/")
    while shape and shape not in route.looked_at:
        shape, path = shape.rpartition("/")[0], path.rpartition("/")[0]
    return path if shape else ""
