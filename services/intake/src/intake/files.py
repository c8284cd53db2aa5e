"""Intake's HTTP door for files and dossiers: channels and services bring files, services show dossiers, and whoever has
an address of a file opens it."""

from typing import Annotated, Any
from urllib.parse import quote

from chassis.access import ASKED
from chassis.askers import Channel, Service
from chassis.limits import ROOM_BYTES, ROOM_SECONDS
from chassis.lines import file_name
from chassis.openapi import refuses
from chassis.pages.frame import Pages
from chassis.rooms import Room, roomy, streamed
from chassis.traced import About, about
from contracts.base import PujkCode
from contracts.dossier import Attached, By, Dossier, DossierAsked
from fastapi import APIRouter, Header, Path, Query, Request, Response
from fastapi.responses import StreamingResponse

from intake.ports import Seals
from intake.usecases.attaching import AddAttachment, BringAttachment, Brought
from intake.usecases.dossiers import OpenAttachment, ShowDossier, shown_file

Number = Annotated[str, Path(pattern=r"^[0-9]{13}$")]
Pin = Annotated[str, Header(alias="X-Service-PIN", pattern=r"^[0-9]{8}$")]
Name = Annotated[
    str | None, Header(alias="Content-Disposition", max_length=2_000, description="attachment; filename*=UTF-8''…")
]
Account = Annotated[str, Query(min_length=1, max_length=80, description="Who brings it")]
#: Whoever opens the file sees only it, whatever is in it: nothing runs, nothing is asked from elsewhere.
ALONE = "sandbox; default-src 'none'; frame-ancestors 'none'"
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The file as it is",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file, to be kept, not shown",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
#: To a browser a refusal is a page.
_PAGES = {
    status: {"content": answer["content"] | {"text/html": {"schema": {"type": "string"}}}}
    for status, answer in refuses(404, 409, 410, 503).items()
}
IN, OUT = Room(ROOM_BYTES, ROOM_SECONDS), Room(0, ROOM_SECONDS)


def files_router(
    *,
    seals: Seals,
    pages: Pages,
    add_attachment: AddAttachment,
    bring_attachment: BringAttachment,
    show_dossier: ShowDossier,
    open_attachment: OpenAttachment,
) -> APIRouter:
    router = APIRouter()

    @router.post(
        "/services/{number}/attachments", status_code=201, responses=refuses(404, 409, 410, 415), openapi_extra=_BODY
    )
    @roomy(IN)
    async def bring(
        number: Number, pin: Pin, request: Request, asker: Annotated[Channel, ASKED], name: Name = None
    ) -> Attached:
        brought = Brought("consumer", asker.name, file_name(name))
        matter, one, known = await bring_attachment(number, pin, brought, streamed(request))
        return Attached(attachment=shown_file(matter, one, seals), known=known)

    @router.post(
        "/dossiers/{number}/attachments", status_code=201, responses=refuses(404, 409, 410, 415), openapi_extra=_BODY
    )
    @roomy(IN)
    async def add(
        number: Number, by: By, account: Account, request: Request, pujk: PujkCode | None = None, name: Name = None
    ) -> Attached:
        brought = Brought(by, account, file_name(name), pujk)
        matter, one, known = await add_attachment(number, brought, streamed(request))
        return Attached(attachment=shown_file(matter, one, seals), known=known)

    @router.post("/dossiers/{number}", responses=refuses(404, 409, 410))
    async def dossier(
        number: Number, body: DossierAsked, request: Request, asker: Annotated[Service, ASKED]
    ) -> Dossier:
        said = About(account=body.by, firm=body.pujk) if body.pujk else About(account=body.by)
        await about(request, **said)
        return await show_dossier(number, body, asker.name, asker.purpose)

    @router.get("/attachments/{token}", response_class=StreamingResponse, responses=_FILE | _PAGES)
    @roomy(OUT)
    async def open_(token: Annotated[str, Path(max_length=1_000)], request: Request) -> Response:
        try:
            opened = await open_attachment(token)
        except Exception as error:
            # People come by a link on a page, and read a page.
            if "text/html" in request.headers.get("accept", ""):
                return pages.refused(request, error)
            raise
        headers = {
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(opened.name, safe='')}",
            "Content-Length": str(opened.size),
            "Content-Security-Policy": ALONE,
        }
        return StreamingResponse(opened.content, media_type=opened.media_type, headers=headers)

    return router
