"""What is kept of a matter that OJK facilitates, and of one that LAPS SJK has? Its words stand in the history."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from pujk_gateway.domain.parts import Day

CheckName = Literal["complaint", "firm-tried-first", "loss", "not-in-court"]
#: What happens on the way: what a side says, and sessions; a note is OJK's own.
StepKind = Literal["position", "session-planned", "session-cancelled", "session-held", "note"]
Side = Literal["consumer", "pujk", "ojk"]
Ending = Literal["settled", "not-settled", "referred"]
Because = Literal["not-settled", "over-limit", "referred"]
Outcome = Literal["settled", "award", "not-taken", "not-settled"]


@dataclass
class Check:
    """One condition of a facilitation. ``holds`` is None where it is not known here, and the decider judges. ``found``
    is a code or a number of rupiah, ``most`` the limit that it was compared with."""

    what: CheckName
    holds: bool | None
    found: str | None = None
    most: int | None = None


@dataclass(frozen=True)
class Promise:
    """What the firm promised when both sides settled; ``demand`` 0 is none of those that the consumer made."""

    demand: int
    promised_by: date
    amount: int | None = None


@dataclass
class Facilitation:
    """OJK brings consumer and firm together."""

    round: int
    at: datetime
    by: str
    checks: list[Check]
    rule_version: str
    outcome: Ending | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None


@dataclass
class Laps:
    """LAPS SJK has the matter. ``days`` explain ``verified_by``, one after the other; ``bundle`` is the SHA-256 of the
    list of what was sent, ``file`` where it is kept; ``late`` says which of its times were told to be over."""

    round: int
    at: datetime
    by: str
    because: Because
    bundle: str
    file: str
    working_days: int
    mediation_days: int
    rule_version: str
    calendar_version: str
    verified_by: datetime
    days: list[Day] = field(default_factory=list)
    verified_at: datetime | None = None
    mediated_by: datetime | None = None
    late: list[Literal["verification", "mediation"]] = field(default_factory=list)
    outcome: Outcome | None = None
    decided_at: datetime | None = None

    @property
    def until(self) -> datetime | None:
        """By when LAPS SJK says something: whether it takes the matter, later what came of it."""
        if self.outcome is not None:
            return None
        return self.mediated_by or self.verified_by

    @property
    def phase(self) -> Literal["verification", "mediation"]:
        return "verification" if self.mediated_by is None else "mediation"
