"""Where does a matter stand in public? A function of the owners' latest standings alone, so that the order in which
facts arrive changes nothing."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Stands:
    """The owners' latest standings; an owner that said nothing yet stands at {}."""

    intake: dict[str, Any] = field(default_factory=dict)
    routing: dict[str, Any] = field(default_factory=dict)
    gateway: dict[str, Any] = field(default_factory=dict)

    def intake_is(self, state: str) -> bool:
        return bool(self.intake.get("state") == state)

    def routing_is(self, state: str) -> bool:
        return bool(self.routing.get("state") == state)

    def gateway_is(self, state: str) -> bool:
        """Of an ended matter at any time; else only while the gateway speaks of the present round: a re-routed or
        parked ticket stands with routing, whatever the former firm did last."""
        if self.gateway.get("state") != state:
            return False
        theirs, present = self.gateway.get("round", 0), self.routing.get("round", 0)
        return state == "closed" or theirs > present or (theirs == present and not self.routing_is("parked"))

    def gateway_closed(self, reason: str) -> bool:
        return self.gateway_is("closed") and self.gateway.get("reason") == reason

    def ended_without_a_firm(self, reason: str) -> bool:
        """Nobody could be asked to answer it; a supervisor said why."""
        return self.routing_is("closed") and self.routing.get("reason") == reason

    @property
    def withdrawal_asked(self) -> bool:
        return bool(self.intake.get("withdrawal_asked"))

    @property
    def last_proposal_returned(self) -> bool:
        return bool(self.gateway.get("returned")) and self.gateway.get("proposal") is not None

    @property
    def waits_for_documents(self) -> bool:
        return self.gateway_is("in-handling") and self.gateway.get("waiting_for") == "documents"

    @property
    def obligations(self) -> list[dict[str, Any]]:
        """What was promised to the consumer: {demand, amount, promised_by, state}."""
        found: list[dict[str, Any]] = self.gateway.get("obligations") or []
        return found

    @property
    def outstanding(self) -> list[dict[str, Any]]:
        return [one for one in self.obligations if one.get("state") != "fulfilled"]

    @property
    def says_it_is_there(self) -> bool:
        """The firm did what it promised, so it says; the consumer says whether it is there."""
        return self.gateway_is("owed") and any(one.get("state") == "paid" for one in self.obligations)

    @property
    def broke_a_promise(self) -> bool:
        """The firm has the matter again: what it promised is not there."""
        return self.gateway_is("in-handling") and any(one.get("state") == "overdue" for one in self.obligations)

    @property
    def goes_on_at_the_gateway(self) -> bool:
        """It has not ended, and the gateway speaks of the present round."""
        state = str(self.gateway.get("state", "closed"))
        return state != "closed" and self.gateway_is(state)

    @property
    def round(self) -> int:
        """The round that the present stage is about."""
        return max(int(self.routing.get("round", 0)), int(self.gateway.get("round", 0)))

    @property
    def paused_since(self) -> str | None:
        """Since when the firm's time stands still, while it does."""
        since: str | None = self.routing.get("paused_since") if self.routing_is("routed") else None
        return since

    @property
    def stage(self) -> str:
        """The code of the first row of the table that applies."""
        return next(code for code, applies in STAGES if applies(self))

    @property
    def ended(self) -> bool:
        return self.stage in ENDED


#: The precedence table: the first row that applies is the public stage. Endings come before wishes, what OJK accepted
#: before a wish, which the gateway answers at once there; a wish before what is in the making, and what a firm does
#: before where its ticket was sent.
STAGES: tuple[tuple[str, Callable[[Stands], bool]], ...] = (
    ("closed_duplicate", lambda s: s.ended_without_a_firm("duplicate")),
    ("closed_in_court", lambda s: s.ended_without_a_firm("in-court")),
    ("closed_fraud", lambda s: s.ended_without_a_firm("fraud")),
    ("closed_not_supervised", lambda s: s.ended_without_a_firm("not-supervised")),
    ("closed_withdrawn", lambda s: s.gateway_closed("withdrawn")),
    ("closed_silent", lambda s: s.gateway_closed("silent")),
    ("closed_settled", lambda s: s.gateway_closed("settled")),
    ("closed_laps", lambda s: s.gateway_closed("laps")),
    ("closed_resolved", lambda s: s.gateway_is("closed")),
    ("closed_withdrawn", lambda s: s.routing_is("closed")),
    ("closed_withdrawn", lambda s: s.intake_is("closed") and s.withdrawal_asked),
    ("recorded", lambda s: s.intake_is("closed")),
    ("answered", lambda s: s.intake_is("answered")),
    ("at_laps", lambda s: s.gateway_is("at-laps")),
    ("facilitation", lambda s: s.gateway_is("facilitation")),
    ("objected", lambda s: s.gateway_is("objected")),
    ("paid", lambda s: s.says_it_is_there),
    ("owed", lambda s: s.gateway_is("owed")),
    ("accepted", lambda s: s.gateway_is("accepted")),
    ("withdrawal_asked", lambda s: s.withdrawal_asked),
    ("proposed", lambda s: s.gateway_is("proposed")),
    ("reopened", lambda s: s.broke_a_promise),
    ("documents", lambda s: s.waits_for_documents),
    ("returned", lambda s: s.gateway_is("in-handling") and s.last_proposal_returned),
    ("in_handling", lambda s: s.gateway_is("in-handling")),
    ("sent_to_pujk", lambda s: s.gateway_is("sent")),
    ("parked", lambda s: s.gateway_is("declined")),
    ("parked", lambda s: s.routing_is("parked")),
    ("sent_to_pujk", lambda s: s.routing_is("routed")),
    ("received", lambda s: True),
)

#: Stages after which nothing is awaited of anybody.
ENDED = ("recorded", "answered", *dict.fromkeys(code for code, _ in STAGES if code.startswith("closed_")))
#: Stages in which a firm must act, so that its due day is shown.
FIRMS_TURN = ("sent_to_pujk", "in_handling", "returned")
