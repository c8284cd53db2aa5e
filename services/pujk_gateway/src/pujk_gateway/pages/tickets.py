"""The pages of one ticket at its firm: what it is about, what was done, why it is due when it is, and each act with its
question Ya or Tidak."""

import re
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Annotated, Any

from chassis.ids import new_id
from chassis.pages.forms import WHOLE, Form
from chassis.pages.posted import asked_for, posted, uploaded
from chassis.people.pages.front import Front, Here
from chassis.refusals import KeyReused
from chassis.rooms import roomy
from contracts.base import Command
from contracts.codes import called
from contracts.numbers import shown
from fastapi import APIRouter, Depends, Path, Request, Response

from contracts import pujk
from pujk_gateway.domain.case import RUNNING
from pujk_gateway.domain.listing import JAKARTA, listed_of, remaining
from pujk_gateway.domain.reading import own_entries, own_proposals, turn_of
from pujk_gateway.domain.refusals import CaseRefusal
from pujk_gateway.pages.asked import LISTS, TICKETS
from pujk_gateway.pages.files import ATTACHED, FILES, ROOM, files_of
from pujk_gateway.pages.opening import ASKED, opening_of
from pujk_gateway.pages.proposals import (
    ANSWERS,
    DECLINES,
    FOLLOW_UPS,
    RESOLUTIONS,
    amount_of,
    answers_of,
    one_of,
    text_of,
)
from pujk_gateway.usecases.firm import request_of
from pujk_gateway.usecases.portal import Portal

Number = Annotated[str, Path(pattern=r"^[0-9]{13}$")]
PLACES: dict[str, str] = {kind: f"/pujk/{path}" for path, kind in LISTS.items()}
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
_CHOICES = {"resolutions": RESOLUTIONS, "declines": DECLINES, "follow_ups": FOLLOW_UPS, "answers": ANSWERS}
_COUNT = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)
_DEMAND = re.compile(r"[0-9]{1,3}", re.ASCII)
_ONCE = re.compile(r"[0-9a-f-]{32,36}")
#: What every form of an act sends.
_SEEN = ("round", "basis", "once", "csrf")


def ticket_pages(front: Front, portal: Portal) -> APIRouter:
    pages, acts = front.pages, portal.acts
    router = pages.router(TICKETS)
    inside = Annotated[Here, Depends(front.at("in"))]
    bringing = Annotated[Here, Depends(front.with_files("in"))]

    async def one(request: Request, number: str, here: Here, template: str, status: int = 200, **but: Any) -> Response:
        firm, now = here.account.firm or "", portal.clock.now()
        case, texts = await portal.show(number, firm)
        turn, listed = turn_of(case, firm), listed_of(case)
        entries, place = own_entries(case, firm), f"{TICKETS}/{number}"
        values: dict[str, Any] = {"case": case, "entries": entries, "proposals": own_proposals(case, firm)}
        values |= {"texts": texts, "officers": await portal.officers(firm), "called": called, "shown": shown}
        values |= {"place": place, "back": PLACES.get(case.kind, "/pujk"), "dossier": None, "attached": ()}
        values |= {"opened": (), "handed": await portal.handed(here.account.id, firm) if template == "one" else ()}
        if turn is None or listed is None:
            return pages.show(request, "tickets/past.html", 200 if status == 200 else 409, here=place, **values)
        form: Form = but.get("form") or Form()
        seen = _seen(form, "basis") if WHOLE in form.errors else None
        holds = {"mine": turn.holder == here.account.id, "decides": "deciding" in here.account.roles}
        values |= {"turn": turn, "listed": listed, "open": turn.state in RUNNING, **holds, **_CHOICES}
        values |= {"left": remaining(listed.state, listed.due, turn.deadline, now), "asks": False}
        values |= {"changes": [entry for entry in entries if seen is not None and entry.basis > seen], "typed": form}
        values |= {"seen": _carried(form, turn.round, case.basis), "today": now.astimezone(JAKARTA).date()}
        if "dossier" not in but and (template in ("one", "open") or but.get("attached")):
            values["dossier"] = await portal.look(number, here.account.id, here.account.roles, firm)
        return pages.show(request, f"tickets/{template}.html", status, here=place, **{**values, **but})

    async def acted(
        request: Request, number: str, here: Here, template: str, act: Callable[[], Awaitable[object]], said: str,
        to: str | None = None, **but: Any,
    ) -> Response:  # fmt: skip
        """The act, or the form again: with what is wrong, or with what happened meanwhile."""
        form = here.form
        if _seen(form, "basis") is None or _seen(form, "round") is None:
            form.wrong(WHOLE, "ticket.moved")
        if not form.errors:
            try:
                await act()
                return pages.lead(to or f"{TICKETS}/{number}", said=said)
            except (CaseRefusal, KeyReused):
                form.wrong(WHOLE, "ticket.moved")
        return await one(request, number, here, template, 409 if WHOLE in form.errors else 422, form=form, **but)

    async def sent(
        act: Any, command: type[Command], number: str, here: Here, *, judges: bool = True, **data: Any
    ) -> None:
        """As the firm's system would send it. The form's own mark makes two sendings of it one act; where the act does
        not name the basis that it judges by, the form's is what was seen."""
        form, once, firm = here.form, here.form["once"], here.account.firm or ""
        basis = _seen(form, "basis")
        about = {"round": _seen(form, "round"), "officer": here.account.id, **({"basis": basis} if judges else {})}
        key = once if _ONCE.fullmatch(once) else new_id()
        asked = request_of(firm, here.account.id, number, key, command.model_validate({**about, **data}))
        await (act(asked, firm) if judges else act(asked, firm, basis))

    @router.get("/{number}")
    async def show(number: Number, request: Request, here: inside) -> Response:
        return await one(request, number, here, "one")

    @router.post("/{number}/dibaca", openapi_extra=posted("back", "csrf"))
    async def read(number: Number, here: inside) -> Response:
        await portal.handed.read(number, here.account.id, here.account.firm or "")
        return pages.lead("/pujk" if here.form["back"] == "/pujk" else f"{TICKETS}/{number}")

    @router.get("/{number}/buka-data")
    async def ask_open(number: Number, request: Request, here: inside) -> Response:
        return await one(request, number, here, "open")

    @router.post("/{number}/buka-data", openapi_extra=posted(*ASKED))
    async def open_data(number: Number, request: Request, here: inside) -> Response:
        opening = opening_of(here.form)
        if opening is None:
            return await one(request, number, here, "open", 422, form=here.form)
        opened = await portal.opened(number, here.account, opening)
        return await one(request, number, here, "one", dossier=opened, opened=opening.fields)

    def plain(path: str, story: str, command: type[Command]) -> None:
        @router.get(f"/{{number}}/{path}", name=f"ask_{story}")
        async def ask(number: Number, request: Request, here: inside) -> Response:
            return await one(request, number, here, "plain", way=path, story=story)

        @router.post(f"/{{number}}/{path}", name=story, openapi_extra=posted(*_SEEN))
        async def do(number: Number, request: Request, here: inside) -> Response:
            return await acted(
                request, number, here, "plain",
                lambda: sent(getattr(acts, story), command, number, here, judges=False),
                f"said.{story}", way=path, story=story,
            )  # fmt: skip

    def written(path: str, story: str, command: type[Command]) -> None:
        @router.get(f"/{{number}}/{path}", name=f"ask_{story}")
        async def ask(number: Number, request: Request, here: inside) -> Response:
            return await one(request, number, here, "written", way=path, story=story)

        @router.post(f"/{{number}}/{path}", name=story, openapi_extra=posted("text", "sure", *_SEEN))
        async def do(number: Number, request: Request, here: inside) -> Response:
            form, text = here.form, text_of(here.form)
            about: dict[str, Any] = {"way": path, "story": story}
            if not form.errors and form["sure"] != "yes":
                return await one(request, number, here, "written", form=form, asks=form["sure"] != "no", **about)
            return await acted(
                request, number, here, "written",
                lambda: sent(
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
        return await one(request, number, here, "follow_up")

    @router.post("/{number}/tindak-lanjut", openapi_extra=uploaded("kind", "text", ATTACHED, *_SEEN, files=FILES))
    @roomy(ROOM)
    async def follow_up(number: Number, request: Request, here: bringing) -> Response:
        kind, note = one_of(here.form, "kind", FOLLOW_UPS), text_of(here.form)
        files = await files_of(here, number, portal.bring)
        told: dict[str, Any] = {"kind": kind, "note": note, "attachments": files}
        return await acted(
            request, number, here, "follow_up",
            lambda: sent(acts.follow_up, pujk.AddFollowUp, number, here, judges=False, **told),
            "said.followed_up", attached=files,
        )  # fmt: skip

    @router.get("/{number}/janji", openapi_extra={"parameters": [asked_for("demand", {})]})
    async def ask_fulfil(number: Number, request: Request, here: inside) -> Response:
        return await promised(request, number, here, request.query_params.get("demand", ""))

    @router.post("/{number}/janji", openapi_extra=posted("text", "demand", *_SEEN))
    async def fulfil(number: Number, request: Request, here: inside) -> Response:
        form, note = here.form, text_of(here.form)
        told: dict[str, Any] = {"demand": int(form["demand"]) if _DEMAND.fullmatch(form["demand"]) else 0, "note": note}
        act = partial(sent, acts.fulfil, pujk.FulfilRelief, number, here, judges=False, **told)
        return await promised(request, number, here, form["demand"], act)

    async def promised(
        request: Request, number: str, here: Here, demand: str, act: Callable[[], Awaitable[object]] | None = None
    ) -> Response:
        """The form of one promise; its ticket, where there is none that can be kept."""
        case, _ = await portal.show(number, here.account.firm or "")
        found = [one for one in case.owed if str(one.demand) == demand and one.state in ("promised", "overdue")]
        if not found:
            return pages.lead(f"{TICKETS}/{number}")
        if act is None:
            return await one(request, number, here, "fulfil", promise=found[0])
        return await acted(request, number, here, "fulfil", act, "said.fulfil", promise=found[0])

    @router.get("/{number}/usul")
    async def ask_proposal(number: Number, request: Request, here: inside) -> Response:
        return await one(request, number, here, "propose")

    @router.post(
        "/{number}/usul", openapi_extra=uploaded("kind", "amount", "text", "sure", ATTACHED, *_SEEN, files=FILES)
    )
    @roomy(ROOM)
    async def propose(number: Number, request: Request, here: bringing) -> Response:
        form, firm = here.form, here.account.firm or ""
        case, _ = await portal.show(number, firm)
        kind, text = one_of(form, "kind", RESOLUTIONS), text_of(form)
        answers = answers_of(form, case.demands, portal.clock.now().astimezone(JAKARTA).date())
        amount, files = amount_of(form, kind, answers), await files_of(here, number, portal.bring)
        if not form.errors and form["sure"] != "yes":
            given = {answer.demand: answer for answer in answers}
            about: dict[str, Any] = {"asks": form["sure"] != "no", "amount": amount, "given": given, "attached": files}
            return await one(request, number, here, "propose", form=form, **about)
        told: dict[str, Any] = {"kind": kind, "amount": amount, "answers": answers, "text": text, "attachments": files}
        return await acted(
            request, number, here, "propose", lambda: sent(acts.propose, pujk.Propose, number, here, **told),
            "said.proposed", attached=files,
        )  # fmt: skip

    @router.get("/{number}/tolak")
    async def ask_decline(number: Number, request: Request, here: inside) -> Response:
        return await one(request, number, here, "decline")

    @router.post("/{number}/tolak", openapi_extra=posted("kind", "text", "sure", *_SEEN))
    async def decline(number: Number, request: Request, here: inside) -> Response:
        form, firm = here.form, here.account.firm or ""
        case, _ = await portal.show(number, firm)
        kind, text = one_of(form, "kind", DECLINES), text_of(form)
        if not form.errors and form["sure"] != "yes":
            return await one(request, number, here, "decline", form=form, asks=form["sure"] != "no")
        return await acted(
            request, number, here, "decline",
            lambda: sent(acts.decline, pujk.Decline, number, here, kind=kind, text=text),
            "said.declined", PLACES.get(case.kind, "/pujk"),
        )  # fmt: skip

    return router


def _carried(form: Form, round_: int, basis: int) -> dict[str, object]:
    """What the next form says was seen: what the one before said, until whoever writes was shown what is there now."""
    if WHOLE in form.errors or _seen(form, "basis") is None:
        return {"round": round_, "basis": basis, "once": new_id()}
    return {name: form[name] for name in ("round", "basis", "once")}


def _seen(form: Form, name: str) -> int | None:
    """What stood on the page that was sent; None for what never stood on one."""
    return int(form[name]) if _COUNT.fullmatch(form[name]) else None
