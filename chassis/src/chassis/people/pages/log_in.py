"""How does a person get in by a browser, and out again? Name and password, the second factor, or the first log-in."""

from collections.abc import Collection
from typing import Annotated, Any

import segno
from fastapi import APIRouter, Depends, Query, Request, Response

from chassis.doors import client_of
from chassis.pages.forgery import same_origin
from chassis.pages.forms import WHOLE, form_of
from chassis.pages.posted import posted
from chassis.people.desk import STAGES, Begun
from chassis.people.doors import actor_of
from chassis.people.log_in import FirstLogIn, LogIn, OwnAccount, SecondFactor, ShowEnrolment
from chassis.people.pages.elsewhere import Elsewhere
from chassis.people.pages.front import Front, Here, after, judged
from chassis.refusals import Unauthenticated
from chassis.traced import traced

NAME_MOST, PASSWORD_MOST, CODE_MOST = 64, 200, 40
To = Annotated[str, Query(max_length=200)]


def log_in_pages(front: Front, elsewhere: Elsewhere, desks: Collection[str]) -> APIRouter:
    """``desks``: where else somebody may have come from."""
    pages, desk, base = front.pages, front.desk, front.base
    router = pages.router(base)
    log_in, second_factor, first_log_in = LogIn(desk), SecondFactor(desk), FirstLogIn(desk)
    show_enrolment, own = ShowEnrolment(desk), OwnAccount(desk)
    half_way, new = Depends(front.at("second-factor")), Depends(front.at("first-log-in"))
    anyhow, inside = Depends(front.at(*STAGES)), Depends(front.at("in"))

    def on(to: str) -> str:
        return after(to, base, desks) or base

    @router.get("/log-in")
    async def log_in_page(request: Request, to: To = "") -> Response:
        try:
            await desk.who(front.cookie.read(request), "in")
        except Unauthenticated:
            if elsewhere.is_where_people_log_in:
                return await elsewhere.begin(request, to)
            return pages.show(request, "people/log_in.html", to=to, username="")
        return pages.lead(on(to))

    @router.post("/log-in", openapi_extra=posted("username", "password", "to"))
    async def begin(request: Request) -> Response:
        same_origin(request)
        desk.takes_passwords()
        form = await form_of(request)
        name, password = form["username"].strip()[:NAME_MOST], form["password"][: PASSWORD_MOST + 1]
        form.needs("username", "password")
        with judged(form, WHOLE, "log_in.not_right") as outcome:
            if not form.errors:
                begun = await log_in(name, password, client_of(request))
                await traced(request, actor_of(begun.account), allowed=True)
                step = "first" if begun.then == "first-log-in" else "second-factor"
                to = after(form["to"], base, desks)
                return front.enter(f"{base}/log-in/{step}{f'?to={to}' if to else ''}", begun.session)
        return front.again(request, "people/log_in.html", form, outcome, to=form["to"], username=name)

    @router.get("/log-in/second-factor")
    async def code_page(request: Request, here: Annotated[Here, half_way], to: To = "", recovery: str = "") -> Response:
        mark = front.guard.mark(here.token)
        return pages.show(request, "people/second_factor.html", to=to, recovery=bool(recovery), mark=mark)

    @router.post("/log-in/second-factor", openapi_extra=posted("code", "to", "recovery", "csrf"))
    async def prove(request: Request, here: Annotated[Here, half_way]) -> Response:
        form = here.form
        form.needs("code")
        with judged(form, "code", "second_factor.not_right") as outcome:
            if not form.errors:
                begun = await second_factor(here.token, form["code"][:CODE_MOST])
                return front.enter(on(form["to"]), begun.session)
        told: dict[str, Any] = {"to": form["to"], "recovery": bool(form["recovery"])}
        mark = front.guard.mark(here.token)
        return front.again(request, "people/second_factor.html", form, outcome, mark=mark, **told)

    def enrolment(begun: Begun, here: Here) -> dict[str, Any]:
        qr = segno.make(begun.enrolment or "", error="m").svg_inline(border=2, omitsize=True, dark="#000", light="#fff")
        return {"qr": qr, "secret": begun.secret, "account": begun.account, "mark": front.guard.mark(here.token)}

    @router.get("/log-in/first")
    async def first_page(request: Request, here: Annotated[Here, new]) -> Response:
        return pages.show(request, "people/first.html", **enrolment(await show_enrolment(here.token), here))

    @router.post("/log-in/first", openapi_extra=posted("code", "new", "again", "csrf"))
    async def first(request: Request, here: Annotated[Here, new]) -> Response:
        form = here.form
        form.needs("code", "new", "again")
        if form["new"] != form["again"]:
            form.wrong("again", "password.differs")
        with judged(form, "code", "first.not_right") as outcome:
            if not form.errors:
                begun = await first_log_in(here.token, form["new"][: PASSWORD_MOST + 1], form["code"][:CODE_MOST])
                # Told here and kept nowhere: an answer by itself, and no page to come back to.
                shown = pages.show(
                    request,
                    "people/codes.html",
                    here=base,
                    account=begun.account,
                    codes=begun.recovery_codes,
                    first=True,
                )
                front.cookie.put(shown, begun.session)
                return shown
        told = enrolment(await show_enrolment(here.token), here)
        return front.again(request, "people/first.html", form, outcome, **told)

    @router.post("/log-out", openapi_extra=posted("csrf"))
    async def log_out(request: Request, here: Annotated[Here, anyhow]) -> Response:
        await own.log_out(here.token)
        return await elsewhere.out(request, "said.logged_out")

    @router.get("/log-out/everywhere")
    async def ask_log_out(request: Request, here: Annotated[Here, inside]) -> Response:
        return pages.show(request, "people/log_out_everywhere.html")

    @router.post("/log-out/everywhere", openapi_extra=posted("csrf"))
    async def log_out_everywhere(request: Request, here: Annotated[Here, inside]) -> Response:
        await own.log_out(here.token, everywhere=True)
        return await elsewhere.out(request, "said.logged_out_everywhere")

    return router
