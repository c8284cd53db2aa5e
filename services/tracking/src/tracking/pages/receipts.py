"""Where is a receipt given out, and where does anybody check one? The roots that are published stand beside it."""

import json
from base64 import b64encode
from datetime import datetime
from importlib.resources import files
from typing import Annotated, Any

from chassis.doors import client_of
from chassis.openapi import refuses
from chassis.pages.forgery import same_origin
from chassis.pages.forms import WHOLE, Form, form_of
from chassis.pages.frame import Pages
from chassis.pages.posted import posted, uploaded
from chassis.pages.uploads import uploads_of
from chassis.permits import PermitEnded, PermitWrong
from chassis.refusals import Invalid
from chassis.rooms import Room, roomy
from fastapi import APIRouter, Query, Request, Response

from tracking.domain.timeline import NoMatch
from tracking.usecases.answering import PermitAnswers
from tracking.usecases.looking import Prove
from tracking.usecases.receipts import BYTES_MOST, CheckReceipt, Found, MakeReceipt, Roots
from tracking.words import Both, Words

PLACE = "/tanda-terima"
ROOM = Room(4 * BYTES_MOST, 20.0)
LISTED_MOST = 400
FILE: dict[int | str, dict[str, Any]] = {
    200: {"description": "The receipt, to be kept", "content": {"application/json": {"schema": {"type": "object"}}}}
}
SCRIPT: dict[int | str, dict[str, Any]] = {
    200: {"description": "The script", "content": {"text/x-python": {"schema": {"type": "string"}}}}
}
PEM: dict[int | str, dict[str, Any]] = {
    200: {"description": "The public key", "content": {"application/x-pem-file": {"schema": {"type": "string"}}}}
}


def receipt_router(
    *,
    prove: Prove,
    permit: PermitAnswers,
    make: MakeReceipt,
    check: CheckReceipt,
    roots: Roots,
    public_key: bytes,
    words: Words,
    pages: Pages,
) -> APIRouter:
    router = pages.router()
    script = files("tracking").joinpath("data/periksa_tanda_terima.py").read_bytes()

    def labelled(found: Found) -> list[dict[str, Any]]:
        changed = set(found.changed)
        return [
            {"time": _moment(one["time"]), "label": _label(words, one["type"]), "changed": place in changed}
            for place, one in enumerate(found.entries, 1)
        ]

    def shown(request: Request, status: int = 200, form: Form | None = None, found: Found | None = None) -> Response:
        entries = labelled(found) if found else []
        return pages.show(
            request,
            "track/receipt.html",
            status,
            here=PLACE,
            form=form,
            found=found,
            rooted=_moment(found.root) if found and found.root else None,
            entries=entries,
            place=PLACE,
        )

    @router.get(PLACE)
    async def ask(request: Request) -> Response:
        return shown(request)

    @router.post(PLACE, openapi_extra=uploaded(files="receipt"), responses=refuses(413))
    @roomy(ROOM)
    async def look(request: Request) -> Response:
        same_origin(request)
        await prove.count(client_of(request))
        uploads = await uploads_of(request)
        form, content = uploads.form, b""
        async for upload in uploads.files():
            async for piece in upload:
                content += piece[: BYTES_MOST + 1 - len(content)]
        if not content:
            form.wrong("receipt", "form.missing")
            return shown(request, 422, form)
        try:
            return shown(request, found=await check(content.decode(errors="replace")))
        except Invalid:
            form.wrong("receipt", "receipt.not_ours")
            return shown(request, 422, form)

    @router.post(f"{PLACE}/unduh", openapi_extra=posted("permit"), responses=FILE)
    async def give(request: Request) -> Response:
        same_origin(request)
        form = await form_of(request)
        await prove.count(client_of(request))
        try:
            file = await make(await permit.page(form["permit"]))
        except (PermitWrong, PermitEnded, NoMatch):
            form.wrong(WHOLE, "track.page_over")
            return pages.show(request, "track/look_up.html", 404, here="/", form=form, number="")
        name = f"tanda-terima-slkt-{json.loads(file['receipt'])['number']}.json"
        return Response(
            json.dumps(file, ensure_ascii=False, indent=1),
            media_type="application/json",
            headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
        )

    return _published(router, roots, public_key, script)


def _published(router: APIRouter, roots: Roots, public_key: bytes, script: bytes) -> APIRouter:
    @router.get(f"{PLACE}/akar", responses=FILE)
    async def listed(
        before: Annotated[str | None, Query(max_length=40)] = None,
        limit: Annotated[int, Query(ge=1, le=LISTED_MOST)] = LISTED_MOST,
    ) -> Response:
        found = await roots.listed(before, limit)
        told = [
            {"until": one.until, "document": one.document, "signature": b64encode(one.signature).decode()}
            for one in found
        ]
        body = {"roots": told, "next": told[-1]["until"] if len(told) == limit else None}
        return Response(json.dumps(body, indent=1), media_type="application/json")

    @router.get(f"{PLACE}/kunci", responses=PEM)
    async def key() -> Response:
        return Response(public_key, media_type="application/x-pem-file")

    @router.get(f"{PLACE}/periksa.py", responses=SCRIPT)
    async def offline() -> Response:
        name = 'attachment; filename="periksa_tanda_terima.py"'
        return Response(script, media_type="text/x-python", headers={"Content-Disposition": name})

    return router


def _moment(text: str) -> datetime | None:
    """None for an entry that somebody took away."""
    return datetime.fromisoformat(text) if text else None


def _label(words: Words, type_: str) -> Both:
    """What happened, in a few words: no name and no day is filled in."""
    parts = type_.split(".")
    return words.plain_title(parts[1] if len(parts) > 1 else "")
