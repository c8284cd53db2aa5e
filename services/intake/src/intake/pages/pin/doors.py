"""The pages of a lost PIN: who asks is told the same whatever there is; the link of the mail asks before it acts, and
shows the new PIN once."""

import re
from typing import Any

from chassis.doors import client_of
from chassis.ids import new_id
from chassis.messages import Act, act_id
from chassis.pages.answers import UNAVAILABLE_SECONDS
from chassis.pages.forgery import same_origin
from chassis.pages.forms import WHOLE, Form, form_of
from chassis.pages.frame import Pages
from chassis.pages.posted import posted
from chassis.permits import PermitEnded, PermitWrong
from chassis.refusals import Erased, Invalid, NotFound, TooMany, Unavailable
from contracts.numbers import shown
from fastapi import APIRouter, Request, Response

from intake.domain import PinReplaced
from intake.usecases.pins import AskPinLink, ReadPinLink, RenewPin

PLACE = "/pin"
#: As many characters as are worth giving back to whoever mistyped.
TYPED_MOST = 254
_ONCE = re.compile(r"[0-9a-f-]{32,36}")
REPLACED: dict[int | str, dict[str, Any]] = {
    409: {"description": "The PIN was replaced before", "content": {"text/html": {"schema": {"type": "string"}}}}
}
_OVER = {PermitEnded: "ended", PinReplaced: "replaced"}


def pin_pages(pages: Pages, ask: AskPinLink, read: ReadPinLink, renew: RenewPin) -> APIRouter:
    router = pages.router(PLACE)

    def asked(request: Request, status: int = 200, form: Form | None = None, seconds: int = 0) -> Response:
        typed = {name: form[name][:TYPED_MOST] if form else "" for name in ("number", "contact")}
        response = pages.show(request, "pin/ask.html", status, here=PLACE, form=form, typed=typed)
        if seconds:
            response.headers["Retry-After"] = str(seconds)
        return response

    @router.get("")
    async def lost(request: Request) -> Response:
        return asked(request)

    @router.post("", openapi_extra=posted("number", "contact"))
    async def send(request: Request) -> Response:
        same_origin(request)
        form = await form_of(request)
        try:
            await ask(form["number"], form["contact"].strip(), client_of(request))
        except Invalid as error:
            for one in error.problems:
                form.wrong(one["field"], f"pin.bad_{one['field']}")
            return asked(request, 422, form)
        except TooMany as error:
            seconds = int(error.extra["retry_after"])
            form.wrong(WHOLE, "form.too_many", minutes=-(-seconds // 60))
            return asked(request, 429, form, seconds)
        except Unavailable:
            form.wrong(WHOLE, "form.unavailable")
            return asked(request, 503, form, UNAVAILABLE_SECONDS)
        return pages.lead(f"{PLACE}/sent")

    @router.get("/sent")
    async def sent(request: Request) -> Response:
        return pages.show(request, "pin/sent.html")

    def over(request: Request, error: Exception) -> Response:
        why = next((name for kind, name in _OVER.items() if isinstance(error, kind)), "wrong")
        return pages.show(request, "pin/over.html", 409 if why == "replaced" else 404, here=PLACE, why=why)

    @router.get("/link/{permit}", responses=REPLACED)
    async def look(request: Request) -> Response:
        text = request.path_params["permit"]
        await ask.count(client_of(request))
        try:
            service, _ = await read(text)
        except (PermitWrong, PermitEnded, PinReplaced, NotFound) as error:
            return over(request, error)
        number = shown(service.number, service.kind)
        return pages.show(request, "pin/renew.html", permit=text, number=number, once=new_id())

    @router.post("/link", openapi_extra=posted("permit", "once"), responses=REPLACED)
    async def act(request: Request) -> Response:
        same_origin(request)
        form = await form_of(request)
        await ask.count(client_of(request))
        try:
            number, round_ = read.good_for(form["permit"])
            once = form["once"] if _ONCE.fullmatch(form["once"]) else new_id()
            # The same form sent twice, by an impatient hand or a broken line, is answered twice.
            act = Act(act_id("pin-link", f"{once} {form['permit']}"), number)
            service, pin = await renew(act, round_, "link")
        except (PermitWrong, PermitEnded, PinReplaced, NotFound, Erased) as error:
            return over(request, error)
        return pages.show(request, "pin/new.html", told_once=True, number=shown(service.number, service.kind), pin=pin)

    return router
