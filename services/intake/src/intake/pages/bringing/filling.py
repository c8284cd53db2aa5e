"""The first three steps: what is it, what happened, who are you? Each is kept as soon as it is sent; what is wrong
stands beside its field; what there is to know is said before the next step."""

from collections.abc import Mapping, Sequence
from typing import Any

from chassis.pages.answers import REFUSED
from chassis.pages.forgery import NotFromHere
from chassis.pages.forms import Form, form_of
from chassis.pages.frame import Pages
from chassis.pages.posted import asked_for, posted
from chassis.refusals import Invalid
from fastapi import APIRouter, Request, Response

from intake.bringing.draft import ASKED, CHOSEN_FOR, KINDS, STEPS, Draft, DraftEnded, DraftSent
from intake.bringing.right_door import better
from intake.pages.bringing.browser import PLACE, Browsers
from intake.pages.bringing.choices import choices
from intake.pages.bringing.shown import told
from intake.usecases.bringing import CheckDraft, KeepDraft, new_token
from intake.usecases.submitting import Checked

FILLED = ("masalah", "cerita", "diri")
#: Of the act of keeping what was written for another time.
LATER = "later"
_FIELDS = (*dict.fromkeys(name for kind in ASKED.values() for step in kind.values() for name in step), CHOSEN_FOR)


#: What is no words of anybody: codes that came with the page.
_NOT_WRITTEN = {"pujk_code", CHOSEN_FOR, "language", "consent"}


def after(step: str) -> str:
    return STEPS[min(STEPS.index(step) + 1, len(STEPS) - 1)]


def form_with(draft: Draft, checked: Checked, step: str) -> Form:
    """What was written at a step, and what is wrong with it."""
    form = Form({name: [text] for name, text in draft.fields.items()})
    for name in (*draft.asked(step), *(name for name in checked.wrong if draft.step_of(name) == step)):
        if name in checked.wrong and draft.step_of(name) == step:
            form.wrong(name, checked.wrong[name])
    return form


def filling_router(
    pages: Pages, browsers: Browsers, keep: KeepDraft, check: CheckDraft, senders: Sequence[str]
) -> APIRouter:
    router = pages.router(PLACE)

    def step_page(
        request: Request, token: str, draft: Draft, step: str, form: Form | None = None, status: int = 200
    ) -> Response:
        values: dict[str, Any] = told(pages, request) | {
            "form": form,
            "written": form or Form({k: [v] for k, v in draft.fields.items()}),
        }
        return pages.show(
            request, f"lapor/{step}.html", status, here=f"{PLACE}/{step}", draft=draft, step=step, steps=STEPS,
            mark=browsers.mark(token), called=browsers.called(token), choices=choices(), asked=set(draft.asked(step)),
            senders=senders, **values,
        )  # fmt: skip

    def given_back(request: Request, form: Form, error: DraftEnded | DraftSent | NotFromHere) -> Response:
        """A page of another draft was sent: nothing of it goes into this one, and nobody types it twice."""
        status, why = REFUSED[NotFromHere] if isinstance(error, NotFromHere) else error.page
        written = {name: text for name, text in _written(form).items() if text.strip() and name not in _NOT_WRITTEN}
        return pages.show(
            request, "lapor/kembali.html", status, here=PLACE, why=why, written=written, **told(pages, request)
        )

    async def mine(request: Request) -> tuple[str, Draft] | None:
        """The browser's draft, where it may still be written on."""
        try:
            token = browsers.token(request)
            draft, _ = await keep.read(token)
        except DraftEnded:
            return None
        return token, draft

    @router.get("", openapi_extra={"parameters": [asked_for("kind", {"enum": list(KINDS)})]})
    async def start(request: Request) -> Response:
        found = await mine(request)
        draft = found[1] if found else None
        until = (await keep.read(found[0]))[1] if found else None
        called = browsers.called(found[0]) if found and not found[1].sent else ""
        return pages.show(request, "lapor/mulai.html", here=PLACE, draft=draft, until=until, kinds=KINDS, called=called)

    @router.post("", openapi_extra=posted("kind", "website"))
    async def begin(request: Request) -> Response:
        await browsers.count(request)
        form = await form_of(request)
        if form["website"]:
            # Nobody sees this field; a program that fills in all it finds learns nothing.
            return pages.lead(PLACE)
        if form["kind"] not in KINDS:
            raise Invalid("a kind of matter")
        found = await mine(request)
        if found and not (found[1].sent or found[1].sending):
            await keep.turn(found[0], form["kind"])
            return pages.lead(f"{PLACE}/masalah")
        token = new_token()
        await keep.begin(token, form["kind"])
        response = pages.lead(f"{PLACE}/masalah")
        browsers.give(response, token)
        return response

    async def look(request: Request) -> Response:
        step = request.url.path.rpartition("/")[2]
        found = await mine(request)
        if found is None:
            return pages.lead(PLACE, said="said.draft_none")
        token, draft = found
        if draft.sent:
            return pages.lead(f"{PLACE}/tanda-terima")
        if draft.sending:
            return pages.lead(f"{PLACE}/periksa")
        form = form_with(draft, check(draft), step) if step in draft.done else None
        return step_page(request, token, draft, step, form)

    async def fill(request: Request) -> Response:
        step = request.url.path.rpartition("/")[2]
        await browsers.count(request)
        form = await form_of(request)
        try:
            token = browsers.token(request)
            browsers.check(request, token, form)
            draft = await keep.fill(token, step, _written(form))
        except (DraftEnded, DraftSent, NotFromHere) as why:
            return given_back(request, form, why)
        if form["act"] == LATER:
            return pages.lead(f"{PLACE}/tersimpan")
        again = form_with(draft, check(draft), step)
        if step == "masalah" and draft.meant.others:
            again.wrong("pujk_code", "lapor.which")
        for name, error in form.errors.items():
            again.wrong(name, error[0], **error[1])
        if again.errors:
            return step_page(request, token, draft, step, again, 422)
        await keep.passed(token, step)
        said = any(one.step == step for one in check.advice(draft))
        return pages.lead(f"{PLACE}/arah?dari={step}" if said else f"{PLACE}/{after(step)}")

    for step in FILLED:
        router.add_api_route(f"/{step}", look, methods=["GET"], name=f"look_{step}")
        names = tuple(dict.fromkeys(name for kind in ASKED.values() for name in kind.get(step, ())))  # type: ignore[call-overload]
        names += (CHOSEN_FOR,) if "pujk_code" in names else ()
        router.add_api_route(
            f"/{step}", fill, methods=["POST"], name=f"fill_{step}", openapi_extra=posted(*names, "csrf", "act")
        )

    @router.get("/arah", openapi_extra={"parameters": [asked_for("dari", {"enum": list(FILLED)})]})
    async def direct(request: Request) -> Response:
        found = await mine(request)
        if found is None:
            return pages.lead(PLACE, said="said.draft_none")
        token, draft = found
        step = request.query_params.get("dari", "")
        step = step if step in FILLED else "cerita"
        advised = [one for one in check.advice(draft) if one.step == step]
        if not advised or draft.sent:
            return pages.lead(f"{PLACE}/{after(step)}")
        instead = tuple(dict.fromkeys(kind for one in advised for kind in one.instead))
        return pages.show(
            request, "lapor/arah.html", draft=draft, advised=advised, step=step, next=after(step), instead=instead,
            better=better(draft) if better(draft) in instead else "", mark=browsers.mark(token), steps=STEPS,
            **told(pages, request),
        )  # fmt: skip

    @router.post("/jenis", openapi_extra=posted("kind", "step", "csrf"))
    async def turn(request: Request) -> Response:
        await browsers.count(request)
        token, form = browsers.token(request), await form_of(request)
        browsers.check(request, token, form)
        if form["kind"] not in KINDS:
            raise Invalid("a kind of matter")
        draft = await keep.turn(token, form["kind"])
        # What the new kind asks for besides is asked for where it stands.
        wrong = {draft.step_of(name) for name in check(draft).wrong}
        step = form["step"] if form["step"] in FILLED else "masalah"
        behind = [one for one in FILLED if FILLED.index(one) <= FILLED.index(step)]
        return pages.lead(f"{PLACE}/{next((one for one in behind if one in wrong), after(step))}")

    @router.get("/tersimpan")
    async def kept(request: Request) -> Response:
        try:
            draft, until = await keep.read(browsers.token(request))
        except DraftEnded:
            return pages.lead(PLACE, said="said.draft_none")
        return pages.show(request, "lapor/tersimpan.html", draft=draft, until=until)

    return router


def _written(form: Form) -> Mapping[str, str]:
    return {name: form[name] for name in _FIELDS if name in set(form)}
