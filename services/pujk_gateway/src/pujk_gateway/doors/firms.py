"""The door where OJK's administrator lets firms in, and puts them out."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from chassis.access import ASKED
from chassis.askers import Staff
from chassis.lines import Line
from chassis.openapi import refuses
from chassis.people.account import REASON_MOST, USERNAME
from chassis.traced import about
from contracts.base import PujkCode
from contracts.topology import pujk_user
from fastapi import APIRouter, Path, Request, Response
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from pujk_gateway.domain.firm import ADDRESS_LINES, LINE_MOST, Firm, on_paper
from pujk_gateway.ports import Person
from pujk_gateway.usecases.desk import Desk
from pujk_gateway.usecases.letters import Access
from pujk_gateway.usecases.onboarding import Shown
from pujk_gateway.views import View

SeatName = Literal["product", "service", "deciding"]
AccountId = Annotated[str, Path(pattern=USERNAME)]
#: One line of a letter.


def _on_paper(line: str) -> str:
    if not on_paper(line):
        raise ValueError("a line that a letter can show, in Latin letters")
    return line


LetterLine = Annotated[Line, Field(max_length=LINE_MOST), AfterValidator(_on_paper)]
PDF: dict[int | str, dict[str, Any]] = {200: {"content": {"application/pdf": {"schema": {"type": "string"}}}}}


class In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PersonIn(In):
    """Name and position at the firm, as they stand on the letter."""

    name: LetterLine
    position: LetterLine

    def person(self) -> Person:
        return Person(self.name, self.position)


class PeopleIn(In):
    """Who knows products and services, who knows how consumers are served, who may decide."""

    product: PersonIn
    service: PersonIn
    deciding: PersonIn


class FirmIn(In):
    name: LetterLine
    address: Annotated[list[LetterLine], Field(min_length=1, max_length=ADDRESS_LINES)]
    people: PeopleIn
    sure_of_code: Annotated[
        bool, Field(description="Needed once for a code that no ticket ever went to: the directory may be behind")
    ] = False


class ReplacementIn(PersonIn):
    replaces: Annotated[str, Field(pattern=USERNAME, description="The account that sits there now")]


class LockIn(In):
    reason: Annotated[Line, Field(max_length=REASON_MOST)]


class ExpiryIn(In):
    expires: Annotated[AwareDatetime | None, Field(description="None: never by itself")]


class LetterOut(View):
    """A letter that was printed: what proves it ours, and nothing that it told."""

    number: str
    account: str
    at: datetime
    until: datetime
    by: str
    check: str


class SeatedOut(View):
    """Who sits in a seat."""

    account: str
    name: str
    position: str
    since: datetime
    is_new: bool
    locked: str | None
    expires: datetime | None
    logged_in: datetime | None


class BrokerOut(View):
    """The firm's user at the broker: making, stands, removing or gone; and what the broker did not take."""

    user: str
    state: str
    trouble: str | None


class FirmOut(View):
    code: str
    name: str
    address: list[str]
    state: str
    since: datetime
    by: str
    left: datetime | None
    people: dict[str, SeatedOut]
    letters: list[LetterOut]
    broker: BrokerOut | None


class FirmLineOut(View):
    code: str
    name: str
    state: str
    since: datetime
    broker: BrokerOut | None


class FirmsOut(View):
    firms: list[FirmLineOut]


class AccessOut(View):
    """The password is told here and never again."""

    user: str
    password: str
    broker: BrokerOut


def firms_router(desk: Desk) -> APIRouter:
    router = APIRouter()

    @router.get("/firms")
    async def firms() -> FirmsOut:
        return firms_out(await desk.show())

    @router.get("/firms/{code}", responses=refuses(404))
    async def firm(code: PujkCode) -> FirmOut:
        return firm_out(await desk.show.one(code))

    @router.put("/firms/{code}", responses=refuses(409))
    async def put(code: PujkCode, body: FirmIn, request: Request, person: Annotated[Staff, ASKED]) -> FirmOut:
        people = {seat: one.person() for seat, one in body.people}
        stands = await desk.register(code, body.name, body.address, people, person.id, sure=body.sure_of_code)
        await about(request, accounts=accounts_of(stands))
        return firm_out(stands)

    @router.delete("/firms/{code}", status_code=202, responses=refuses(404))
    async def leave(code: PujkCode) -> FirmOut:
        return firm_out(await desk.off_board(code))

    @router.put("/firms/{code}/seats/{seat}", responses=refuses(404, 409))
    async def seat(
        code: PujkCode, seat: SeatName, body: ReplacementIn, request: Request, person: Annotated[Staff, ASKED]
    ) -> FirmOut:
        stands = await desk.replace(code, seat, body.person(), body.replaces, person.id)
        await about(request, account=stands.people[seat].id, replaces=body.replaces)
        return firm_out(stands)

    @router.post("/firms/{code}/people/{account}/letter", response_class=Response, responses=PDF | refuses(404, 409))
    async def letter(code: PujkCode, account: AccountId, person: Annotated[Staff, ASKED]) -> Response:
        number, page = await desk.write_letter(code, account, person.id)
        named = f'attachment; filename="{account}.{number.split("/")[0]}.pdf"'
        return Response(page, media_type="application/pdf", headers={"Content-Disposition": named})

    @router.put("/firms/{code}/people/{account}/lock", responses=refuses(404))
    async def lock(code: PujkCode, account: AccountId, body: LockIn, request: Request) -> FirmOut:
        await about(request, why="locked")
        return firm_out(await desk.mind.lock(code, account, body.reason))

    @router.delete("/firms/{code}/people/{account}/lock", responses=refuses(404, 409))
    async def unlock(code: PujkCode, account: AccountId) -> FirmOut:
        return firm_out(await desk.mind.unlock(code, account))

    @router.put("/firms/{code}/people/{account}/expiry", responses=refuses(404))
    async def expiry(code: PujkCode, account: AccountId, body: ExpiryIn, request: Request) -> FirmOut:
        await about(request, expires=body.expires)
        return firm_out(await desk.mind.expire(code, account, body.expires))

    @router.post("/firms/{code}/broker", status_code=202, responses=refuses(404, 409))
    async def give(code: PujkCode) -> AccessOut:
        return access_out(await desk.broker(code))

    @router.delete("/firms/{code}/broker", status_code=202, responses=refuses(404))
    async def end(code: PujkCode) -> FirmOut:
        return firm_out(await desk.show.of(await desk.broker.end(code)))

    return router


def accounts_of(shown: Shown) -> list[str]:
    return [one.id for one in shown.people.values()]


def firm_out(shown: Shown) -> FirmOut:
    firm = shown.firm
    people = {}
    for name, seat in firm.seats.items():
        one = shown.people[name]
        people[name] = SeatedOut(
            account=one.id,
            name=one.name,
            position=seat.position,
            since=seat.since,
            is_new=one.is_new,
            locked=one.locked,
            expires=one.expires,
            logged_in=one.logged_in,
        )
    letters = [LetterOut.model_validate(one) for one in firm.letters]
    about = {name: getattr(firm, name) for name in ("code", "name", "state", "since", "by", "left")}
    return FirmOut(**about, address=list(firm.address), people=people, letters=letters, broker=_broker(firm))


def firms_out(firms: Sequence[Firm]) -> FirmsOut:
    lines = [
        FirmLineOut(code=one.code, name=one.name, state=one.state, since=one.since, broker=_broker(one))
        for one in firms
    ]
    return FirmsOut(firms=lines)


def access_out(access: Access) -> AccessOut:
    broker = _broker(access.firm)
    assert broker is not None
    return AccessOut(user=access.user, password=access.password, broker=broker)


def _broker(firm: Firm) -> BrokerOut | None:
    if firm.broker is None:
        return None
    return BrokerOut(user=pujk_user(firm.code), state=firm.broker.state, trouble=firm.broker.trouble)
