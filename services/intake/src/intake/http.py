"""Intake's HTTP door: channels submit, CSOs answer, services get keys, anybody gets the door key."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from chassis.access import ASKED
from chassis.askers import Channel, Service, Staff
from chassis.doors import act_of
from chassis.lean import lean_post
from chassis.openapi import refuses
from chassis.traced import about
from contracts.base import PlainText
from contracts.channel import Receipt, Submission
from contracts.numbers import shown
from fastapi import APIRouter, Header, Path, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from intake.domain import Service as Matter
from intake.usecases.services import (
    AnswerQuestion,
    AskWithdrawal,
    HandOutKeys,
    ListQuestions,
    RegisterService,
    ShowService,
)

Number = Annotated[str, Path(pattern=r"^[0-9]{13}$")]
Key = Annotated[str, Header(alias="Idempotency-Key", min_length=1, max_length=200)]
OptionalKey = Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)]


class AnswerIn(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    text: PlainText


class WithdrawalIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    pin: Annotated[str, Field(pattern=r"^[0-9]{8}$")]


class KeysIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    numbers: Annotated[list[Annotated[str, Field(pattern=r"^[0-9]{13}$")]], Field(max_length=1_000)]


class ServiceOut(BaseModel):
    """A service as staff see it."""

    number: str
    shown: str
    kind: str
    state: str
    channel: str
    registered_at: datetime | None
    product: str | None
    issue: str | None
    pujk_named: str | None
    withdrawal_asked: bool
    private: dict[str, Any] | None = None


def http_router(
    *,
    door_key: dict[str, str],
    digest: Callable[[str], str],
    register_service: RegisterService,
    answer_question: AnswerQuestion,
    ask_withdrawal: AskWithdrawal,
    hand_out_keys: HandOutKeys,
    list_questions: ListQuestions,
    show_service: ShowService,
) -> APIRouter:
    router = APIRouter()

    @lean_post(router, "/submissions", status_code=201, responses=refuses(409, 410))
    async def submit(submission: Submission, idempotency_key: Key, asker: Annotated[Channel, ASKED]) -> Receipt:
        return await register_service(submission, asker.name, idempotency_key)

    @router.get("/door-key")
    async def public_door_key() -> dict[str, str]:
        return door_key

    @router.post("/services/{number}/withdrawal", responses=refuses(404, 409, 410, 429))
    async def withdraw(
        number: Number, body: WithdrawalIn, asker: Annotated[Channel, ASKED], key: OptionalKey = None
    ) -> dict[str, str]:
        said = WithdrawalIn(pin="0" * 8)  # a PIN could be found again from a digest
        matter = await ask_withdrawal(act_of(number, asker.name, key, said), body.pin)
        return {"number": number, "state": "withdrawn" if matter.state == "closed" else "withdrawal-asked"}

    @router.get("/questions")
    async def questions(
        after: Annotated[str | None, Query(pattern=r"^[0-9]{13}$")] = None,
        limit: Annotated[int, Query(ge=1, le=500)] = 50,
    ) -> dict[str, Any]:
        found = await list_questions(after, limit)
        return {
            "questions": [_out(one).model_dump(mode="json", exclude={"private"}) for one in found],
            "next": found[-1].number if len(found) == limit else None,
        }

    @router.get("/services/{number}", responses=refuses(404, 410))
    async def show(number: Number) -> ServiceOut:
        matter, private = await show_service(number)
        return _out(matter).model_copy(update={"private": {one: private[one] for one in ("story", "consumer")}})

    @router.post("/services/{number}/answer", responses=refuses(404, 409, 410))
    async def answer(
        number: Number, body: AnswerIn, person: Annotated[Staff, ASKED], key: OptionalKey = None
    ) -> ServiceOut:
        return _out(await answer_question(act_of(number, person.id, key, body, digest=digest), body.text, person.id))

    @router.post("/keys")
    async def keys(body: KeysIn, request: Request, asker: Annotated[Service, ASKED]) -> dict[str, dict[str, str]]:
        await about(request, numbers=body.numbers)
        return {"keys": await hand_out_keys(asker.name, asker.purpose, body.numbers)}

    return router


def _out(matter: Matter) -> ServiceOut:
    return ServiceOut(
        number=matter.number,
        shown=shown(matter.number, matter.kind),
        kind=matter.kind,
        state=matter.state,
        channel=matter.channel,
        registered_at=matter.registered_at,
        product=matter.product,
        issue=matter.issue,
        pujk_named=matter.pujk_named,
        withdrawal_asked=matter.withdrawal_asked,
    )
