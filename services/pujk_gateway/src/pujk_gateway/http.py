"""The gateway's HTTP door: deciders judge proposals, staff see cases, administrators put endpoints."""

from typing import Annotated, Literal

from chassis.access import ASKED
from chassis.askers import Staff
from chassis.doors import act_of
from chassis.openapi import refuses
from chassis.traced import about
from contracts.base import PlainText, PujkCode
from fastapi import APIRouter, Header, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from pujk_gateway.ports import Digests
from pujk_gateway.usecases.deciding import Decide, ListProposals, ShowCase
from pujk_gateway.usecases.reaching import PutEndpoint, RemoveEndpoint, ShowEndpoints
from pujk_gateway.usecases.waiting import DecideExtension, ListExtensions
from pujk_gateway.views import (
    CaseOut,
    EndpointOut,
    ExtensionsOut,
    ProposalsOut,
    case_out,
    extensions_out,
    proposals_out,
)

Number = Annotated[str, Path(pattern=r"^[0-9]{13}$")]


class DecisionIn(BaseModel):
    """``basis`` is the case that the decider saw; without it the decision is about whatever waits."""

    model_config = ConfigDict(extra="forbid")

    decision: Literal["accept", "return"]
    basis: Annotated[int, Field(ge=1)] | None = None
    reason: Annotated[PlainText | None, Field(validate_default=True)] = None

    @field_validator("reason")
    @classmethod
    def _for_return_only(cls, reason: str | None, about: ValidationInfo) -> str | None:
        decision = about.data.get("decision")
        if decision == "return" and reason is None:
            raise ValueError("why the proposal is returned: the firm and the consumer get it")
        if decision == "accept" and reason is not None:
            raise ValueError("nothing: an accepted proposal has no reason")
        return reason


class ExtensionIn(BaseModel):
    """``basis`` is the case that the decider saw; without it the decision is about the wish that waits."""

    model_config = ConfigDict(extra="forbid")

    decision: Literal["grant", "refuse"]
    basis: Annotated[int, Field(ge=1)] | None = None
    reason: Annotated[PlainText | None, Field(validate_default=True)] = None

    @field_validator("reason")
    @classmethod
    def _for_refusal_only(cls, reason: str | None, about: ValidationInfo) -> str | None:
        decision = about.data.get("decision")
        if decision == "refuse" and reason is None:
            raise ValueError("why there is no more time: the firm gets it")
        if decision == "grant" and reason is not None:
            raise ValueError("nothing: more time that is granted has no reason")
        return reason


class DecisionOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    number: str
    basis: int
    state: str


class EndpointIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kind: Literal["queue"]


def http_router(
    *,
    decide: Decide,
    list_proposals: ListProposals,
    show_case: ShowCase,
    decide_extension: DecideExtension,
    list_extensions: ListExtensions,
    put_endpoint: PutEndpoint,
    show_endpoints: ShowEndpoints,
    remove_endpoint: RemoveEndpoint,
    digest: Digests,
) -> APIRouter:
    router = APIRouter()

    @router.get("/proposals")
    async def proposals(
        request: Request,
        after: Annotated[str | None, Query(max_length=80)] = None,
        limit: Annotated[int, Query(ge=1, le=500)] = 50,
    ) -> ProposalsOut:
        cases, texts, cursor = await list_proposals(after, limit)
        await about(request, numbers=[one.number for one in cases])
        return proposals_out(cases, texts, cursor)

    @router.get("/cases/{number}", responses=refuses(404, 410))
    async def case(number: Number) -> CaseOut:
        return case_out(*await show_case(number))

    @router.post("/cases/{number}/decision", responses=refuses(404, 409, 410))
    async def decision(
        number: Number,
        body: DecisionIn,
        request: Request,
        person: Annotated[Staff, ASKED],
        idempotency_key: Annotated[str | None, Header(max_length=200)] = None,
    ) -> DecisionOut:
        act = act_of(number, person.id, idempotency_key, body, digest=digest)
        await about(request, decision=body.decision, basis=body.basis)
        return DecisionOut.model_validate(await decide(act, person.id, body.basis, body.reason))

    @router.get("/extensions")
    async def extensions(
        request: Request,
        after: Annotated[str | None, Query(max_length=80)] = None,
        limit: Annotated[int, Query(ge=1, le=500)] = 50,
    ) -> ExtensionsOut:
        cases, texts, cursor = await list_extensions(after, limit)
        await about(request, numbers=[one.number for one in cases])
        return extensions_out(cases, texts, cursor)

    @router.post("/cases/{number}/extension", responses=refuses(404, 409, 410))
    async def extension(
        number: Number,
        body: ExtensionIn,
        request: Request,
        person: Annotated[Staff, ASKED],
        idempotency_key: Annotated[str | None, Header(max_length=200)] = None,
    ) -> DecisionOut:
        act = act_of(number, person.id, idempotency_key, body, digest=digest)
        await about(request, decision=body.decision, basis=body.basis)
        return DecisionOut.model_validate(await decide_extension(act, person.id, body.basis, body.reason))

    @router.get("/endpoints")
    async def endpoints() -> dict[str, list[EndpointOut]]:
        return {"endpoints": [EndpointOut.model_validate(one) for one in await show_endpoints()]}

    @router.get("/endpoints/{code}", responses=refuses(404))
    async def endpoint(code: PujkCode) -> EndpointOut:
        return EndpointOut.model_validate(await show_endpoints.one(code))

    @router.put("/endpoints/{code}", responses=refuses(409))
    async def put(code: PujkCode, body: EndpointIn, request: Request) -> EndpointOut:
        await about(request, kind=body.kind)
        return EndpointOut.model_validate(await put_endpoint(code, body.kind))

    @router.delete("/endpoints/{code}", status_code=204, responses=refuses(404))
    async def remove(code: PujkCode) -> None:
        await remove_endpoint(code)

    return router
