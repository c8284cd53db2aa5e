"""What do the words mean that a consumer meets? One page, linked below all of theirs."""

import json
from importlib.resources import files

from chassis.pages.frame import Pages
from fastapi import APIRouter, Request, Response

PLACE = "/track/arti-kata"


def meanings_router(*, pages: Pages) -> APIRouter:
    router = pages.router()
    meanings = json.loads(files("tracking").joinpath("data/meanings.json").read_text(encoding="utf-8"))

    @router.get(PLACE)
    async def words(request: Request) -> Response:
        return pages.show(request, "track/meanings.html", meanings=meanings)

    return router
