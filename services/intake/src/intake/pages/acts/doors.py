"""Where does a consumer add a document, or withdraw? Here, on the way from the page of their matter and back to it. A
permit in the form says which matter and which act; nothing of it stands in an address."""

from collections.abc import Awaitable, Callable

from chassis.doors import client_of
from chassis.pages.forgery import same_origin
from chassis.pages.forms import WHOLE, Form, form_of
from chassis.pages.frame import Pages
from chassis.pages.posted import posted, uploaded
from chassis.pages.uploads import KIND, Upload, Uploads, uploads_of
from chassis.permits import PermitEnded, PermitWrong
from chassis.refusals import Erased, NotFound
from chassis.rooms import FORM_WITH_FILES, roomy
from contracts.numbers import shown
from fastapi import APIRouter, Request, Response

from intake.domain import Service, ServiceEnded
from intake.pages.taking import take
from intake.usecases.acting import ATTACH, WITHDRAW, ReadWay, WithdrawByPage
from intake.usecases.attaching import AddAttachment, Brought

FILE, END = "/lapor/berkas", "/lapor/cabut"
FIELD = "attachments"
AT_ONCE = 10
_NOWAY = (PermitWrong, PermitEnded, NotFound, Erased)
Count = Callable[[str], Awaitable[None]]


def act_pages(pages: Pages, *, read: ReadWay, add: AddAttachment, withdraw: WithdrawByPage, count: Count) -> APIRouter:
    router = pages.router()

    def over(request: Request) -> Response:
        return pages.show(request, "acts/over.html", 404, here="/track/matter")

    def file_page(request: Request, matter: Service, form: Form, taken: list[str], status: int = 200) -> Response:
        values = {"number": shown(matter.number, matter.kind), "permit": form["permit"], "taken": taken, "at": FILE}
        return pages.show(request, "acts/file.html", status, here="/track/matter", form=form, **values)

    @router.post(FILE, openapi_extra=uploaded("permit", files=FIELD))
    @roomy(FORM_WITH_FILES)
    async def attach(request: Request) -> Response:
        same_origin(request)
        uploads = await uploads_of(request)
        try:
            await count(client_of(request))
            matter = await read(uploads.form["permit"], ATTACH)
        except _NOWAY:
            await uploads.drain()
            return over(request)
        if not request.headers.get("content-type", "").startswith(KIND):
            return file_page(request, matter, uploads.form, [])
        taken = await _taken(uploads, matter.number, add)
        if not taken and not uploads.form.errors:
            uploads.form.wrong(FIELD, "acts.file_none")
        return file_page(request, matter, uploads.form, taken, 422 if uploads.form.errors else 200)

    @router.post(END, openapi_extra=posted("permit", "sure"))
    async def end(request: Request) -> Response:
        same_origin(request)
        form = await form_of(request)
        await count(client_of(request))
        try:
            matter = await read(form["permit"], WITHDRAW)
            done, status = form["sure"] == "1", 200
            if done:
                matter = await withdraw(matter, form["permit"])
        except ServiceEnded:
            form.wrong(WHOLE, "acts.ended")
            done, status = False, 409
        except _NOWAY:
            return over(request)
        values = {"number": shown(matter.number, matter.kind), "permit": form["permit"], "done": done}
        gone = matter.state == "closed"
        return pages.show(request, "acts/end.html", status, here="/track/matter", form=form, gone=gone, **values)

    return router


async def _taken(uploads: Uploads, number: str, add: AddAttachment) -> list[str]:
    """Names of those that the matter holds now; what is wrong with each other one stands in the form."""
    taken = list[str]()

    async def one(file: Upload) -> None:
        await add(number, Brought("consumer", "page", file.name), file)
        taken.append(file.name)

    try:
        await take(uploads, uploads.form, FIELD, "acts.file_", AT_ONCE, one)
    except (ServiceEnded, NotFound, Erased):
        uploads.form.wrong(WHOLE, "acts.ended")
        await uploads.drain()
    return taken
