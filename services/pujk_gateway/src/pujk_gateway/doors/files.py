"""The HTTP door where a firm's systems and people bring files to a ticket, to be named by a follow-up or a proposal."""

from typing import Annotated, Any

from chassis.access import ASKED
from chassis.askers import Officer, System
from chassis.limits import ROOM_BYTES, ROOM_SECONDS
from chassis.lines import file_name
from chassis.openapi import refuses
from chassis.rooms import Room, roomy, streamed
from contracts.dossier import DossierAttachment
from fastapi import APIRouter, Header, Path, Query, Request

from contracts import pujk
from pujk_gateway.doors.acts import in_whose_name
from pujk_gateway.usecases.filing import BringFile
from pujk_gateway.usecases.firm import NamedOfficer

Number = Annotated[str, Path(pattern=r"^[0-9]{13}$")]
Who = Annotated[Officer | System, ASKED]
Name = Annotated[
    str | None, Header(alias="Content-Disposition", max_length=2_000, description="attachment; filename*=UTF-8''…")
]
InName = Annotated[pujk.Officer | None, Query(description="In whose name a system brings it; a person says nothing")]
ROOM = Room(ROOM_BYTES, ROOM_SECONDS)
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The file as it is",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


def files_router(*, bring: BringFile, named: NamedOfficer) -> APIRouter:
    router = APIRouter(prefix="/pujk/tickets/{number}")

    @router.post("/attachments", status_code=201, responses=refuses(404, 409, 410, 413, 415), openapi_extra=_BODY)
    @roomy(ROOM)
    async def attach(
        number: Number, who: Who, request: Request, officer: InName = None, name: Name = None
    ) -> DossierAttachment:
        by = await in_whose_name(named, request, who, officer)
        return await bring(number, who.firm, by, file_name(name), streamed(request))

    return router
