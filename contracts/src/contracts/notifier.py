"""What does the notifier say? Whom a message reached, and whom it did not."""

from typing import ClassVar, Literal

from pydantic import Field

from contracts.base import Fact

Turn = Literal[
    "registered",
    "routed",
    "taken-over",
    "proposed",
    "returned",
    "closed",
    "answered",
    "withdrawal-too-late",
    "documents-asked",
    "deadline-moved",
    "accepted",
    "lapsed",
    "relief-paid",
    "relief-overdue",
    "reopened",
    "facilitation-opened",
    "session-planned",
    "session-cancelled",
    "facilitation-ended",
    "sent-to-laps",
    "laps-step",
    "laps-decided",
    "reminder-documents",
    "reminder-answer",
    "reminder-relief",
    "question-reopened",
    "feedback-asked",
    "pin-link",
    "pin-renewed",
]
Way = Literal["email", "sms", "whatsapp", "push"]


class NotificationSent(Fact):
    """The consumer was told of one fact."""

    key: ClassVar[str] = "notifier.notification-sent.v1"

    of: str = Field(description="id of the fact that was told")
    turn: Turn
    by: Way = "email"


class NotificationFailed(Fact):
    """The consumer could not be told of one fact; ``reason`` names no address."""

    key: ClassVar[str] = "notifier.notification-failed.v1"

    of: str
    turn: Turn
    reason: Literal["refused-by-server", "gave-up", "key-destroyed", "no-contact"]
    by: Way = "email"


FACTS: tuple[type[Fact], ...] = (NotificationSent, NotificationFailed)
