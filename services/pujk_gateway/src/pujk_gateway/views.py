"""What do OJK's staff see of a case? No identity is here: who the consumer is stays with intake."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from pujk_gateway.domain.case import Case
from pujk_gateway.domain.parts import Entry, Proposal
from pujk_gateway.domain.waiting import asked_for_time

ReadTexts = Mapping[str, str | None]


class View(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class EndpointOut(View):
    pujk: str
    kind: str
    since: datetime


class DemandOut(View):
    id: int
    amount: int | None


class AnswerOut(View):
    demand: int
    answer: str
    amount: int | None
    promised_by: date | None
    text: str | None = None
    evidence: list[str] = []


class ProposalOut(View):
    """``text`` and ``reason`` are null where they cannot be read any more."""

    round: int
    proposal: int
    kind: str
    amount: int | None
    answers: list[AnswerOut]
    by: str
    at: datetime
    state: str
    decided_by: str | None
    decided_at: datetime | None
    text: str | None
    reason: str | None
    attachments: list[str]


class WaitingOut(ProposalOut):
    """A proposal that waits, with what a decider needs beside it. ``ticket`` is the kind of the matter."""

    number: str
    basis: int
    ticket: str
    product: str | None
    pujk: str
    pujk_name: str
    due: datetime | None
    returned: int
    demands: list[DemandOut]


class ProposalsOut(BaseModel):
    proposals: list[WaitingOut]
    next: str | None


class ExtensionOut(View):
    """A firm's wish for more time, with what a decider needs beside it. ``due`` is the day as it stands."""

    number: str
    basis: int
    ticket: str
    product: str | None
    round: int
    pujk: str
    pujk_name: str
    due: datetime | None
    extension_days: int | None
    waiting_since: datetime | None
    by: str
    at: datetime
    text: str | None


class ExtensionsOut(BaseModel):
    extensions: list[ExtensionOut]
    next: str | None


class RoundOut(View):
    round: int
    pujk: str
    name: str
    due: datetime | None
    started_at: datetime
    ended_at: datetime | None
    state: str
    holder: str | None
    returned: int


class EntryOut(View):
    round: int
    what: str
    at: datetime
    basis: int
    by: str | None
    kind: str | None
    proposal: int | None
    before: str | None
    text: str | None
    attachments: list[str]
    opened: list[str]
    demand: int | None = None
    side: str | None = None
    held_at: datetime | None = None


class NoticeOut(View):
    """A notice that has not left for the firm's queue yet."""

    id: str
    due_at: datetime
    tries: int
    failure: str | None


class ToldOut(View):
    id: str
    at: datetime
    tries: int


class PromiseOut(View):
    """What the firm owes the consumer, or owed until it was there; ``demand`` 0 answers none, ``proposal`` 0 is a
    settlement."""

    demand: int
    proposal: int
    amount: int | None
    promised_by: date
    state: str


class CaseOut(View):
    number: str
    kind: str
    product: str | None
    state: str
    reason: str | None
    basis: int
    withdrawal_asked: bool
    waiting_for: str | None
    waiting_since: datetime | None
    extension: str | None
    consumer_until: datetime | None = None
    facilitation_asked: bool = False
    obligations: Sequence[PromiseOut] = ()
    laps_until: datetime | None = None
    reopened: int = 0
    demands: list[DemandOut]
    rounds: list[RoundOut]
    proposals: list[ProposalOut]
    history: list[EntryOut]
    deliveries: list[NoticeOut]
    told: list[ToldOut]


def case_out(case: Case, texts: ReadTexts) -> CaseOut:
    return CaseOut.model_validate(
        {
            **asdict(case),
            "consumer_until": case.consumer_until,
            "obligations": [one.standing() for one in case.owed],
            "proposals": [proposal_out(one, texts) for one in case.proposals],
            "history": [entry_of(one, texts) for one in case.entries],
        }
    )


def proposal_out(proposal: Proposal, texts: ReadTexts) -> ProposalOut:
    return ProposalOut.model_validate(_proposal(proposal, texts))


def proposals_out(cases: Sequence[Case], texts: ReadTexts, cursor: str | None) -> ProposalsOut:
    return ProposalsOut(proposals=[_waiting_out(case, texts) for case in cases], next=cursor)


def extensions_out(cases: Sequence[Case], texts: ReadTexts, cursor: str | None) -> ExtensionsOut:
    return ExtensionsOut(extensions=[_extension_out(case, texts) for case in cases], next=cursor)


def _extension_out(case: Case, texts: ReadTexts) -> ExtensionOut:
    turn, asked = case.turn, asked_for_time(case)
    assert turn is not None and asked is not None
    about = {"number": case.number, "basis": case.basis, "ticket": case.kind, "product": case.product}
    since: dict[str, Any] = {
        "pujk_name": turn.name,
        "waiting_since": case.waiting_since,
        "by": asked.by,
        "at": asked.at,
    }
    since["extension_days"] = turn.deadline.extension_days if turn.deadline else None
    return ExtensionOut.model_validate({**asdict(turn), **about, **since, "text": texts.get(asked.sealed or "")})


def _waiting_out(case: Case, texts: ReadTexts) -> WaitingOut:
    turn, proposal = case.turn, case.waiting_proposal
    assert turn is not None and proposal is not None
    about = {
        "number": case.number,
        "basis": case.basis,
        "ticket": case.kind,
        "product": case.product,
        "pujk": turn.pujk,
        "pujk_name": turn.name,
        "due": turn.due,
        "returned": turn.returned,
        "demands": [asdict(one) for one in case.demands],
    }
    return WaitingOut.model_validate({**_proposal(proposal, texts), **about})


def _proposal(proposal: Proposal, texts: ReadTexts) -> dict[str, Any]:
    read = {"text": texts.get(proposal.sealed), "reason": texts.get(proposal.reason or "")}
    answers = [{**asdict(one), "text": texts.get(one.sealed or "")} for one in proposal.answers]
    return {**asdict(proposal), "proposal": proposal.number, "answers": answers, **read}


def entry_of(entry: Entry, texts: ReadTexts) -> dict[str, Any]:
    return {**asdict(entry), "text": texts.get(entry.sealed or "")}
