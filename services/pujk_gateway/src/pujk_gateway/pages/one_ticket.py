"""One ticket at its firm, as a page: shown with its forms, and what a form asks for done as the firm's system would."""

import re
from collections.abc import Awaitable, Callable
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chassis.ids import new_id
from chassis.pages.forms import WHOLE, Form
from chassis.pages.frame import Pages
from chassis.people.pages.front import Here
from chassis.refusals import KeyReused
from contracts.base import Command
from contracts.codes import called
from contracts.numbers import shown
from fastapi import Request, Response

from pujk_gateway.domain import acts, facilitation, refusals, waiting
from pujk_gateway.domain.case import Case
from pujk_gateway.domain.listing import JAKARTA, listed_of, remaining
from pujk_gateway.domain.parts import RUNNING, Cause, Deed, Round
from pujk_gateway.domain.reading import own_entries, own_proposals, turn_of
from pujk_gateway.domain.refusals import CaseClosed, CaseRefusal
from pujk_gateway.domain.turns import nothing_proposed, taken_over
from pujk_gateway.pages.asked import LISTS, TICKETS
from pujk_gateway.pages.proposals import ANSWERS, DECLINES, FOLLOW_UPS, RESOLUTIONS
from pujk_gateway.usecases.firm import request_of
from pujk_gateway.usecases.portal import Portal

PLACES: dict[str, str] = {kind: f"/pujk/{path}" for path, kind in LISTS.items()}
#: What every form of an act sends.
SEEN = ("round", "basis", "once", "csrf")
#: Of a matter after OJK's word: its state tells how it goes on.
SETTLING = ("accepted", "owed", "objected", "facilitation", "at-laps")
#: What people write by themselves.
WRITTEN = ("text", "note")
#: Pages that show what the consumer wrote: whoever answers a demand reads it.
WITH_WORDS = ("one", "open", "propose", "fulfil")
_CHOICES = {"resolutions": RESOLUTIONS, "declines": DECLINES, "follow_ups": FOLLOW_UPS, "answers": ANSWERS}
#: What an act is refused with, though nothing moved since its form was seen.
WHY_NOT: dict[type[Exception], str] = {
    refusals.AskedOften: "ticket.asked_often",
    refusals.ExtensionSpent: "ticket.extension_spent",
    refusals.NoExtension: "ticket.no_extension",
    refusals.ExtensionTooLate: "ticket.extension_late",
    refusals.AlreadyWaiting: "ticket.waits_already",
    refusals.NotWaiting: "ticket.not_waiting",
    refusals.NotTakenOver: "ticket.not_taken",
    refusals.AlreadyProposed: "ticket.ojk_decides",
    refusals.AlreadyAccepted: "ticket.accepted_before",
    refusals.NoFacilitation: "ticket.no_facilitation",
}
_COUNT = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)
_ONCE = re.compile(r"[0-9a-f-]{32,36}")


@dataclass(frozen=True)
class OneTicket:
    """What all pages of one ticket do alike."""

    pages: Pages
    portal: Portal

    async def show(
        self, request: Request, number: str, here: Here, template: str, status: int = 200, **but: Any
    ) -> Response:
        firm, now = here.account.firm or "", self.portal.clock.now()
        case, texts = await self.portal.show(number, firm)
        turn, listed = turn_of(case, firm), listed_of(case)
        entries, place = own_entries(case, firm), f"{TICKETS}/{number}"
        values: dict[str, Any] = {"case": case, "entries": entries, "proposals": own_proposals(case, firm)}
        values |= {"texts": texts, "officers": await self.portal.officers(firm), "called": called, "shown": shown}
        values |= {"place": place, "back": PLACES.get(case.kind, "/pujk"), "dossier": None, "attached": ()}
        values |= {"opened": (), "handed": await self.portal.handed(here.account.id, firm) if template == "one" else ()}
        if turn is None or listed is None:
            # What was written meanwhile goes nowhere, but is not lost.
            sent = but.get("form") or Form()
            values["unsent"] = [sent[name] for name in sent if name in WRITTEN or name.startswith("why_") if sent[name]]
            return self.pages.show(request, "tickets/past.html", 200 if status == 200 else 409, here=place, **values)
        form: Form = but.get("form") or Form()
        # What a link of the ticket's page carries, or a form that came too late.
        asked = Form({"basis": [request.query_params.get("basis", "")]})
        seen = stood(form if WHOLE in form.errors else asked, "basis")
        holds = {"mine": turn.holder == here.account.id, "decides": "deciding" in here.account.roles}
        values |= {"turn": turn, "listed": listed, "open": turn.state in RUNNING, **holds, **_CHOICES}
        values |= {"left": remaining(listed.state, listed.due, turn.deadline, now), "asks": False}
        ahead = [entry for entry in entries if entry.round == turn.round]
        values |= {"sessions": facilitation.sessions_ahead(ahead, now), "hindered": False}
        values |= {"changes": [entry for entry in entries if seen is not None and entry.basis > seen], "typed": form}
        if "form" not in but and (why := hindered(case, turn, but.get("story", template), here.account.id, now)):
            form = Form()
            form.wrong(WHOLE, why)
            but["form"], values["hindered"] = form, True
        values |= {"seen": carried(form, turn.round, case.basis), "today": now.astimezone(JAKARTA).date()}
        if "dossier" not in but and (template in WITH_WORDS or but.get("attached")):
            values["dossier"] = await self.portal.look(number, here.account.id, here.account.roles, firm)
        return self.pages.show(request, f"tickets/{template}.html", status, here=place, **{**values, **but})

    async def acted(
        self, request: Request, number: str, here: Here, template: str, act: Callable[[], Awaitable[object]], said: str,
        to: str | None = None, **but: Any,
    ) -> Response:  # fmt: skip
        """The act, or the form again: with what is wrong, or with what happened meanwhile."""
        form = here.form
        if stood(form, "basis") is None or stood(form, "round") is None:
            form.wrong(WHOLE, "ticket.moved")
        if not form.errors:
            try:
                await act()
                return self.pages.lead(to or f"{TICKETS}/{number}", said=said)
            except (CaseRefusal, KeyReused) as refused:
                case, _ = await self.portal.show(number, here.account.firm or "")
                form.wrong(WHOLE, why_not(refused, case) or "ticket.moved")
        return await self.show(request, number, here, template, 409 if WHOLE in form.errors else 422, form=form, **but)

    async def sent(
        self, act: Any, command: type[Command], number: str, here: Here, *, judges: bool = True, **data: Any
    ) -> None:
        """As the firm's system would send it. The form's own mark makes two sendings of it one act; where the act does
        not name the basis that it judges by, the form's is what was seen."""
        form, once, firm = here.form, here.form["once"], here.account.firm or ""
        basis = stood(form, "basis")
        about = {"round": stood(form, "round"), "officer": here.account.id, **({"basis": basis} if judges else {})}
        key = once if _ONCE.fullmatch(once) else new_id()
        asked = request_of(firm, here.account.id, number, key, command.model_validate({**about, **data}))
        await (act(asked, firm) if judges else act(asked, firm, basis))


def why_not(refused: Exception, case: Case) -> str | None:
    """Which words say why, though nothing moved since the form was seen."""
    if isinstance(refused, refusals.AlreadyAccepted) and case.state in SETTLING:
        return f"after.{case.state}"
    return WHY_NOT.get(type(refused))


def hindered(case: Case, turn: Round, story: str, officer: str, now: datetime) -> str | None:
    """Why the act cannot be done now, whatever is written: judged of a copy, before anybody writes."""
    deed, tried = Deed(turn.pujk, turn.round, officer, Cause("", now)), deepcopy(case)
    try:
        if story == "ask_extension":
            waiting.ask_extension(tried, deed, basis=case.basis, sealed="")
        elif story == "have_documents":
            waiting.receive_documents(tried, deed)
        elif story == "ask_documents":
            # How often they may be asked for is known where they are.
            waiting.ask_documents(tried, deed, basis=case.basis, sealed="", most=len(case.entries) + 1, until=now)
        elif story == "propose":
            taken_over(tried, deed)
            nothing_proposed(tried)
        elif story == "decline":
            acts.decline(tried, deed, basis=case.basis, kind="", sealed="")
        elif story == "state_position":
            facilitation.firm_states(tried, deed, sealed="")
    except CaseClosed:
        return "ticket.ended"
    except CaseRefusal as refused:
        return why_not(refused, case)
    return None


def carried(form: Form, round_: int, basis: int) -> dict[str, object]:
    """What the next form says was seen: what the one before said, until whoever writes was shown what is there now."""
    if WHOLE in form.errors or stood(form, "basis") is None:
        return {"round": round_, "basis": basis, "once": new_id()}
    return {name: form[name] for name in ("round", "basis", "once")}


def stood(form: Form, name: str) -> int | None:
    """What stood on the page that was sent; None for what never stood on one."""
    return int(form[name]) if _COUNT.fullmatch(form[name]) else None
