"""What does tracking hear? Every fact of every service, its own too: those of matters are folded, all the same way."""

from chassis.ended import EndTokens
from chassis.inbox import Inbox
from chassis.messages import AnyEvent
from contracts.accounts import TokensEnded
from contracts.base import Event
from contracts.topology import HEARS, LOCKS, inbox

from tracking.usecases.looking import FoldFact

OF_MATTERS = tuple(fact for fact in HEARS["tracking"] if fact not in LOCKS)


def message_router(*, fold_fact: FoldFact, end_tokens: EndTokens) -> Inbox:
    messages = Inbox(inbox("tracking"))

    @messages.on(*OF_MATTERS)
    async def on_fact(event: AnyEvent) -> None:
        await fold_fact(event)

    @messages.on(*LOCKS)
    async def on_officer_locked(event: Event[TokensEnded]) -> None:
        await end_tokens(event)

    return messages
