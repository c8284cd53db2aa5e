"""The notifier's HTTP door: staff see what a consumer was told. No address and no text is ever shown."""

from datetime import datetime
from typing import Annotated

from chassis.openapi import refuses
from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict

from notifier.usecases.telling import ShowNotifications

Number = Annotated[str, Path(pattern=r"^[0-9]{13}$")]


class ToldOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: str
    turn: str
    at: datetime
    outcome: str
    by: str


class WaitingOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: str
    turn: str
    due_at: datetime | None
    tries: int


class NotificationsOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    number: str
    tell_by: str
    language: str
    told: list[ToldOut]
    deliveries: list[WaitingOut]


def http_router(*, show_notifications: ShowNotifications) -> APIRouter:
    router = APIRouter()

    @router.get("/notifications/{number}", responses=refuses(404, 410))
    async def notifications(number: Number) -> NotificationsOut:
        return NotificationsOut.model_validate(await show_notifications(number))

    return router
