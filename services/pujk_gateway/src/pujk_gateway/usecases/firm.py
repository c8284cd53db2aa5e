"""What can a firm do with a ticket? The stories behind its queue, its REST doors and its pages, together."""

from dataclasses import dataclass
from typing import TypeVar, cast

from chassis.ids import new_id
from chassis.messages import act_id
from contracts.base import Command, Request

from pujk_gateway.domain.decisions import Terms
from pujk_gateway.ports import Cases, Digests, Now
from pujk_gateway.usecases.acting import (
    DeclineTicket,
    FollowUp,
    OfficerMayNotAct,
    Officers,
    ProposeResolution,
    ReleaseTicket,
    TakeTicketOver,
)
from pujk_gateway.usecases.facilitating import StateFirmsPosition
from pujk_gateway.usecases.settling import FulfilPromise
from pujk_gateway.usecases.waiting import AskForDocuments, AskForTime, HaveDocuments

A = TypeVar("A", bound=Command)


@dataclass(frozen=True)
class Acts:
    take_over: TakeTicketOver
    release: ReleaseTicket
    follow_up: FollowUp
    ask_documents: AskForDocuments
    have_documents: HaveDocuments
    ask_extension: AskForTime
    propose: ProposeResolution
    decline: DeclineTicket
    fulfil: FulfilPromise
    state_position: StateFirmsPosition

    @classmethod
    def of(cls, cases: Cases, clock: Now, digest: Digests, officers: Officers, terms: Terms) -> "Acts":
        shared = (cases, clock, digest, officers)
        return cls(
            TakeTicketOver(*shared),
            ReleaseTicket(*shared),
            FollowUp(*shared),
            AskForDocuments(*shared, terms),
            HaveDocuments(*shared),
            AskForTime(*shared),
            ProposeResolution(*shared, terms),
            DeclineTicket(*shared),
            FulfilPromise(*shared, terms),
            StateFirmsPosition(*shared),
        )


@dataclass(frozen=True)
class NamedOfficer:
    """In whose name a firm's system acts at the REST doors: somebody with an account of that firm."""

    officers: Officers

    async def __call__(self, firm: str, officer: str) -> str:
        """Errors: OfficerMayNotAct, Unavailable."""
        if not await self.officers.active(officer, firm):
            expected = "an account of your firm that is neither locked nor expired"
            problem = {"field": "officer", "came": f"a value of {len(officer)} characters", "expected": expected}
            raise OfficerMayNotAct("nobody of your firm may act under this name now", problems=[problem])
        return officer


def request_of(firm: str, who: str | None, number: str, key: str | None, data: A) -> Request[A]:
    """An act as it would come by queue. A person's keys (``who``) are theirs alone; a system's are the firm's, at every
    door. Without a key each request is an act of its own."""
    id_ = new_id() if key is None else key if who is None else act_id(who, key)
    shape = cast(type[Request[A]], Request.__class_getitem__(type(data)))
    return shape(id=id_, type=data.type(), source=f"/pujk/{firm}", subject=number, data=data)
