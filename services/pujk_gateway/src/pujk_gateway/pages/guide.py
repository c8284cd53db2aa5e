"""How does a firm work with its tickets? The guide of the leaflet's headings, as a page with pictures and as a PDF.

Anybody may read it: who cannot log in yet reads how to. Pictures and PDF are made by ``make guide``, out of the walk of
``tests/browser/test_leaflet.py``; nobody's data is in them.
"""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from chassis.pages.cookies import language_of
from chassis.pages.frame import Pages
from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse

DATA = Path(str(files("pujk_gateway").joinpath("data")))
TEXTS: dict[str, Any] = json.loads((DATA / "guide.json").read_text(encoding="utf-8"))
PICTURES = tuple(part["picture"] for part in TEXTS["parts"])
FOLDER = DATA / "guide"
PDF = FOLDER / "panduan.pdf"


def guide_pages(pages: Pages) -> APIRouter:
    router = pages.router("/pujk")

    @router.get("/panduan")
    async def guide(request: Request) -> Response:
        language = language_of(request)
        return pages.show(request, "guide.html", told=lambda text: text[language], guide=TEXTS, home=pages.base)

    @router.get("/panduan/panduan.pdf", responses={200: {"content": {"application/pdf": {}, "text/html": {}}}})
    async def printed() -> Response:
        return FileResponse(PDF, media_type="application/pdf", filename="panduan-pujk.pdf")

    @router.get("/panduan/{picture}.jpg", responses={200: {"content": {"image/jpeg": {}, "text/html": {}}}})
    async def picture(picture: Literal[PICTURES]) -> Response:  # type: ignore[valid-type]
        return FileResponse(FOLDER / f"{picture}.jpg", media_type="image/jpeg")

    return router
