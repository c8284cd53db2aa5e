"""The pages of matters that may be one: what a worker suggests with its reasons, two of them beside each other, and
what an officer does about it, asked first. Nobody's name is readable there."""

import re
from collections.abc import Mapping
from typing import Any, Literal, Protocol, get_args

from chassis.ids import new_id
from chassis.messages import Act, act_id
from chassis.pages.asks import Ask
from chassis.pages.forms import Form
from chassis.pages.frame import Pages
from chassis.pages.passes import Visit
from chassis.pages.posted import posted, searched
from chassis.pages.tables import Asked, Column, Table, asked_of
from chassis.refusals import Erased, Invalid, NotFound
from chassis.traced import about
from contracts.codes import called
from contracts.numbers import NUMBER_DIGITS, digits_of, shown
from fastapi import APIRouter, Request, Response

from intake.domain import Service
from intake.pages.cso.frame import PLACE as DESK
from intake.pages.cso.frame import Here, Number, tabs_of
from intake.pairs import DecidedMeanwhile, Stands
from intake.usecases.comparing import DecidePair, Pair, ShowPair
from intake.usecases.linking import LinkMatters
from intake.usecases.services import ShowService

PLACE = f"{DESK}/duplicates"
COLUMNS = (
    Column("newer", "pairs.newer"),
    Column("waits", "pairs.waits", "state.compared.open"),
    Column("older", "pairs.older"),
)
Deed = Literal["link", "unlink", "no-pair", "again"]
#: What may be done as the two stand to each other.
DEEDS: Mapping[str, tuple[Deed, ...]] = {
    "open": ("link", "no-pair"),
    "none": ("link",),
    "linked": ("unlink",),
    "no-pair": ("again", "link"),
}
#: As which a form says that it saw them.
SEEN: tuple[Stands, ...] = get_args(Stands)
MOVED: dict[int | str, dict[str, Any]] = {
    409: {"description": "Somebody decided meanwhile", "content": {"text/html": {"schema": {"type": "string"}}}}
}
_ONCE = re.compile(r"[0-9a-f-]{32,36}")


class Undecided(Protocol):
    async def undecided(self, asked: Asked) -> Table[Service]: ...


def pair_pages(
    pages: Pages, undecided: Undecided, show_pair: ShowPair, show: ShowService, link: LinkMatters, decide: DecidePair
) -> APIRouter:
    router = pages.router(PLACE)

    @router.get("", openapi_extra=searched(COLUMNS, {}))
    async def listed(request: Request, here: Here) -> Response:
        return await waiting(request, here)

    async def waiting(request: Request, here: Visit, status: int = 200, form: Form | None = None) -> Response:
        table = await undecided.undecided(asked_of(PLACE, request.query_params, COLUMNS, {}))
        typed = {name: form[name][:24] if form else "" for name in ("number", "other")}
        return pages.show(
            request, "pairs/list.html", status, place=PLACE, table=table, shown=shown, form=form, typed=typed,
            tabs=tabs_of(here),
        )  # fmt: skip

    @router.post("", openapi_extra=posted("number", "other", "csrf"))
    async def choose(request: Request, here: Here) -> Response:
        found = {name: digits_of(here.form[name], NUMBER_DIGITS) for name in ("number", "other")}
        for name, number in found.items():
            if number is None:
                here.form.wrong(name, "pairs.bad_number")
        if not here.form.errors:
            try:
                await show_pair(str(found["number"]), str(found["other"]))
            except (NotFound, Erased, Invalid):
                here.form.wrong("other", "pairs.no_such")
        if here.form.errors:
            return await waiting(request, here, 422, here.form)
        return pages.lead(f"{PLACE}/{found['number']}/{found['other']}")

    @router.get("/{number}/{other}")
    async def one(number: Number, other: Number, request: Request, here: Here) -> Response:
        return await beside(request, here, await pair_of(request, number, other))

    async def pair_of(request: Request, number: str, other: str) -> Pair:
        await about(request, numbers=[number, other])
        return await show_pair(number, other)

    async def moved(request: Request, here: Visit, number: str, other: str) -> Response:
        """Somebody was quicker: nothing is done, and the two are shown as they stand now."""
        return await beside(request, here, await show_pair(number, other), 409)

    async def beside(request: Request, here: Visit, pair: Pair, status: int = 200) -> Response:
        sides = [(matter, (await show(matter.number))[1]) for matter in (pair.first, pair.second)]
        asks = [ask_of(pair, deed) for deed in DEEDS[pair.state]]
        return pages.show(
            request, "pairs/one.html", status, here=place_of(pair), place=PLACE, tabs=tabs_of(here), pair=pair,
            sides=sides, asks=asks, shown=shown, called=called, link=pair.first.compared.link(pair.second.number),
            moved=status == 409,
        )  # fmt: skip

    @router.get("/{number}/{other}/{deed}", responses=MOVED)
    async def ask(number: Number, other: Number, deed: Deed, request: Request, here: Here) -> Response:
        pair = await pair_of(request, number, other)
        if deed not in DEEDS[pair.state]:
            return await moved(request, here, number, other)
        return pages.show(request, "pairs/ask.html", ask=ask_of(pair, deed), pair=pair, once=new_id(), shown=shown)

    @router.post("/{number}/{other}/{deed}", openapi_extra=posted("once", "seen", "csrf"), responses=MOVED)
    async def do(number: Number, other: Number, deed: Deed, request: Request, here: Here) -> Response:
        pair, by = await pair_of(request, number, other), here.visitor.id
        once = here.form["once"] if _ONCE.fullmatch(here.form["once"]) else new_id()
        id_ = act_id(by, f"{deed} {pair.first.number} {pair.second.number} {once}")
        seen: Stands = next((one for one in SEEN if one == here.form["seen"]), "open")
        try:
            if deed == "link" or deed == "unlink":
                await link(id_, deed, pair, by, seen)
            else:
                await decide(Act(id_, pair.first.number), pair, by, again=deed == "again")
        except DecidedMeanwhile:
            return await moved(request, here, number, other)
        return pages.lead(place_of(pair), said=f"said.pair_{deed}")

    return router


def place_of(pair: Pair) -> str:
    return f"{PLACE}/{pair.first.number}/{pair.second.number}"


def ask_of(pair: Pair, deed: Deed) -> Ask:
    """In the words of what is done: two of one person are one matter, of two persons one cause."""
    words: dict[str, Any] = {"link": f"pairs.link_{pair.why}"}
    return Ask(words.get(deed, f"pairs.{deed}"), f"{place_of(pair)}/{deed}", place_of(pair), danger=deed == "unlink")
