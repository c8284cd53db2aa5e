"""Which files make the look? A kept CSS library, one style and one script of ours; named by what is in them, so that a
browser keeps them for a year."""

import gzip
import hashlib
import re
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, Response

from chassis.access import Access, anybody
from chassis.openapi import refuses
from chassis.refusals import NotFound

KINDS = {
    "bootstrap.css": "text/css; charset=utf-8",
    "style.css": "text/css; charset=utf-8",
    "suite.js": "text/javascript; charset=utf-8",
    "bring.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}
PLACE = "/static"
_DARK = "[data-bs-theme=dark]"
_OF_THE_DARK = re.compile(r"(?<=[}/;])\s*(\[data-bs-theme=dark\][^{},]*)\{([^{}]*)\}")


class Assets:
    """Read once; compressed once."""

    def __init__(self) -> None:
        own = files("chassis.pages").joinpath("static")
        self._plain = {name: own.joinpath(name).read_bytes() for name in KINDS if name != "bootstrap.css"}
        self._plain["bootstrap.css"] = followed_by_night(_library().read_text(encoding="utf-8")).encode()
        self._packed = {name: gzip.compress(plain, 9, mtime=0) for name, plain in self._plain.items()}
        whole = hashlib.sha256(b"".join(self._plain[name] for name in sorted(KINDS)))
        self.version = whole.hexdigest()[:12]

    def url(self, service: str, name: str) -> str:
        """At the very service whose page names it: a page is whole while its service is there."""
        return f"{PLACE}/{service}/{self.version}/{name}"

    def packed_bytes(self, name: str) -> int:
        return len(self._packed[name])

    def answer(self, version: str, name: str, accepts: str) -> Response:
        """Errors: NotFound. Another version is answered with this one, and kept by nobody: while services are replaced
        one after another, a page of the one may ask the other."""
        if name not in KINDS:
            raise NotFound("no such file")
        headers = {"Vary": "Accept-Encoding"}
        if version == self.version:
            headers["Cache-Control"] = "public, max-age=31536000, immutable"
        packed = "gzip" in accepts
        if packed:
            headers["Content-Encoding"] = "gzip"
        return Response((self._packed if packed else self._plain)[name], media_type=KINDS[name], headers=headers)


def followed_by_night(css: str) -> str:
    """The library darkens what an attribute marks, which takes a script to set; here the reader's system decides."""
    rules = "".join(f"{selector.replace(_DARK, ':root')}{{{body}}}" for selector, body in _OF_THE_DARK.findall(css))
    return f"{css}\n@media screen and (prefers-color-scheme:dark){{{rules}}}\n"


@cache
def assets() -> Assets:
    return Assets()


def asset_access(service: str) -> Access:
    return {f"GET {PLACE}/{service}/{{version}}/{{name}}": anybody}


def asset_router(service: str) -> APIRouter:
    """The same files at every service."""
    router = APIRouter()
    kinds: dict[str, Any] = {"content": {kind.split(";")[0]: {} for kind in KINDS.values()}}

    @router.get(
        f"{PLACE}/{service}/{{version}}/{{name}}", response_class=Response, responses={200: kinds, **refuses(404)}
    )
    async def suite_file(version: str, name: str, request: Request) -> Response:
        return assets().answer(version, name, request.headers.get("accept-encoding", ""))

    return router


def _library() -> Path:
    """Found without being imported: it is Flask's helper, of which only the files are wanted."""
    found = find_spec("flask_bootstrap")
    assert found is not None and found.submodule_search_locations
    return Path(found.submodule_search_locations[0], "static", "bootstrap5", "css", "bootstrap.min.css")
