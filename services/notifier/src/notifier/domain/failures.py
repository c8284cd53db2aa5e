"""Whom could we not tell, and what came of it? What a CSO must see to, and who saw to it how."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, get_args

from notifier.domain.mails import Turn, Way

#: What a CSO did about it; codes, so that nothing personal is written down here.
Outcome = Literal["phoned", "letter", "contact-mended", "not-needed"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)


class NothingFailed(Exception):
    """Nothing is left to see to, or more failed since one looked."""


@dataclass
class Failure:
    """One fact that the consumer could not be told of. ``reason`` is a code."""

    id: str
    turn: Turn
    reason: str
    by: Way
    at: datetime


@dataclass
class Failing:
    """What waits for a CSO, since the first of it failed; ``reason`` is the latest one's."""

    since: datetime
    reason: str
    failures: list[Failure] = field(default_factory=list)

    @property
    def seen(self) -> str:
        """Changes with each failure: who saw less decides about less."""
        return self.failures[-1].id if self.failures else ""


def and_also(failing: Failing | None, failure: Failure) -> Failing:
    """One more waits."""
    before = failing or Failing(failure.at, failure.reason)
    return Failing(before.since, failure.reason, [*before.failures, failure])


@dataclass
class SeenTo:
    """Who did what about which failures."""

    ids: list[str]
    outcome: Outcome
    by: str
    at: datetime
