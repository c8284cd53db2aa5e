"""How do doors ask for a new secret, and tell of those there are?"""

from datetime import datetime
from typing import Annotated

from fastapi import Path, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from chassis.credentials.credential import PER_MINUTE, PER_MINUTE_MOST, Issued
from chassis.credentials.secret import PREFIX
from chassis.traced import About, about

PrefixInPath = Annotated[str, Path(pattern=PREFIX, description="The secret's prefix, as lists show it")]


class SecretIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    scopes: Annotated[list[Annotated[str, Field(max_length=40)]], Field(min_length=1, max_length=10)]
    expires: Annotated[AwareDatetime | None, Field(description="Without one: in a year; two years at most")] = None
    per_minute: Annotated[int, Field(ge=1, le=PER_MINUTE_MOST, description="Requests, over all replicas")] = PER_MINUTE


class SecretOut(BaseModel):
    """A secret as administrators see it; nothing that proves anybody. ``used`` is right to a minute."""

    model_config = ConfigDict(from_attributes=True)

    prefix: str
    scopes: tuple[str, ...]
    per_minute: int
    expires: datetime
    by: str
    since: datetime
    used: datetime | None
    revoked: datetime | None


class SecretMadeOut(SecretOut):
    """``secret`` is told here and never again."""

    secret: str


def made(issued: Issued) -> About:
    """What the audit has of a new secret."""
    one = issued.credential
    return About(key=one.prefix, scopes=one.scopes, expires=one.expires)


async def told(request: Request, issued: Issued) -> SecretMadeOut:
    """The answer, after the audit has what was made. Errors: Unavailable; then nobody ever knows the secret."""
    await about(request, **made(issued))
    shown = SecretOut.model_validate(issued.credential)
    return SecretMadeOut(**shown.model_dump(), secret=issued.secret)
