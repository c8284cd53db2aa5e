"""What does a person see of themselves? Where they may go, their account, and a password to be changed."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from chassis.pages.posted import posted
from chassis.people.log_in import OwnAccount
from chassis.people.own_account import RenewRecoveryCodes
from chassis.people.pages.front import Front, Here, judged
from chassis.people.pages.log_in import CODE_MOST, PASSWORD_MOST


def account_pages(front: Front) -> APIRouter:
    pages, base = front.pages, front.base
    router, own, inside = pages.router(base), OwnAccount(front.desk), Depends(front.at("in"))
    renew = RenewRecoveryCodes(front.desk)

    @router.get("")
    async def start(request: Request, here: Annotated[Here, inside]) -> Response:
        return pages.show(request, "people/start.html")

    @router.get("/account")
    async def show(request: Request, here: Annotated[Here, inside]) -> Response:
        return pages.show(request, "people/account.html", account=here.account)

    @router.get("/account/password")
    async def password_page(request: Request, here: Annotated[Here, inside]) -> Response:
        return pages.show(request, "people/password.html", account=here.account)

    @router.post("/account/password", openapi_extra=posted("old", "new", "again", "csrf"))
    async def change_password(request: Request, here: Annotated[Here, inside]) -> Response:
        form = here.form
        form.needs("old", "new", "again")
        if form["new"] != form["again"]:
            form.wrong("again", "password.differs")
        with judged(form, "old", "password.old_not_right") as outcome:
            if not form.errors:
                new = form["new"][: PASSWORD_MOST + 1]
                begun = await own.change_password(here.token, form["old"][: PASSWORD_MOST + 1], new)
                response = pages.lead(f"{base}/account", said="said.password_changed")
                front.cookie.put(response, begun.session)
                return response
        return front.again(request, "people/password.html", form, outcome, account=here.account)

    @router.get("/account/recovery-codes")
    async def codes_page(request: Request, here: Annotated[Here, inside]) -> Response:
        return pages.show(request, "people/renew_codes.html")

    @router.post("/account/recovery-codes", openapi_extra=posted("code", "csrf"))
    async def renew_codes(request: Request, here: Annotated[Here, inside]) -> Response:
        form = here.form
        form.needs("code")
        with judged(form, "code", "second_factor.not_right") as outcome:
            if not form.errors:
                codes = await renew(here.token, form["code"][:CODE_MOST])
                # Told here and never again.
                told: dict[str, Any] = {"account": here.account, "codes": codes, "first": False}
                return pages.show(request, "people/codes.html", here=f"{base}/account", **told)
        return front.again(request, "people/renew_codes.html", form, outcome)

    return router
