"""The pages where a supervisor looks after tickets that nobody answers: parked ones, and those whose delay was told
further up; one ticket, the firms that might be meant, and a way to one of them."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any

from chassis.doors import act_of
from chassis.ids import new_id
from chassis.pages.forms import WHOLE, Form
from chassis.pages.frame import Pages, menu
from chassis.pages.passes import Visit, visit
from chassis.pages.posted import asked_for, posted, searched
from chassis.pages.tables import Asked, Column, Table, asked_of
from chassis.refusals import Rule
from chassis.settings import ServiceSettings
from contracts.base import PujkCode
from contracts.numbers import digits_of, shown
from contracts.pages import SECTIONS
from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import BaseModel

from routing.domain.assignment import ROUTABLE, Assignment
from routing.domain.parts import ENDINGS, AlreadyThere, BeingSettled, NotParked, TicketEnded, TicketHasMoved
from routing.usecases.bulk import ProposeBulk
from routing.usecases.tickets import EndTicket, RouteTicket, SearchDirectory, ShowTicket

PLACE = "/desk/triage"
COLUMNS = (
    Column("received", "triage.received", "state.received_at"),
    Column("number", "triage.number", "_id"),
    Column("named", "triage.named", "state.named"),
    Column("state", "triage.state", "state.state"),
    Column("due", "triage.due", "state.due"),
    Column("escalated", "triage.escalated", "state.escalated"),
)
TEXT_MOST = 5_000
STATES, LEVELS = ("parked", "routed"), ("supervisor", "division")
FILTERS: Mapping[str, tuple[str, ...]] = {"q": (), "state": STATES, "escalated": LEVELS}
Number = Annotated[str, Path(pattern=r"^[0-9]{13}$")]
Here = Annotated[Visit, Depends(visit)]


class _Ended(BaseModel):
    """The same of an ending; a digest of what somebody wrote could be guessed."""

    ending: str


class _Routed(BaseModel):
    """What makes two sendings of one form the same act."""

    pujk: str


def staff_pages(settings: ServiceSettings, refusals: Mapping[type[Exception], Rule]) -> Pages:
    """The frame of the pages of OJK's people here: their log-in and their menu are the suite's."""
    return Pages(
        "chassis.people.pages",
        "routing",
        service="routing",
        base="/staff",
        visited=True,
        navigation=menu("/staff", SECTIONS),
        refusals=refusals,
        example_data=settings.example_data,
        secure=settings.behind_tls,
    )


def triage_pages(
    pages: Pages,
    at_desk: Callable[[Asked], Awaitable[Table[Assignment]]],
    show_ticket: ShowTicket,
    search: SearchDirectory,
    route_ticket: RouteTicket,
    propose: ProposeBulk,
    end_ticket: EndTicket,
) -> APIRouter:
    router = pages.router(PLACE)

    async def one(request: Request, number: str, status: int = 200, form: Form | None = None) -> Response:
        ticket, typed = await show_ticket(number), request.query_params.get("q", "").strip()[:100]
        routable = ticket.kind in ROUTABLE and ticket.state != "closed"
        found = search(typed) if typed and routable else ()
        place = f"{PLACE}/{number}"
        return pages.show(
            request, "triage/one.html", status, here=place, place=place, ticket=ticket, typed=typed, found=found,
            routable=routable, shown=shown, form=form, endings=ENDINGS,
        )  # fmt: skip

    @router.get("", openapi_extra=searched(COLUMNS, FILTERS))
    async def listed(request: Request, here: Here) -> Response:
        if number := digits_of(request.query_params.get("q", "")):
            return pages.lead(f"{PLACE}/{number}")
        asked = asked_of(PLACE, request.query_params, COLUMNS, FILTERS)
        return pages.show(
            request, "triage/list.html", table=await at_desk(asked), states=STATES, levels=LEVELS, place=PLACE,
            shown=shown,
        )  # fmt: skip

    @router.get("/{number}", openapi_extra={"parameters": [asked_for("q", {})]})
    async def show(number: Number, request: Request, here: Here) -> Response:
        return await one(request, number)

    @router.get("/{number}/route/{code}")
    async def ask(number: Number, code: PujkCode, request: Request, here: Here) -> Response:
        ticket, firm = await show_ticket(number), search.by_code(code)
        _, alike = await propose.alike(number)
        values: dict[str, Any] = {"ticket": ticket, "firm": firm, "once": new_id(), "shown": shown, "alike": len(alike)}
        return pages.show(request, "triage/route.html", place=f"{PLACE}/{number}", **values)

    @router.post("/{number}/route/{code}", openapi_extra=posted("seen", "once", "csrf"))
    async def route(number: Number, code: PujkCode, request: Request, here: Here) -> Response:
        form = here.form
        act = act_of(number, here.visitor.id, form["once"] or None, _Routed(pujk=code))
        try:
            await route_ticket(act, code, form["seen"], [here.visitor.id])
        except (TicketHasMoved, TicketEnded, BeingSettled, AlreadyThere):
            # How it stands now stands below.
            form.wrong(WHOLE, "triage.moved")
            return await one(request, number, 409, form)
        return pages.lead(f"{PLACE}/{number}", said="said.routed")

    @router.get("/{number}/end")
    async def ask_end(number: Number, request: Request, here: Here) -> Response:
        ticket = await show_ticket(number)
        if ticket.state != "parked":
            return pages.lead(f"{PLACE}/{number}")
        return ending(request, ticket, Form(), ticket.seen)

    def ending(request: Request, ticket: Assignment, form: Form, seen: str, status: int = 200) -> Response:
        values: dict[str, Any] = {"ticket": ticket, "form": form, "seen": seen, "once": form["once"] or new_id()}
        place = f"{PLACE}/{ticket.number}"
        return pages.show(
            request, "triage/end.html", status, here=f"{place}/end", place=place, endings=ENDINGS, shown=shown, **values
        )

    @router.post("/{number}/end", openapi_extra=posted("ending", "text", "seen", "once", "csrf"))
    async def end(number: Number, request: Request, here: Here) -> Response:
        form = here.form
        form.needs("text")
        why, text = next((one for one in ENDINGS if one == form["ending"]), None), form["text"].strip()
        if why is None:
            form.wrong("ending", "form.missing")
        if len(text) > TEXT_MOST:
            form.wrong("text", "form.too_long", most=TEXT_MOST)
        if form.errors or why is None:
            return ending(request, await show_ticket(number), form, form["seen"], 422)
        act = act_of(number, here.visitor.id, form["once"] or None, _Ended(ending=why))
        try:
            await end_ticket(act, why, text, form["seen"], here.visitor.id)
        except (TicketHasMoved, TicketEnded, NotParked):
            form.wrong(WHOLE, "triage.moved")
            return await one(request, number, 409, form)
        return pages.lead(f"{PLACE}/{number}", said="said.ended")

    return router
