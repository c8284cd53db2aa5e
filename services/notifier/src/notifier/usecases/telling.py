"""Who is told of what? One story each: fields are what it needs, ``__call__`` is what happens."""

import json
from dataclasses import dataclass
from datetime import timedelta

from chassis.keydesk import KeyDestroyed
from chassis.messages import Act, AnyEvent
from chassis.receivers import Undeliverable
from chassis.refusals import NotFound
from contracts.topology import OWNERS

from notifier.domain.failures import Outcome
from notifier.domain.mails import KEY_DESTROYED, NO_ADDRESS, About, Mail
from notifier.domain.notification import Notification
from notifier.ports import Contacts, Notifications, Now, Rules, Seals, Texts, Ways
from notifier.usecases.learning import LEARNT
from notifier.usecases.reminding import reminders_of
from notifier.usecases.values import ABOUT, round_of


def mail_of(event: AnyEvent, rules: Rules) -> Mail | None:
    """The mail that tells of ``event``; None where no rule says that anybody is told."""
    data = event.data
    rule = rules.rule_of(data, event.time)
    if rule is None:
        return None
    about = ABOUT[type(data)](data) if type(data) in ABOUT else None
    if rule.feedback_days:
        about = about or About()
        about.feedback_until = event.time + timedelta(days=rule.feedback_days)
    return Mail(
        id=event.id,
        turn=rule.turn,
        template=rule.template,
        order=[event.clock, OWNERS.index(event.owner), event.seq],
        not_before=event.time,
        round=round_of(data) if rule.firm else 0,
        sealed=data.sealed if rule.words else None,
        about=about,
        language="" if rule.language == "theirs" else rule.language,
        ways=[] if rule.ways == "as-wished" else list(rule.ways),
        at_once=rule.at_once,
        if_reached=rule.if_reached,
    )


@dataclass(frozen=True)
class Tell:
    """Something happened to a matter: what it says of the matter is kept, and who is to be told of it is told."""

    notifications: Notifications
    rules: Rules

    async def __call__(self, event: AnyEvent) -> None:
        learns, mail = LEARNT.get(type(event.data)), mail_of(event, self.rules)
        at_gateway = event.owner == "pujk_gateway" and hasattr(event.data, "standing")
        reminders = reminders_of(event, self.rules) if at_gateway else []
        timing = self.rules.timing(event.time)

        def change(one: Notification) -> None:
            one.timing = timing
            if learns is not None:
                learns(one, event)
            if mail is not None:
                one.happened(mail)
            if at_gateway:
                one.stands(event.seq, reminders)

        await self.notifications.change(event, change)


@dataclass(frozen=True)
class TellConsumer:
    """One message is written and sent; the contact is readable only here and only now."""

    contacts: Contacts
    seals: Seals
    texts: Texts
    ways: Ways

    async def __call__(self, matter: Notification, mail: Mail) -> None:
        parts = matter.told_by(mail)
        try:
            to = (await self.contacts.of(matter)).get(mail.way)
            words = [await self._words(one, matter.number) if mail.way == "email" else "" for one in parts]
        except KeyDestroyed as error:
            raise Undeliverable(KEY_DESTROYED) from error
        if to is None or not self.ways.offered(mail.way):
            raise Undeliverable(NO_ADDRESS)
        await self.ways.send(mail.way, self.texts.write(matter, parts, to, words, mail.way))

    async def _words(self, mail: Mail, number: str) -> str:
        return str(json.loads(await self.seals.unsealed(mail.sealed, number))["text"]) if mail.sealed else ""


@dataclass(frozen=True)
class ShowNotifications:
    """What was the consumer of this matter told, and what is still to be told?"""

    notifications: Notifications

    async def __call__(self, number: str) -> Notification:
        found = await self.notifications.get(number)
        if found is None:
            raise NotFound(f"no matter {number} here")
        return found


@dataclass(frozen=True)
class SeeToFailures:
    """A CSO told a consumer otherwise what no message told them."""

    notifications: Notifications
    clock: Now

    async def __call__(self, act: Act, seen: str, outcome: Outcome, by: str) -> None:
        """Errors: NothingFailed where it is not as they saw it."""
        now = self.clock.now()
        await self.notifications.change(act, lambda one: one.see_to(seen, outcome, by, now))
