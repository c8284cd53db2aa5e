"""Intake's door for a machine on the phone: it says how a matter stands to whoever types number and PIN, and has
somebody called back."""

from typing import Annotated, Literal

from chassis.access import ASKED
from chassis.askers import Channel
from chassis.openapi import refuses
from chassis.traced import about
from contracts.channel import Consumer, Private, PujkNamed, Receipt, Submission
from contracts.numbers import shown
from fastapi import APIRouter, Header, Request
from pydantic import BaseModel, ConfigDict, Field

from intake.usecases.desk import SayStatus
from intake.usecases.services import RegisterService

Key = Annotated[str, Header(alias="Idempotency-Key", min_length=1, max_length=200)]
#: What a question says whose asker only wants to be called.
STORY = {
    "id": "Penelepon meminta dihubungi kembali. Disampaikan lewat mesin penjawab telepon.",
    "en": "The caller asks to be called back. Told to the answering machine.",
}
NAME = {"id": "Penelepon", "en": "Caller"}


class StatusIn(BaseModel):
    """As keys of a phone are pressed."""

    model_config = ConfigDict(extra="forbid")

    number: Annotated[str, Field(pattern=r"^[0-9]{13}$")]
    pin: Annotated[str, Field(pattern=r"^[0-9]{8}$")]


class StatusSaid(BaseModel):
    """To be spoken, in the words of the consumer's own page."""

    number: str
    shown: str
    stage: str
    id: str
    en: str


class CallbackIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    #: Somebody is called there: 8 digits at least, whatever stands between them.
    phone: Annotated[str, Field(pattern=r"^\+?[0-9](?:[ -]{0,2}[0-9]){7,14}$", max_length=19)]
    language: Literal["id", "en"] = "id"
    product: Annotated[str, Field(pattern=r"^[a-z0-9_]+$", max_length=60)] | None = None
    pujk: PujkNamed | None = None


def ivr_router(*, say_status: SayStatus, register_service: RegisterService) -> APIRouter:
    router = APIRouter()

    @router.post("/ivr/status", responses=refuses(404, 410, 429))
    async def status(body: StatusIn, request: Request, asker: Annotated[Channel, ASKED]) -> StatusSaid:
        matter, said = await say_status(body.number, body.pin)
        await about(request, number=matter.number)
        number = shown(matter.number, matter.kind)
        return StatusSaid(
            number=matter.number, shown=number, stage=said.stage, id=said.sentence["id"], en=said.sentence["en"]
        )

    @router.post("/ivr/callback", status_code=201, responses=refuses(409, 410))
    async def callback(body: CallbackIn, key: Key, asker: Annotated[Channel, ASKED]) -> Receipt:
        consumer = Consumer(name=NAME[body.language], phone=body.phone)
        submission = Submission(
            kind="question", form="oral", language=body.language, tell_by="phone", product=body.product, pujk=body.pujk,
            private=Private(consumer=consumer, story=STORY[body.language]),
        )  # fmt: skip
        return await register_service(submission, asker.name, key)

    return router
