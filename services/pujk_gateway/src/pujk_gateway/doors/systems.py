"""The HTTP door of firms' systems: OJK gives them secrets, they get tokens, they and the firm's people read tickets."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, Literal, get_args

from chassis.access import ASKED
from chassis.askers import Officer, Staff, System
from chassis.credentials.credential import Credential
from chassis.credentials.grant import FORM, NotGranted, asked
from chassis.credentials.shapes import PrefixInPath, SecretIn, SecretMadeOut, SecretOut, told
from chassis.doors import client_of
from chassis.lines import Line
from chassis.openapi import refuses
from chassis.people.tokens import TOKEN_SECONDS
from chassis.refusals import Unauthenticated, Unavailable
from chassis.traced import about, traced
from contracts.base import PujkCode
from contracts.dossier import Dossier, DossierAttachment
from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from pujk_gateway.domain.case import Case
from pujk_gateway.domain.listing import ACTIVE, JAKARTA, STATES, Left, ListedState, Sought
from pujk_gateway.domain.reading import turn_of
from pujk_gateway.ports import Now
from pujk_gateway.ports.systems import Client
from pujk_gateway.seen import tag
from pujk_gateway.tickets import TicketOut, TicketsOut, ticket_out, tickets_out
from pujk_gateway.usecases.listing import Kind
from pujk_gateway.usecases.looking import LookInto
from pujk_gateway.usecases.reading import ListTickets, ShowTicket
from pujk_gateway.usecases.systems import AddClient, GiveSecret, GrantToken, NewSecret, RemoveClient, ShowClients

Number = Annotated[str, Path(pattern=r"^[0-9]{13}$")]
ClientInPath = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,40}\.[2-9a-z]{8}$", description="A client's id")]
Name = Annotated[Line, Field(max_length=100)]
Reading = Annotated[Officer | System, ASKED]
#: RFC 6749 (5.1) asks for it beside ``Cache-Control: no-store``, which every answer has.
#: A firm's system sees what its officers do.
SYSTEMS_SEAT = frozenset({"service"})
_CODE = {"max_length": 40, "pattern": r"^[a-z0-9_]+$"}


@dataclass(frozen=True)
class Filters:
    """As the portal's lists; days are Jakarta's. With none: all that is the firm's turn."""

    kind: Annotated[Kind | None, Query()] = None
    state: Annotated[ListedState | Literal["all"] | None, Query(description="As `listed` tells it; none: all open")] = (
        None
    )
    product: Annotated[str | None, Query(**_CODE)] = None
    issue: Annotated[str | None, Query(**_CODE)] = None
    holder: Annotated[str | None, Query(max_length=64, description="An officer; '-' is nobody")] = None
    remaining: Annotated[Left | None, Query(description="soon: two working days at most")] = None
    first: Annotated[date | None, Query(alias="from", description="Received on that day or later")] = None
    last: Annotated[date | None, Query(alias="to", description="Received on that day or before")] = None

    def of(self, pujk: str) -> Sought | None:
        if not any(vars(self).values()):
            return None
        state = self.state
        states = ACTIVE if state is None else STATES if state == "all" else (state,)
        # The first and the last day that there are begin and end nothing: no moment lies beyond them.
        first = start_of(self.first) if self.first and self.first > date.min else None
        until = start_of(self.last + timedelta(days=1)) if self.last and self.last < date.max else None
        kinds: tuple[Kind, ...] = (self.kind,) if self.kind else get_args(Kind)
        holder = "" if self.holder == "-" else self.holder
        return Sought(pujk, kinds, states, (first, until), self.product, self.issue, holder, self.remaining)


Asking = Annotated[Filters, Depends()]


def start_of(day: date) -> datetime:
    return datetime.combine(day, time(), JAKARTA).astimezone(UTC)


_KEPT_BY_NOBODY = {"Pragma": "no-cache"}
Tried = Callable[[str, Unauthenticated], None]


class ClientIn(SecretIn):
    """A firm's system and its first secret."""

    name: Annotated[Name, Field(description="What the firm calls it; nobody's name")]


class ClientOut(BaseModel):
    """A firm's system as administrators see it."""

    id: str
    name: str
    by: str
    since: datetime
    secrets: list[SecretOut]


class ClientMadeOut(ClientOut):
    made: SecretMadeOut


class TokenOut(BaseModel):
    """RFC 6749, 5.1."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105
    expires_in: Annotated[int, Field(description="seconds")] = TOKEN_SECONDS
    scope: str


class NotGrantedOut(BaseModel):
    """RFC 6749, 5.2."""

    error: Literal["invalid_request", "invalid_client", "unsupported_grant_type", "invalid_scope"]
    error_description: str


_FORM_OF_A_TOKEN: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            FORM: {
                "schema": {
                    "type": "object",
                    "required": ["grant_type"],
                    "properties": {
                        "grant_type": {"type": "string", "enum": ["client_credentials"]},
                        "client_id": {"type": "string"},
                        "client_secret": {"type": "string"},
                        "scope": {"type": "string", "description": "Separated by spaces; none: all there are"},
                    },
                }
            }
        },
    }
}
_NOT_GRANTED: dict[int | str, dict[str, Any]] = {400: {"model": NotGrantedOut}, 401: {"model": NotGrantedOut}}


def clients_router(
    *, add_client: AddClient, give_secret: GiveSecret, show_clients: ShowClients, remove_client: RemoveClient
) -> APIRouter:
    router = APIRouter()

    @router.get("/firms/{code}/clients")
    async def clients(code: PujkCode) -> dict[str, list[ClientOut]]:
        return {"clients": [_client(one, secrets) for one, secrets in await show_clients(code)]}

    @router.post("/firms/{code}/clients", status_code=201, responses=refuses(404, 409))
    async def add(code: PujkCode, body: ClientIn, request: Request, person: Annotated[Staff, ASKED]) -> ClientMadeOut:
        client, issued = await add_client(code, body.name, _new(body, person))
        await about(request, client=client.id)
        return ClientMadeOut(**_client(client, [issued.credential]).model_dump(), made=await told(request, issued))

    @router.delete("/firms/{code}/clients/{client}", status_code=204, responses=refuses(404))
    async def remove(code: PujkCode, client: ClientInPath) -> None:
        await remove_client(code, client)

    @router.post("/firms/{code}/clients/{client}/secrets", status_code=201, responses=refuses(404, 409))
    async def give(
        code: PujkCode, client: ClientInPath, body: SecretIn, request: Request, person: Annotated[Staff, ASKED]
    ) -> SecretMadeOut:
        return await told(request, await give_secret(code, client, _new(body, person)))

    @router.delete("/firms/{code}/clients/{client}/secrets/{prefix}", status_code=204, responses=refuses(404))
    async def revoke(code: PujkCode, client: ClientInPath, prefix: PrefixInPath) -> None:
        await remove_client.secret(code, client, prefix)

    return router


def systems_router(
    *, grant_token: GrantToken, list_tickets: ListTickets, show_ticket: ShowTicket, look: LookInto, clock: Now,
    tried: Tried,
) -> APIRouter:  # fmt: skip
    """``tried`` is told from where credentials came that are not good."""
    router = APIRouter()

    @router.post(
        "/pujk/token",
        response_model=TokenOut,
        responses={**_NOT_GRANTED, **refuses(429)},
        openapi_extra=_FORM_OF_A_TOKEN,
    )
    async def token(request: Request, answer: Response) -> Any:
        kind, authorization = request.headers.get("content-type", ""), request.headers.get("authorization")
        try:
            granted = await grant_token(asked(kind, authorization, await request.body()))
        except NotGranted as refused:
            if refused.was_tried:
                tried(client_of(request), Unauthenticated())
            return _refused(refused)
        who = System(granted.client.id, granted.client.firm, frozenset(granted.scopes))
        await traced(request, who.actor, allowed=True)
        answer.headers.update(_KEPT_BY_NOBODY)
        return TokenOut(access_token=granted.token, scope=" ".join(granted.scopes))

    @router.get("/pujk/tickets")
    async def tickets(
        asker: Reading,
        wanted: Asking,
        after: Annotated[str | None, Query(max_length=120)] = None,
        limit: Annotated[int, Query(ge=1, le=500)] = 50,
    ) -> TicketsOut:
        return tickets_out(*await list_tickets(asker.firm, after, limit, wanted.of(asker.firm)), clock.now())

    @router.get("/pujk/tickets/{number}", responses=refuses(404))
    async def ticket(number: Number, asker: Reading, answer: Response) -> TicketOut:
        case, texts = await show_ticket(number, asker.firm)
        shown = ticket_out(case, asker.firm, texts, await told_of(case, asker), clock.now())
        answer.headers["ETag"] = tag(shown.round, shown.basis)
        return shown

    @router.get("/pujk/tickets/{number}/attachments", responses=refuses(404, 503))
    async def attachments(number: Number, asker: Reading) -> dict[str, list[DossierAttachment]]:
        """The files of the matter; each link ends, and is good for whoever asked."""
        case, _ = await show_ticket(number, asker.firm)
        dossier = await told_of(case, asker)
        if dossier is None and turn_of(case, asker.firm) is not None:
            raise Unavailable
        return {"attachments": list(dossier.attachments) if dossier else []}

    async def told_of(case: Case, asker: Officer | System) -> Dossier | None:
        """Masked as for the firm's people; nothing of a ticket that went on."""
        if turn_of(case, asker.firm) is None:
            return None
        seats = asker.seats if isinstance(asker, Officer) else SYSTEMS_SEAT
        return await look(case.number, asker.id, seats, asker.firm)

    return router


def _refused(refused: NotGranted) -> JSONResponse:
    said = NotGrantedOut(error=refused.code, error_description=refused.description)
    headers = {"WWW-Authenticate": 'Basic realm="slkt-pujk"'} if refused.status == 401 else {}
    return JSONResponse(said.model_dump(), refused.status, {**headers, **_KEPT_BY_NOBODY})


def _new(body: SecretIn, person: Staff) -> NewSecret:
    return NewSecret(body.scopes, body.expires, body.per_minute, person.id)


def _client(client: Client, secrets: Sequence[Credential]) -> ClientOut:
    shown = [SecretOut.model_validate(one) for one in secrets]
    return ClientOut(id=client.id, name=client.name, by=client.by, since=client.since, secrets=shown)
