"""What does the notifier hear? Every fact that moves a matter: the rules say of which of them somebody is told."""

from chassis.ended import EndTokens
from chassis.inbox import Inbox
from chassis.messages import AnyEvent
from contracts.accounts import TokensEnded
from contracts.base import Event
from contracts.topology import HEARS, LOCKS, inbox

from notifier.usecases.telling import Tell


def message_router(*, tell: Tell, end_tokens: EndTokens) -> Inbox:
    messages = Inbox(inbox("notifier"))

    @messages.on(*(fact for fact in HEARS["notifier"] if fact not in LOCKS))
    async def on_fact(event: AnyEvent) -> None:
        await tell(event)

    @messages.on(*LOCKS)
    async def on_officer_locked(event: Event[TokensEnded]) -> None:
        await end_tokens(event)

    return messages
