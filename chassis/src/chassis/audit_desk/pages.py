"""Who did what, when, from where, on whose behalf, and does the chain stand? An auditor's page, one for each service;
looking at it is an act like any other, and leaves its trace."""

from collections.abc import Awaitable, Mapping, Sequence
from functools import partial
from typing import Annotated, Any

from contracts.pages import SECTIONS
from fastapi import APIRouter, Depends, Request, Response

from chassis.audit_desk.asked import ASKED, Question, question_of
from chassis.audit_desk.search import Found, acts_of
from chassis.audit_desk.standing import genuine, standing_of
from chassis.database import unavailable
from chassis.pages.frame import Pages, menu
from chassis.pages.leads import address
from chassis.pages.passes import Visit, visit
from chassis.pages.posted import asked_for
from chassis.parts import Base
from chassis.traced import about

DESK = "/desk/audit"
BASE = "/staff"
SERVICES = tuple(one.service for one in SECTIONS if one.label == "nav.audit")
#: Whose page the menu leads to.
FIRST = SERVICES[0]
ROWS = 20
#: The words for what an entry says begin with it.
SAID = "audit.said."
#: Of a list that an act names.
NAMED_MOST = 8


def audit_pages(base: Base) -> APIRouter:
    place, entries = f"{DESK}/{base.name}", base.database["audit"]
    pages = Pages(
        "chassis.people.pages",
        "chassis.audit_desk",
        service=base.name,
        base=BASE,
        visited=True,
        navigation=menu(BASE, SECTIONS),
        example_data=base.settings.example_data,
        secure=base.settings.behind_tls,
    )
    router = pages.router(DESK)

    def looked(asked: Question) -> Awaitable[Sequence[Found]]:
        judge = partial(genuine, base.audit_key)
        return acts_of(entries, asked.wanted, ROWS + 1, upwards=asked.upwards, genuine=judge)

    if base.name == FIRST:

        @router.get("")
        async def begin(request: Request) -> Response:
            return pages.lead(address(place, request.url.query))

    @router.get(f"/{base.name}", openapi_extra={"parameters": [asked_for(name, {}) for name in ASKED]})
    async def listed(request: Request, here: Annotated[Visit, Depends(visit)]) -> Response:
        asked = question_of(place, request.query_params)
        await about(request, **asked.told)
        with unavailable():
            found = list(await looked(asked)) if asked.fits else []
            standing = await standing_of(base.audit_key, base.database, base.audit_roots.newest)
        rows, newer, older = asked.page(found, ROWS)
        return pages.show(
            request, "audit/list.html", 200 if asked.fits else 422, at=f"{DESK}/{FIRST}", asked=asked, form=asked.form,
            rows=rows, newer=newer, older=older, standing=standing, service=base.name,
            others=[(one, asked.at(f"{DESK}/{one}")) for one in SERVICES], about=_about, outcome=_outcome,
            said_names={one.removeprefix(SAID) for one in pages.words.texts if one.startswith(SAID)},
        )  # fmt: skip

    return router


def _about(act: Found) -> Mapping[str, Any]:
    """What an act is about, as it can be read: of a long list the first, and how many there are."""
    return {name: _short(value) for name, value in act.object.items() if value is not None and value != []}


def _short(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    more = f" … ({len(value)})" if len(value) > NAMED_MOST else ""
    return " ".join(map(str, value[:NAMED_MOST])) + more


def _outcome(status: int | None) -> str:
    if status is None:
        return "unknown"
    if status in (401, 403, 429):
        return "refused"
    return "done" if status < 400 else "not_done" if status < 500 else "failed"
