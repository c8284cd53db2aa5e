"""What does tracking hear? Every fact of every service; all are folded the same way."""

from chassis.inbox import Inbox
from chassis.messages import AnyEvent
from contracts.topology import HEARS, inbox

from tracking.usecases import FoldFact


def message_router(*, fold_fact: FoldFact) -> Inbox:
    messages = Inbox(inbox("tracking"))

    @messages.on(*HEARS["tracking"])
    async def on_fact(event: AnyEvent) -> None:
        await fold_fact(event)

    return messages
