"""Where does a consumer see their matter? A form for number and PIN in the suite's frame, and the matter behind them.
They work without a script, and nothing on them is from elsewhere."""

from chassis.doors import client_of
from chassis.pages.answers import UNAVAILABLE_SECONDS
from chassis.pages.forgery import same_origin
from chassis.pages.forms import WHOLE, Form, form_of
from chassis.pages.frame import Pages
from chassis.pages.posted import posted
from chassis.refusals import Invalid, TooMany, Unavailable
from fastapi import APIRouter, Request, Response

from tracking.domain.timeline import NoMatch
from tracking.pages.opened import OpenedPage
from tracking.usecases.looking import TrackMatter

#: As many characters of a number as are worth giving back to whoever mistyped it.
NUMBER_MOST = 24


def page_router(*, track_matter: TrackMatter, opened: OpenedPage, pages: Pages) -> APIRouter:
    router = pages.router()

    @router.get("/")
    async def look_up(request: Request) -> Response:
        return pages.show(request, "track/look_up.html", number="")

    @router.post("/", openapi_extra=posted("number", "pin"))
    async def look(request: Request) -> Response:
        # Else another site's page opens its own maker's matter here, and somebody adds their documents to it.
        same_origin(request)
        form = await form_of(request)

        def again(status: int, seconds: int = 0) -> Response:
            number = form["number"][:NUMBER_MOST]
            response = pages.show(request, "track/look_up.html", status, form=form, number=number)
            if seconds:
                response.headers["Retry-After"] = str(seconds)
            return response

        try:
            number = await track_matter.prove(form["number"], form["pin"], client_of(request))
            return await opened.of(request, number)
        except Invalid as error:
            return again(_malformed(form, error))
        except NoMatch:
            form.wrong(WHOLE, "track.not_found")
            return again(404)
        except TooMany as error:
            seconds = int(error.extra["retry_after"])
            form.wrong(WHOLE, "track.throttled", minutes=-(-seconds // 60))
            return again(429, seconds)
        except Unavailable:
            form.wrong(WHOLE, "track.unavailable")
            return again(503, UNAVAILABLE_SECONDS)

    return router


def _malformed(form: Form, error: Invalid) -> int:
    """Each field that is no number or no PIN says so beside it."""
    keys = {"number": "track.bad_number", "pin": "track.bad_pin"}
    for one in error.problems:
        form.wrong(one["field"], keys[one["field"]])
    return 422
