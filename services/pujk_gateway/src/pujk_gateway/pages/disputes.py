"""The pages where OJK brings a consumer and their firm together, and where LAPS SJK gets what stays unsettled: what is
looked at before, each step, how it ended, the bundle, and what LAPS said."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args

from chassis.doors import act_of
from chassis.ids import new_id
from chassis.limits import ROOM_SECONDS
from chassis.pages.forms import WHOLE, Form
from chassis.pages.frame import Pages
from chassis.pages.passes import Visit, visit
from chassis.pages.posted import posted
from chassis.refusals import KeyReused, NotFound, Unavailable
from chassis.rooms import Room, roomy
from chassis.traced import about
from chassis.working_days import JAKARTA
from contracts.numbers import shown
from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from pujk_gateway.domain.case import Case
from pujk_gateway.domain.disputes import Ending, Outcome, Promise
from pujk_gateway.domain.facilitation import sessions_ahead, waits_for_ojk
from pujk_gateway.domain.parts import Entry
from pujk_gateway.domain.refusals import AlreadyPlanned, CaseRefusal, ChecksFail
from pujk_gateway.domain.turns import broken
from pujk_gateway.pages.cases import BASIS, PLACE, SEEN, moved_from, since, stale
from pujk_gateway.pages.proposals import one_of, promises_of, session_of, text_of
from pujk_gateway.ports import Digests
from pujk_gateway.usecases.deciding import ShowCase
from pujk_gateway.usecases.facilitating import AddStep, Conditions, EndFacilitation, OpenFacilitation
from pujk_gateway.usecases.laps import HearLaps, SendToLaps, TakeBundle
from pujk_gateway.usecases.looking import LookInto

Number = Annotated[str, Path(pattern=r"^[0-9]{13}$")]
Here = Annotated[Visit, Depends(visit)]
#: Acts that are asked about with Ya or Tidak.
Question = Literal["open", "send", "verified"]
ENDINGS: tuple[str, ...] = get_args(Ending)
OUTCOMES: tuple[str, ...] = get_args(Outcome)
STEPPED = ("facilitation-step", "facilitation-ended")
STEPS = ("session-planned", "session-cancelled", "session-held", "note")
#: A bundle may hold all files of a matter; they are fetched, sealed and written while somebody waits.
SENDING, TAKING = Room(64 * 1024, ROOM_SECONDS), Room(0, ROOM_SECONDS)
_SEEN = ("basis", "once", "csrf")


@dataclass(frozen=True)
class Disputes:
    """What the pages do, together."""

    show: ShowCase
    conditions: Conditions
    open_: OpenFacilitation
    add: AddStep
    end: EndFacilitation
    send: SendToLaps
    take: TakeBundle
    hear: HearLaps
    look: LookInto
    digest: Digests


class _Said(BaseModel):
    """What makes two sendings of one form the same act."""

    act: str
    fields: dict[str, str]


def dispute_pages(pages: Pages, disputes: Disputes) -> APIRouter:
    router = pages.router(PLACE + "/{number}")

    async def page(
        request: Request, number: str, here: Visit, template: str, status: int = 200, **but: Any
    ) -> Response:
        case, texts = await disputes.show(number)
        if case.turn is None:
            raise NotFound(f"no firm had case {number}")
        checks, _ = disputes.conditions(case)
        failed = [one.what for one in checks if one.holds is False]
        waits, tried = waits_for_ojk(case), case.facilitation is not None
        now = disputes.conditions.clock.now()
        values: dict[str, Any] = {"case": case, "texts": texts, "checks": checks, "failed": failed, "typed": Form()}
        values |= {"judges": "decider" in here.visitor.roles, "may_open": waits and not tried and not failed}
        values |= {"may_send": waits, "broken": broken(case)}
        values |= {"why": disputes.conditions.because(case), "free": disputes.conditions.free(case)}
        values |= {"steps": stepped(case), "sessions": sessions_ahead(stepped(case), now), "step_kinds": STEPS}
        values |= {"endings": ENDINGS, "outcomes": OUTCOMES, "promised": _rows(case), "now": now}
        changes = since(case, but.get("form", Form())["basis"])
        unsent = not standing(case, but.get("wrong", ""))
        values |= {"changes": changes, "officers": {}, "wrong": None, "unsent": unsent}
        values |= {"today": now.astimezone(JAKARTA).date(), "key": disputes.conditions.fingerprint}
        # The consumer's own words stand beside each promise and each ending.
        values["dossier"] = await disputes.look(number, here.visitor.id, here.visitor.roles)
        return pages.show(
            request, f"disputes/{template}.html", status, here=f"{PLACE}/{number}/facilitation",
            place=f"{PLACE}/{number}", once=new_id(), shown=shown, **{**values, **but},
        )  # fmt: skip

    async def done(
        request: Request, number: str, here: Visit, act: str, story: Callable[[Any, int], Awaitable[object]]
    ) -> Response:
        """The act, or the page again: with what is wrong, or with what happened meanwhile."""
        form = here.form
        if not BASIS.fullmatch(form["basis"]):
            form.wrong(WHOLE, "cases.moved")
        if form.errors and not standing((await disputes.show(number))[0], act):
            # The fields that are wrong stand nowhere any more: what was typed is shown, and what moved.
            form.errors = {WHOLE: ("cases.moved", {})}
        if not form.errors:
            said = _Said(act=act, fields={name: form[name] for name in _typed(form)})
            await about(request, kind=act, basis=int(form["basis"]), decision=form["outcome"] or "none")
            try:
                await story(
                    act_of(number, here.visitor.id, form["once"] or None, said, digest=disputes.digest),
                    int(form["basis"]),
                )
                return pages.lead(f"{PLACE}/{number}/facilitation", said=f"said.dispute_{act}")
            except ChecksFail:
                form.wrong(WHOLE, "dispute.checks_fail")
            except AlreadyPlanned:
                form.wrong("on", "dispute.planned_before")
            except (CaseRefusal, KeyReused):
                form.wrong(WHOLE, "cases.moved")
            except Unavailable:
                if act != "send":
                    raise
                form.wrong(WHOLE, "dispute.send_failed")
                return await page(request, number, here, "one", 503, form=form)
        status = 409 if WHOLE in form.errors else 422
        return await page(request, number, here, "one", status, form=form, typed=form, wrong=act)

    async def sure(request: Request, number: str, here: Visit, act: str, promises: Sequence[Promise] = ()) -> Response:
        """Asked once more, of what whoever acts saw."""
        form, (case, _) = here.form, await disputes.show(number)
        if not stale(case, form["basis"]):
            return await page(request, number, here, "sure", typed=form, act=act, promises=promises)
        form.wrong(WHOLE, "cases.moved")
        return await page(request, number, here, "one", 409, form=form, typed=form, wrong=act)

    @router.get("/facilitation")
    async def show(number: Number, request: Request, here: Here) -> Response:
        return await page(request, number, here, "one")

    @router.get("/facilitation/{question}", openapi_extra={"parameters": [SEEN]})
    async def ask(number: Number, question: Question, request: Request, here: Here) -> Response:
        case, _ = await disputes.show(number)
        if not (seen := request.query_params.get("basis", "")):
            return pages.lead(f"{PLACE}/{number}/facilitation")
        if stale(case, seen):
            return await page(request, number, here, "one", 409, form=moved_from(seen))
        return await page(request, number, here, "ask", question=question)

    @router.post("/facilitation/open", openapi_extra=posted(*_SEEN))
    async def open_(number: Number, request: Request, here: Here) -> Response:
        by = here.visitor.id
        return await done(request, number, here, "open", lambda act, basis: disputes.open_(act, by, basis))

    @router.post("/facilitation/step", openapi_extra=posted("kind", "on", "at", "text", *_SEEN))
    async def step(number: Number, request: Request, here: Here) -> Response:
        form, by = here.form, here.visitor.id
        kind, text = one_of(form, "kind", STEPS), text_of(form)
        case, _ = await disputes.show(number)
        since, now = case.facilitation.at if case.facilitation else None, disputes.conditions.clock.now()
        at = None if kind == "note" else session_of(form, kind, since, now, sessions_ahead(stepped(case), now))
        return await done(
            request, number, here, kind if kind in STEPS else "note",
            lambda act, basis: disputes.add(act, by, basis, kind, text, at),  # type: ignore[arg-type]
        )  # fmt: skip

    @router.post("/facilitation/end", openapi_extra=posted("outcome", "text", "sure", *_SEEN))
    async def end(number: Number, request: Request, here: Here) -> Response:
        form, by = here.form, here.visitor.id
        outcome, text = one_of(form, "outcome", ENDINGS), text_of(form)
        case, _ = await disputes.show(number)
        now = disputes.conditions.clock.now()
        latest = disputes.end.terms.promised_most(now)
        promises = promises_of(form, case.demands, now.astimezone(JAKARTA).date(), latest)
        if outcome != "settled" and promises:
            form.wrong("outcome", "dispute.promises_only_settled")
        if not form.errors and form["sure"] != "yes":
            return await sure(request, number, here, "end", promises)
        return await done(
            request, number, here, "end",
            lambda act, basis: disputes.end(act, by, basis, outcome, text, promises),  # type: ignore[arg-type]
        )  # fmt: skip

    @router.post("/facilitation/send", openapi_extra=posted(*_SEEN))
    @roomy(SENDING)
    async def send(number: Number, request: Request, here: Here) -> Response:
        by = here.visitor.id
        return await done(request, number, here, "send", lambda act, basis: disputes.send(act, by, basis))

    @router.post("/facilitation/verified", openapi_extra=posted(*_SEEN))
    async def verified(number: Number, request: Request, here: Here) -> Response:
        by = here.visitor.id
        return await done(
            request, number, here, "verified", lambda act, basis: disputes.hear(act, by, basis, None, None)
        )

    @router.post("/facilitation/decided", openapi_extra=posted("outcome", "text", "sure", *_SEEN))
    async def decided(number: Number, request: Request, here: Here) -> Response:
        form, by = here.form, here.visitor.id
        outcome, text = one_of(form, "outcome", OUTCOMES), text_of(form)
        if not form.errors and form["sure"] != "yes":
            return await sure(request, number, here, "decided")
        return await done(
            request, number, here, "decided",
            lambda act, basis: disputes.hear(act, by, basis, outcome, text),  # type: ignore[arg-type]
        )  # fmt: skip

    @router.get("/bundle", response_class=StreamingResponse, responses=_ZIP)
    @roomy(TAKING)
    async def bundle(number: Number, request: Request, here: Here) -> Response:
        _, content = await disputes.take(number, here.visitor.id)
        named = f'attachment; filename="laps-{number}.zip"'
        return StreamingResponse(content, media_type="application/zip", headers={"Content-Disposition": named})

    return router


_ZIP: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}}
}


def stepped(case: Case) -> list[Entry]:
    """What happened in the facilitation of the present round."""
    return [one for one in case.entries if one.what in STEPPED and one.round == case.rounds[-1].round]


def standing(case: Case, act: str) -> bool:
    """Whether the form of ``act`` is still on the page; of what is no form there is nothing to lose."""
    if act == "decided":
        return case.state == "at-laps"
    return case.state == "facilitation" or act not in (*STEPS, "end")


def _typed(form: Form) -> list[str]:
    promised = [name for name in form if name.startswith(("amount_", "promised_"))]
    return [name for name in ("kind", "on", "at", "outcome", "text", *promised) if form[name]]


def _rows(case: Case) -> list[int]:
    """One promise for each demand; 0 is whatever else was settled."""
    return [*(one.id for one in case.demands), 0]
