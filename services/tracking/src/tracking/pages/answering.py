"""Where does a consumer answer? In the forms of the page that number and PIN opened, and behind the link of a mail: a
look does nothing, whoever's program looks; only the form acts."""

from typing import Any

from chassis.doors import act_of, client_of
from chassis.pages.forgery import same_origin
from chassis.pages.forms import WHOLE, Form, form_of
from chassis.pages.frame import Pages
from chassis.pages.posted import posted
from chassis.permits import Permit, PermitEnded, PermitWrong
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from tracking.domain.answers import AnsweredOtherwise, MovedOn, SaidEnough, TimeOver
from tracking.domain.timeline import NoMatch
from tracking.pages.opened import OpenedPage
from tracking.pages.wishing import wished
from tracking.usecases.answering import FEEDBACK, PROPOSAL, RELIEF, TEXT_MOST, Given, PermitAnswers, TakeAnswer
from tracking.usecases.looking import TrackMatter
from tracking.usecases.wishing import TakeWish
from tracking.views.matter import Views
from tracking.views.shown import AwaitedShown

#: What a form may say, and whether it must give words.
WHATS = {"agrees": False, "objects": True, "there": False, "missing": False, "position": True}
OF_A_MAIL = {PROPOSAL: ("agrees", "objects"), RELIEF: ("there", "missing"), FEEDBACK: ("feedback",)}
REFUSED = {MovedOn: "moved", AnsweredOtherwise: "otherwise", TimeOver: "over", SaidEnough: "enough"}
DIGITS = 4
LINK = "/track/link"
AGAIN: dict[int | str, dict[str, Any]] = {
    409: {"description": "Not as things stand", "content": {"text/html": {"schema": {"type": "string"}}}}
}


class Said(BaseModel):
    """What makes two forms the same act."""

    permit: str
    what: str
    about: tuple[int, int | None, int]
    facilitation: bool
    text: str


def answer_router(
    *,
    track_matter: TrackMatter,
    opened: OpenedPage,
    permit: PermitAnswers,
    take_answer: TakeAnswer,
    take_wish: TakeWish,
    views: Views,
    pages: Pages,
) -> APIRouter:
    router = pages.router()

    async def answered(number: str, form: Form, what: str, about: tuple[int, int | None, int]) -> int:
        """The status of the page; what is wrong stands in the form. ``about``: round, proposal, demand."""
        text = form["text"].strip()
        if WHATS[what] and not text:
            form.wrong("text", "track.say_why" if what == "objects" else "form.missing")
        elif len(text) > TEXT_MOST:
            form.wrong("text", "form.too_long", most=TEXT_MOST)
        if form.errors:
            return 422
        said = Said(permit=form["permit"], what=what, about=about, facilitation=bool(form["facilitation"]), text=text)
        given = Given(what, *about, said.facilitation, text)
        try:
            await take_answer(act_of(number, "page", said.model_dump_json(), said), given)
        except tuple(REFUSED) as error:
            form.wrong(WHOLE, f"track.{REFUSED[type(error)]}")
            return 409
        return 200

    @router.post(
        "/track/answer",
        openapi_extra=posted("permit", "what", "round", "proposal", "demand", "facilitation", "text"),
        responses=AGAIN,
    )
    async def answer(request: Request) -> Response:
        same_origin(request)
        form = await form_of(request)
        await track_matter.prove.count(client_of(request))
        try:
            number = await permit.page(form["permit"])
        except (PermitWrong, PermitEnded):
            form.wrong(WHOLE, "track.page_over")
            return pages.show(
                request, "track/look_up.html", 404, here="/", form=form, number="", kept=form["text"].strip()
            )
        proposal = _whole(form["proposal"]) if form["proposal"] else None
        what, about = form["what"], (_whole(form["round"]), proposal, _whole(form["demand"]))
        if what not in WHATS:
            form.wrong(WHOLE, "track.moved")
            status = 409
        else:
            status = await answered(number, form, what, about)
        return await opened.of(request, number, status, form=form, what=what, done=status == 200)

    def link_page(request: Request, status: int, permit: str = "", **values: Any) -> Response:
        """Whoever has the link sees what the mail told already, and nothing else."""
        return pages.show(
            request, "track/link.html", status, here=f"{LINK}/{permit}" if permit else "/", permit=permit, **values
        )

    def over(request: Request) -> Response:
        return link_page(request, 404, matter=None, awaited=None, form=None, done=False, what="")

    async def shown(request: Request, permitted: Permit, status: int = 200, **values: Any) -> Response:
        try:
            matter = views.matter(await track_matter.open_matter.outside(permitted.number))
        except NoMatch:
            return over(request)
        awaited = None
        if permitted.act != FEEDBACK:
            awaited = next((one for one in matter.awaited if _is(one, permitted)), None)
        asks = matter.may_rate if permitted.act == FEEDBACK else awaited is not None
        known = {"form": None, "done": False, "what": ""} | values
        return link_page(request, status, matter=matter, asks=asks, awaited=awaited, act=permitted.act, **known)

    @router.get("/track/link/{permit}")
    async def look(request: Request) -> Response:
        text = request.path_params["permit"]
        await track_matter.prove.count(client_of(request))
        try:
            return await shown(request, permit.mail(text), permit=text)
        except (PermitWrong, PermitEnded):
            return over(request)

    @router.post(LINK, openapi_extra=posted("permit", "what", "facilitation", "text", "score"), responses=AGAIN)
    async def act(request: Request) -> Response:
        same_origin(request)
        form = await form_of(request)
        await track_matter.prove.count(client_of(request))
        try:
            permitted = permit.mail(form["permit"])
        except (PermitWrong, PermitEnded):
            return over(request)
        what = form["what"]
        if what not in OF_A_MAIL[permitted.act]:
            form.wrong(WHOLE, "track.moved")
            status = 409
        else:
            try:
                if what == "feedback":
                    status = await wished(take_wish, permitted.number, form, what)
                else:
                    status = await answered(permitted.number, form, what, _about(permitted))
            except NoMatch:
                return over(request)
        values = {"form": form, "done": status == 200, "what": what, "permit": form["permit"]}
        return await shown(request, permitted, status, **values)

    return router


def _about(permitted: Permit) -> tuple[int, int | None, int]:
    """Round, proposal, demand."""
    round_, what, *promised_in = permitted.about
    return (round_, what, 0) if permitted.act == PROPOSAL else (round_, promised_in[0] if promised_in else None, what)


def _is(one: AwaitedShown, permitted: Permit) -> bool:
    round_, proposal, demand = _about(permitted)
    about = (one.proposal in (None, proposal) or proposal is None) and (one.demand or 0) == demand
    return one.what == permitted.act and one.round == round_ and about


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= DIGITS else 0
