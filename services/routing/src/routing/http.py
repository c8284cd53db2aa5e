"""Routing's HTTP door: supervisors see and route what is parked; administrators load the directory."""

from datetime import datetime
from typing import Annotated

from chassis.access import ASKED
from chassis.askers import Staff
from chassis.doors import act_of
from chassis.openapi import refuses
from chassis.traced import about
from contracts.base import PujkCode
from fastapi import APIRouter, Header, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from routing.domain.assignment import Assignment
from routing.domain.parts import Firm, Found
from routing.usecases.tickets import FindPujk, ListParked, LoadDirectory, RouteTicket, ShowTicket

Number = Annotated[str, Path(pattern=r"^[0-9]{13}$")]


class FirmIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    code: PujkCode
    name: Annotated[str, Field(min_length=1, max_length=200)]
    sector: Annotated[str, Field(max_length=40)] = ""
    aliases: tuple[Annotated[str, Field(min_length=1, max_length=200)], ...] = ()


class RouteIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    pujk: PujkCode


class TicketOut(BaseModel):
    """An assignment as staff see it."""

    model_config = ConfigDict(from_attributes=True)

    number: str
    kind: str
    state: str
    round: int
    pujk: str | None
    pujk_name: str | None
    named: str | None
    due: datetime | None
    reason: str | None
    candidates: list[dict[str, str]]
    received_at: datetime | None
    product: str | None
    withdrawal_asked: bool


class FoundOut(BaseModel):
    """The one PUJK that is meant, or why it cannot be told and who might be."""

    pujk: dict[str, str] | None = None
    how: str | None = None
    reason: str | None = None
    candidates: list[dict[str, str]] = []


class ParkedOut(BaseModel):
    tickets: list[TicketOut]
    next: str | None


def http_router(
    *,
    route_ticket: RouteTicket,
    show_ticket: ShowTicket,
    list_parked: ListParked,
    load_directory: LoadDirectory,
    find_pujk: FindPujk,
) -> APIRouter:
    router = APIRouter()

    @router.get("/parked")
    async def parked(
        after: Annotated[str | None, Query(pattern=r"^[0-9]{13}$")] = None,
        limit: Annotated[int, Query(ge=1, le=500)] = 50,
    ) -> ParkedOut:
        tickets = await list_parked(after, limit)
        return ParkedOut(
            tickets=[_out(one) for one in tickets], next=tickets[-1].number if len(tickets) == limit else None
        )

    @router.get("/tickets/{number}", responses=refuses(404, 410))
    async def ticket(number: Number) -> TicketOut:
        return _out(await show_ticket(number))

    @router.post("/tickets/{number}/route", responses=refuses(404, 409, 410))
    async def route(
        number: Number,
        body: RouteIn,
        request: Request,
        person: Annotated[Staff, ASKED],
        idempotency_key: Annotated[str | None, Header(max_length=200)] = None,
    ) -> TicketOut:
        await about(request, firm=body.pujk)
        return _out(await route_ticket(act_of(number, person.id, idempotency_key, body), body.pujk, by=[person.id]))

    @router.put("/directory")
    async def directory(
        request: Request,
        firms: Annotated[list[FirmIn], Field(max_length=2_000)],
    ) -> dict[str, int]:
        await about(request, count=len(firms))
        return {"firms": await load_directory([Firm(f.code, f.name, f.aliases, f.sector) for f in firms])}

    @router.get("/directory/search")
    async def search(
        name: Annotated[str | None, Query(max_length=200)] = None,
        code: Annotated[str | None, Query(max_length=32)] = None,
    ) -> FoundOut:
        found = await find_pujk(name, code)
        if isinstance(found, Found):
            return FoundOut(pujk=_firm(found.firm), how=found.how)
        return FoundOut(reason=found.reason, candidates=[_firm(one) for one in found.candidates])

    return router


def _firm(firm: Firm) -> dict[str, str]:
    return {"code": firm.code, "name": firm.name}


def _out(assignment: Assignment) -> TicketOut:
    return TicketOut.model_validate(assignment)
