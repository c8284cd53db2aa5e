"""Where does a consumer say what settles nothing? In forms of the opened page: that the answer left something open, how
the service was, how to be told; and how the service was behind the link of a mail, too."""

import re
from typing import Any

from chassis.doors import act_of, client_of
from chassis.pages.forgery import same_origin
from chassis.pages.forms import WHOLE, Form, form_of
from chassis.pages.frame import Pages
from chassis.pages.posted import posted
from chassis.permits import PermitEnded, PermitWrong
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from tracking.domain.answers import AnsweredOtherwise, MovedOn, SaidEnough
from tracking.domain.wishes import SCORES
from tracking.pages.opened import OpenedPage
from tracking.usecases.answering import TEXT_MOST, PermitAnswers
from tracking.usecases.looking import Prove
from tracking.usecases.wishing import TakeWish, Wish
from tracking.zones import ZONES

WHATS = ("reopen", "feedback", "preferences")
REFUSED = {MovedOn: "moved", AnsweredOtherwise: "otherwise", SaidEnough: "enough"}
TELL_BY = ("email", "sms", "whatsapp", "none")
LANGUAGES = ("id", "en")
#: What a consumer may choose of quiet hours; a form that says none of them leaves the hours alone.
OWN_HOURS, ANY_HOUR = "1", "0"
#: No hour is quiet: what was set before holds no more, nor what the notifier's rule says of nights.
NEVER = {"begin": "00:00", "end": "00:00", "zone": "WIB"}
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
AGAIN: dict[int | str, dict[str, Any]] = {
    409: {"description": "Not as things stand", "content": {"text/html": {"schema": {"type": "string"}}}}
}


class Said(BaseModel):
    """What makes two forms the same act."""

    permit: str
    what: str
    score: int
    text: str
    preferences: dict[str, Any]


async def wished(take_wish: TakeWish, number: str, form: Form, what: str) -> int:
    """The status of the page; what is wrong stands in the form. Errors: those of TakeWish that are no answer."""
    wish = _read(form, what)
    if form.errors:
        return 422
    said = Said(permit=form["permit"], what=what, score=wish.score, text=wish.text, preferences=dict(wish.preferences))
    try:
        await take_wish(act_of(number, "page", said.model_dump_json(), said), wish)
    except tuple(REFUSED) as error:
        form.wrong(WHOLE, f"track.{REFUSED[type(error)]}")
        return 409
    return 200


def wish_router(
    *, opened: OpenedPage, prove: Prove, permit: PermitAnswers, take_wish: TakeWish, pages: Pages
) -> APIRouter:
    router = pages.router()
    fields = ("permit", "what", "text", "score", "language", "tell_by", "quiet", "quiet_begin", "quiet_end", "zone")

    @router.post("/track/wish", openapi_extra=posted(*fields), responses=AGAIN)
    async def wish(request: Request) -> Response:
        same_origin(request)
        form = await form_of(request)
        await prove.count(client_of(request))
        try:
            number = await permit.page(form["permit"])
        except (PermitWrong, PermitEnded):
            form.wrong(WHOLE, "track.page_over")
            return pages.show(
                request, "track/look_up.html", 404, here="/", form=form, number="", kept=form["text"].strip()
            )
        what = form["what"]
        if what in WHATS:
            status = await wished(take_wish, number, form, what)
        else:
            form.wrong(WHOLE, "track.moved")
            status = 409
        return await opened.of(request, number, status, form=form, what=what, done=status == 200)

    return router


def _read(form: Form, what: str) -> Wish:
    text = form["text"].strip()
    if len(text) > TEXT_MOST:
        form.wrong("text", "form.too_long", most=TEXT_MOST)
    if what == "preferences":
        return Wish(what, preferences=_preferences(form))
    if what == "reopen":
        if not text:
            form.wrong("text", "track.say_what_is_open")
        return Wish(what, text)
    score = int(form["score"]) if form["score"] in map(str, SCORES) else 0
    if not score:
        form.wrong("score", "track.choose_score")
    return Wish(what, text, score)


def _preferences(form: Form) -> dict[str, Any]:
    wanted: dict[str, Any] = {}
    for name, known in (("language", LANGUAGES), ("tell_by", TELL_BY)):
        if form[name] in known:
            wanted[name] = form[name]
        elif form[name]:
            form.wrong(name, "track.choose_one")
    if form["quiet"] == ANY_HOUR:
        return wanted | {"quiet": NEVER}
    if form["quiet"] != OWN_HOURS:
        if form["quiet"]:
            form.wrong("quiet", "track.choose_one")
        return wanted
    hours = {"begin": form["quiet_begin"].strip(), "end": form["quiet_end"].strip()}
    for end, value in hours.items():
        if not _CLOCK.fullmatch(value):
            form.wrong(f"quiet_{end}", "track.no_clock")
    zone = form["zone"] if form["zone"] in ZONES else "WIB"
    return wanted | {"quiet": {**hours, "zone": zone}}
