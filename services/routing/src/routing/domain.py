"""Which PUJK must answer, and by when? An assignment finds its firm, waits parked for a supervisor, or ends."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from chassis.working_days import Deadline

ROUTABLE = ("complaint", "indication")

How = Literal["code", "name", "alias", "supervisor"]
Reason = Literal["no-desk-found", "ambiguous", "no-pujk-named", "declined"]
DeadlineFrom = Callable[[str, str, datetime], Deadline]


class TicketEnded(Exception):
    """The matter has ended; nobody can be asked to answer it any more."""


class AlreadyThere(Exception):
    """The ticket is with that PUJK already."""


class NoSuchPujk(Exception):
    """The directory has no PUJK of that code."""


class NotRoutable(Exception):
    """Questions and informations are answered by OJK itself and never reach a PUJK."""


@dataclass(frozen=True)
class Firm:
    """One PUJK of the directory."""

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    sector: str = ""


@dataclass(frozen=True)
class Found:
    """The one firm that was meant."""

    firm: Firm
    how: How


@dataclass(frozen=True)
class NoDeskFound:
    """Nobody, or more than one, could be meant."""

    reason: Reason
    candidates: tuple[Firm, ...] = ()


@dataclass
class Assignment:
    """Routing's part of one matter. ``round`` counts the firms that were asked to answer."""

    number: str
    kind: str = ""
    form: str = "written"
    state: Literal["waiting", "parked", "routed", "closed"] = "waiting"
    round: int = 0
    pujk: str | None = None
    pujk_name: str | None = None
    named: str | None = None
    due: datetime | None = None
    reason: str | None = None
    candidates: list[dict[str, str]] = field(default_factory=list)
    received_at: datetime | None = None
    product: str | None = None
    withdrawal_asked: bool = False
    withdrawal_seq: int = 0
    gateway_seq: int = 0
    said: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def standing(self) -> dict[str, Any]:
        return {
            "state": self.state,
            "round": self.round,
            "pujk": self.pujk,
            "pujk_name": self.pujk_name,
            "due": self.due,
            "reason": self.reason,
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
        deadline: DeadlineFrom,
    ) -> None:
        """The matter came in: it goes to the firm that was found, or is parked. A withdrawn one goes nowhere."""
        self.kind, self.form, self.received_at, self.product, self.named = kind, form, received_at, product, named
        if kind not in ROUTABLE or self.state == "closed":
            return
        if self.withdrawal_asked:
            self._close("withdrawn")
        elif isinstance(found, Found):
            self._route(found, deadline(kind, form, received_at))
        else:
            self._park(found.reason, found.candidates)

    def intake_stands(self, seq: int, *, withdrawal_asked: bool, state: str) -> None:
        """Intake's latest standing; an older one is only marked heard."""
        if seq <= self.withdrawal_seq:
            return
        self.withdrawal_seq, self.withdrawal_asked = seq, withdrawal_asked
        if withdrawal_asked and self.state == "parked":
            self._close("withdrawn")
        if state == "closed" and self.state == "waiting" and self.kind not in ROUTABLE:
            self.state = "closed"

    def gateway_stands(self, seq: int, *, state: str, round_: int) -> None:
        """The gateway's latest standing: it ends the matter, or its firm declined this round."""
        if seq <= self.gateway_seq:
            return
        self.gateway_seq = seq
        if state == "closed":
            self.state, self.reason = "closed", "closed-by-gateway"
        elif state == "declined" and self.state == "routed" and round_ == self.round:
            if self.withdrawal_asked:
                self._close("withdrawn")
            else:
                self._park("declined", ())

    def route_to(self, firm: Firm, now: datetime, deadline: DeadlineFrom) -> None:
        """A supervisor names the PUJK; its time counts from now. Refuses TicketEnded, AlreadyThere, NotRoutable."""
        if self.state == "closed":
            raise TicketEnded(f"the matter ended: {self.reason}")
        if self.kind not in ROUTABLE:
            raise NotRoutable(f"a matter of kind {self.kind or 'unknown'} is not sent to a PUJK")
        if self.state == "routed" and self.pujk == firm.code:
            raise AlreadyThere(f"the ticket is with {firm.name} since round {self.round}")
        self._route(Found(firm, "supervisor"), deadline(self.kind, self.form, now))

    def _route(self, found: Found, deadline: Deadline) -> None:
        previous, firm = self.pujk, found.firm
        self.state, self.reason, self.candidates = "routed", None, []
        self.round += 1
        self.pujk, self.pujk_name, self.due = firm.code, firm.name, deadline.due_at
        data: dict[str, Any] = {
            "round": self.round,
            "pujk": firm.code,
            "pujk_name": firm.name,
            "how": found.how,
            "deadline": deadline.to_dict(),
        }
        if self.round == 1:
            self.said.append(("ticket-routed", data))
        else:
            self.said.append(("ticket-rerouted", data | {"previous": previous}))

    def _park(self, reason: Reason, candidates: Iterable[Firm]) -> None:
        self.state, self.reason, self.due = "parked", reason, None
        self.candidates = [{"code": firm.code, "name": firm.name} for firm in candidates]
        self.said.append(("ticket-parked", {"reason": reason, "candidates": self.candidates}))

    def _close(self, reason: str) -> None:
        self.state, self.reason, self.due = "closed", reason, None
        self.said.append(("ticket-closed", {"reason": reason}))
