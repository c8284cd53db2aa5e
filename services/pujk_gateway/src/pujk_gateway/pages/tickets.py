"""The pages of one ticket at its firm: what it is about, what was done, why it is due when it is, and each act with its
question Ya or Tidak."""

import re
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated, Any

from chassis.pages.forms import WHOLE
from chassis.pages.posted import asked_for, posted, uploaded
from chassis.people.pages.front import Front, Here
from chassis.rooms import FORM_WITH_FILES, roomy
from contracts.base import Command
from fastapi import APIRouter, Depends, Path, Request, Response

from contracts import pujk
from pujk_gateway.domain.listing import JAKARTA
from pujk_gateway.pages.asked import TICKETS
from pujk_gateway.pages.files import ATTACHED, FILES, files_of
from pujk_gateway.pages.one_ticket import PLACES, SEEN, OneTicket
from pujk_gateway.pages.opening import ASKED, opening_of
from pujk_gateway.pages.proposals import (
    DECLINES,
    FOLLOW_UPS,
    RESOLUTIONS,
    agrees,
    amount_of,
    answers_of,
    one_of,
    text_of,
)
from pujk_gateway.usecases.portal import Portal

Number = Annotated[str, Path(pattern=r"^[0-9]{13}$")]
#: Acts that are a Ya or Tidak, and acts that are a text: address, story, command.
PLAIN: tuple[tuple[str, str, type[Command]], ...] = (
    ("ambil-alih", "take_over", pujk.TakeOver),
    ("lepas", "release", pujk.Release),
    ("dokumen-diterima", "have_documents", pujk.ReceiveDocuments),
)
WRITTEN: tuple[tuple[str, str, type[Command]], ...] = (
    ("minta-dokumen", "ask_documents", pujk.AskDocuments),
    ("perpanjangan", "ask_extension", pujk.AskExtension),
    ("tanggapan", "state_position", pujk.StatePosition),
)
_DEMAND = re.compile(r"[0-9]{1,3}", re.ASCII)


def ticket_pages(front: Front, portal: Portal) -> APIRouter:
    pages, acts = front.pages, portal.acts
    router, ticket = pages.router(TICKETS), OneTicket(pages, portal)
    inside = Annotated[Here, Depends(front.at("in"))]
    bringing = Annotated[Here, Depends(front.with_files("in"))]

    @router.get("/{number}")
    async def show(number: Number, request: Request, here: inside) -> Response:
        return await ticket.show(request, number, here, "one")

    @router.post("/{number}/dibaca", openapi_extra=posted("back", "csrf"))
    async def read(number: Number, here: inside) -> Response:
        await portal.handed.read(number, here.account.id, here.account.firm or "")
        return pages.lead("/pujk" if here.form["back"] == "/pujk" else f"{TICKETS}/{number}")

    @router.get("/{number}/buka-data")
    async def ask_open(number: Number, request: Request, here: inside) -> Response:
        return await ticket.show(request, number, here, "open")

    @router.post("/{number}/buka-data", openapi_extra=posted(*ASKED))
    async def open_data(number: Number, request: Request, here: inside) -> Response:
        opening = opening_of(here.form)
        if opening is None:
            return await ticket.show(request, number, here, "open", 422, form=here.form)
        opened = await portal.opened(number, here.account, opening)
        return await ticket.show(request, number, here, "one", dossier=opened, opened=opening.fields)

    def plain(path: str, story: str, command: type[Command]) -> None:
        @router.get(f"/{{number}}/{path}", name=f"ask_{story}")
        async def ask(number: Number, request: Request, here: inside) -> Response:
            return await ticket.show(request, number, here, "plain", way=path, story=story)

        @router.post(f"/{{number}}/{path}", name=story, openapi_extra=posted(*SEEN))
        async def do(number: Number, request: Request, here: inside) -> Response:
            return await ticket.acted(
                request, number, here, "plain",
                lambda: ticket.sent(getattr(acts, story), command, number, here, judges=False),
                f"said.{story}", way=path, story=story,
            )  # fmt: skip

    def written(path: str, story: str, command: type[Command]) -> None:
        @router.get(f"/{{number}}/{path}", name=f"ask_{story}")
        async def ask(number: Number, request: Request, here: inside) -> Response:
            return await ticket.show(request, number, here, "written", way=path, story=story)

        @router.post(f"/{{number}}/{path}", name=story, openapi_extra=posted("text", "sure", *SEEN))
        async def do(number: Number, request: Request, here: inside) -> Response:
            form, text = here.form, text_of(here.form)
            about: dict[str, Any] = {"way": path, "story": story}
            if not form.errors and form["sure"] != "yes":
                return await ticket.show(
                    request, number, here, "written", form=form, asks=form["sure"] != "no", **about
                )
            return await ticket.acted(
                request, number, here, "written",
                lambda: ticket.sent(
                    getattr(acts, story), command, number, here, judges="basis" in command.model_fields, text=text
                ),
                f"said.{story}", **about,
            )  # fmt: skip

    for path, story, command in PLAIN:
        plain(path, story, command)
    for path, story, command in WRITTEN:
        written(path, story, command)

    @router.get("/{number}/tindak-lanjut")
    async def ask_follow_up(number: Number, request: Request, here: inside) -> Response:
        return await ticket.show(request, number, here, "follow_up")

    @router.post("/{number}/tindak-lanjut", openapi_extra=uploaded("kind", "text", ATTACHED, *SEEN, files=FILES))
    @roomy(FORM_WITH_FILES)
    async def follow_up(number: Number, request: Request, here: bringing) -> Response:
        kind, note = one_of(here.form, "kind", FOLLOW_UPS), text_of(here.form)
        files = await files_of(here, number, portal.bring)
        told: dict[str, Any] = {"kind": kind, "note": note, "attachments": files}
        return await ticket.acted(
            request, number, here, "follow_up",
            lambda: ticket.sent(acts.follow_up, pujk.AddFollowUp, number, here, judges=False, **told),
            "said.followed_up", attached=files,
        )  # fmt: skip

    @router.get("/{number}/janji", openapi_extra={"parameters": [asked_for("demand", {})]})
    async def ask_fulfil(number: Number, request: Request, here: inside) -> Response:
        return await promised(request, number, here, request.query_params.get("demand", ""))

    @router.post("/{number}/janji", openapi_extra=posted("text", "demand", *SEEN))
    async def fulfil(number: Number, request: Request, here: inside) -> Response:
        form, note = here.form, text_of(here.form)
        if not _DEMAND.fullmatch(form["demand"]):
            form.wrong(WHOLE, "ticket.moved")
        told: dict[str, Any] = {"demand": int(form["demand"]) if not form.errors else 0, "note": note}
        act = partial(ticket.sent, acts.fulfil, pujk.FulfilRelief, number, here, judges=False, **told)
        return await promised(request, number, here, form["demand"], act)

    async def promised(
        request: Request, number: str, here: Here, demand: str, act: Callable[[], Awaitable[object]] | None = None
    ) -> Response:
        """The form of one promise. Where there is none that can be kept: its ticket, or the act's own word, which tells
        a form that was sent twice from one that came too late."""
        case, _ = await portal.show(number, here.account.firm or "")
        found = (one for one in case.owed if str(one.demand) == demand and one.state in ("promised", "overdue"))
        promise = next(found, None)
        if act is not None:
            return await ticket.acted(request, number, here, "fulfil", act, "said.fulfil", promise=promise)
        if promise is None:
            return pages.lead(f"{TICKETS}/{number}")
        return await ticket.show(request, number, here, "fulfil", promise=promise)

    @router.get("/{number}/usul")
    async def ask_proposal(number: Number, request: Request, here: inside) -> Response:
        return await ticket.show(request, number, here, "propose")

    @router.post(
        "/{number}/usul", openapi_extra=uploaded("kind", "amount", "text", "sure", ATTACHED, *SEEN, files=FILES)
    )
    @roomy(FORM_WITH_FILES)
    async def propose(number: Number, request: Request, here: bringing) -> Response:
        form, firm = here.form, here.account.firm or ""
        case, _ = await portal.show(number, firm)
        kind, text = one_of(form, "kind", RESOLUTIONS), text_of(form)
        answers, now = answers_of(form, case.demands), portal.clock.now()
        amount, files = amount_of(form, kind, answers), await files_of(here, number, portal.bring)
        agrees(form, kind, amount, answers, now.astimezone(JAKARTA).date(), acts.propose.terms.promised_most(now))
        if not form.errors and form["sure"] != "yes":
            given = {answer.demand: answer for answer in answers}
            about: dict[str, Any] = {"asks": form["sure"] != "no", "amount": amount, "given": given, "attached": files}
            return await ticket.show(request, number, here, "propose", form=form, **about)
        told: dict[str, Any] = {"kind": kind, "amount": amount, "answers": answers, "text": text, "attachments": files}
        return await ticket.acted(
            request, number, here, "propose", lambda: ticket.sent(acts.propose, pujk.Propose, number, here, **told),
            "said.proposed", attached=files,
        )  # fmt: skip

    @router.get("/{number}/tolak")
    async def ask_decline(number: Number, request: Request, here: inside) -> Response:
        return await ticket.show(request, number, here, "decline")

    @router.post("/{number}/tolak", openapi_extra=posted("kind", "text", "sure", *SEEN))
    async def decline(number: Number, request: Request, here: inside) -> Response:
        form, firm = here.form, here.account.firm or ""
        case, _ = await portal.show(number, firm)
        kind, text = one_of(form, "kind", DECLINES), text_of(form)
        if not form.errors and form["sure"] != "yes":
            return await ticket.show(request, number, here, "decline", form=form, asks=form["sure"] != "no")
        return await ticket.acted(
            request, number, here, "decline",
            lambda: ticket.sent(acts.decline, pujk.Decline, number, here, kind=kind, text=text),
            "said.declined", PLACES.get(case.kind, "/pujk"),
        )  # fmt: skip

    return router
