"""The pages where OJK's people see who is told what, in which words; and what did not arrive, for a CSO to see to."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated

from chassis.doors import act_of
from chassis.ids import new_id
from chassis.pages.forms import WHOLE, Form
from chassis.pages.frame import Pages, menu
from chassis.pages.passes import Visit, visit
from chassis.pages.posted import posted, searched
from chassis.pages.tables import Asked, Column, Table, asked_of
from chassis.refusals import NotFound, Rule
from chassis.settings import ServiceSettings
from contracts.numbers import digits_of, shown
from contracts.pages import SECTIONS
from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import BaseModel

from notifier.domain.failures import OUTCOMES, NothingFailed
from notifier.domain.mails import WAYS
from notifier.domain.notification import Notification
from notifier.ports import Previews
from notifier.usecases.telling import SeeToFailures, ShowNotifications

PLACE = "/desk/notifications"
FAILED = f"{PLACE}/failed"
COLUMNS = (
    Column("since", "failed.since", "state.failing.since"),
    Column("number", "failed.number", "_id"),
    Column("what", "failed.what"),
    Column("reason", "failed.reason", "state.failing.reason"),
)
REASONS = ("to-call", "no-contact", "refused-by-server", "gave-up")
FILTERS: Mapping[str, tuple[str, ...]] = {"q": (), "reason": REASONS}
Number = Annotated[str, Path(pattern=r"^[0-9]{13}$")]
RuleName = Annotated[str, Path(pattern=r"^[a-z-]{1,60}$")]
Here = Annotated[Visit, Depends(visit)]


class _SeenTo(BaseModel):
    """What makes two sendings of one form the same act."""

    outcome: str
    seen: str


def staff_pages(settings: ServiceSettings, refusals: Mapping[type[Exception], Rule]) -> Pages:
    """The frame of the pages of OJK's people here: their log-in and their menu are the suite's."""
    return Pages(
        "chassis.people.pages",
        "notifier",
        service="notifier",
        base="/staff",
        visited=True,
        navigation=menu("/staff", SECTIONS),
        refusals=refusals,
        example_data=settings.example_data,
        secure=settings.behind_tls,
    )


def notification_pages(
    pages: Pages,
    previews: Previews,
    failing: Callable[[Asked], Awaitable[Table[Notification]]],
    show: ShowNotifications,
    see_to: SeeToFailures,
) -> APIRouter:
    router = pages.router(PLACE)

    async def one(request: Request, number: str, status: int = 200, form: Form | None = None) -> Response:
        return pages.show(
            request, "notifications/one.html", status, here=f"{FAILED}/{number}", place=f"{FAILED}/{number}",
            list=FAILED, matter=await show(number), outcomes=OUTCOMES, once=new_id(), shown=shown, form=form,
            aloud=previews.aloud,
        )  # fmt: skip

    @router.get("")
    async def told(request: Request, here: Here) -> Response:
        return pages.show(
            request, "notifications/rules.html", rules=previews.rules, reminders=previews.reminders,
            ways=WAYS, offered=previews.offered, place=PLACE, list=FAILED,
            sees_to=bool({"cso", "supervisor"} & set(here.visitor.roles)),
        )  # fmt: skip

    @router.get("/texts/{rule}")
    async def text(rule: RuleName, request: Request, here: Here) -> Response:
        found = previews.rule(rule)
        if found is None:
            raise NotFound(f"no rule {rule}")
        return pages.show(
            request, "notifications/text.html", rule=found, previews=previews.of(found), place=PLACE,
            offered=previews.offered,
        )  # fmt: skip

    @router.get("/failed", openapi_extra=searched(COLUMNS, FILTERS))
    async def listed(request: Request, here: Here) -> Response:
        if number := digits_of(request.query_params.get("q", "")):
            return pages.lead(f"{FAILED}/{number}")
        asked = asked_of(FAILED, request.query_params, COLUMNS, FILTERS)
        return pages.show(
            request, "notifications/failed.html", table=await failing(asked), reasons=REASONS, place=FAILED,
            rules=PLACE, shown=shown,
        )  # fmt: skip

    @router.get("/failed/{number}")
    async def failed(number: Number, request: Request, here: Here) -> Response:
        return await one(request, number)

    @router.post("/failed/{number}", openapi_extra=posted("outcome", "seen", "once", "csrf"))
    async def done(number: Number, request: Request, here: Here) -> Response:
        form = here.form
        outcome = next((one for one in OUTCOMES if one == form["outcome"]), None)
        if outcome is None:
            form.wrong("outcome", "failed.choose")
            return await one(request, number, 422, form)
        act = act_of(number, here.visitor.id, form["once"] or None, _SeenTo(outcome=outcome, seen=form["seen"]))
        try:
            await see_to(act, form["seen"], outcome, here.visitor.id)
        except NothingFailed:
            # How it stands now stands below.
            form.wrong(WHOLE, "failed.moved")
            return await one(request, number, 409, form)
        return pages.lead(FAILED, said="said.seen_to")

    return router
