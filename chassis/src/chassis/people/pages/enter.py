"""How does one log-in open the pages of all services? The issuer gives whoever is in a pass for the desk they want, and
sends them back: also what they sent."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from chassis.pages.forgery import same_origin
from chassis.pages.leads import known
from chassis.pages.passes import give
from chassis.people.doors import actor_of
from chassis.people.pages.front import Front
from chassis.people.tokens import Signer
from chassis.refusals import NotFound, Unauthenticated
from chassis.traced import traced

#: A pass that somebody copied outlives the log-out by no more; a browser fetches the next one by itself.
PASS_SECONDS = 120
To = Annotated[str, Query(max_length=1_000)]


def enter_pages(front: Front, signer: Signer, desks: Mapping[str, str]) -> APIRouter:
    """``desks``: where pages of other services lie → the service."""
    pages = front.pages
    router = pages.router(front.base)

    async def enter(request: Request, to: str, status: int, back: str) -> Response:
        desk = next((one for one in desks if known(to, [one])), None)
        if desk is None:
            raise NotFound("no such page")
        token = front.cookie.read(request)
        try:
            _, account = await front.desk.who(token, "in")
        except Unauthenticated:
            return pages.to_log_in(request, known(back, [desk]) or desk)
        await traced(request, actor_of(account), allowed=True)
        shown = {"name": account.name, "mark": front.guard.mark(token)}
        response = RedirectResponse(to, status)
        give(response, desk, signer.token(account, desks[desk], PASS_SECONDS, **shown), secure=pages.secure)
        return response

    @router.get("/enter")
    async def look(request: Request, to: To = "") -> Response:
        return await enter(request, to, 303, to)

    @router.post("/enter", responses={307: {"description": "Send it there again"}})
    async def send(request: Request, to: To = "", back: To = "") -> Response:
        """A form whose sender's pass had run out: the browser sends it once more, with the new one. ``back``: the page
        that whoever must log in first is led to."""
        same_origin(request)
        return await enter(request, to, 307, back)

    return router
