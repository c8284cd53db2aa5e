"""Tracking's HTTP door: consumers ask with number and PIN in the body, never in an address; staff by number alone."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

from chassis.doors import act_of, client_of
from chassis.openapi import refuses
from contracts.base import PlainText
from fastapi import APIRouter, Body, Header, Path, Request
from pydantic import BaseModel, ConfigDict, Field

from tracking.usecases.answering import TEXT_MOST, Given, TakeAnswer
from tracking.usecases.looking import ShowTimeline, Tracked, TrackMatter
from tracking.views.aloud import aloud
from tracking.views.matter import Views
from tracking.views.shown import MatterShown

Number = Annotated[str, Path(pattern=r"^[0-9]{13}$")]
#: Never told, also not to staff: they are for the matter's key, or for intake.
PRIVATE = ("sealed", "seal_key")


class TrackIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    number: Annotated[str, Field(description="13 digits, also as shown: P 5043 8121 7730 4")]
    pin: Annotated[str, Field(description="8 digits")]


Text = Annotated[PlainText, Field(max_length=TEXT_MOST)]
Round = Annotated[int, Field(ge=1, le=10_000, strict=True, description="As `awaited` of the matter tells it")]
Promised = Annotated[
    int | None, Field(ge=0, le=10_000, strict=True, description="Which proposal promised it; none: what is awaited now")
]
OptionalKey = Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)]


class Agrees(TrackIn):
    """To the proposal that OJK accepted."""

    answer: Literal["agrees"]
    round: Round
    proposal: Round


class Objects(TrackIn):
    """Not agreed. ``facilitation``: OJK is asked to bring both together."""

    answer: Literal["objects"]
    round: Round
    proposal: Round
    facilitation: bool = False
    text: Text


class SaysThere(TrackIn):
    """What was promised is there."""

    answer: Literal["there"]
    round: Round
    demand: Annotated[int, Field(ge=0, le=10_000, strict=True)]
    proposal: Promised = None


class SaysMissing(TrackIn):
    """What was promised, or done as the firm says, is not there."""

    answer: Literal["missing"]
    round: Round
    demand: Annotated[int, Field(ge=0, le=10_000, strict=True)]
    proposal: Promised = None
    text: Text | None = None


class States(TrackIn):
    """What the consumer thinks, while OJK brings both together."""

    answer: Literal["position"]
    round: Round
    text: Text


AnswerIn = Annotated[Agrees | Objects | SaysThere | SaysMissing | States, Body(discriminator="answer")]


class SaidAloud(BaseModel):
    """Where a matter stands, in the words of its page, to be read to whoever has called."""

    number: str
    shown: str
    kind: str | None
    stage: str
    id: str
    en: str


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


def http_router(
    *,
    track_matter: TrackMatter,
    take_answer: TakeAnswer,
    show_timeline: ShowTimeline,
    views: Views,
    digest: Callable[[str], str],
) -> APIRouter:
    router = APIRouter()

    @router.post("/track", responses=refuses(404, 410, 429))
    async def track(body: TrackIn, request: Request) -> MatterShown:
        return views.matter(await track_matter(body.number, body.pin, client_of(request)))

    @router.post("/track/answers", responses=refuses(404, 409, 410, 429))
    async def answer(body: AnswerIn, request: Request, key: OptionalKey = None) -> MatterShown:
        number = await track_matter.prove(body.number, body.pin, client_of(request))
        # A PIN could be found again from a digest.
        said = body.model_copy(update={"number": number, "pin": ""})
        given = Given(body.answer, **body.model_dump(exclude={"number", "pin", "answer"}, exclude_none=True))
        await take_answer(act_of(number, "consumer", key, said, digest=digest), given)
        return views.matter(await track_matter.open_matter(number))

    @router.post("/status/{number}", responses=refuses(404, 410))
    async def status(number: Number) -> SaidAloud:
        matter = views.matter(await track_matter.open_matter.outside(number))
        said = aloud(matter)
        return SaidAloud(
            number=number, shown=matter.shown, kind=matter.kind, stage=matter.stage.code, id=said.id, en=said.en
        )

    @router.get("/timelines/{number}", responses=refuses(404, 410))
    async def timeline(number: Number) -> StaffTimeline:
        found = await show_timeline(number)
        facts = [
            StaffEntry(**{**one, "data": {k: v for k, v in one["data"].items() if k not in PRIVATE}})
            for one in found.history()
        ]
        return StaffTimeline(matter=views.matter(Tracked(found)), standings=found.standings, facts=facts)

    return router
