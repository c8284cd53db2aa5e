"""Who may log in? An administrator's pages: find, let in, roles, a new letter, lock, end; never for themselves."""

import re
from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response

from chassis.pages.asks import Ask
from chassis.pages.forms import Form
from chassis.pages.posted import posted, searched
from chassis.pages.tables import Column, asked_of
from chassis.people.account import NAME_MOST, USERNAME, Account, HasMoved
from chassis.people.administer import Administer, Letter
from chassis.people.pages.asking import Act, acts_on, end_of, reason_of
from chassis.people.pages.front import Front, Here, judged
from chassis.people.roll import STATES, Roll, state_of
from chassis.refusals import Forbidden, Invalid, NotFound
from chassis.traced import about

COLUMNS = (
    Column("name", "accounts.name", "state.name"),
    Column("id", "accounts.id", "state.id"),
    Column("roles", "accounts.roles"),
    Column("state", "accounts.state"),
    Column("logged_in", "accounts.logged_in", "state.logged_in"),
)
InPath = Annotated[str, Path(pattern=USERNAME)]


def accounts_pages(front: Front, administer: Administer) -> APIRouter:
    pages, clock = front.pages, front.desk.clock
    place = f"{front.base}/accounts"
    elsewhere = administer.elsewhere
    router, roll = pages.router(front.base), Roll(front.desk.accounts, clock, elsewhere)
    administrator = Depends(front.at("in"))
    roles = sorted(administer.roles)
    filters = {"q": (), "role": roles, "state": STATES}

    async def one(request: Request, account: str, status: int = 200, form: Form | None = None) -> Response:
        found, at = await known(account), f"{place}/{account}"
        acts = acts_on(found, at, at, seen=found.epoch)
        state = state_of(found, clock.now(), elsewhere=elsewhere)
        told = {"one": found, "state": state, "roles": roles, "place": at, "acts": acts, "lets_in": not elsewhere}
        return pages.show(request, "people/account_one.html", status, here=at, form=form, **told)

    def told(request: Request, letter: Letter) -> Response:
        """What stands on the paper, with the address that the administrator themselves came by."""
        scheme = "https" if pages.secure else request.url.scheme
        address = f"{scheme}://{request.url.netloc}{front.base}/log-in"
        return pages.show(request, "people/letter.html", told_once=True, letter=letter, address=address)

    async def known(account: str) -> Account:
        found = await front.desk.accounts.get(account)
        if found is None:
            raise NotFound("no such account")
        return found

    async def moved(account: str, form: Form) -> Response | None:
        """Where the account is another than the one that was looked at: nothing is done, and that is said."""
        if form["seen"] == str((await known(account)).epoch):
            return None
        return pages.lead(f"{place}/{account}", said="said.account_moved")

    @router.get("/accounts", openapi_extra=searched(COLUMNS, filters))
    async def listed(request: Request, here: Annotated[Here, administrator]) -> Response:
        asked = asked_of(place, request.query_params, COLUMNS, filters)
        table = await roll.page(asked)
        return pages.show(request, "people/accounts.html", table=table, roles=roles, states=STATES, adds=not elsewhere)

    @router.get("/new-account")
    async def new_page(request: Request, here: Annotated[Here, administrator]) -> Response:
        administer.lets_in()
        return pages.show(request, "people/new_account.html", roles=roles, typed=Form())

    @router.post("/new-account", openapi_extra=posted("id", "name", "roles", "expires", "csrf"))
    async def add(request: Request, here: Annotated[Here, administrator]) -> Response:
        administer.lets_in()
        form = here.form
        name = form.line("name", NAME_MOST)
        form.needs("id")
        account, expires = form["id"].strip().lower(), end_of(form, clock.now())
        if account and not re.fullmatch(USERNAME, account):
            form.wrong("id", "new_account.bad_id")
        elif administer.is_others(account):
            form.wrong("id", "new_account.others_id")
        _chosen(form, roles)
        with judged(form, "id", "new_account.taken") as outcome:
            if not form.errors:
                try:
                    letter = await administer.add(account, name, form.all("roles"), expires, here.account.id)
                    await about(request, account=account, roles=letter.account.roles, expires=expires)
                    return told(request, letter)
                except Invalid:
                    form.wrong("id", "new_account.taken")
        return front.again(request, "people/new_account.html", form, outcome, roles=roles, typed=form)

    @router.get("/accounts/{account}")
    async def show(account: InPath, request: Request, here: Annotated[Here, administrator]) -> Response:
        return await one(request, account)

    @router.post("/accounts/{account}/roles", openapi_extra=posted("roles", "seen", "csrf"))
    async def give(account: InPath, request: Request, here: Annotated[Here, administrator]) -> Response:
        _of_another(account, here)
        _chosen(here.form, roles)
        if here.form.errors:
            return await one(request, account, 422, here.form)
        if other := await moved(account, here.form):
            return other
        await about(request, roles=administer.known(here.form.all("roles")))
        await administer.give(account, here.form.all("roles"))
        return pages.lead(f"{place}/{account}", said="said.roles_given")

    @router.get("/accounts/{account}/{act}")
    async def ask(account: InPath, act: Act, request: Request, here: Annotated[Here, administrator]) -> Response:
        _of_another(account, here)
        return pages.show(request, "asked.html", ask=(await acts(account))[act])

    async def acts(account: str) -> Mapping[str, Ask]:
        found = await known(account)
        return acts_on(found, f"{place}/{account}", f"{place}/{account}", seen=found.epoch)

    async def again(request: Request, account: str, act: str, form: Form) -> Response:
        return pages.show(request, "asked.html", 422, form=form, ask=(await acts(account))[act])

    @router.post("/accounts/{account}/letter", openapi_extra=posted("seen", "csrf"))
    async def renew(account: InPath, request: Request, here: Annotated[Here, administrator]) -> Response:
        _of_another(account, here)
        if other := await moved(account, here.form):
            return other
        try:
            return told(request, await administer.renew(account, seen=int(here.form["seen"])))
        except HasMoved:
            return pages.lead(f"{place}/{account}", said="said.account_moved")

    @router.post("/accounts/{account}/lock", openapi_extra=posted("reason", "seen", "csrf"))
    async def lock(account: InPath, request: Request, here: Annotated[Here, administrator]) -> Response:
        _of_another(account, here)
        reason = reason_of(here.form)
        if here.form.errors:
            return await again(request, account, "lock", here.form)
        if other := await moved(account, here.form):
            return other
        await about(request, why="locked")
        await administer.lock(account, reason)
        return pages.lead(f"{place}/{account}", said="said.locked")

    @router.post("/accounts/{account}/unlock", openapi_extra=posted("seen", "csrf"))
    async def unlock(account: InPath, request: Request, here: Annotated[Here, administrator]) -> Response:
        _of_another(account, here)
        if other := await moved(account, here.form):
            return other
        await administer.unlock(account)
        return pages.lead(f"{place}/{account}", said="said.unlocked")

    @router.post("/accounts/{account}/expiry", openapi_extra=posted("expires", "seen", "csrf"))
    async def expire(account: InPath, request: Request, here: Annotated[Here, administrator]) -> Response:
        _of_another(account, here)
        expires = end_of(here.form, clock.now())
        if here.form.errors:
            return await again(request, account, "expiry", here.form)
        if other := await moved(account, here.form):
            return other
        await about(request, expires=expires)
        await administer.expire(account, expires)
        return pages.lead(f"{place}/{account}", said="said.expiry_changed")

    return router


def _of_another(account: str, here: Here) -> None:
    if account == here.account.id:
        raise Forbidden("another administrator does this with your account")


def _chosen(form: Form, roles: list[str]) -> None:
    if not form.all("roles") or set(form.all("roles")) - set(roles):
        form.wrong("roles", "new_account.no_role")
