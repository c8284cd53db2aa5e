"""The HTTP door of what firms do with tickets: the same acts as by queue, for their systems and their people."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated

from chassis.access import ASKED
from chassis.askers import Officer, System
from chassis.openapi import refuses
from chassis.refusals import Invalid
from chassis.traced import about
from contracts.base import Command, Rupiah
from contracts.base import Request as Sent
from contracts.cases import DeclineKind, FollowUpKind, ResolutionKind
from contracts.dossier import AttachmentIds
from fastapi import APIRouter, Depends, Header, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from contracts import pujk
from pujk_gateway.seen import IfMatch, preconditions, seen, seen_by_judge, tag
from pujk_gateway.usecases.firm import Acts, NamedOfficer, request_of

Number = Annotated[str, Path(pattern=r"^[0-9]{13}$")]
Who = Annotated[Officer | System, ASKED]
Key = Annotated[str | None, Header(alias="Idempotency-Key", min_length=1, max_length=200)]
OfficersAccount = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9._-]{1,64}$",
        description="Account of the firm's officer in whose name its system acts; people act as themselves",
    ),
]
#: One story of ``Acts``.
Act = Callable[..., Awaitable[pujk.ActionDone]]
REFUSES = refuses(404, 409, 410, 412)
JUDGED = refuses(404, 409, 410, 412, 428)


@dataclass(frozen=True)
class ActSent:
    """What every act comes with, besides its body."""

    number: Number
    who: Who
    request: Request
    answer: Response
    key: Key = None
    if_match: IfMatch = None

    def as_request(self, data: Command) -> Sent[Command]:
        person = self.who.id if isinstance(self.who, Officer) else None
        return request_of(self.who.firm, person, self.number, self.key, data)


Sending = Annotated[ActSent, Depends()]


class ActIn(BaseModel):
    """Who acts. An officer is themself; a system names an officer's account of its firm."""

    model_config = ConfigDict(extra="forbid")

    officer: OfficersAccount | None = None


class InRound(ActIn):
    """``round`` is the firm's turn that is meant."""

    round: pujk.Round


class FollowUpIn(InRound):
    kind: FollowUpKind
    note: pujk.Note
    attachments: AttachmentIds = ()


class ReliefIn(InRound):
    demand: Annotated[int, Field(ge=0, le=1_000, strict=True)]
    note: pujk.Note


class PositionIn(InRound):
    text: pujk.Note


class TextIn(ActIn):
    text: pujk.Note


class ProposalIn(TextIn):
    kind: ResolutionKind
    amount: Rupiah | None = None
    answers: tuple[pujk.AnswerToDemand, ...] = Field(default=(), max_length=20)
    attachments: AttachmentIds = ()


class DeclineIn(TextIn):
    kind: DeclineKind


def acts_router(*, acts: Acts, named: NamedOfficer) -> APIRouter:
    router = APIRouter(prefix="/pujk/tickets/{number}")

    @router.post("/take-over", responses=REFUSES)
    async def take_over(body: InRound, sent: Sending) -> pujk.ActionDone:
        data = pujk.TakeOver(round=body.round, officer=await officer(sent, body))
        return await done(acts.take_over, sent, data)

    @router.post("/release", responses=REFUSES)
    async def release(body: InRound, sent: Sending) -> pujk.ActionDone:
        data = pujk.Release(round=body.round, officer=await officer(sent, body))
        return await done(acts.release, sent, data)

    @router.post("/follow-ups", responses=REFUSES)
    async def follow_up(body: FollowUpIn, sent: Sending) -> pujk.ActionDone:
        data = pujk.AddFollowUp(**_said(body) | {"officer": await officer(sent, body)})
        return await done(acts.follow_up, sent, data)

    @router.post("/documents", responses=JUDGED)
    async def ask_documents(body: TextIn, sent: Sending) -> pujk.ActionDone:
        data = pujk.AskDocuments(**_judged(body, sent.if_match) | {"officer": await officer(sent, body)})
        return await judged(acts.ask_documents, sent, data)

    @router.post("/documents/received", responses=REFUSES)
    async def have_documents(body: InRound, sent: Sending) -> pujk.ActionDone:
        data = pujk.ReceiveDocuments(round=body.round, officer=await officer(sent, body))
        return await done(acts.have_documents, sent, data)

    @router.post("/extension", responses=JUDGED)
    async def ask_extension(body: TextIn, sent: Sending) -> pujk.ActionDone:
        data = pujk.AskExtension(**_judged(body, sent.if_match) | {"officer": await officer(sent, body)})
        return await judged(acts.ask_extension, sent, data)

    @router.post("/proposals", responses=JUDGED)
    async def propose(body: ProposalIn, sent: Sending) -> pujk.ActionDone:
        data = pujk.Propose(**_judged(body, sent.if_match) | {"officer": await officer(sent, body)})
        return await judged(acts.propose, sent, data)

    @router.post("/decline", responses=JUDGED)
    async def decline(body: DeclineIn, sent: Sending) -> pujk.ActionDone:
        data = pujk.Decline(**_judged(body, sent.if_match) | {"officer": await officer(sent, body)})
        return await judged(acts.decline, sent, data)

    @router.post("/relief", responses=REFUSES)
    async def fulfil(body: ReliefIn, sent: Sending) -> pujk.ActionDone:
        data = pujk.FulfilRelief(**_said(body) | {"officer": await officer(sent, body)})
        return await done(acts.fulfil, sent, data)

    @router.post("/position", responses=REFUSES)
    async def state_position(body: PositionIn, sent: Sending) -> pujk.ActionDone:
        data = pujk.StatePosition(**_said(body) | {"officer": await officer(sent, body)})
        return await done(acts.state_position, sent, data)

    async def officer(sent: Sending, body: ActIn) -> str:
        return await in_whose_name(named, sent.request, sent.who, body.officer)

    async def done(act: Act, sent: Sending, data: Command) -> pujk.ActionDone:
        state = seen(sent.if_match)
        with preconditions():
            came = await act(sent.as_request(data), sent.who.firm, state.basis if state else None)
        return _tagged(sent.answer, came)

    async def judged(act: Act, sent: Sending, data: Command) -> pujk.ActionDone:
        with preconditions():
            came = await act(sent.as_request(data), sent.who.firm)
        return _tagged(sent.answer, came)

    return router


async def in_whose_name(named: NamedOfficer, request: Request, who: Officer | System, said: str | None) -> str:
    """People act as themselves; a system names an officer of its firm. Errors: Invalid, OfficerMayNotAct,
    Unavailable."""
    if isinstance(who, Officer):
        if said in (None, who.id):
            return who.id
        raise _officer(said, "nothing, or your own account: you act in your own name")
    if said is None:
        raise _officer(None, "the account of your firm's officer in whose name the system acts")
    account = await named(who.firm, said)
    await about(request, account=account)
    return account


def _said(body: ActIn) -> dict[str, object]:
    return {name: getattr(body, name) for name in type(body).model_fields}


def _judged(body: ActIn, if_match: str | None) -> dict[str, object]:
    """Errors: NotSaid, NoStateOfOurs."""
    state = seen_by_judge(if_match)
    return _said(body) | {"round": state.round, "basis": state.basis}


def _tagged(answer: Response, came: pujk.ActionDone) -> pujk.ActionDone:
    answer.headers["ETag"] = tag(came.round, came.basis)
    return came


def _officer(came: str | None, expected: str) -> Invalid:
    problem = {"field": "officer", "came": f"a value of {len(came)} characters" if came else "nothing"}
    return Invalid("in whose name is this done?", problems=[problem | {"expected": expected}])
