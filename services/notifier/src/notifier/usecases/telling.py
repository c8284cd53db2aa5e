"""Who is told of what? One story each: fields are what it needs, ``__call__`` is what happens."""

import json
from dataclasses import dataclass
from typing import Any

from chassis.keydesk import KeyDestroyed
from chassis.messages import AnyEvent
from chassis.receivers import Undeliverable
from chassis.refusals import NotFound
from contracts.base import Event, Fact
from contracts.topology import OWNERS

from contracts import intake, pujk_gateway, routing
from notifier.domain.mails import KEY_DESTROYED, NO_ADDRESS, Mail, Turn
from notifier.domain.notification import Notification
from notifier.ports import Contacts, Notifications, Post, Seals, Texts

#: The facts that the consumer is told of. Endings come from the ender's facts only.
TURNS: dict[type[Fact], Turn] = {
    intake.ServiceRegistered: "registered",
    intake.ServiceAnswered: "answered",
    intake.ServiceClosed: "closed",
    routing.TicketRouted: "routed",
    routing.TicketRerouted: "routed",
    routing.TicketClosed: "closed",
    pujk_gateway.TicketTakenOver: "taken-over",
    pujk_gateway.ResolutionProposed: "proposed",
    pujk_gateway.ResolutionReturned: "returned",
    pujk_gateway.TicketClosed: "closed",
    pujk_gateway.WithdrawalTooLate: "withdrawal-too-late",
    pujk_gateway.DocumentsAsked: "documents-asked",
    routing.DeadlineMoved: "deadline-moved",
}
#: Facts that name the matter's firm in their text name the firm of this round.
_OF_A_ROUND = ("routed", "taken-over", "proposed", "returned", "documents-asked", "deadline-moved")
_ENDED_WITH_A_FIRM = ("resolved", "silent", "settled", "laps")


def mail_of(event: AnyEvent, *, sealed: str | None = None) -> Mail:
    """The mail that tells of ``event``."""
    turn = TURNS[type(event.data)]
    ended = turn == "closed" and event.data.reason in _ENDED_WITH_A_FIRM
    return Mail(
        id=event.id,
        turn=turn,
        template=_template(event.data, turn),
        order=[event.clock, OWNERS.index(event.owner), event.seq],
        not_before=event.time,
        round=event.data.standing.round if turn in _OF_A_ROUND or ended else 0,
        sealed=sealed,
    )


def _template(data: Any, turn: Turn) -> str:
    if isinstance(data, routing.TicketRerouted):
        return "rerouted"
    if isinstance(data, intake.ServiceRegistered) and data.kind != "complaint":
        return f"registered-{data.kind}"
    return f"closed-{data.reason}" if turn == "closed" else turn


@dataclass(frozen=True)
class Register:
    """A service came in: its consumer is told, and from now on it is known whom to tell."""

    notifications: Notifications

    async def __call__(self, event: Event[intake.ServiceRegistered]) -> None:
        data, mail = event.data, mail_of(event)
        await self.notifications.change(
            event,
            lambda one: one.registered(
                mail, kind=data.kind, language=data.language, tell_by=data.tell_by, sealed=data.sealed
            ),
        )


@dataclass(frozen=True)
class TellOfRouting:
    """A firm must answer: the consumer is told which, and by when."""

    notifications: Notifications

    async def __call__(self, event: Event[routing.TicketRouted]) -> None:
        data = event.data
        await self.notifications.change(
            event, lambda one: one.routed(mail_of(event), data.pujk_name, data.deadline.due)
        )


@dataclass(frozen=True)
class HearDeadline:
    """The firm has until another day: what the consumer is told from now on names that one. They are told of more time
    that OJK gave; of time that runs on, the page tells."""

    notifications: Notifications

    async def __call__(self, event: Event[routing.DeadlineMoved] | Event[routing.ClockResumed]) -> None:
        data = event.data
        more = isinstance(data, routing.DeadlineMoved) and data.because == "extension"
        mail = mail_of(event) if more else None

        def move(one: Notification) -> None:
            one.due_moved(data.round, event.seq, data.deadline.due)
            if mail is not None:
                one.happened(mail)

        await self.notifications.change(event, move)


@dataclass(frozen=True)
class TellOfTurn:
    """The matter took a turn that its consumer is told of."""

    notifications: Notifications

    async def __call__(self, event: AnyEvent, sealed: str | None = None) -> None:
        await self.notifications.change(event, lambda one: one.happened(mail_of(event, sealed=sealed)))


@dataclass(frozen=True)
class MarkHeard:
    """A fact that nobody is told of: it is only known to have been heard."""

    notifications: Notifications

    async def __call__(self, event: AnyEvent) -> None:
        await self.notifications.change(event, lambda _: None)


@dataclass(frozen=True)
class TellConsumer:
    """One mail is written and sent; the contact is readable only here and only now."""

    contacts: Contacts
    seals: Seals
    texts: Texts
    post: Post

    async def __call__(self, matter: Notification, mail: Mail) -> None:
        try:
            to = await self.contacts.of(matter)
            answer = json.loads(await self.seals.unsealed(mail.sealed, matter.number))["text"] if mail.sealed else None
        except KeyDestroyed as error:
            raise Undeliverable(KEY_DESTROYED) from error
        if to is None:
            raise Undeliverable(NO_ADDRESS)
        await self.post.send(self.texts.write(matter, mail, to, answer))


@dataclass(frozen=True)
class ShowNotifications:
    """What was the consumer of this matter told, and what is still to be told?"""

    notifications: Notifications

    async def __call__(self, number: str) -> Notification:
        found = await self.notifications.get(number)
        if found is None:
            raise NotFound(f"no matter {number} here")
        return found
