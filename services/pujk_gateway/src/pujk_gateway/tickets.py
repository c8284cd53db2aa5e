"""What does a firm see of its tickets? Nothing of other firms' turns, and nobody of OJK by name; of a ticket that went
on to another firm its own entries alone."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, Literal

from contracts.dossier import Dossier, DossierAttachment
from pydantic import BaseModel

from pujk_gateway.domain.case import Case
from pujk_gateway.domain.listing import listed_of, remaining
from pujk_gateway.domain.parts import Round
from pujk_gateway.domain.reading import own_entries, own_proposals, past_of
from pujk_gateway.views import DemandOut, EntryOut, PromiseOut, ProposalOut, ReadTexts, View, entry_of, proposal_out


class RemainingOut(View):
    """How much of the service level is left: ``runs`` with so many working days, ``over``, ``stands`` while the firm's
    move is not awaited, ``ended``. ``days`` are null where the day-by-day count is not known."""

    how: Literal["runs", "over", "stands", "ended"]
    days: int | None


class DayOut(View):
    """The n-th working day, or why it does not count."""

    date: date
    counted: int | None
    why: str | None


class DeadlineOut(View):
    """Why the ticket is due when it is, day by day."""

    working_days: int
    extension_days: int | None
    rule: str
    rule_version: str
    calendar_version: str
    days: Sequence[DayOut]


class ConsumerFieldOut(View):
    """Masked; who needs it in clear opens it on the portal, with a reason."""

    name: str
    shown: str


class BroughtOut(View):
    on: date
    how: str | None
    outcome: str | None


class AskedOut(DemandOut):
    """``text``: in the consumer's words; null where they cannot be read."""

    text: str | None = None


class OpenTicketOut(View):
    """A ticket whose turn is the firm's, or ended in it. ``demands`` counts them."""

    number: str
    kind: str
    product: str | None
    state: str
    round: int
    basis: int
    due: datetime | None
    holder: str | None
    waiting_for: str | None
    waiting_since: datetime | None
    extension: str | None
    demands: int
    issue: str | None
    region: str | None
    received_at: datetime | None
    listed: str | None
    remaining: RemainingOut | None


class TicketsOut(BaseModel):
    tickets: list[OpenTicketOut]
    next: str | None


class TicketOut(View):
    """A ticket as its firm sees it: nothing of other firms' rounds. ``round`` and ``basis`` are what an act names.
    ``yours`` is false where the turn went on: then this is what was, and ``state`` how the firm's turn ended.
    ``withheld``: the consumer's words and files could not be had now."""

    number: str
    yours: bool
    kind: str
    product: str | None
    state: str
    reason: str | None
    round: int
    basis: int
    due: datetime | None
    holder: str | None
    returned: int
    waiting_for: str | None
    waiting_since: datetime | None
    extension: str | None
    consumer_until: datetime | None = None
    obligations: Sequence[PromiseOut] = ()
    laps_until: datetime | None = None
    issue: str | None = None
    region: str | None = None
    loss: int | None = None
    transaction_date: date | None = None
    received_at: datetime | None = None
    listed: str | None = None
    remaining: RemainingOut | None = None
    deadline: DeadlineOut | None = None
    withheld: bool = False
    story: str | None = None
    consumer: Sequence[ConsumerFieldOut] = ()
    brought_to_pujk: BroughtOut | None = None
    attachments: Sequence[DossierAttachment] = ()
    demands: list[AskedOut]
    proposals: list[ProposalOut]
    history: list[EntryOut]


def tickets_out(cases: Sequence[Case], cursor: str | None, now: datetime) -> TicketsOut:
    return TicketsOut(tickets=[_open_ticket_out(case, now) for case in cases], next=cursor)


def ticket_out(case: Case, pujk: str, texts: ReadTexts, dossier: Dossier | None, now: datetime) -> TicketOut:
    """``dossier``: what intake tells of the consumer, masked for whoever asks; of a turn that went on nothing is."""
    return TicketOut.model_validate(
        {
            **(_past(case, past) if (past := past_of(case, pujk)) else _present(case, dossier, now)),
            "proposals": [proposal_out(one, texts) for one in own_proposals(case, pujk)],
            "history": [entry_of(one, texts) for one in own_entries(case, pujk)],
        }
    )


def _present(case: Case, dossier: Dossier | None, now: datetime) -> dict[str, Any]:
    follows: dict[str, Any] = {"consumer_until": case.consumer_until, "laps_until": case.laps_until}
    follows |= {"obligations": [one.standing() for one in case.owed]}
    words = {one.id: one.text for one in dossier.demands} if dossier else {}
    demands = [{**asdict(one), "text": words.get(one.id)} for one in case.demands]
    about = _about(case, now) | {"loss": case.loss, "transaction_date": case.transaction_date}
    about |= {"deadline": case.turn.deadline if case.turn else None, "withheld": dossier is None}
    if dossier:
        about |= {"story": dossier.story, "brought_to_pujk": dossier.brought_to_pujk, "consumer": dossier.fields}
        about |= {"attachments": dossier.attachments}
    return {**_turn(case), **follows, **about, "yours": True, "reason": case.reason, "demands": demands}


def _about(case: Case, now: datetime) -> dict[str, Any]:
    listed, turn = listed_of(case), case.turn
    left = remaining(listed.state, listed.due, turn.deadline, now) if listed and turn else None
    found = {"listed": listed.state if listed else None, "remaining": left}
    return {**found, "issue": case.issue, "region": case.region, "received_at": case.received_at}


def _past(case: Case, turn: Round) -> dict[str, Any]:
    """Nothing that could tell what others do with the ticket now: the basis is that of the firm's own last entry."""
    basis = max(one.basis for one in case.entries if one.round == turn.round)
    nothing = dict.fromkeys(("reason", "waiting_for", "waiting_since", "extension"))
    about = {"number": case.number, "kind": case.kind, "product": case.product, "basis": basis}
    return {**asdict(turn), **about, **nothing, "yours": False, "holder": None, "demands": []}


def _open_ticket_out(case: Case, now: datetime) -> OpenTicketOut:
    return OpenTicketOut.model_validate({**_turn(case), **_about(case, now), "demands": len(case.demands)})


def _turn(case: Case) -> dict[str, Any]:
    assert case.turn is not None
    about = {"number": case.number, "kind": case.kind, "product": case.product, "basis": case.basis}
    waits = {"waiting_for": case.waiting_for, "waiting_since": case.waiting_since, "extension": case.extension}
    return {**asdict(case.turn), **about, **waits, "state": case.state}
