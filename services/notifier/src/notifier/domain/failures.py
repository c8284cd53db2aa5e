"""Whom could we not tell, and what came of it? What a CSO must see to, and who saw to it how."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, get_args

from notifier.domain.mails import BY_A_PERSON, TO_CALL, About, Mail, Told, Turn, Way

#: What a CSO did about it; codes, so that nothing personal is written down here.
Outcome = Literal["phoned", "not-reached", "letter", "not-needed"]
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
    #: Which text would have told it, and what the text says of it; an earlier version kept none.
    template: str = ""
    round: int = 0
    about: About | None = None

    @property
    def what(self) -> str:
        return self.template or self.turn


def failure_of(mail: Mail, reason: str, by: Way, at: datetime) -> Failure:
    return Failure(mail.id, mail.turn, reason, by, at, mail.template, mail.round, mail.about)


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
    #: ``contact-mended`` was chosen in an earlier version.
    outcome: Outcome | Literal["contact-mended"]
    by: str
    at: datetime


class ToSeeTo:
    """What people must see to, of a notification."""

    deliveries: list[Mail]
    told: list[Told]
    failing: Failing | None
    seen_to: list[SeenTo]

    def see_to(self, seen: str, outcome: Outcome, by: str, now: datetime) -> None:
        """A CSO told them another way, could not, or need not. Errors: NothingFailed."""
        if self.failing is None or self.failing.seen != seen:
            raise NothingFailed
        self.seen_to.append(SeenTo([one.id for one in self.failing.failures], outcome, by, now))
        self.failing = None

    def _to_call(self, mails: Iterable[Mail]) -> None:
        """They wished to be phoned: a CSO tells it, and no machine."""
        for mail in mails:
            self.deliveries.remove(mail)
            self.told.append(Told(mail.id, mail.turn, mail.not_before, TO_CALL, BY_A_PERSON))
            self.failing = and_also(self.failing, failure_of(mail, TO_CALL, BY_A_PERSON, mail.not_before))
