"""What does a firm see of its tickets? Nothing of other firms' turns, and nobody of OJK by name; of a ticket that went
on to another firm its own entries alone."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from pujk_gateway.domain.case import Case
from pujk_gateway.domain.parts import Round
from pujk_gateway.domain.reading import own_entries, own_proposals, past_of
from pujk_gateway.views import DemandOut, EntryOut, PromiseOut, ProposalOut, ReadTexts, View, entry_of, proposal_out


class OpenTicketOut(View):
    """A ticket whose turn is the firm's. ``demands`` counts them."""

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


class TicketsOut(BaseModel):
    tickets: list[OpenTicketOut]
    next: str | None


class TicketOut(View):
    """A ticket as its firm sees it: nothing of other firms' rounds. ``round`` and ``basis`` are what an act names.
    ``yours`` is false where the turn went on: then this is what was, and ``state`` how the firm's turn ended."""

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
    demands: list[DemandOut]
    proposals: list[ProposalOut]
    history: list[EntryOut]


def tickets_out(cases: Sequence[Case], cursor: str | None) -> TicketsOut:
    return TicketsOut(tickets=[_open_ticket_out(case) for case in cases], next=cursor)


def ticket_out(case: Case, pujk: str, texts: ReadTexts) -> TicketOut:
    return TicketOut.model_validate(
        {
            **(_past(case, past) if (past := past_of(case, pujk)) else _present(case)),
            "proposals": [proposal_out(one, texts) for one in own_proposals(case, pujk)],
            "history": [entry_of(one, texts) for one in own_entries(case, pujk)],
        }
    )


def _present(case: Case) -> dict[str, Any]:
    follows: dict[str, Any] = {"consumer_until": case.consumer_until, "laps_until": case.laps_until}
    follows |= {"obligations": [one.standing() for one in case.owed]}
    demands = [asdict(one) for one in case.demands]
    return {**_turn(case), **follows, "yours": True, "reason": case.reason, "demands": demands}


def _past(case: Case, turn: Round) -> dict[str, Any]:
    """Nothing that could tell what others do with the ticket now: the basis is that of the firm's own last entry."""
    basis = max(one.basis for one in case.entries if one.round == turn.round)
    nothing = dict.fromkeys(("reason", "waiting_for", "waiting_since", "extension"))
    about = {"number": case.number, "kind": case.kind, "product": case.product, "basis": basis}
    return {**asdict(turn), **about, **nothing, "yours": False, "holder": None, "demands": []}


def _open_ticket_out(case: Case) -> OpenTicketOut:
    return OpenTicketOut.model_validate({**_turn(case), "demands": len(case.demands)})


def _turn(case: Case) -> dict[str, Any]:
    assert case.turn is not None
    about = {"number": case.number, "kind": case.kind, "product": case.product, "basis": case.basis}
    waits = {"waiting_for": case.waiting_for, "waiting_since": case.waiting_since, "extension": case.extension}
    return {**asdict(case.turn), **about, **waits, "state": case.state}
