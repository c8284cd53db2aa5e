"""Tracking's pages: a form for number and PIN, and the matter behind them. They work without JavaScript, and nothing on
them is from elsewhere."""

from importlib.resources import files
from typing import Annotated, Any, Literal
from urllib.parse import parse_qs

from chassis.doors import client_of
from chassis.openapi import refuses
from chassis.refusals import Invalid, NotFound, TooMany, Unavailable
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from tracking.domain import NoMatch
from tracking.usecases import TrackMatter
from tracking.views import Views
from tracking.words import Words, rupiah

Language = Literal["id", "en"]

#: As many characters of a number as are worth giving back to whoever mistyped it.
NUMBER_MOST = 24
STATIC = {"style.css": "text/css; charset=utf-8", "icon.svg": "image/svg+xml"}
#: What the framework cannot tell of itself: a form's fields, and answers that are pages.
FORM = {"type": "object", "properties": {name: {"type": "string"} for name in ("number", "pin", "lang")}}
LOOK: dict[str, Any] = {"requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": FORM}}}}
A_PAGE: dict[str, Any] = {"content": {"text/html": {"schema": {"type": "string"}}}}
LOOKED: dict[int | str, dict[str, Any]] = {
    status: {"description": "The form again, with what is wrong", **A_PAGE} for status in (404, 422, 429, 503)
}
A_FILE: dict[str, Any] = {"content": {kind.split(";")[0]: {} for kind in STATIC.values()}}


def page_router(*, track_matter: TrackMatter, views: Views, words: Words, example_data: bool) -> APIRouter:
    router = APIRouter()
    templates = Environment(
        loader=PackageLoader("tracking"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    static = {name: files("tracking").joinpath("static", name).read_bytes() for name in STATIC}

    def page(template: str, language: Language, status: int = 200, **values: Any) -> HTMLResponse:
        html = templates.get_template(template).render(
            language=language,
            other="en" if language == "id" else "id",
            say=lambda name: words[name][language],
            moment=lambda at: words.moment(at, language),
            day=lambda on: words.day_text(on, language),
            rupiah=lambda amount: rupiah(amount, language),
            example_data=example_data,
            **values,
        )
        headers = {"Retry-After": str(values["retry_after"])} if "retry_after" in values else None
        return HTMLResponse(html, status, headers)

    @router.get("/", response_class=HTMLResponse)
    async def look_up(lang: Annotated[str, Query(max_length=10)] = "id") -> HTMLResponse:
        return page("look_up.html", _language(lang), message=None, number="")

    @router.post("/", response_class=HTMLResponse, responses=LOOKED, openapi_extra=LOOK)
    async def look(request: Request) -> HTMLResponse:
        number, pin, language = _fields(await request.body(), "number", "pin", "lang")
        shown_in = _language(language)

        def again(status: int, message: str, **values: Any) -> HTMLResponse:
            return page("look_up.html", shown_in, status, message=message, number=number[:NUMBER_MOST], **values)

        try:
            tracked = await track_matter(number, pin, client_of(request))
        except Invalid:
            return again(422, words["malformed"][shown_in])
        except NoMatch:
            return again(404, words["not_found"][shown_in])
        except TooMany as error:
            seconds = int(error.extra["retry_after"])
            text = words.say("throttled", minutes=-(-seconds // 60))
            return again(429, text[shown_in], retry_after=seconds)
        except Unavailable:
            return again(503, words["unavailable"][shown_in], retry_after=30)
        return page("timeline.html", shown_in, matter=views.matter(tracked))

    @router.get("/static/{name}", response_class=Response, responses={200: A_FILE, **refuses(404)})
    async def asset(name: str) -> Response:
        if name not in STATIC:
            raise NotFound("no such file")
        return Response(static[name], media_type=STATIC[name], headers={"Cache-Control": "public, max-age=3600"})

    return router


def _fields(body: bytes, *names: str) -> list[str]:
    """The fields of a form, "" for a missing one; of what is no form at all nothing is read."""
    try:
        form = parse_qs(body.decode(), max_num_fields=10)
    except ValueError:
        form = {}
    return [form.get(name, [""])[0] for name in names]


def _language(asked: str) -> Language:
    return "en" if asked == "en" else "id"
