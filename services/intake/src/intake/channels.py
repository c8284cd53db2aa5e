"""The HTTP door of channels' keys: an administrator makes, looks at and revokes them."""

from typing import Annotated

from chassis.access import ASKED
from chassis.askers import Staff
from chassis.credentials.shapes import PrefixInPath, SecretIn, SecretMadeOut, SecretOut, told
from chassis.openapi import refuses
from fastapi import APIRouter, Path, Request
from pydantic import BaseModel

from intake.usecases.channels import ChannelKeys

Name = Annotated[str, Path(pattern=r"^[a-z][a-z0-9-]{0,39}$", description="A channel's name")]


class ChannelOut(BaseModel):
    """A channel as the settings name it; how many of its keys are good now."""

    name: str
    broker_user: str
    keys: int


def channels_router(*, keys: ChannelKeys) -> APIRouter:
    router = APIRouter()

    @router.get("/channels")
    async def channels() -> dict[str, list[ChannelOut]]:
        found = [(one, await keys.live(one.name)) for one in keys.channels]
        return {"channels": [ChannelOut(name=one.name, broker_user=one.broker_user, keys=live) for one, live in found]}

    @router.get("/channels/{name}/keys", responses=refuses(404))
    async def show(name: Name) -> dict[str, list[SecretOut]]:
        return {"keys": [SecretOut.model_validate(one) for one in await keys.of(name)]}

    @router.post("/channels/{name}/keys", status_code=201, responses=refuses(404, 409))
    async def make(name: Name, body: SecretIn, request: Request, person: Annotated[Staff, ASKED]) -> SecretMadeOut:
        made = await keys.make(name, body.scopes, body.expires, body.per_minute, person.id)
        return await told(request, made)

    @router.delete("/channels/{name}/keys/{prefix}", status_code=204, responses=refuses(404))
    async def revoke(name: Name, prefix: PrefixInPath) -> None:
        await keys.revoke(name, prefix)

    return router
