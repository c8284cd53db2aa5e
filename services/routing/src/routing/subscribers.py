"""What does routing hear? Registered services to route, how intake and gateway stand, what moves a firm's time."""

from chassis.ended import EndTokens
from chassis.inbox import Inbox
from contracts.accounts import TokensEnded
from contracts.base import Event
from contracts.topology import inbox, standing

from contracts import intake, pujk_gateway
from routing.usecases.tickets import HearGateway, HearIntake, RouteService

#: What the gateway says that moves a firm's time, beside where a matter stands.
MOVE_TIME = (
    pujk_gateway.ResolutionProposed,
    pujk_gateway.ResolutionReturned,
    pujk_gateway.TicketDeclined,
    pujk_gateway.DocumentsAsked,
    pujk_gateway.DocumentsReceived,
    pujk_gateway.ExtensionDecided,
)


def message_router(
    *, route_service: RouteService, hear_intake: HearIntake, hear_gateway: HearGateway, end_tokens: EndTokens
) -> Inbox:
    messages = Inbox(inbox("routing"))

    @messages.on(intake.ServiceRegistered)
    async def on_service_registered(event: Event[intake.ServiceRegistered]) -> None:
        await route_service(event)

    @messages.on(
        intake.ServiceAnswered,
        intake.ServiceClosed,
        intake.WithdrawalAsked,
        intake.ServiceAmended,
        intake.ServiceReopened,
    )
    async def on_intake_standing(event: Event[intake.WithdrawalAsked]) -> None:
        await hear_intake(event, event.data.standing)

    @messages.on(*(fact for fact in standing(pujk_gateway.FACTS) if fact not in MOVE_TIME))
    async def on_gateway_standing(event: Event[pujk_gateway.TicketClosed]) -> None:
        await hear_gateway(event, event.data.standing)

    @messages.on(pujk_gateway.ResolutionProposed)
    async def on_proposal(event: Event[pujk_gateway.ResolutionProposed]) -> None:
        await hear_gateway(event, event.data.standing, "answered")

    @messages.on(pujk_gateway.TicketDeclined)
    async def on_declined(event: Event[pujk_gateway.TicketDeclined]) -> None:
        await hear_gateway(event, event.data.standing, "answered", event.data.kind)

    @messages.on(pujk_gateway.ResolutionReturned)
    async def on_resolution_returned(event: Event[pujk_gateway.ResolutionReturned]) -> None:
        await hear_gateway(event, event.data.standing, "returned")

    @messages.on(pujk_gateway.DocumentsAsked)
    async def on_documents_asked(event: Event[pujk_gateway.DocumentsAsked]) -> None:
        await hear_gateway(event, event.data.standing, "asked")

    @messages.on(pujk_gateway.DocumentsReceived)
    async def on_documents_received(event: Event[pujk_gateway.DocumentsReceived]) -> None:
        await hear_gateway(event, event.data.standing, "received")

    @messages.on(pujk_gateway.ExtensionDecided)
    async def on_extension_decided(event: Event[pujk_gateway.ExtensionDecided]) -> None:
        await hear_gateway(event, event.data.standing, "granted" if event.data.granted else None)

    @messages.on(intake.OfficerLocked, pujk_gateway.OfficerLocked)
    async def on_officer_locked(event: Event[TokensEnded]) -> None:
        await end_tokens(event)

    return messages
