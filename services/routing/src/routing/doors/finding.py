"""Routing's door for whoever looks for a firm: anybody, while they type. And the one by which an administrator puts in
the list of illegal entities, as a whole."""

from typing import Annotated, Any

from chassis.doors import client_of
from chassis.openapi import refuses
from chassis.problems import problems_of
from chassis.refusals import Invalid
from chassis.rooms import Room, roomy, streamed
from chassis.traced import about
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from routing.finding import Illegal
from routing.usecases.finding import LoadIllegal, SuggestFirms

TYPED_MOST = 100
#: The list of December 2024 has 9,019 entries, 0.9 MB as JSON.
ENTITIES_MOST, LIST_BYTES, LIST_SECONDS = 50_000, 8 * 2**20, 60.0
#: A list is put in some times a year.
KEPT_SECONDS = 60


class FirmFound(BaseModel):
    code: str
    name: str
    sector: str


class EntityFound(BaseModel):
    name: str
    activity: str


class Found(BaseModel):
    """Licensed firms that may be meant, the likeliest first; ``sure``: hardly anybody but the first. Entries of the
    list of illegal entities that are called so."""

    firms: list[FirmFound]
    sure: bool
    illegal: list[EntityFound]


class EntityIn(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    name: Annotated[str, Field(min_length=1, max_length=300)]
    aliases: tuple[Annotated[str, Field(min_length=1, max_length=300)], ...] = ()
    activity: Annotated[str, Field(max_length=200)] = ""


_ENTITIES: TypeAdapter[list[EntityIn]] = TypeAdapter(Annotated[list[EntityIn], Field(max_length=ENTITIES_MOST)])
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"type": "array", "items": {"type": "object"}}}},
    }
}


def finding_router(*, suggest_firms: SuggestFirms, load_illegal: LoadIllegal) -> APIRouter:
    router = APIRouter()

    @router.get("/directory/find", responses=refuses(429))
    async def find(
        request: Request, response: Response, q: Annotated[str, Query(min_length=1, max_length=TYPED_MOST)]
    ) -> Found:
        found = await suggest_firms(q, client_of(request))
        response.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
        return Found(
            firms=[FirmFound(code=one.firm.code, name=one.firm.name, sector=one.firm.sector) for one in found.firms],
            sure=found.sure,
            illegal=[EntityFound(name=one.name, activity=one.activity) for one in found.illegal],
        )

    @router.put("/illegal-entities", openapi_extra=_BODY)
    @roomy(Room(LIST_BYTES, LIST_SECONDS))
    async def illegal(request: Request) -> dict[str, int]:
        entities = _read(b"".join([piece async for piece in streamed(request)]))
        await about(request, count=len(entities))
        return {"entities": await load_illegal([Illegal(one.name, one.aliases, one.activity) for one in entities])}

    return router


def _read(body: bytes) -> list[EntityIn]:
    """Errors: Invalid with each problem."""
    try:
        return _ENTITIES.validate_json(body)
    except ValidationError as error:
        raise Invalid("this is no list of entities; see problems", problems=problems_of(error)) from error
