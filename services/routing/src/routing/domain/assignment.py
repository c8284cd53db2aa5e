"""Which PUJK must answer, and by when? An assignment finds its firm, waits parked for a supervisor, or ends."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from routing.domain.clock import Clock
from routing.domain.parts import (
    AlreadyThere,
    BeingSettled,
    Ending,
    Firm,
    Found,
    NoDeskFound,
    NotParked,
    NotRoutable,
    Reason,
    TicketEnded,
    TicketHasMoved,
)
from routing.domain.term import NEAR, Mark, Term, Terms

ROUTABLE = ("complaint", "indication")
ENDED_THERE = "closed-by-gateway"
#: What follows an accepted proposal, at the gateway.
SETTLING = ("accepted", "owed", "objected", "facilitation", "at-laps")


@dataclass
class Assignment(Clock):
    """Routing's part of one matter. ``round`` counts the firms that were asked to answer."""

    def standing(self) -> dict[str, Any]:
        # That the gateway ended a turn is the gateway's to say: a fact of ours tells the same of where we stand,
        # whether its ending was heard before or after.
        ended_there = self.reason == ENDED_THERE
        state = ("routed" if self.round else "waiting") if ended_there else self.state
        runs = self.term if state == "routed" else None
        return {
            "state": state,
            "round": self.round,
            "pujk": self.pujk,
            "pujk_name": self.pujk_name,
            "due": self.due,
            "reason": None if ended_there else self.reason,
            "paused_since": runs.paused_since if runs else None,
            "answer": runs.answer if runs else None,
            "escalated": self.escalated,
        }

    def registered(
        self,
        *,
        kind: str,
        form: str,
        received_at: datetime,
        product: str | None,
        named: str | None,
        found: Found | NoDeskFound,
        terms: Terms,
        taken_up: datetime | None = None,
        seal_key: str | None = None,
    ) -> None:
        """The matter came in: it goes to the firm that was found, or is parked. A withdrawn one goes nowhere.
        ``taken_up``: when the office took up what came out of hours; time counts from then."""
        self.kind, self.form, self.received_at, self.product, self.named = kind, form, received_at, product, named
        self.seal_key = seal_key
        if kind not in ROUTABLE or self.state == "closed":
            return
        if self.withdrawal_asked:
            self._close("withdrawn")
        elif isinstance(found, Found):
            self._route(found, received_at, terms, taken_up=taken_up)
        else:
            self._park(found.reason, found.candidates, taken_up or received_at, terms)

    def intake_stands(self, seq: int, *, withdrawal_asked: bool, state: str) -> None:
        """Intake's latest standing; an older one is only marked heard."""
        if seq <= self.withdrawal_seq:
            return
        self.withdrawal_seq, self.withdrawal_asked = seq, withdrawal_asked
        if withdrawal_asked and self.state == "parked":
            self._close("withdrawn")
        if state == "closed" and self.state == "waiting" and self.kind not in ROUTABLE:
            self.state = "closed"

    def gateway_stands(
        self, seq: int, *, state: str, round_: int, at: datetime, terms: Terms, mark: Mark | None = None,
        owes: bool = False, declined: str | None = None,
    ) -> None:  # fmt: skip
        """What the gateway said of the firm's time (``mark``), and its latest standing: it ends the matter, or
        lets it go on, or its firm declined this round. From an accepted proposal on nobody is late; while something is
        promised (``owes``) it stays with whoever promised."""
        if mark is not None and round_ == self.round:
            self.marked(mark, terms)
        if seq <= self.gateway_seq:
            return
        self.gateway_seq, self.settling = seq, state if state in SETTLING or (owes and state != "closed") else None
        if state == "closed":
            self.state, self.reason, self.escalated = "closed", ENDED_THERE, None
            self.wind()
        elif self.reason == ENDED_THERE:
            # It goes on, there: what was answered stays answered.
            self.state, self.reason = ("routed" if self.round else "waiting"), None
            self.wind()
        elif state == "declined" and self.state == "routed" and round_ == self.round:
            if self.withdrawal_asked:
                self._close("withdrawn")
            else:
                self.declined = declined
                self._park("declined", (), at, terms)

    @property
    def seen(self) -> str:
        """What a judgement about its firm depends on."""
        return f"{self.state}-{self.round}"

    def end(self, ending: Ending, seen: str, by: str, sealed: str) -> None:
        """A supervisor ends what nobody can be asked to answer; ``sealed`` is what the consumer is told.

        Refuses TicketHasMoved, TicketEnded, NotParked.
        """
        if seen != self.seen:
            raise TicketHasMoved(f"the ticket stood as {seen} and is {self.seen} now; look at it again")
        if self.state == "closed":
            raise TicketEnded(f"the matter ended: {self.reason}")
        if self.state != "parked":
            raise NotParked(f"the ticket is {self.state}: a supervisor ends only what is parked")
        self._close(ending, by=by, sealed=sealed)

    def route_to(
        self, firm: Firm, now: datetime, terms: Terms, seen: str | None = None, by: Sequence[str] = ()
    ) -> None:
        """A supervisor names the PUJK; its time counts from now. ``seen``: how it stood when they looked; ``by``: who
        stands for it, one or two people.

        Refuses TicketHasMoved, TicketEnded, BeingSettled, AlreadyThere, NotRoutable.
        """
        if seen is not None and seen != self.seen:
            raise TicketHasMoved(f"the ticket stood as {seen} and is {self.seen} now; look at it again")
        if self.state == "closed":
            raise TicketEnded(f"the matter ended: {self.reason}")
        if self.settling:
            raise BeingSettled(
                f"OJK accepted the firm's proposal, and the matter is {self.settling} now: it goes on there"
            )
        if self.kind not in ROUTABLE:
            raise NotRoutable(f"a matter of kind {self.kind or 'unknown'} is not sent to a PUJK")
        if self.state == "routed" and self.pujk == firm.code:
            raise AlreadyThere(f"the ticket is with {firm.name} since round {self.round}")
        self._route(Found(firm, "supervisor"), now, terms, by)

    def _route(
        self, found: Found, since: datetime, terms: Terms, by: Sequence[str] = (), taken_up: datetime | None = None
    ) -> None:
        previous, firm = self.pujk, found.firm
        deadline = terms.deadline(self.kind, self.form, since, taken_up=taken_up)
        self.state, self.reason, self.candidates, self.escalated = "routed", None, [], None
        self.declined = None
        self.round += 1
        self.pujk, self.pujk_name, self.due = firm.code, firm.name, deadline.due_at
        self.told_day = deadline.due_at
        self.term = Term(since, deadline.due_at, deadline.over_at(NEAR), taken_up=taken_up)
        data: dict[str, Any] = {
            "round": self.round,
            "pujk": firm.code,
            "pujk_name": firm.name,
            "sector": firm.sector or None,
            "how": found.how,
            "by": list(by),
            "deadline": deadline.to_dict(),
        }
        if self.round == 1:
            self.said.append(("ticket-routed", data))
        else:
            self.said.append(("ticket-rerouted", data | {"previous": previous}))
        self.wind()

    def _park(self, reason: Reason, candidates: Iterable[Firm], at: datetime, terms: Terms) -> None:
        self.state, self.reason, self.due, self.escalated = "parked", reason, None, None
        self.route_by = self.escalate_at = terms.parked_until(at)
        self.candidates = [{"code": firm.code, "name": firm.name} for firm in candidates]
        self.said.append(("ticket-parked", {"reason": reason, "candidates": self.candidates}))
        self.wind()

    def _close(self, reason: str, **about: str) -> None:
        self.state, self.reason, self.due, self.escalated = "closed", reason, None, None
        self.said.append(("ticket-closed", {"reason": reason, **about}))
        self.wind()
