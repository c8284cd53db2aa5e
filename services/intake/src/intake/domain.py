"""What came in, and is it complete? A service is registered, answered, closed, or its consumer wants it withdrawn."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal


class NotAQuestion(Exception):
    """Only questions are answered here; complaints are answered by the PUJK."""


class AlreadyAnswered(Exception):
    """The question was answered before."""


class ServiceEnded(Exception):
    """The matter has ended."""


@dataclass
class Service:
    """Intake's part of one matter. ``sealed`` and ``key`` (wrapped) are the only way to what is private."""

    number: str
    kind: str = ""
    channel: str = ""
    state: Literal["open", "answered", "closed"] = "open"
    eligible: bool = True
    withdrawal_asked: bool = False
    registered_at: datetime | None = None
    pin_round: int = 1
    product: str | None = None
    issue: str | None = None
    region: str | None = None
    pujk_named: str | None = None
    language: str = "id"
    sealed: str = ""
    seal_key: str = ""
    key: bytes = b""
    ended_elsewhere: str | None = None
    others: dict[str, int] = field(default_factory=dict)
    said: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def standing(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "state": self.state,
            "eligible": self.eligible,
            "withdrawal_asked": self.withdrawal_asked,
        }

    def register(self, facts: dict[str, Any], *, key: bytes, eligible: bool, now: datetime) -> None:
        """The matter comes into being; an information is recorded and over at once."""
        pujk = facts.get("pujk")
        self.kind, self.channel, self.eligible, self.registered_at = facts["kind"], facts["channel"], eligible, now
        self.product, self.issue, self.region = facts["product"], facts["issue"], facts["region"]
        self.pujk_named, self.language = pujk["name"] if pujk else None, facts["language"]
        self.sealed, self.seal_key, self.key = facts["sealed"], facts["seal_key"], key
        self.said.append(("service-registered", facts | {"received_at": now}))
        if self.kind == "information":
            self._close("recorded")

    def answer(self, by: str, sealed: str) -> None:
        """A CSO answers a question. Refuses NotAQuestion, AlreadyAnswered, ServiceEnded."""
        if self.kind != "question":
            raise NotAQuestion(f"the matter is of kind {self.kind}; only a question is answered here")
        if self.state == "answered":
            raise AlreadyAnswered("the question was answered before")
        if self.state == "closed":
            raise ServiceEnded("the question was withdrawn")
        self.state = "answered"
        self.said.append(("service-answered", {"by": by, "sealed": sealed}))

    def ask_withdrawal(self) -> None:
        """The consumer wishes to withdraw. A question ends here; a ticket is ended by whoever has it."""
        if self.state != "open" or self.ended_elsewhere:
            raise ServiceEnded("the matter has ended; there is nothing left to withdraw")
        if self.withdrawal_asked:
            return
        self.withdrawal_asked = True
        if self.kind in ("question", "information"):
            self._close("withdrawn")
        else:
            self.said.append(("withdrawal-asked", {}))

    def others_stand(self, owner: str, seq: int, state: str, reason: str | None) -> None:
        """The latest standing of routing or gateway; an older one is only marked heard."""
        if seq <= self.others.get(owner, 0):
            return
        self.others = self.others | {owner: seq}
        if state == "closed":
            self.ended_elsewhere = reason or "closed"

    def _close(self, reason: str) -> None:
        self.state = "closed"
        self.said.append(("service-closed", {"reason": reason}))
