"""Tracking's HTTP door: consumers ask with number and PIN in the body, never in an address; staff by number alone."""

from datetime import datetime
from typing import Annotated, Any

from chassis.doors import client_of
from chassis.openapi import refuses
from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, ConfigDict, Field

from tracking.usecases import ShowTimeline, Tracked, TrackMatter
from tracking.views import MatterShown, Views

Number = Annotated[str, Path(pattern=r"^[0-9]{13}$")]
#: Never told, also not to staff: they are for the matter's key, or for intake.
PRIVATE = ("sealed", "seal_key")


class TrackIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    number: Annotated[str, Field(description="13 digits, also as shown: P 5043 8121 7730 4")]
    pin: Annotated[str, Field(description="8 digits")]


class StaffEntry(BaseModel):
    id: str
    owner: str
    type: str
    seq: int
    clock: int
    time: datetime
    data: dict[str, Any]


class StaffTimeline(BaseModel):
    """What the consumer sees without what is sealed, and the facts and standings behind it."""

    matter: MatterShown
    standings: dict[str, dict[str, Any]]
    facts: list[StaffEntry]


def http_router(*, track_matter: TrackMatter, show_timeline: ShowTimeline, views: Views) -> APIRouter:
    router = APIRouter()

    @router.post("/track", responses=refuses(404, 410, 429))
    async def track(body: TrackIn, request: Request) -> MatterShown:
        return views.matter(await track_matter(body.number, body.pin, client_of(request)))

    @router.get("/timelines/{number}", responses=refuses(404, 410))
    async def timeline(number: Number) -> StaffTimeline:
        found = await show_timeline(number)
        facts = [
            StaffEntry(**{**one, "data": {k: v for k, v in one["data"].items() if k not in PRIVATE}})
            for one in found.history()
        ]
        return StaffTimeline(matter=views.matter(Tracked(found)), standings=found.standings, facts=facts)

    return router
