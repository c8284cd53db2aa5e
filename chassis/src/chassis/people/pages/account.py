"""What does a person see of themselves? Where they may go, their account, and what they prove themselves with."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from chassis.pages.forms import WHOLE
from chassis.pages.posted import posted
from chassis.people.log_in import OwnAccount
from chassis.people.own_account import AskForAuthenticator, RenewRecoveryCodes, TakeUpAuthenticator
from chassis.people.pages.front import Front, Here
from chassis.people.pages.proofs import enrolment, new_password, told_codes, typed_code, typed_password
from chassis.refusals import Unauthenticated


def account_pages(front: Front, *, starts: bool = True) -> APIRouter:
    """``starts``: the first page of whoever is in is here as well."""
    pages, place = front.pages, f"{front.base}/account"
    router, own, inside = pages.router(front.base), OwnAccount(front.desk), Depends(front.at("in"))
    renew, ask, take_up = (
        RenewRecoveryCodes(front.desk),
        AskForAuthenticator(front.desk),
        TakeUpAuthenticator(front.desk),
    )

    if starts:

        @router.get("")
        async def start(request: Request, here: Annotated[Here, inside]) -> Response:
            return pages.show(request, "people/start.html")

    @router.get("/account")
    async def show(request: Request, here: Annotated[Here, inside]) -> Response:
        return pages.show(request, "people/account.html", account=here.account)

    @router.get("/account/password")
    async def password_page(request: Request, here: Annotated[Here, inside]) -> Response:
        front.desk.takes_passwords()
        return pages.show(request, "people/password.html", account=here.account)

    @router.post("/account/password", openapi_extra=posted("old", "new", "again", "csrf"))
    async def change_password(request: Request, here: Annotated[Here, inside]) -> Response:
        form = here.form
        old, new = typed_password(form, "old"), new_password(form)

        async def change() -> Response:
            begun = await own.change_password(here.token, old, new)
            return front.enter(place, begun.session, said="said.password_changed")

        wrong = ("old", "password.old_not_right")
        return await front.sent(request, "people/password.html", form, wrong, change, account=here.account)

    @router.get("/account/recovery-codes")
    async def codes_page(request: Request, here: Annotated[Here, inside]) -> Response:
        front.desk.takes_passwords()
        return pages.show(request, "people/renew_codes.html")

    @router.post("/account/recovery-codes", openapi_extra=posted("code", "csrf"))
    async def renew_codes(request: Request, here: Annotated[Here, inside]) -> Response:
        code = typed_code(here.form)

        async def tell() -> Response:
            return told_codes(front, request, here.account, await renew(here.token, code))

        wrong = ("code", "second_factor.not_right")
        return await front.sent(request, "people/renew_codes.html", here.form, wrong, tell)

    @router.get("/account/authenticator")
    async def authenticator_page(request: Request, here: Annotated[Here, inside]) -> Response:
        front.desk.takes_passwords()
        return pages.show(request, "people/authenticator.html", account=here.account)

    @router.post("/account/authenticator", openapi_extra=posted("password", "code", "csrf"))
    async def ask_for_authenticator(request: Request, here: Annotated[Here, inside]) -> Response:
        form = here.form
        password, code = typed_password(form, "password"), typed_code(form)

        async def tell() -> Response:
            begun = await ask(here.token, password, code)
            return pages.show(
                request, "people/new_authenticator.html", here=f"{place}/authenticator", **enrolment(begun)
            )

        wrong = (WHOLE, "authenticator.not_proved")
        return await front.sent(request, "people/authenticator.html", form, wrong, tell, account=here.account)

    @router.post("/account/authenticator/new", openapi_extra=posted("code", "secret", "csrf"))
    async def take_up_authenticator(request: Request, here: Annotated[Here, inside]) -> Response:
        form = here.form
        code = typed_code(form)

        async def take() -> Response:
            begun = await take_up(here.token, code)
            return front.enter(place, begun.session, said="said.authenticator_changed")

        try:
            # Told again only to whoever was told: the page sends back what it shows.
            told = enrolment(await take_up.told(here.token, form["secret"]))
        except Unauthenticated:
            return pages.lead(f"{place}/authenticator")
        values = {"here": f"{place}/authenticator", **told}
        return await front.sent(
            request, "people/new_authenticator.html", form, ("code", "first.not_right"), take, **values
        )

    return router
