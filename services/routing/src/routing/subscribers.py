"""What does routing hear? Registered services to route, and how intake and gateway stand."""

from chassis.ended import EndTokens
from chassis.inbox import Inbox
from contracts.accounts import TokensEnded
from contracts.base import Event
from contracts.topology import inbox, standing

from contracts import intake, pujk_gateway
from routing.usecases import HearGateway, HearIntake, RouteService


def message_router(
    *, route_service: RouteService, hear_intake: HearIntake, hear_gateway: HearGateway, end_tokens: EndTokens
) -> Inbox:
    messages = Inbox(inbox("routing"))

    @messages.on(intake.ServiceRegistered)
    async def on_service_registered(event: Event[intake.ServiceRegistered]) -> None:
        await route_service(event)

    @messages.on(intake.ServiceAnswered, intake.ServiceClosed, intake.WithdrawalAsked, intake.ServiceAmended)
    async def on_intake_standing(event: Event[intake.WithdrawalAsked]) -> None:
        await hear_intake(event, event.data.standing)

    @messages.on(*standing(pujk_gateway.FACTS))
    async def on_gateway_standing(event: Event[pujk_gateway.TicketClosed]) -> None:
        await hear_gateway(event, event.data.standing)

    @messages.on(intake.OfficerLocked, pujk_gateway.OfficerLocked)
    async def on_officer_locked(event: Event[TokensEnded]) -> None:
        await end_tokens(event)

    return messages
