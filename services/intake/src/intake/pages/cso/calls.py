"""One screen for whoever is on the phone: who calls, what they brought before, what they bring now; the receipt to be
read aloud. What is typed stands in no address."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chassis.doors import act_of
from chassis.ids import new_id
from chassis.pages.cookies import language_of
from chassis.pages.forms import WHOLE, Form
from chassis.pages.frame import Pages
from chassis.pages.passes import Visit
from chassis.pages.posted import posted
from chassis.refusals import Erased, Invalid, KeyReused, NotFound
from chassis.traced import about
from contracts.codes import called
from contracts.numbers import digits_of, shown
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from intake.domain import PinReplaced
from intake.pages.cso.fields import FIELDS, FORMS, KINDS, SENT, WAYS, options, submission_of, tell
from intake.pages.cso.frame import PLACE, Here, Number, beside, tabs_of
from intake.ports import Statuses
from intake.usecases.desk import PROOFS, MatterRead, NotThem, ReadMatter, RenewForCaller
from intake.usecases.due import DueDays
from intake.usecases.finding import By, FindEarlier, Found
from intake.usecases.services import RegisterService

CHANNEL = "phone"
#: Of so many, the newest, it is told at once how they stand.
TOLD = 3
SHOWN = 10
#: How often a PIN is replaced at most, in digits; and what no PIN is.
ROUND_DIGITS, NO_ROUND = 6, -1
_PASSPORT = re.compile(r"(?=.*[A-Za-z])(?=.*[0-9])[A-Za-z0-9]{5,9}")
#: Fields that hold something before anybody types.
CHOSEN = ("tell_by", "language", "form")


class _Renewed(BaseModel):
    """What makes two sendings of one form the same act."""

    round: int


def round_of(text: str) -> int:
    """Which PIN the form replaces; of what is no such number, one that no matter has."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= ROUND_DIGITS else NO_ROUND


@dataclass(frozen=True)
class Caller:
    """What was typed to look for somebody, and as what it was taken. ``number``: it could be that of a service, which
    is known only where there is such a service: phones can have as many digits."""

    by: By | None
    text: str
    number: str | None = None

    @property
    def phones(self) -> bool:
        return self.text.startswith(("08", "62", "+62"))


def kind_of(typed: str) -> By:
    """As what it is looked for. A passport has letters and digits, nine at most; a number of a service more."""
    plain = re.sub(r"[\s.-]", "", typed)
    if "@" in typed:
        return "email"
    if _PASSPORT.fullmatch(plain):
        return "passport"
    return "nik" if sum(sign.isdigit() for sign in plain) == 16 else "phone"


def caller_of(form: Form) -> Caller:
    """What was typed above, else the first of what the form below says of a person."""
    typed = form["who"].strip()
    if typed:
        return Caller(kind_of(typed), typed, digits_of(typed))
    said: tuple[By, ...] = ("nik", "phone", "email", "passport")
    by = next((one for one in said if form[one].strip()), None)
    return Caller(by, form[by].strip() if by else "")


def begun(form: Form) -> bool:
    """Whether something was typed of what the caller brings."""
    return any(form[one].strip() for one in FIELDS if one not in CHOSEN)


def row_of(matter: MatterRead) -> Found:
    one = matter.service
    ended = one.state != "open" or one.ended_elsewhere is not None
    name = matter.consumer.get("name", "")
    return Found(
        one.number, one.kind, one.state, ended, one.channel, one.registered_at, one.pujk_named, one.product, name
    )  # fmt: skip


def call_pages(
    pages: Pages,
    register: RegisterService,
    find: FindEarlier,
    read: ReadMatter,
    statuses: Statuses,
    renew: RenewForCaller,
    due: DueDays,
    senders: Sequence[str],
) -> APIRouter:
    router = pages.router(PLACE)
    ways = [one for one in WAYS if one in senders or one not in SENT]

    def screen(request: Request, here: Visit, status: int = 200, **values: Any) -> Response:
        language = language_of(request)
        given: dict[str, Any] = {"form": Form(), "caller": None, "found": None, "told": {}, "once": new_id()} | values
        choices = {sort: options(sort, language) for sort in ("product", "issue", "region")}
        return pages.show(
            request, "cso/call.html", status, here=PLACE, shown=shown, called=called, kinds=KINDS, forms=FORMS,
            ways=ways, choices=choices, **beside(here, **given),
        )  # fmt: skip

    async def earlier(request: Request, caller: Caller) -> Sequence[Found]:
        assert caller.by is not None
        found = list(await find(caller.by, caller.text, SHOWN))
        await about(request, kind=caller.by, numbers=[one.number for one in found], count=len(found))
        return found

    async def numbered(number: str) -> Found | None:
        try:
            return row_of(await read(number, status=False))
        except NotFound:
            return None

    @router.get("")
    async def begin(request: Request, here: Here) -> Response:
        if "cso" not in here.visitor.roles:
            # Whoever takes no calls begins where their own work is.
            return pages.lead(tabs_of(here)[0][0])
        return screen(request, here)

    @router.post("/callers", openapi_extra=posted("csrf", "once", "who", *FIELDS))
    async def look_up(request: Request, here: Here) -> Response:
        form, caller, once = here.form, caller_of(here.form), here.form["once"][:80] or new_id()
        found: Sequence[Found] = ()
        if caller.number:
            try:
                one = await numbered(caller.number)
            except Erased:
                return pages.lead(f"{PLACE}/matters/{caller.number}")
            if one and not begun(form):
                return pages.lead(f"{PLACE}/matters/{one.number}")
            if one:
                caller, found = Caller(None, caller.text, one.number), [one]
                await about(request, numbers=[one.number], count=1)
        elif caller.by is None:
            form.wrong("who", "form.missing")
            return screen(request, here, 422, form=form, once=once)
        try:
            found = found or await earlier(request, caller)
        except Invalid:
            if not caller.number:
                form.wrong("who", "call.who_wrong")
                return screen(request, here, 422, form=form, once=once)
        if not found and caller.number and not caller.phones:
            form.wrong("who", "call.no_such")
            return screen(request, here, 404, form=form, once=once)
        sentences = await asyncio.gather(*(statuses.of(one.number) for one in found[:TOLD]))
        told = {one.number: said for one, said in zip(found, sentences, strict=False) if said}
        return screen(request, here, form=form, caller=caller, found=found, told=told, once=once)

    @router.post("/calls", openapi_extra=posted("csrf", "once", "who", *FIELDS))
    async def bring(request: Request, here: Here) -> Response:
        form, once = here.form, here.form["once"][:80] or new_id()
        submission = submission_of(form)
        if submission is None:
            return screen(request, here, 422, form=form, once=once)
        try:
            receipt = await register(submission, CHANNEL, f"{here.visitor.id} {once}", here.visitor.id)
        except Invalid as error:
            tell(form, error.problems)
            return screen(request, here, 422, form=form, once=once)
        except KeyReused:
            form.wrong(WHOLE, "call.changed")
            return screen(request, here, 409, form=form, once=once)
        await about(request, number=receipt.number, kind=receipt.kind)
        pin = f"{receipt.pin[:4]} {receipt.pin[4:]}"
        told = due(receipt.kind, submission.form, receipt.received_at, receipt.counted_from)
        values = beside(here, receipt=receipt, pin=pin, due=told)
        return pages.show(request, "cso/receipt.html", told_once=True, **values)

    @router.get("/matters/{number}")
    async def matter(number: Number, request: Request, here: Here) -> Response:
        try:
            found = await read(number)
        except NotFound:
            form = Form({"who": [number]})
            form.wrong("who", "call.no_such")
            return screen(request, here, 404, form=form)
        return seen(request, here, found)

    def seen(request: Request, here: Visit, found: MatterRead, status: int = 200, form: Form | None = None) -> Response:
        place = f"{PLACE}/matters/{found.service.number}"
        values = beside(here, matter=found, once=new_id(), proofs=PROOFS)
        return pages.show(
            request, "cso/matter.html", status, here=place, at=PLACE, form=form or Form(), shown=shown, called=called,
            **values,
        )  # fmt: skip

    @router.post("/matters/{number}/pin", openapi_extra=posted("csrf", "once", "round", *PROOFS))
    async def new_pin(number: Number, request: Request, here: Here) -> Response:
        form = here.form
        round_ = round_of(form["round"])
        act = act_of(number, here.visitor.id, form["once"][:80] or None, _Renewed(round=round_))
        try:
            matter, pin = await renew(act, round_, {one: form[one].strip() for one in PROOFS}, here.visitor.id)
        except (NotThem, PinReplaced) as error:
            form.wrong(WHOLE, "call.not_them" if isinstance(error, NotThem) else "call.replaced")
            return seen(request, here, await read(number), 422, form)
        values = beside(here, matter=matter, pin=f"{pin[:4]} {pin[4:]}")
        return pages.show(request, "cso/renewed.html", told_once=True, at=PLACE, shown=shown, **values)

    return router
