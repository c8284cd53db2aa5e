"""The pages of acts over many tickets: a supervisor proposes where all go that name a firm alike, another one
confirms."""

import re
from typing import Annotated, Literal

from chassis.ids import new_id
from chassis.messages import act_id
from chassis.pages.forms import WHOLE, Form
from chassis.pages.frame import Pages
from chassis.pages.passes import Visit, visit
from chassis.pages.posted import posted
from chassis.refusals import NotFound
from chassis.traced import about
from contracts.base import PujkCode
from contracts.numbers import shown
from fastapi import APIRouter, Depends, Path, Request, Response

from routing.domain.bulk import Bulk, BulkDecided, NothingToRoute, SamePerson
from routing.usecases.bulk import Bulks, DecideBulk, ProposeBulk
from routing.usecases.tickets import SearchDirectory, ShowTicket

TRIAGE = "/desk/triage"
PLACE = f"{TRIAGE}/bulk"
LISTED, NUMBERS_SHOWN = 50, 20
Number = Annotated[str, Path(pattern=r"^[0-9]{13}$")]
BulkId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
Here = Annotated[Visit, Depends(visit)]
Decision = Literal["confirm", "refuse"]
_ONCE = re.compile(r"[0-9a-f-]{32,36}")


def bulk_pages(
    pages: Pages,
    propose: ProposeBulk,
    decide: DecideBulk,
    bulks: Bulks,
    search: SearchDirectory,
    show_ticket: ShowTicket,
) -> APIRouter:
    router = pages.router(TRIAGE)

    async def one(request: Request, bulk: Bulk, here: Visit, status: int = 200, form: Form | None = None) -> Response:
        own, stays = bulk.by == here.visitor.id, set(bulk.left)
        left = [ticket for ticket in bulk.tickets if ticket.number in stays]
        return pages.show(
            request, "bulk/one.html", status, here=f"{PLACE}/{bulk.id}", bulk=bulk, place=f"{PLACE}/{bulk.id}", own=own,
            form=form, shown=shown, numbers=bulk.tickets[:NUMBERS_SHOWN], left=left[:NUMBERS_SHOWN],
        )  # fmt: skip

    async def known(id_: str) -> Bulk:
        bulk = await bulks.get(id_)
        if bulk is None:
            raise NotFound("no such act over many tickets")
        return bulk

    @router.get("/bulk")
    async def listed(request: Request, here: Here) -> Response:
        found = await bulks.latest(LISTED)
        return pages.show(request, "bulk/list.html", here=PLACE, bulks=found, place=PLACE)

    @router.get("/bulk/{bulk}")
    async def show(bulk: BulkId, request: Request, here: Here) -> Response:
        found = await known(bulk)
        await about(request, numbers=[ticket.number for ticket in found.tickets])
        return await one(request, found, here)

    @router.post("/bulk/{bulk}/{decision}", openapi_extra=posted("csrf"))
    async def judge(bulk: BulkId, decision: Decision, request: Request, here: Here) -> Response:
        found = await known(bulk)
        await about(request, firm=found.pujk, decision=decision, numbers=[ticket.number for ticket in found.tickets])
        try:
            await decide(bulk, here.visitor.id, confirms=decision == "confirm")
        except SamePerson:
            here.form.wrong(WHOLE, "bulk.same_person")
            return await one(request, found, here, 403, here.form)
        except BulkDecided:
            here.form.wrong(WHOLE, "bulk.decided")
            return await one(request, await known(bulk), here, 409, here.form)
        return pages.lead(f"{PLACE}/{bulk}", said=f"said.bulk_{decision}")

    @router.get("/{number}/same/{code}")
    async def ask(number: Number, code: PujkCode, request: Request, here: Here) -> Response:
        return await asked(request, number, code)

    async def asked(request: Request, number: str, code: str, form: Form | None = None) -> Response:
        ticket, firm = await show_ticket(number), search.by_code(code)
        _, alike = await propose.alike(number)
        return pages.show(
            request, "bulk/ask.html", 409 if form else 200, ticket=ticket, firm=firm, alike=len(alike), form=form,
            numbers=alike[:NUMBERS_SHOWN], once=new_id(), place=f"{TRIAGE}/{number}", shown=shown,
        )  # fmt: skip

    @router.post("/{number}/same/{code}", openapi_extra=posted("once", "csrf"))
    async def put(number: Number, code: PujkCode, request: Request, here: Here) -> Response:
        once = here.form["once"] if _ONCE.fullmatch(here.form["once"]) else new_id()
        id_ = act_id(here.visitor.id, once).rpartition(":")[2][:32]
        try:
            bulk = await propose(number, code, here.visitor.id, id_)
        except NothingToRoute:
            here.form.wrong(WHOLE, "triage.moved")
            return await asked(request, number, code, here.form)
        await about(request, firm=code, numbers=[ticket.number for ticket in bulk.tickets])
        return pages.lead(f"{PLACE}/{bulk.id}", said="said.bulk_proposed")

    return router
