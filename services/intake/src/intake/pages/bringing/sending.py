"""The last two steps, and what comes after: files, a look at the whole, the receipt; or all of it is forgotten."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import segno
from chassis.limits import MAX_BODY_BYTES, ROOM_SECONDS
from chassis.pages.forms import WHOLE, Form, form_of
from chassis.pages.frame import Pages
from chassis.pages.posted import posted, uploaded
from chassis.pages.uploads import Upload, uploads_of
from chassis.refusals import Invalid
from chassis.rooms import FORM_WITH_FILES, Room, roomy
from contracts.numbers import shown
from fastapi import APIRouter, Request, Response

from intake.bringing.draft import STEPS, Draft, DraftEnded, DraftSent
from intake.pages.bringing.browser import PLACE, Browsers
from intake.pages.bringing.filling import FILLED, form_with
from intake.pages.bringing.receipts import Receipts
from intake.pages.bringing.shown import told
from intake.pages.taking import take
from intake.usecases.bringing import CheckDraft, DraftFiles, KeepDraft, SendDraft
from intake.usecases.submitting import Incomplete

FILES = "files"
SENT = Room(MAX_BODY_BYTES, ROOM_SECONDS)


def sending_router(
    pages: Pages, browsers: Browsers, keep: KeepDraft, files: DraftFiles, check: CheckDraft, send: SendDraft,
    receipts: Receipts, person: timedelta,
) -> APIRouter:  # fmt: skip
    router = pages.router(PLACE)

    def page(request: Request, token: str, draft: Draft, step: str, status: int = 200, **values: Any) -> Response:
        form = values.pop("form", None)
        return pages.show(
            request, f"lapor/{step}.html", status, here=f"{PLACE}/{step}", draft=draft, step=step, steps=STEPS,
            mark=browsers.mark(token), called="" if draft.sent else browsers.called(token), form=form,
            **told(pages, request), **values,
        )  # fmt: skip

    async def mine(request: Request) -> tuple[str, Draft]:
        token = browsers.token(request)
        return token, (await keep.read(token))[0]

    @router.get("/lampiran")
    async def attached(request: Request) -> Response:
        try:
            token, draft = await mine(request)
        except DraftEnded:
            return pages.lead(PLACE, said="said.draft_none")
        if draft.sent or draft.sending:
            return pages.lead(f"{PLACE}/periksa")
        return page(request, token, draft, "lampiran", limits=files.limits)

    @router.post("/lampiran", openapi_extra=uploaded("csrf", files=FILES))
    @roomy(FORM_WITH_FILES)
    async def attach(request: Request) -> Response:
        await browsers.count(request)
        token, uploads = browsers.token(request), await uploads_of(request)
        browsers.check(request, token, uploads.form)
        form = Form()

        async def add(file: Upload) -> None:
            await files.add(token, file.name, aiter(file))

        came = await take(uploads, form, FILES, "lapor.file.", files.limits.files, add)
        draft, _ = await keep.read(token)
        if form.errors:
            return page(request, token, draft, "lampiran", 422, form=form, limits=files.limits)
        if came:
            return pages.lead(f"{PLACE}/lampiran")
        await keep.passed(token, "lampiran")
        return pages.lead(f"{PLACE}/periksa")

    @router.post("/lampiran/hapus", openapi_extra=posted("file", "csrf"))
    async def detach(request: Request) -> Response:
        await browsers.count(request)
        token, form = browsers.token(request), await form_of(request)
        browsers.check(request, token, form)
        await files.remove(token, form["file"])
        return pages.lead(f"{PLACE}/lampiran")

    def whole(request: Request, token: str, draft: Draft, form: Form | None = None, status: int = 200) -> Response:
        checked = check(draft)
        open_ = [one for one in FILLED if any(draft.step_of(name) == one for name in checked.wrong)]
        if draft.meant.others and FILLED[0] not in open_:
            open_.insert(0, FILLED[0])
        return page(
            request, token, draft, "periksa", status, form=form, advised=check.advice(draft), open=open_,
            answers=receipts.answers(draft), needs_consent="consent" in draft.asked("periksa"),
        )  # fmt: skip

    @router.get("/periksa")
    async def look(request: Request) -> Response:
        try:
            token, draft = await mine(request)
        except DraftEnded:
            return pages.lead(PLACE, said="said.draft_none")
        if draft.sent:
            return pages.lead(f"{PLACE}/tanda-terima")
        return whole(request, token, await keep.ask_again(token))

    @router.post("/kirim", openapi_extra=posted("consent", "csrf"))
    @roomy(SENT)
    async def sent(request: Request) -> Response:
        await browsers.count(request)
        uploads = await uploads_of(request)
        token, form = browsers.token(request), uploads.form
        browsers.check(request, token, form)
        draft, _ = await keep.read(token)
        with suppress(DraftSent):
            draft = await keep.fill(token, "periksa", {"consent": form["consent"]})
        if receipts.clock.now() - datetime.fromisoformat(draft.at) < person:
            again = Form()
            again.wrong(WHOLE, "lapor.too_fast")
            return whole(request, token, draft, again, 422)
        asked = await keep.ask_again(token)
        if draft.unasked and not asked.unasked:
            # What there is to know of the firm is read before it goes, not after.
            again = Form()
            again.wrong(WHOLE, "lapor.firm_known")
            return whole(request, token, asked, again, 422)
        try:
            await send(token)
        except (Incomplete, Invalid):
            draft, _ = await keep.read(token)
            return whole(request, token, draft, _wrong(draft, check), 422)
        return pages.lead(f"{PLACE}/tanda-terima")

    @router.get("/tanda-terima")
    async def receipt(request: Request) -> Response:
        try:
            token, draft = await mine(request)
        except DraftEnded:
            return pages.lead(PLACE, said="said.draft_none")
        if draft.sent is None:
            return pages.lead(f"{PLACE}/periksa")
        given = await receipts(draft.sent)
        address = given.address or str(request.base_url)
        qr = segno.make(address, error="m").svg_inline(border=2, omitsize=True, dark="#000", light="#fff")
        number = shown(draft.sent.number, draft.sent.kind)
        return pages.show(
            request, "lapor/tanda_terima.html", sent=draft.sent, told=given, number=number, qr=qr,
            address=address, mark=browsers.mark(token), called="", **told(pages, request),
        )  # fmt: skip

    @router.get("/hapus")
    async def ask(request: Request) -> Response:
        try:
            token, draft = await mine(request)
        except DraftEnded:
            return pages.lead(PLACE, said="said.draft_none")
        return page(request, token, draft, "hapus")

    @router.post("/hapus", openapi_extra=posted("csrf"))
    async def forget(request: Request) -> Response:
        await browsers.count(request)
        token, form = browsers.token(request), await form_of(request)
        browsers.check(request, token, form)
        await keep.forget(token)
        response = pages.lead(f"{PLACE}?lupa=1", said="said.draft_forgotten")
        browsers.take_back(response)
        return response

    return router


def _wrong(draft: Draft, check: CheckDraft) -> Form:
    """What is missing on this page stands beside its field; for the rest there is a way to each step."""
    form = form_with(draft, check(draft), "periksa")
    if not form.errors:
        form.wrong(WHOLE, "lapor.not_whole")
    return form
