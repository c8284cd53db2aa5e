"""Who may log in? An administrator's pages: find, let in, roles, a new letter, lock; never for themselves."""

import re
from datetime import datetime, time
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response

from chassis.pages.forms import Form
from chassis.pages.posted import posted
from chassis.pages.tables import Column, asked_of
from chassis.pages.words import WIB
from chassis.people.account import NAME_MOST, USERNAME
from chassis.people.administer import EXPIRES_MOST, Administer
from chassis.people.pages.front import Front, Here, Outcome, judged
from chassis.people.roll import STATES, Roll, state_of
from chassis.refusals import Forbidden, Invalid, NotFound

COLUMNS = (
    Column("name", "accounts.name", "state.name"),
    Column("id", "accounts.id", "state.id"),
    Column("roles", "accounts.roles"),
    Column("state", "accounts.state"),
    Column("logged_in", "accounts.logged_in", "state.logged_in"),
)
REASON_MOST = 500
InPath = Annotated[str, Path(pattern=USERNAME)]


def accounts_pages(front: Front, administer: Administer) -> APIRouter:
    pages, clock = front.pages, front.desk.clock
    place = f"{front.base}/accounts"
    router, roll = pages.router(front.base), Roll(front.desk.accounts, clock)
    administrator = Depends(front.at("in"))
    roles = sorted(administer.roles)

    async def one(request: Request, account: str, status: int = 200, form: Form | None = None) -> Response:
        found = await front.desk.accounts.get(account)
        if found is None:
            raise NotFound("no such account")
        told = {"one": found, "state": state_of(found, clock.now()), "roles": roles, "place": f"{place}/{account}"}
        return pages.show(request, "people/account_one.html", status, here=f"{place}/{account}", form=form, **told)

    @router.get("/accounts")
    async def listed(request: Request, here: Annotated[Here, administrator]) -> Response:
        asked = asked_of(place, request.query_params, COLUMNS, {"q": (), "role": roles, "state": STATES})
        table = await roll.page(asked)
        return pages.show(request, "people/accounts.html", table=table, roles=roles, states=STATES)

    @router.get("/new-account")
    async def new_page(request: Request, here: Annotated[Here, administrator]) -> Response:
        return pages.show(request, "people/new_account.html", roles=roles, typed=Form())

    @router.post("/new-account", openapi_extra=posted("id", "name", "roles", "expires", "csrf"))
    async def add(request: Request, here: Annotated[Here, administrator]) -> Response:
        form = here.form
        name = form.line("name", NAME_MOST)
        form.needs("id")
        account, expires = form["id"].strip().lower(), None
        if account and not re.fullmatch(USERNAME, account):
            form.wrong("id", "new_account.bad_id")
        _chosen(form, roles)
        if form["expires"]:
            expires = _end_of(form["expires"])
            if expires is None or not clock.now() < expires <= clock.now() + EXPIRES_MOST:
                form.wrong("expires", "new_account.bad_day")
        with judged(form, "id", "new_account.taken") as outcome:
            if not form.errors:
                try:
                    letter = await administer.add(account, name, form.all("roles"), expires, here.account.id)
                except Invalid:
                    form.wrong("id", "new_account.taken")
                else:
                    return pages.show(request, "people/letter.html", 200, here=f"{place}/{account}", letter=letter)
        return front.again(request, "people/new_account.html", form, outcome, roles=roles, typed=form)

    @router.get("/accounts/{account}")
    async def show(account: InPath, request: Request, here: Annotated[Here, administrator]) -> Response:
        return await one(request, account)

    @router.post("/accounts/{account}/roles", openapi_extra=posted("roles", "csrf"))
    async def give(account: InPath, request: Request, here: Annotated[Here, administrator]) -> Response:
        _of_another(account, here)
        _chosen(here.form, roles)
        if here.form.errors:
            return await one(request, account, 422, here.form)
        await administer.give(account, here.form.all("roles"))
        return pages.lead(f"{place}/{account}", said="said.roles_given")

    def asks(account: str, act: str, here: Here) -> dict[str, Any]:
        _of_another(account, here)
        return {"account": account, "act": act, "place": f"{place}/{account}"}

    @router.get("/accounts/{account}/letter")
    async def ask_letter(account: InPath, request: Request, here: Annotated[Here, administrator]) -> Response:
        return pages.show(request, "people/asked.html", **asks(account, "letter", here))

    @router.post("/accounts/{account}/letter", openapi_extra=posted("csrf"))
    async def renew(account: InPath, request: Request, here: Annotated[Here, administrator]) -> Response:
        _of_another(account, here)
        letter = await administer.renew(account)
        return pages.show(request, "people/letter.html", 200, here=f"{place}/{account}", letter=letter)

    @router.get("/accounts/{account}/lock")
    async def ask_lock(account: InPath, request: Request, here: Annotated[Here, administrator]) -> Response:
        return pages.show(request, "people/asked.html", **asks(account, "lock", here))

    @router.post("/accounts/{account}/lock", openapi_extra=posted("reason", "csrf"))
    async def lock(account: InPath, request: Request, here: Annotated[Here, administrator]) -> Response:
        _of_another(account, here)
        here.form.needs("reason")
        if here.form.errors:
            return front.again(request, "people/asked.html", here.form, Outcome(), **asks(account, "lock", here))
        await administer.lock(account, here.form["reason"].strip()[:REASON_MOST])
        return pages.lead(f"{place}/{account}", said="said.locked")

    @router.get("/accounts/{account}/unlock")
    async def ask_unlock(account: InPath, request: Request, here: Annotated[Here, administrator]) -> Response:
        return pages.show(request, "people/asked.html", **asks(account, "unlock", here))

    @router.post("/accounts/{account}/unlock", openapi_extra=posted("csrf"))
    async def unlock(account: InPath, request: Request, here: Annotated[Here, administrator]) -> Response:
        _of_another(account, here)
        await administer.unlock(account)
        return pages.lead(f"{place}/{account}", said="said.unlocked")

    return router


def _of_another(account: str, here: Here) -> None:
    if account == here.account.id:
        raise Forbidden("another administrator does this with your account")


def _chosen(form: Form, roles: list[str]) -> None:
    if not form.all("roles") or set(form.all("roles")) - set(roles):
        form.wrong("roles", "new_account.no_role")


def _end_of(day: str) -> datetime | None:
    """The end of a day in Jakarta; None for what is no day."""
    try:
        return datetime.combine(datetime.fromisoformat(day).date(), time(23, 59, 59), WIB)
    except ValueError:
        return None
