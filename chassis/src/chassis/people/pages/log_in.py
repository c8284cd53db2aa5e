"""How does a person get in by a browser? Name and password, the second factor, or the first log-in."""

from collections.abc import Collection
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response

from chassis.doors import client_of
from chassis.pages.forgery import same_origin
from chassis.pages.forms import WHOLE, Form, form_of
from chassis.pages.posted import posted
from chassis.people.browsers import agent_of
from chassis.people.doors import actor_of
from chassis.people.log_in import FirstLogIn, LogIn, SecondFactor, ShowEnrolment
from chassis.people.pages.elsewhere import Elsewhere
from chassis.people.pages.front import Front, Here, after, judged
from chassis.people.pages.proofs import enrolment, new_password, told_codes, typed_code, typed_password
from chassis.refusals import Unauthenticated
from chassis.traced import traced

NAME_MOST = 64
To = Annotated[str, Query(max_length=1_000)]


def log_in_pages(front: Front, elsewhere: Elsewhere, desks: Collection[str]) -> APIRouter:
    """``desks``: where else somebody may have come from."""
    pages, desk, base = front.pages, front.desk, front.base
    router = pages.router(base)
    log_in, second_factor, first_log_in = LogIn(desk), SecondFactor(desk), FirstLogIn(desk)
    show_enrolment = ShowEnrolment(desk)
    half_way, new = Depends(front.at("second-factor")), Depends(front.at("first-log-in"))

    def on(to: str) -> str:
        return after(to, base, desks) or base

    def again_at(step: str, form: Form) -> str:
        """The same page by its address, with what it knew: a look in another language goes on from there."""
        known = {"to": after(form["to"], base, desks), "recovery": "1" if form["recovery"] else None}
        asked = urlencode({name: value for name, value in known.items() if value})
        return f"{base}/log-in{step}{'?' if asked else ''}{asked}"

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
        form.needs("username")
        name, password = form["username"].strip()[:NAME_MOST], typed_password(form, "password")

        async def go_on() -> Response:
            begun = await log_in(name, password, client_of(request), agent_of(request))
            await traced(request, actor_of(begun.account), allowed=True)
            step = "first" if begun.then == "first-log-in" else "second-factor"
            to = after(form["to"], base, desks)
            asked = f"?{urlencode({'to': to})}" if to else ""
            return front.enter(f"{base}/log-in/{step}{asked}", begun.session)

        values = {"to": form["to"], "username": name, "here": again_at("", form)}
        return await front.sent(request, "people/log_in.html", form, (WHOLE, "log_in.not_right"), go_on, **values)

    @router.get("/log-in/second-factor")
    async def code_page(request: Request, here: Annotated[Here, half_way], to: To = "", recovery: str = "") -> Response:
        mark = front.guard.mark(here.token)
        return pages.show(request, "people/second_factor.html", to=to, recovery=bool(recovery), mark=mark)

    @router.post("/log-in/second-factor", openapi_extra=posted("code", "to", "recovery", "csrf"))
    async def prove(request: Request, here: Annotated[Here, half_way]) -> Response:
        form = here.form
        code = typed_code(form)

        async def go_in() -> Response:
            begun = await second_factor(here.token, code)
            left = len(begun.account.recovery)
            if left < len(here.account.recovery):
                # Perhaps the phone is lost: then the next step is another one.
                return front.enter(on(form["to"]), begun.session, said="said.recovered", count=left)
            return front.enter(on(form["to"]), begun.session)

        recovery, at = bool(form["recovery"]), again_at("/second-factor", form)
        values = {"to": form["to"], "recovery": recovery, "mark": front.guard.mark(here.token), "here": at}
        wrong = ("code", "second_factor.not_right")
        return await front.sent(request, "people/second_factor.html", form, wrong, go_in, **values)

    async def to_enrol(here: Here) -> dict[str, Any]:
        return {**enrolment(await show_enrolment(here.token)), "mark": front.guard.mark(here.token)}

    @router.get("/log-in/first")
    async def first_page(request: Request, here: Annotated[Here, new], to: To = "") -> Response:
        return pages.show(request, "people/first.html", to=to, **await to_enrol(here))

    @router.post("/log-in/first", openapi_extra=posted("code", "new", "again", "to", "csrf"))
    async def first(request: Request, here: Annotated[Here, new]) -> Response:
        form = here.form
        code, password = typed_code(form), new_password(form)

        async def settle() -> Response:
            begun = await first_log_in(here.token, password, code)
            shown = told_codes(front, request, begun.account, begun.recovery_codes, to=on(form["to"]))
            front.cookie.put(shown, begun.session)
            return shown

        wrong = ("code", "first.not_right")
        if form.errors and code and password:
            with judged(form, *wrong):
                await first_log_in.look(here.token, password, code)
        values = {"to": form["to"], "here": again_at("/first", form), **await to_enrol(here)}
        return await front.sent(request, "people/first.html", form, wrong, settle, **values)

    return router
