"""How does an opened matter stay open? Its page can be loaded again for an hour, hears when something moves, and can be
left: for whoever has the cookie, which holds the page's permit. Nothing of it stands in an address."""

from collections.abc import AsyncIterator
from typing import Any

from chassis.doors import client_of
from chassis.openapi import refuses
from chassis.pages.forgery import same_origin
from chassis.pages.forms import WHOLE, Form
from chassis.pages.frame import Pages
from chassis.pages.posted import asked_for
from chassis.permits import Permit, PermitEnded, PermitWrong
from chassis.refusals import NotFound
from chassis.rooms import Room, roomy
from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from tracking.domain.timeline import NoMatch
from tracking.pages.opened import MATTER, OpenedPage, session
from tracking.usecases.answering import PAGE_LIFE, PermitAnswers
from tracking.usecases.looking import Prove
from tracking.usecases.watching import Watching
from tracking.zones import ZONES

LIVE = "/track/live"
#: As long as a page is open, and a little: the stream itself knows when it is over.
OPEN = Room(0, PAGE_LIFE.total_seconds() + 60, stays=True)
#: A browser that lost the way asks again after this.
AGAIN_MS = 5_000
VERSION_DIGITS = 9
_STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "`moved` with a number that grows whenever the matter did; `over` when the page's hour is",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
}


def staying_router(*, opened: OpenedPage, prove: Prove, permit: PermitAnswers, pages: Pages) -> APIRouter:
    router, cookie = pages.router(), session(secure=pages.secure)

    def over(request: Request) -> Response:
        form = Form()
        form.wrong(WHOLE, "track.session_over")
        response = pages.show(request, "track/look_up.html", 404, here="/", form=form, number="")
        cookie.drop(response)
        return response

    @router.get(
        MATTER, openapi_extra={"parameters": [asked_for("zone", {"enum": list(ZONES)}), asked_for("every", {})]}
    )
    async def again(request: Request) -> Response:
        text = cookie.read(request)
        if not text:
            return pages.lead("/")
        await prove.count(client_of(request))
        try:
            return await opened.of(request, await permit.page(text), permit=text)
        except (PermitWrong, PermitEnded, NoMatch):
            return over(request)

    @router.post("/track/close")
    async def close(request: Request) -> Response:
        same_origin(request)
        response = pages.lead("/")
        cookie.drop(response)
        return response

    return router


def live_router(*, watching: Watching, permit: PermitAnswers, prove: Prove, secure: bool) -> APIRouter:
    router, cookie = APIRouter(), session(secure=secure)

    async def told(text: str, permitted: Permit, since: int, address: str) -> AsyncIterator[bytes]:
        over = False
        with watching.listening(permitted.number, since, address) as listener:
            yield f"retry: {AGAIN_MS}\n\n".encode()
            async for version in watching.news(listener, permitted.ends_at):
                # What moved may be the PIN.
                if over := version is not None and not await good(text):
                    break
                yield b":\n\n" if version is None else f"event: moved\nid: {version}\ndata: {version}\n\n".encode()
        if over or watching.over(permitted.ends_at):
            yield b"event: over\ndata: 0\n\n"

    async def good(text: str) -> bool:
        try:
            await permit.opened(text)
        except PermitEnded:
            return False
        return True

    @router.get(
        LIVE,
        response_class=StreamingResponse,
        responses=_STREAM | refuses(404, 410, 429),
        openapi_extra={"parameters": [asked_for("since", {"pattern": f"^[0-9]{{1,{VERSION_DIGITS}}}$"})]},
    )
    @roomy(OPEN)
    async def live(request: Request) -> Response:
        if not (text := cookie.read(request)):
            raise NotFound("open the matter with number and PIN first")
        await prove.count(client_of(request))
        permitted = await permit.opened(text)
        since = request.headers.get("last-event-id") or request.query_params.get("since", "")
        known = int(since) if since.isascii() and since.isdecimal() and len(since) <= VERSION_DIGITS else 0
        address = client_of(request)
        watching.check_room(permitted.number, address)
        # Whoever stands between passes each word on as it comes.
        headers = {"X-Accel-Buffering": "no"}
        return StreamingResponse(told(text, permitted, known, address), media_type="text/event-stream", headers=headers)

    return router
