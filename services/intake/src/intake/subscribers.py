"""What does intake hear? Submissions, each channel at its own queue, how routing and gateway stand, and
whether an answer answered."""

from collections.abc import Iterable

from chassis.ended import EndTokens
from chassis.inbox import Inbox, Sender
from chassis.refusals import Forbidden
from contracts.accounts import TokensEnded
from contracts.base import Event, Request
from contracts.channel import Receipt, Submission
from contracts.topology import inbox, standing, submissions

from contracts import pujk_gateway, routing, tracking
from intake.ports import KnownChannel
from intake.usecases.services import HearOthers, RegisterService, ReopenQuestion


def message_router(*, hear_others: HearOthers, reopen_question: ReopenQuestion, end_tokens: EndTokens) -> Inbox:
    messages = Inbox(inbox("intake"))

    @messages.on(*standing(routing.FACTS), *standing(pujk_gateway.FACTS))
    async def on_others_standing(event: Event[routing.TicketRouted]) -> None:
        await hear_others(event)

    @messages.on(tracking.ReopenAsked)
    async def on_reopen_asked(event: Event[tracking.ReopenAsked]) -> None:
        await reopen_question(event)

    @messages.on(pujk_gateway.OfficerLocked)
    async def on_officer_locked(event: Event[TokensEnded]) -> None:
        await end_tokens(event)

    return messages


def submission_routers(channels: Iterable[KnownChannel], *, register_service: RegisterService) -> list[Inbox]:
    return [_submissions(channel, register_service) for channel in channels]


def _submissions(channel: KnownChannel, register_service: RegisterService) -> Inbox:
    def sender_of(sender: Sender) -> str:
        if sender.user != channel.broker_user or sender.key != f"submission.{channel.name}":
            raise Forbidden(f"{sender.user} may not submit as {sender.key}")
        return channel.name

    messages = Inbox(submissions(channel.name), sender_of=sender_of)

    @messages.on_command(Submission)
    async def on_submission(request: Request[Submission], sender: str) -> Receipt:
        return await register_service(request.data, sender, request.id)

    return messages
