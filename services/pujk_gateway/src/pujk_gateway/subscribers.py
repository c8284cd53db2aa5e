"""What does the gateway hear? How intake and routing stand, what consumers answer, and what firms' systems do, each
firm at its own queue."""

from collections.abc import Callable, Mapping
from typing import Any

from chassis.audit import Actor
from chassis.ended import EndTokens
from chassis.inbox import Inbox, Sender
from chassis.refusals import Forbidden
from contracts.accounts import TokensEnded
from contracts.base import Event, Request
from contracts.pujk import (
    ActionDone,
    AddFollowUp,
    AskDocuments,
    AskExtension,
    Decline,
    FulfilRelief,
    Propose,
    ReceiveDocuments,
    Release,
    StatePosition,
    TakeOver,
)
from contracts.topology import actions, inbox, pujk_user

from contracts import intake, routing, tracking
from pujk_gateway.usecases.acting import (
    NUMBER,
    DeclineTicket,
    FollowUp,
    ProposeResolution,
    ReleaseTicket,
    TakeTicketOver,
)
from pujk_gateway.usecases.facilitating import HearPosition, StateFirmsPosition
from pujk_gateway.usecases.hearing import (
    HearDocuments,
    HearIntake,
    HearRouting,
    HearViewed,
    NameDay,
    OpenCase,
    StartRound,
)
from pujk_gateway.usecases.settling import FulfilPromise, HearAnswer, HearRelief
from pujk_gateway.usecases.waiting import AskForDocuments, AskForTime, HaveDocuments


def message_router(
    *,
    open_case: OpenCase,
    hear_intake: HearIntake,
    hear_documents: HearDocuments,
    hear_viewed: HearViewed,
    start_round: StartRound,
    hear_routing: HearRouting,
    name_day: NameDay,
    hear_answer: HearAnswer,
    hear_relief: HearRelief,
    hear_position: HearPosition,
    end_tokens: EndTokens,
) -> Inbox:
    messages = Inbox(inbox("pujk_gateway"))

    @messages.on(intake.ServiceRegistered)
    async def on_service_registered(event: Event[intake.ServiceRegistered]) -> None:
        await open_case(event)

    @messages.on(intake.ServiceAmended)
    async def on_service_amended(event: Event[intake.ServiceAmended]) -> None:
        await hear_documents(event)

    @messages.on(intake.DataViewed)
    async def on_data_viewed(event: Event[intake.DataViewed]) -> None:
        await hear_viewed(event)

    @messages.on(intake.ServiceAnswered, intake.ServiceClosed, intake.WithdrawalAsked, intake.ServiceReopened)
    async def on_intake_standing(event: Event[intake.WithdrawalAsked]) -> None:
        await hear_intake(event, event.data.standing)

    @messages.on(routing.TicketRouted, routing.TicketRerouted)
    async def on_ticket_routed(event: Event[routing.TicketRouted]) -> None:
        await start_round(event)

    @messages.on(
        routing.TicketParked,
        routing.TicketClosed,
        routing.ClockPaused,
        routing.DeadlineNear,
        routing.DeadlineMissed,
        routing.DeadlineMet,
        routing.TicketEscalated,
    )
    async def on_routing_standing(event: Event[routing.TicketClosed]) -> None:
        await hear_routing(event, event.data.standing)

    @messages.on(routing.DeadlineMoved)
    async def on_deadline_moved(event: Event[routing.DeadlineMoved]) -> None:
        await name_day(event)

    @messages.on(routing.ClockResumed)
    async def on_clock_resumed(event: Event[routing.ClockResumed]) -> None:
        await name_day(event)

    @messages.on(tracking.ConsumerConfirmed)
    async def on_consumer_confirmed(event: Event[tracking.ConsumerConfirmed]) -> None:
        await hear_answer(event)

    @messages.on(tracking.ConsumerObjected)
    async def on_consumer_objected(event: Event[tracking.ConsumerObjected]) -> None:
        await hear_answer(event)

    @messages.on(tracking.ReliefConfirmed)
    async def on_relief_confirmed(event: Event[tracking.ReliefConfirmed]) -> None:
        await hear_relief(event)

    @messages.on(tracking.ReliefDenied)
    async def on_relief_denied(event: Event[tracking.ReliefDenied]) -> None:
        await hear_relief(event)

    @messages.on(tracking.PositionStated)
    async def on_position_stated(event: Event[tracking.PositionStated]) -> None:
        await hear_position(event)

    @messages.on(intake.OfficerLocked)
    async def on_officer_locked(event: Event[TokensEnded]) -> None:
        await end_tokens(event)

    return messages


def acts_of(sender: Sender, request: Request[Any]) -> tuple[Actor, Mapping[str, str]]:
    """The firm's system acts, in the name of the officer whom it names, with one ticket."""
    number = request.subject or ""
    about = {"firm": sender.key.partition(".")[0]} | ({"number": number} if NUMBER.fullmatch(number) else {})
    return Actor("system", sender.user, behalf=request.data.officer), about


def firm_router(
    *,
    take_over: TakeTicketOver,
    follow_up: FollowUp,
    propose: ProposeResolution,
    decline: DeclineTicket,
    release: ReleaseTicket,
    ask_documents: AskForDocuments,
    have_documents: HaveDocuments,
    ask_extension: AskForTime,
    fulfil: FulfilPromise,
    state_position: StateFirmsPosition,
) -> Callable[[str], Inbox]:
    """``firm_router(...)(code)`` is the inbox of one firm: only its own broker user, only its own keys."""

    def inbox_of(code: str) -> Inbox:
        def sender_of(sender: Sender) -> str:
            if sender.user != pujk_user(code) or not sender.key.startswith(f"{code}."):
                raise Forbidden(f"{sender.user} may not act as {sender.key}")
            return code

        messages = Inbox(actions(code), sender_of=sender_of, acts_of=acts_of)

        @messages.on_command(TakeOver)
        async def on_take_over(request: Request[TakeOver], pujk: str) -> ActionDone:
            return await take_over(request, pujk)

        @messages.on_command(AddFollowUp)
        async def on_add_follow_up(request: Request[AddFollowUp], pujk: str) -> ActionDone:
            return await follow_up(request, pujk)

        @messages.on_command(Propose)
        async def on_propose(request: Request[Propose], pujk: str) -> ActionDone:
            return await propose(request, pujk)

        @messages.on_command(Decline)
        async def on_decline(request: Request[Decline], pujk: str) -> ActionDone:
            return await decline(request, pujk)

        @messages.on_command(Release)
        async def on_release(request: Request[Release], pujk: str) -> ActionDone:
            return await release(request, pujk)

        @messages.on_command(AskDocuments)
        async def on_ask_documents(request: Request[AskDocuments], pujk: str) -> ActionDone:
            return await ask_documents(request, pujk)

        @messages.on_command(ReceiveDocuments)
        async def on_receive_documents(request: Request[ReceiveDocuments], pujk: str) -> ActionDone:
            return await have_documents(request, pujk)

        @messages.on_command(AskExtension)
        async def on_ask_extension(request: Request[AskExtension], pujk: str) -> ActionDone:
            return await ask_extension(request, pujk)

        @messages.on_command(FulfilRelief)
        async def on_fulfil_relief(request: Request[FulfilRelief], pujk: str) -> ActionDone:
            return await fulfil(request, pujk)

        @messages.on_command(StatePosition)
        async def on_state_position(request: Request[StatePosition], pujk: str) -> ActionDone:
            return await state_position(request, pujk)

        return messages

    return inbox_of
