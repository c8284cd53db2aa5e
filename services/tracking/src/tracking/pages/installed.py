"""What makes the pages an app on a phone? A manifest with icons, a worker that keeps the look and one page for when
there is no network, and that page. All of it is nobody's data."""

import gzip
import hashlib
import json
from functools import cache
from importlib.resources import files
from typing import Any

from chassis.openapi import refuses
from chassis.pages.assets import assets
from chassis.pages.frame import Pages
from chassis.refusals import NotFound
from fastapi import APIRouter, Request, Response

PLACE = "/track/files"
OFFLINE = "/track/offline"
KINDS = {
    "track.js": "text/javascript; charset=utf-8",
    "icon-192.png": "image/png",
    "icon-512.png": "image/png",
    "maskable-512.png": "image/png",
    "apple-touch-180.png": "image/png",
}
#: What a page for when there is no network needs.
KEPT = ("bootstrap.css", "style.css", "suite.js", "icon.svg")
#: A worker asks this host alone.
POLICY = "default-src 'none'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'"
THEME, GROUND = "#a3161d", "#f3f5f8"


@cache
def kept(name: str) -> bytes:
    return files("tracking").joinpath("static", name).read_bytes()


@cache
def version() -> str:
    """Of all that the worker keeps."""
    whole = hashlib.sha256(assets().version.encode())
    for name in (*KINDS, "sw.js"):
        whole.update(kept(name))
    return whole.hexdigest()[:12]


def at(name: str) -> str:
    """The address of one file."""
    return f"{PLACE}/{version()}/{name}"


@cache
def worker() -> str:
    needed = [*(assets().url("tracking", name) for name in KEPT), at("track.js"), at("icon-192.png")]
    text = kept("sw.js").decode()
    return text.replace("__FILES__", json.dumps(needed)).replace("__VERSION__", version())


def manifest(pages: Pages) -> dict[str, Any]:
    """In Indonesian: what stands below an icon has one language."""

    def say(key: str) -> str:
        return pages.words.say(f"track.app_{key}", "id")

    def icon(name: str, side: int, purpose: str) -> dict[str, str]:
        return {"src": at(name), "sizes": f"{side}x{side}", "type": "image/png", "purpose": purpose}

    return {
        "id": "/",
        "name": say("name"),
        "short_name": say("short"),
        "description": say("about"),
        "lang": "id",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "theme_color": THEME,
        "background_color": GROUND,
        "categories": ["finance", "government"],
        "icons": [
            icon("icon-192.png", 192, "any"),
            icon("icon-512.png", 512, "any"),
            icon("maskable-512.png", 512, "maskable"),
        ],
        "shortcuts": [
            {"name": say("bring"), "url": "/lapor", "icons": [icon("icon-192.png", 192, "any")]},
            {"name": say("look"), "url": "/", "icons": [icon("icon-192.png", 192, "any")]},
        ],
    }


def installed_routers(*, pages: Pages) -> list[APIRouter]:
    router, shown = APIRouter(), pages.router()
    script: dict[int | str, dict[str, Any]] = {200: {"content": {"text/javascript": {}}}}
    about: dict[int | str, dict[str, Any]] = {200: {"content": {"application/manifest+json": {}}}}
    any_kind: dict[int | str, dict[str, Any]] = {
        200: {"content": {kind.split(";")[0]: {} for kind in KINDS.values()}},
        **refuses(404),
    }

    @router.get("/sw.js", response_class=Response, responses=script)
    async def service_worker() -> Response:
        headers = {"Content-Security-Policy": POLICY}
        return Response(worker(), media_type="text/javascript; charset=utf-8", headers=headers)

    @router.get("/manifest.webmanifest", response_class=Response, responses=about)
    async def app_manifest() -> Response:
        body = json.dumps(manifest(pages), ensure_ascii=False)
        return Response(body, media_type="application/manifest+json")

    @router.get(f"{PLACE}/{{version}}/{{name}}", response_class=Response, responses=any_kind)
    async def app_file(name: str, request: Request) -> Response:
        """Errors: NotFound. Of another version this one comes, and is kept by nobody."""
        if name not in KINDS:
            raise NotFound("no such file")
        headers, body = {"Vary": "Accept-Encoding"}, kept(name)
        if request.path_params["version"] == version():
            headers["Cache-Control"] = "public, max-age=31536000, immutable"
        if name.endswith(".js") and "gzip" in request.headers.get("accept-encoding", ""):
            headers["Content-Encoding"], body = "gzip", gzip.compress(body, 9, mtime=0)
        return Response(body, media_type=KINDS[name], headers=headers)

    @shown.get(OFFLINE)
    async def offline(request: Request) -> Response:
        return pages.show(request, "track/offline.html")

    return [router, shown]
