"""The pages where OJK judges what firms propose: what waits, and one ticket whole with demands and answers side by
side."""

import re
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Literal

from chassis.doors import act_of
from chassis.ids import new_id
from chassis.pages.forms import WHOLE, Form
from chassis.pages.frame import Pages
from chassis.pages.passes import Visit, visit
from chassis.pages.posted import asked_for, posted, searched
from chassis.pages.tables import Asked, Column, Table, asked_of
from chassis.pages.words import WIB
from contracts.codes import called
from contracts.numbers import digits_of, shown
from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import BaseModel

from pujk_gateway.domain.case import Case
from pujk_gateway.domain.decisions import objected_proposal
from pujk_gateway.domain.parts import Entry
from pujk_gateway.domain.refusals import CaseClosed, CaseHasMoved, NoExtensionAsked, NothingProposed
from pujk_gateway.domain.turns import broken
from pujk_gateway.domain.waiting import asked_for_time
from pujk_gateway.pages.opening import ASKED, opening_of
from pujk_gateway.pages.proposals import text_of
from pujk_gateway.ports import Digests
from pujk_gateway.usecases.deciding import Decide, ShowCase
from pujk_gateway.usecases.looking import LookInto
from pujk_gateway.usecases.waiting import DecideExtension

PLACE = "/desk/cases"
COLUMNS = (
    Column("due", "cases.due", "state.due"),
    Column("number", "cases.number", "_id"),
    Column("firm", "cases.firm", "state.pujk"),
    Column("kind", "cases.kind", "state.kind"),
    Column("proposal", "cases.proposal"),
    Column("returned", "cases.returned"),
)
#: A state of a case, as a form carries it.
BASIS = re.compile(r"[0-9]{1,9}")
#: Of a page that asks Ya or Tidak: the state that its reader saw.
SEEN = asked_for("basis", {"maxLength": 9})
Number = Annotated[str, Path(pattern=r"^[0-9]{13}$")]
Here = Annotated[Visit, Depends(visit)]
Decision = Literal["accept", "return"]
MoreTime = Literal["grant", "refuse"]
#: What waits for OJK's word, and by which field of a case.
QUEUES = ("proposals", "extensions", "objected", "broken", "facilitation", "at-laps")


def stale(case: Case, basis: str) -> bool:
    """Whether a page that was left at ``basis`` shows no more how the case stands."""
    return bool(basis) and basis != str(case.basis)


def moved_from(basis: str) -> Form:
    """What a link carried that was followed too late."""
    form = Form({"basis": [basis]})
    form.wrong(WHOLE, "cases.moved")
    return form


def since(case: Case, basis: str) -> list[Entry]:
    """What happened after whoever acts looked; nothing where it is not known when that was."""
    return [one for one in case.entries if one.basis > int(basis)] if BASIS.fullmatch(basis) else []


def judges_or_looks_on(here: Visit) -> bool:
    return not {"decider", "supervisor"}.isdisjoint(here.visitor.roles)


class _Decided(BaseModel):
    """What makes two sendings of one form the same act."""

    decision: str
    reason: str | None


def case_pages(
    pages: Pages,
    decide: Decide,
    decide_extension: DecideExtension,
    show_case: ShowCase,
    look: LookInto,
    waiting: Callable[[Asked, str], Awaitable[Table[Case]]],
    digest: Digests,
) -> APIRouter:
    router = pages.router(PLACE)

    async def one(
        request: Request, number: str, here: Visit, status: int = 200, template: str = "one", **but: Any
    ) -> Response:
        case, texts = await show_case(number)
        values: dict[str, Any] = {"case": case, "texts": texts, "judges": "decider" in here.visitor.roles}
        # The door of facilitation is theirs alone.
        values["follows"] = judges_or_looks_on(here)
        if "dossier" not in but:
            values["dossier"] = await look(number, here.visitor.id, here.visitor.roles)
        values |= {"typed": Form(), "opened": (), "called": called, "officers": {}, **but}
        values["changes"] = since(case, but.get("form", Form())["basis"])
        values |= {
            "asked_time": asked_for_time(case),
            "proposal": case.waiting_proposal or objected_proposal(case),
            "names": {one.round: one.name for one in case.rounds},
            "today": decide.clock.now().astimezone(WIB).date(),
            "broken": broken(case),
        }
        place = f"{PLACE}/{number}"
        return pages.show(
            request, f"cases/{template}.html", status, here=place, place=place, once=new_id(), shown=shown, **values
        )

    @router.get("", openapi_extra=searched(COLUMNS, {"number": (), "queue": QUEUES}))
    async def listed(request: Request, here: Here) -> Response:
        typed = request.query_params.get("number", "")
        if number := digits_of(typed):
            return pages.lead(f"{PLACE}/{number}")
        form = Form({"number": [typed]})
        if typed:
            form.wrong("number", "cases.no_number")
        if not judges_or_looks_on(here):
            # Whoever answers consumers, or looks after quality, comes with a number, and has nothing in a queue.
            found: dict[str, Any] = {"form": form, "typed": typed, "place": PLACE}
            return pages.show(request, "cases/find.html", 422 if typed else 200, **found)
        asked = asked_of(PLACE, request.query_params, COLUMNS, {"queue": QUEUES})
        queue = asked.filters.get("queue", QUEUES[0])
        table = await waiting(asked, queue)
        return pages.show(
            request, "cases/list.html", 422 if typed else 200, form=form, typed=typed, table=table, place=PLACE,
            shown=shown, queue=queue, queues=QUEUES,
        )  # fmt: skip

    @router.get("/{number}")
    async def show(number: Number, request: Request, here: Here) -> Response:
        return await one(request, number, here)

    @router.get("/{number}/data")
    async def ask_data(number: Number, request: Request, here: Here) -> Response:
        return await one(request, number, here, template="open")

    @router.post("/{number}/data", openapi_extra=posted(*ASKED))
    async def open_data(number: Number, request: Request, here: Here) -> Response:
        await show_case(number)
        opening = opening_of(here.form)
        if opening is None:
            return await one(request, number, here, 422, "open", form=here.form)
        # Nobody is said to have seen what no page could show: it is made masked first.
        await one(request, number, here)
        opened = await look.opened(number, here.visitor.id, here.visitor.roles, opening)
        return await one(request, number, here, dossier=opened, opened=opening.fields)

    @router.get("/{number}/accept", openapi_extra={"parameters": [SEEN]})
    async def ask(number: Number, request: Request, here: Here) -> Response:
        case, _ = await show_case(number)
        seen = request.query_params.get("basis", "")
        if stale(case, seen):
            return await one(request, number, here, 409, form=moved_from(seen))
        if case.waiting_proposal is None:
            return pages.lead(f"{PLACE}/{number}")
        return await one(request, number, here, template="accept")

    async def judged(
        request: Request, number: str, here: Visit, judge: Decide | DecideExtension, decision: str, why: str | None,
        then: Response,
    ) -> Response:  # fmt: skip
        """``why`` is the field that says why not; ``then`` answers what was done."""
        form = here.form
        reason = text_of(form, why) if why else None
        if not BASIS.fullmatch(form["basis"]):
            form.wrong(WHOLE, "cases.moved")
        if not form.errors:
            said = _Decided(decision=decision, reason=reason)
            act = act_of(number, here.visitor.id, form["once"] or None, said, digest=digest)
            try:
                await judge(act, here.visitor.id, int(form["basis"]), reason)
                return then
            except (CaseHasMoved, NothingProposed, NoExtensionAsked, CaseClosed):
                # What is there now stands below, and what was typed is kept.
                form.wrong(WHOLE, "cases.moved")
        return await one(request, number, here, 409 if WHOLE in form.errors else 422, form=form, typed=form)

    @router.post("/{number}/{decision}", openapi_extra=posted("basis", "once", "reason", "csrf"))
    async def judge(number: Number, decision: Decision, request: Request, here: Here) -> Response:
        why, said = (None, "said.accepted") if decision == "accept" else ("reason", "said.returned")
        return await judged(request, number, here, decide, decision, why, pages.lead(PLACE, said=said))

    @router.post("/{number}/extension/{decision}", openapi_extra=posted("basis", "once", "why_not", "csrf"))
    async def more_time(number: Number, decision: MoreTime, request: Request, here: Here) -> Response:
        why = None if decision == "grant" else "why_not"
        then = pages.lead(f"{PLACE}/{number}", said=f"said.extension_{decision}")
        return await judged(request, number, here, decide_extension, decision, why, then)

    return router
