"""The pages where OJK's administrator lets firms in: who is there, one firm with its three people, letters, an end."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any

from chassis.lines import line_of
from chassis.pages.asks import Ask, stamp
from chassis.pages.forms import WHOLE, Form
from chassis.pages.frame import Pages, menu
from chassis.pages.passes import Visit, visit
from chassis.pages.posted import posted, searched
from chassis.pages.tables import Asked, Column, Table, asked_of
from chassis.people.account import USERNAME
from chassis.people.pages.asking import Act, end_of, reason_of
from chassis.refusals import Rule
from chassis.settings import ServiceSettings
from chassis.traced import about
from contracts.base import PujkCode
from contracts.pages import SECTIONS
from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import TypeAdapter, ValidationError

from pujk_gateway.domain.firm import (
    ADDRESS_LINES,
    LINE_MOST,
    SEATS,
    CodeNotKnown,
    Firm,
    FirmHasMoved,
    FirmRefusal,
    on_paper,
)
from pujk_gateway.pages.seats import Seated
from pujk_gateway.ports import Now, Person
from pujk_gateway.usecases.desk import Desk
from pujk_gateway.usecases.listing import Lists

PLACE = "/desk/firms"
PDF: dict[int | str, dict[str, Any]] = {200: {"content": {"application/pdf": {}, "text/html": {}}}}
COLUMNS = (
    Column("name", "firms.name", "name"),
    Column("code", "firms.code", "_id"),
    Column("state", "firms.state"),
    Column("since", "firms.since", "since"),
)
STATES = ("onboarded", "left")
FILTERS = {"q": (), "state": STATES}
_CODE: TypeAdapter[str] = TypeAdapter(PujkCode)
AccountId = Annotated[str, Path(pattern=USERNAME)]
SeatName = Annotated[str, Path(pattern=f"^({'|'.join(SEATS)})$")]
Here = Annotated[Visit, Depends(visit)]


def staff_pages(settings: ServiceSettings, refusals: Mapping[type[Exception], Rule]) -> Pages:
    """The frame of the pages of OJK's people here: their log-in and their menu are the suite's."""
    return Pages(
        "chassis.people.pages",
        "pujk_gateway",
        service="pujk_gateway",
        base="/staff",
        visited=True,
        navigation=menu("/staff", SECTIONS),
        refusals=refusals,
        example_data=settings.example_data,
        secure=settings.behind_tls,
    )


def firm_pages(
    pages: Pages, desk: Desk, firms: Callable[[Asked], Awaitable[Table[Firm]]], lists: Lists, clock: Now
) -> APIRouter:
    router = pages.router(PLACE)

    async def leaving(firm: Firm) -> Ask:
        """Who goes takes no ticket along: those that are open want another firm first."""
        at, counters = f"{PLACE}/{firm.code}", await lists.counters(firm.code, clock.now())
        count = sum(one.active for one in counters.values())
        warns = ("leave.open", {"count": count}) if count else None
        return Ask("leave", f"{at}/leave", at, firm.name, seen=stamp(firm.since), warns=warns)

    async def one(request: Request, code: str, status: int = 200, **but: Any) -> Response:
        here = f"{PLACE}/{code}"
        shown, now = await desk.show.one(code), clock.now()
        seated = {seat: Seated.of(person, here, now) for seat, person in shown.people.items()}
        asks = {"seated": seated, "leave": await leaving(shown.firm)}
        values = {"shown": shown, "seats": SEATS, "place": here, **asks, **but}
        return pages.show(request, "firms/one.html", status, here=here, **values)

    @router.get("", openapi_extra=searched(COLUMNS, FILTERS))
    async def listed(request: Request, here: Here) -> Response:
        asked = asked_of(PLACE, request.query_params, COLUMNS, FILTERS)
        return pages.show(request, "firms/list.html", table=await firms(asked), states=STATES, place=PLACE)

    @router.get("/new")
    async def new_page(request: Request, here: Here) -> Response:
        return pages.show(request, "firms/new.html", seats=SEATS, typed=Form(), place=PLACE)

    @router.post("/new", openapi_extra=posted("pujk", "pujk_again", "firm", "address", "csrf"))
    async def add(request: Request, here: Here) -> Response:
        form = here.form
        code = form["pujk"].strip().upper()
        address = [line_of(one) or "" for one in form["address"].splitlines() if one.strip()]
        form.needs("pujk")
        name = _line(form, "firm")
        form.needs("address")
        people = {seat: _person(form, f"_{seat}") for seat in SEATS}
        if form["pujk"].strip() and not _is_code(code):
            form.wrong("pujk", "firms.bad_code")
        if len(address) > ADDRESS_LINES or not all(0 < len(one) <= LINE_MOST for one in address):
            form.wrong("address", "firms.bad_address")
        elif not all(map(on_paper, address)):
            form.wrong("address", "firms.not_latin")
        if not form.errors:
            try:
                sure = form["pujk_again"].strip().upper() == code
                stands = await desk.register(code, name, address, people, here.visitor.id, sure=sure)
                await about(request, firm=code, accounts=[one.id for one in stands.people.values()])
                return pages.lead(f"{PLACE}/{code}", said="said.firm_registered")
            except CodeNotKnown:
                form.wrong("pujk_again", "firms.code_differs" if form["pujk_again"] else "firms.not_known")
            except FirmRefusal:
                form.wrong("pujk", "firms.stands")
        return pages.show(request, "firms/new.html", 422, form=form, seats=SEATS, typed=form, place=PLACE)

    @router.get("/{code}")
    async def show(code: PujkCode, request: Request, here: Here) -> Response:
        return await one(request, code)

    @router.get("/{code}/people/{account}/{act}")
    async def ask(code: PujkCode, account: AccountId, act: Act, request: Request, here: Here) -> Response:
        return await asked(request, code, account, act)

    async def asked(request: Request, code: str, account: str, act: str, form: Form | None = None) -> Response:
        shown = await desk.show.one(code)
        shown.firm.here()
        person = shown.people[shown.firm.seat_of(account)]
        ask = Seated.of(person, f"{PLACE}/{code}", clock.now()).acts[act]
        return pages.show(request, "asked.html", 422 if form else 200, form=form, ask=ask)

    async def moved(code: str, account: str, form: Form) -> Response | None:
        """Where the account is another than the one that was looked at: nothing is done, and that is said."""
        shown = await desk.show.one(code)
        if form["seen"] == str(shown.people[shown.firm.seat_of(account)].epoch):
            return None
        return pages.lead(f"{PLACE}/{code}", said="said.account_moved")

    @router.post("/{code}/people/{account}/letter", responses=PDF, openapi_extra=posted("csrf"))
    async def letter(code: PujkCode, account: AccountId, here: Here) -> Response:
        number, page = await desk.write_letter(code, account, here.visitor.id)
        named = f'attachment; filename="{account}.{number.split("/")[0]}.pdf"'
        return Response(page, media_type="application/pdf", headers={"Content-Disposition": named})

    @router.post("/{code}/people/{account}/lock", openapi_extra=posted("reason", "seen", "csrf"))
    async def lock(code: PujkCode, account: AccountId, request: Request, here: Here) -> Response:
        reason = reason_of(here.form)
        if here.form.errors:
            return await asked(request, code, account, "lock", here.form)
        if other := await moved(code, account, here.form):
            return other
        await about(request, why="locked")
        await desk.mind.lock(code, account, reason)
        return pages.lead(f"{PLACE}/{code}", said="said.locked")

    @router.post("/{code}/people/{account}/unlock", openapi_extra=posted("seen", "csrf"))
    async def unlock(code: PujkCode, account: AccountId, here: Here) -> Response:
        if other := await moved(code, account, here.form):
            return other
        await desk.mind.unlock(code, account)
        return pages.lead(f"{PLACE}/{code}", said="said.unlocked")

    @router.post("/{code}/people/{account}/expiry", openapi_extra=posted("expires", "seen", "csrf"))
    async def expire(code: PujkCode, account: AccountId, request: Request, here: Here) -> Response:
        expires = end_of(here.form, clock.now())
        if here.form.errors:
            return await asked(request, code, account, "expiry", here.form)
        if other := await moved(code, account, here.form):
            return other
        await about(request, expires=expires)
        await desk.mind.expire(code, account, expires)
        return pages.lead(f"{PLACE}/{code}", said="said.expiry_changed")

    async def seat_page(request: Request, code: str, seat: str, form: Form | None = None) -> Response:
        shown = await desk.show.one(code)
        shown.firm.here()
        values: dict[str, Any] = {
            "shown": shown,
            "seat": seat,
            "typed": form or Form(),
            "place": f"{PLACE}/{code}",
        }
        return pages.show(request, "firms/seat.html", 422 if form else 200, form=form, **values)

    @router.get("/{code}/seats/{seat}")
    async def ask_seat(code: PujkCode, seat: SeatName, request: Request, here: Here) -> Response:
        return await seat_page(request, code, seat)

    @router.post("/{code}/seats/{seat}", openapi_extra=posted("name", "position", "replaces", "csrf"))
    async def sit(code: PujkCode, seat: SeatName, request: Request, here: Here) -> Response:
        form = here.form
        person = _person(form)
        if not form.errors:
            try:
                stands = await desk.replace(code, seat, person, form["replaces"], here.visitor.id)
                await about(request, account=stands.people[seat].id, replaces=form["replaces"])
                return pages.lead(f"{PLACE}/{code}", said="said.seat_replaced")
            except FirmRefusal:
                form.wrong(WHOLE, "firms.moved")
        return await seat_page(request, code, seat, form)

    @router.get("/{code}/leave")
    async def ask_leave(code: PujkCode, request: Request, here: Here) -> Response:
        firm = (await desk.show.one(code)).firm
        firm.here()
        return pages.show(request, "asked.html", ask=await leaving(firm))

    @router.post("/{code}/leave", openapi_extra=posted("seen", "csrf"))
    async def leave(code: PujkCode, here: Here) -> Response:
        since = (await desk.show.one(code)).firm.since
        try:
            if here.form["seen"] != str(stamp(since)):
                raise FirmHasMoved(code)
            await desk.off_board(code, since)
        except FirmHasMoved:
            return pages.lead(f"{PLACE}/{code}", said="said.firm_moved")
        return pages.lead(f"{PLACE}/{code}", said="said.firm_left")

    return router


def _person(form: Form, of: str = "") -> Person:
    """Who is to sit there; what is missing or no line becomes an error of the form."""
    return Person(_line(form, f"name{of}"), _line(form, f"position{of}"))


def _line(form: Form, field: str) -> str:
    """What a letter will show."""
    line = form.line(field, LINE_MOST)
    if field not in form.errors and not on_paper(line):
        form.wrong(field, "firms.not_latin")
    return line


def _is_code(code: str) -> bool:
    try:
        return bool(_CODE.validate_python(code))
    except ValidationError:
        return False
