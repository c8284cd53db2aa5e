"""What does the notifier hear? Every fact that moves a matter: of some the consumer is told, the others are marked."""

from chassis.ended import EndTokens
from chassis.inbox import Inbox
from chassis.messages import AnyEvent
from contracts.accounts import TokensEnded
from contracts.base import Event
from contracts.topology import inbox

from contracts import intake, pujk_gateway, routing, settling, tracking
from notifier.usecases.settling import TellOfProposal, TellOfSettling
from notifier.usecases.telling import HearDeadline, MarkHeard, Register, TellOfRouting, TellOfTurn


def message_router(
    *,
    register: Register,
    tell_of_routing: TellOfRouting,
    tell_of_turn: TellOfTurn,
    tell_of_proposal: TellOfProposal,
    tell_of_settling: TellOfSettling,
    hear_deadline: HearDeadline,
    mark_heard: MarkHeard,
    end_tokens: EndTokens,
) -> Inbox:
    messages = Inbox(inbox("notifier"))

    @messages.on(intake.ServiceRegistered)
    async def on_service_registered(event: Event[intake.ServiceRegistered]) -> None:
        await register(event)

    @messages.on(intake.ServiceAnswered)
    async def on_service_answered(event: Event[intake.ServiceAnswered]) -> None:
        await tell_of_turn(event, event.data.sealed)

    @messages.on(routing.TicketRouted, routing.TicketRerouted)
    async def on_ticket_routed(event: Event[routing.TicketRouted]) -> None:
        await tell_of_routing(event)

    @messages.on(routing.DeadlineMoved)
    async def on_deadline_moved(event: Event[routing.DeadlineMoved]) -> None:
        await hear_deadline(event)

    @messages.on(routing.ClockResumed)
    async def on_clock_resumed(event: Event[routing.ClockResumed]) -> None:
        await hear_deadline(event)

    @messages.on(pujk_gateway.DocumentsAsked)
    async def on_documents_asked(event: Event[pujk_gateway.DocumentsAsked]) -> None:
        await tell_of_turn(event, event.data.sealed)

    @messages.on(
        intake.ServiceClosed,
        routing.TicketClosed,
        pujk_gateway.TicketTakenOver,
        pujk_gateway.ResolutionReturned,
        pujk_gateway.TicketClosed,
        pujk_gateway.WithdrawalTooLate,
    )
    async def on_turn(event: AnyEvent) -> None:
        await tell_of_turn(event)

    @messages.on(pujk_gateway.ResolutionProposed)
    async def on_resolution_proposed(event: Event[pujk_gateway.ResolutionProposed]) -> None:
        await tell_of_proposal(event)

    @messages.on(pujk_gateway.ResolutionAccepted, *settling.FACTS)
    async def on_settling(event: AnyEvent) -> None:
        await tell_of_settling(event)

    @messages.on(
        intake.WithdrawalAsked,
        routing.TicketParked,
        pujk_gateway.TicketDeclined,
        pujk_gateway.TicketRecalled,
        intake.ServiceAmended,
        intake.ServiceReopened,
        intake.PinLinkAsked,
        intake.PinRenewed,
        tracking.PreferencesSet,
        routing.ClockPaused,
        routing.DeadlineNear,
        routing.DeadlineMissed,
        routing.DeadlineMet,
        routing.TicketEscalated,
        pujk_gateway.TicketReleased,
        pujk_gateway.DocumentsReceived,
        pujk_gateway.ExtensionAsked,
        pujk_gateway.ExtensionDecided,
    )
    async def on_standing(event: AnyEvent) -> None:
        await mark_heard(event)

    @messages.on(intake.OfficerLocked, pujk_gateway.OfficerLocked)
    async def on_officer_locked(event: Event[TokensEnded]) -> None:
        await end_tokens(event)

    return messages
