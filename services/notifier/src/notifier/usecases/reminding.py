"""What is the consumer reminded of? What a firm, or OJK, waits for and has not got, when its time is nearly over: once,
and not when it came meanwhile."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from chassis.messages import AnyEvent, of_worker
from chassis.refusals import Erased, NotFound
from contracts.cases import GatewayStanding
from contracts.topology import OWNERS

from notifier.domain.mails import About, Mail
from notifier.domain.rules import ReminderRule
from notifier.ports import Notifications, Now, Rules
from notifier.usecases.values import of_a_promise

#: What is awaited: what tells it from others of its kind, since when, until when, and what a text says of it.
Awaited = tuple[str, datetime, datetime | None, About]


def _awaited(rule: ReminderRule, standing: GatewayStanding, now: datetime) -> Iterator[Awaited]:
    until = standing.consumer_until
    if rule.when == "documents-awaited" and standing.waiting_for == "documents" and standing.waiting_since:
        yield standing.waiting_since.isoformat(), standing.waiting_since, None, About()
    elif rule.when == "answer-awaited" and standing.state == "accepted" and standing.proposal and until:
        yield str(standing.proposal), now, until, About(link="proposal", of=standing.proposal, until=until)
    elif rule.when == "relief-to-be-confirmed" and until:
        for one in standing.obligations:
            if one.state == "paid":
                about = of_a_promise(standing, one.demand, one.proposal, until=until)
                yield f"{one.demand}:{one.proposal}:{until.isoformat()}", now, until, about


def reminders_of(event: AnyEvent, rules: Rules) -> list[Mail]:
    """All that is to be reminded of while the matter stands at the gateway as this fact says."""
    standing: GatewayStanding = event.data.standing
    found = []
    for rule in rules.reminders(event.time):
        for what, since, until, about in _awaited(rule, standing, event.time):
            moment = rule.moment(since, until, rules.calendar)
            if moment is not None and moment > event.time:
                found.append(
                    Mail(
                        id=f"{event.id}.{rule.id}.{about.of}.{about.proposal or 0}",
                        of=event.id,
                        key=f"{rule.turn}:{standing.round}:{what}",
                        turn=rule.turn,
                        template=rule.turn,
                        order=[event.clock, OWNERS.index(event.owner), event.seq],
                        not_before=moment,
                        round=standing.round if rule.firm else 0,
                        about=about,
                    )
                )
    return found


@dataclass(frozen=True)
class Remind:
    """The time of a reminder has come: the matter itself says whether it still stands as it did, and is told once."""

    notifications: Notifications
    clock: Now

    async def __call__(self, number: str, *, all_heard: bool) -> None:
        if all_heard:
            now = self.clock.now()
            try:
                await self.notifications.change(of_worker(number), lambda one: one.remind(now))
            except (NotFound, Erased):
                return
