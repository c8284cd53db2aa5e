"""The pages where a firm's people find their tickets: counters, the leaflet's two lists, and the lists as files."""

import hashlib
import re
from collections.abc import AsyncIterator, Collection
from typing import Annotated, Any, Literal

from chassis.limits import ROOM_SECONDS
from chassis.pages.cookies import language_of
from chassis.pages.forms import Form
from chassis.pages.posted import asked_for, searched
from chassis.pages.sheets import as_csv, as_xlsx
from chassis.pages.tables import Table
from chassis.people.pages.front import Front, Here
from chassis.rooms import Room, roomy
from chassis.traced import traced
from contracts.codes import called
from contracts.numbers import digits_of, shown
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import StreamingResponse

from pujk_gateway.domain.listing import ACTIVE, JAKARTA, Listed
from pujk_gateway.domain.parts import AFTER
from pujk_gateway.pages.asked import COLUMNS, FIRST_YEAR, LISTS, TICKETS, choices, wanted_of
from pujk_gateway.usecases.listing import EXPORTED_MOST, Kind
from pujk_gateway.usecases.portal import Portal

#: A hundred thousand rows become a spreadsheet in some ten seconds, and nothing of it goes out before.
TAKING = Room(0, ROOM_SECONDS)
#: As a firm's system names its officers.
OFFICER = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
_FILES = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
}
FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {kind.split(";")[0]: {} for kind, _ in _FILES.values()} | {"text/html": {}}}
}
#: What a list may be asked; who holds a ticket, and how far the years go, is known only then.
_ASKED = searched(COLUMNS, {**choices((), FIRST_YEAR), "holder": (), "year": ()})
_EXPORTED = ("number", "kind", "product", "issue", "region", "received", "came", "due", "state", "holder")


def portal_pages(front: Front, portal: Portal) -> APIRouter:
    pages = front.pages
    router = pages.router("/pujk")
    inside = Annotated[Here, Depends(front.at("in"))]

    @router.get("")
    async def start(request: Request, here: inside) -> Response:
        firm = here.account.firm or ""
        counters = await portal.lists.counters(firm, portal.clock.now())
        values: dict[str, Any] = {"counters": counters, "lists": LISTS, "states": ACTIVE, "tickets": TICKETS}
        # What follows an accepted proposal is rare, and told where there is some.
        values |= {"later": AFTER}
        values |= await told(here)
        return pages.show(request, "tickets/front.html", **values)

    async def told(here: Here) -> dict[str, Any]:
        """What a colleague took over from whoever looks, and their names."""
        found = await portal.handed(here.account.id, here.account.firm or "")
        officers = await portal.officers(here.account.firm or "") if found else {}
        return {"handed": found, "officers": officers, "shown": shown}

    @router.get("/layanan", openapi_extra={"parameters": [asked_for("nomor", {})]})
    async def find(request: Request, here: inside) -> Response:
        typed = request.query_params.get("nomor", "")
        if number := digits_of(typed):
            return pages.lead(f"{TICKETS}/{number}")
        form = Form({"nomor": [typed]})
        form.wrong("nomor", "list.no_number")
        return pages.show(request, "tickets/find.html", 422, form=form, typed=form, tickets=TICKETS)

    for path, kind in LISTS.items():
        _list_pages(router, front, portal, path, kind)
    return router


def _list_pages(router: APIRouter, front: Front, portal: Portal, path: str, kind: Kind) -> None:
    pages, place = front.pages, f"/pujk/{path}"
    inside = Annotated[Here, Depends(front.at("in"))]

    async def listed(request: Request, here: Here, template: str) -> Response:
        now, firm = portal.clock.now(), here.account.firm or ""
        officers = await portal.officers(firm)
        may_be = choices(whose(request, officers), now.astimezone(JAKARTA).year)
        asked, wanted, form = wanted_of(place, request.query_params, firm, kind, may_be, now)
        page = await portal.lists.page(wanted, now)
        table = Table.of(asked, page.found, page.rows, page.total)
        values: dict[str, Any] = {"kind": kind, "counters": page.counters, "officers": officers, "now": now}
        # Officers that the firm's system names have no account here: they are known by their tickets.
        others = {row.listed.holder for row in page.rows} - {"", *may_be["holder"]}
        values |= {"called": called, "shown": shown}
        values["may_be"] = {**may_be, "holder": [*may_be["holder"], *sorted(others)]}
        return pages.show(
            request, template, 422 if form.errors else 200, form=form, table=table, place=place, tickets=TICKETS,
            **values,
        )  # fmt: skip

    @router.get(f"/{path}", openapi_extra=_ASKED)
    async def whole(request: Request, here: inside) -> Response:
        return await listed(request, here, "tickets/list.html")

    @router.get(f"/{path}/terbaru", openapi_extra=_ASKED, responses={304: {"description": "As you have it"}})
    async def newest(request: Request, here: inside) -> Response:
        """What an open list looks at: told, and written down, only where something is new."""
        answer = await listed(request, here, "tickets/rows.html")
        tag = f'"{hashlib.sha256(bytes(answer.body)).hexdigest()[:32]}"'
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers={"ETag": tag})
        await traced(request, request.state.asker.actor, allowed=True)
        answer.headers["ETag"] = tag
        return answer

    @router.get(f"/{path}/unduh/{{form}}", responses=FILE)
    @roomy(TAKING)
    async def exported(form: Literal["csv", "xlsx"], request: Request, here: inside) -> Response:
        now, firm = portal.clock.now(), here.account.firm or ""
        may_be = choices(whose(request, await portal.officers(firm)), now.astimezone(JAKARTA).year)
        _, wanted, wrong = wanted_of(place, request.query_params, firm, kind, may_be, now)
        if wrong.errors:
            # Whoever asked for a day that is none gets no list of everything.
            return await listed(request, here, "tickets/list.html")
        words, language = pages.words, language_of(request)
        media, made = _FILES[form]

        async def rows() -> AsyncIterator[list[str]]:
            async for one in portal.lists.rows(wanted, now, EXPORTED_MOST):
                state = words.say(f"list_state.{one.state}", language)
                yield _cells(one, words.say(f"kind.{one.kind}", language), state, language)

        head = [words.say(f"export.{name}", language) for name in _EXPORTED]
        named = f'attachment; filename="{path}-{now.astimezone(JAKARTA):%Y-%m-%d}.{form}"'
        return StreamingResponse(made(head, rows()), media_type=media, headers={"Content-Disposition": named})


def whose(request: Request, officers: Collection[str]) -> list[str]:
    """Whose tickets may be asked for: accounts of the firm, and who else is named, as its system may."""
    asked = request.query_params.get("holder", "")
    return [*officers, *([asked] if OFFICER.fullmatch(asked) and asked not in officers else [])]


def _cells(one: Listed, kind: str, state: str, language: str) -> list[str]:
    """Nothing of the consumer; of the firm's officer the account."""
    sold, about = called("product", one.product, language), called("issue", one.issue, language)
    times = [f"{at.astimezone(JAKARTA):%Y-%m-%d %H:%M}" for at in (one.received, one.came, one.due)]
    return [
        shown(one.number, one.kind), kind, sold, about, called("region", one.region, language), *times, state,
        one.holder,
    ]  # fmt: skip
