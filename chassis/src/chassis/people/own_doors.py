"""The HTTP door to what proves a person, and to where they are logged in: for the person themselves."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict

from chassis.access import ASKED
from chassis.askers import Begun
from chassis.openapi import refuses
from chassis.people.desk import Desk
from chassis.people.doors import BegunOut, CodeIn, Secret
from chassis.people.own_account import AskForAuthenticator, OwnSessions, RenewRecoveryCodes, TakeUpAuthenticator
from chassis.people.sessions import NAME_LETTERS

SessionInPath = Annotated[str, Path(pattern=f"^[0-9a-f]{{{NAME_LETTERS}}}$", description="A session's name")]


class ProofIn(CodeIn):
    """What proves a person, whole."""

    password: Secret


class CodesOut(BaseModel):
    """Told once; those of before are good no more."""

    recovery_codes: tuple[str, ...]


class SessionOut(BaseModel):
    """One log-in; ``client`` is the address that it came from, of IPv6 the network, ``agent`` browser and system."""

    model_config = ConfigDict(from_attributes=True)

    name: str
    began: datetime
    seen: datetime
    until: datetime
    client: str
    agent: str
    here: bool = False


def own_router(*, desk: Desk, prefix: str) -> APIRouter:
    router = APIRouter(prefix=prefix)
    renew, sessions = RenewRecoveryCodes(desk), OwnSessions(desk)
    ask, take_up = AskForAuthenticator(desk), TakeUpAuthenticator(desk)

    @router.post("/me/recovery-codes", responses=refuses(403, 429))
    async def renew_recovery_codes(body: CodeIn, inside: Annotated[Begun, ASKED]) -> CodesOut:
        return CodesOut(recovery_codes=await renew(inside.token, body.code))

    @router.post("/me/authenticator", responses=refuses(403, 429))
    async def ask_for_authenticator(body: ProofIn, inside: Annotated[Begun, ASKED]) -> BegunOut:
        return BegunOut.model_validate(await ask(inside.token, body.password, body.code))

    @router.put("/me/authenticator", responses=refuses(403, 429))
    async def take_up_authenticator(body: CodeIn, inside: Annotated[Begun, ASKED]) -> BegunOut:
        return BegunOut.model_validate(await take_up(inside.token, body.code))

    @router.get("/me/sessions")
    async def own_sessions(inside: Annotated[Begun, ASKED]) -> dict[str, list[SessionOut]]:
        here, found = await sessions.show(inside.token)
        told = [SessionOut.model_validate(one) for one in found]
        return {"sessions": [one.model_copy(update={"here": one.name == here.name}) for one in told]}

    @router.delete("/me/other-sessions")
    async def end_other_sessions(inside: Annotated[Begun, ASKED]) -> BegunOut:
        return BegunOut.model_validate(await sessions.end_others(inside.token))

    @router.delete("/me/sessions/{session}", status_code=204, responses=refuses(404))
    async def end_session(session: SessionInPath, inside: Annotated[Begun, ASKED]) -> None:
        await sessions.end(inside.token, session)

    return router
