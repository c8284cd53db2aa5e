"""Routing's table of contents: adapters → use cases → doors."""

from chassis.calendar import load_calendar
from chassis.refusals import Rule
from chassis.service import Base, Parts

from routing.access import ACCESS
from routing.adapters.calendar import DatedDeadlines, load_service_levels
from routing.adapters.mongo import MongoAssignments, MongoFirms
from routing.domain import AlreadyThere, NoSuchPujk, NotRoutable, TicketEnded
from routing.http import http_router
from routing.settings import Settings
from routing.subscribers import message_router
from routing.usecases import (
    FindPujk,
    HearGateway,
    HearIntake,
    ListParked,
    LoadDirectory,
    RouteService,
    RouteTicket,
    ShowTicket,
)

REFUSALS = {
    TicketEnded: Rule(409, "ticket-ended", "The matter has ended"),
    AlreadyThere: Rule(409, "already-there", "The ticket is with that PUJK already"),
    NotRoutable: Rule(409, "not-routable", "This kind of matter is not sent to a PUJK"),
    NoSuchPujk: Rule(422, "no-such-pujk", "The directory has no such PUJK"),
}


def compose(base: Base, settings: Settings) -> Parts:
    assignments, firms = MongoAssignments(base), MongoFirms(base)
    deadlines = DatedDeadlines(load_service_levels(), load_calendar())
    return Parts(
        inboxes=[
            message_router(
                route_service=RouteService(assignments, firms, deadlines),
                hear_intake=HearIntake(assignments),
                hear_gateway=HearGateway(assignments),
                end_tokens=base.ended.hear,
            )
        ],
        routers=[
            http_router(
                route_ticket=RouteTicket(assignments, firms, deadlines, base.clock),
                show_ticket=ShowTicket(assignments),
                list_parked=ListParked(assignments),
                load_directory=LoadDirectory(firms),
                find_pujk=FindPujk(firms),
            )
        ],
        access=ACCESS,
        jobs=[firms],
        refusals=REFUSALS,
        prepare=[assignments.prepare, firms.read],
    )
