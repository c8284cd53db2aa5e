"""The HTTP door of an issuer: people log in, get tokens, and mind their accounts; administrators let others in."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from starlette.datastructures import Headers

from chassis.access import ASKED, Reader
from chassis.askers import Begun, Staff
from chassis.audit import Actor
from chassis.auth import bearer
from chassis.doors import client_of
from chassis.lines import Line
from chassis.openapi import refuses
from chassis.people.account import NAME_MOST, REASON_MOST, USERNAME, Account
from chassis.people.administer import Administer, Letter
from chassis.people.browsers import agent_of
from chassis.people.desk import STAGES, Desk
from chassis.people.log_in import FirstLogIn, GiveToken, LogIn, OwnAccount, SecondFactor
from chassis.people.sessions import Stage
from chassis.people.tokens import TOKEN_SECONDS, Signer
from chassis.refusals import Forbidden, Invalid
from chassis.traced import about, traced

InPath = Annotated[str, Path(pattern=USERNAME, description="A username, lower case")]
Secret = Annotated[str, Field(min_length=1, max_length=200)]
Roles = Annotated[list[Annotated[str, Field(max_length=40)]], Field(min_length=1, max_length=10)]


class In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class LogInIn(In):
    name: Annotated[str, Field(min_length=1, max_length=64)]
    password: Secret


class CodeIn(In):
    code: Annotated[str, Field(min_length=1, max_length=40, description="Of the authenticator, or a recovery code")]


class FirstLogInIn(In):
    password: Secret
    code: Annotated[str, Field(min_length=1, max_length=40)]


class TokenIn(In):
    audience: Annotated[str, Field(max_length=40, description="The service that the token is for")]


class PasswordIn(In):
    old: Secret
    new: Secret


class AccountIn(In):
    name: Annotated[Line, Field(max_length=NAME_MOST)]
    roles: Roles
    expires: AwareDatetime | None = None


class RolesIn(In):
    roles: Roles


class ExpiryIn(In):
    expires: Annotated[AwareDatetime | None, Field(description="Nobody gets in from then on; null: no end")]


class LockIn(In):
    reason: Annotated[Line, Field(max_length=REASON_MOST)]


class BegunOut(BaseModel):
    """``then`` is the next step; ``in`` means that there is none left."""

    model_config = ConfigDict(from_attributes=True)

    session: str
    then: Stage
    enrolment: str | None = None
    secret: str | None = None
    recovery_codes: tuple[str, ...] = ()


class TokenOut(BaseModel):
    token: str
    expires_in: Annotated[int, Field(description="seconds")] = TOKEN_SECONDS


class AccountOut(BaseModel):
    """An account as its person and administrators see it; nothing that proves a person."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    name: str
    roles: tuple[str, ...]
    is_new: bool
    locked: str | None
    expires: datetime | None
    since: datetime | None
    by: str
    logged_in: datetime | None


class LetterOut(BaseModel):
    """The one-time password is told here and never again."""

    account: AccountOut
    password: str
    until: datetime


def actor_of(account: Account) -> Actor:
    """As whom a person stands in the audit: OJK's staff, or a firm's officer and of which."""
    return Actor("staff" if account.firm is None else "officer", account.id, account.roles, account.firm)


def session_reader(desk: Desk) -> Reader:
    """Whoever has begun a log-in here, however far they are: each story asks for the stage that it needs."""

    async def read(headers: Headers) -> Begun:
        token = bearer(headers.get("authorization"))
        _, account = await desk.who(token, *STAGES)
        return Begun(token, actor_of(account))

    return read


def log_in_router(*, desk: Desk, signer: Signer, audiences: Sequence[str], prefix: str) -> APIRouter:
    """``audiences`` are the services that a token may be for."""
    router = APIRouter(prefix=prefix)
    own = OwnAccount(desk)
    log_in, second_factor, first_log_in = LogIn(desk), SecondFactor(desk), FirstLogIn(desk)
    give_token = GiveToken(desk, signer)

    @router.post("/log-in", responses=refuses(401, 403, 429))
    async def begin(body: LogInIn, request: Request) -> BegunOut:
        begun = await log_in(body.name, body.password, client_of(request), agent_of(request))
        await traced(request, actor_of(begun.account), allowed=True)
        return BegunOut.model_validate(begun)

    @router.post("/log-in/second-factor", responses=refuses(429))
    async def prove(body: CodeIn, begun: Annotated[Begun, ASKED]) -> BegunOut:
        return BegunOut.model_validate(await second_factor(begun.token, body.code))

    @router.post("/log-in/first", responses=refuses(429))
    async def first(body: FirstLogInIn, begun: Annotated[Begun, ASKED]) -> BegunOut:
        return BegunOut.model_validate(await first_log_in(begun.token, body.password, body.code))

    @router.post("/token")
    async def token(body: TokenIn, request: Request, inside: Annotated[Begun, ASKED]) -> TokenOut:
        if body.audience not in audiences:
            expected = f"one of {', '.join(audiences)}"
            came = {"field": "audience", "came": f"{len(body.audience)} characters", "expected": expected}
            raise Invalid("no such service", problems=[came])
        await about(request, audience=body.audience)
        return TokenOut(token=await give_token(inside.token, body.audience))

    @router.get("/me")
    async def me(inside: Annotated[Begun, ASKED]) -> AccountOut:
        return AccountOut.model_validate(await own.show(inside.token))

    @router.post("/me/password", responses=refuses(429))
    async def change_password(body: PasswordIn, inside: Annotated[Begun, ASKED]) -> BegunOut:
        return BegunOut.model_validate(await own.change_password(inside.token, body.old, body.new))

    @router.delete("/session", status_code=204)
    async def log_out(inside: Annotated[Begun, ASKED]) -> None:
        await own.log_out(inside.token)

    @router.delete("/sessions", status_code=204)
    async def log_out_everywhere(inside: Annotated[Begun, ASKED]) -> None:
        await own.log_out(inside.token, everywhere=True)

    return router


def keys_router(*, signer: Signer, base: str) -> APIRouter:
    router = APIRouter(prefix=base)

    @router.get("/jwks.json")
    async def published() -> dict[str, list[Mapping[str, Any]]]:
        return {"keys": signer.published()}

    return router


def accounts_router(*, administer: Administer, prefix: str) -> APIRouter:
    """Who may log in: an administrator's page."""
    router = APIRouter(prefix=prefix)

    @router.get("/accounts")
    async def accounts() -> dict[str, list[AccountOut]]:
        return {"accounts": [AccountOut.model_validate(one) for one in await administer.all()]}

    @router.put("/accounts/{account}", status_code=201, responses=refuses(409))
    async def add(account: InPath, body: AccountIn, request: Request, person: Annotated[Staff, ASKED]) -> LetterOut:
        letter = await administer.add(account, body.name, body.roles, body.expires, person.id)
        await about(request, roles=letter.account.roles, expires=body.expires)
        return _letter(letter)

    @router.post("/accounts/{account}/letter", responses=refuses(404, 409))
    async def renew(account: InPath, person: Annotated[Staff, ASKED]) -> LetterOut:
        _of_another(account, person)
        return _letter(await administer.renew(account))

    @router.put("/accounts/{account}/roles", responses=refuses(404, 409))
    async def roles(account: InPath, body: RolesIn, request: Request, person: Annotated[Staff, ASKED]) -> AccountOut:
        _of_another(account, person)
        await about(request, roles=administer.known(body.roles))
        return AccountOut.model_validate(await administer.give(account, body.roles))

    @router.put("/accounts/{account}/expiry", responses=refuses(404, 409))
    async def expire(account: InPath, body: ExpiryIn, request: Request, person: Annotated[Staff, ASKED]) -> AccountOut:
        _of_another(account, person)
        await about(request, expires=body.expires)
        return AccountOut.model_validate(await administer.expire(account, body.expires))

    @router.put("/accounts/{account}/lock", responses=refuses(404, 409))
    async def lock(account: InPath, body: LockIn, request: Request, person: Annotated[Staff, ASKED]) -> AccountOut:
        _of_another(account, person)
        await about(request, why="locked")
        return AccountOut.model_validate(await administer.lock(account, body.reason))

    @router.delete("/accounts/{account}/lock", responses=refuses(404))
    async def unlock(account: InPath, person: Annotated[Staff, ASKED]) -> AccountOut:
        _of_another(account, person)
        return AccountOut.model_validate(await administer.unlock(account))

    return router


def _of_another(account: str, person: Staff) -> None:
    """Nobody gives themselves a role, a letter or a way back; so an administrator is always left."""
    if account == person.id:
        raise Forbidden("another administrator does this with your account")


def _letter(letter: Letter) -> LetterOut:
    until = letter.account.one_time_until
    assert until is not None
    return LetterOut(account=AccountOut.model_validate(letter.account), password=letter.password, until=until)
