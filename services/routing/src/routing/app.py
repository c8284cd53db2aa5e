"""Routing's table of contents: adapters → use cases → doors."""

from datetime import timedelta
from functools import partial

from chassis.calendar import load_calendar
from chassis.clocks import Clocks, Lease, Listening
from chassis.service import Base, Parts
from chassis.throttle import Throttle
from chassis.topology import waiting
from contracts.topology import heard_from

from routing.access import ACCESS
from routing.adapters.calendar import DatedTerms, load_service_levels
from routing.adapters.finders import MongoFinders
from routing.adapters.mongo import MongoAssignments, MongoFirms
from routing.doors.finding import finding_router
from routing.http import http_router
from routing.pages.triage import staff_pages, triage_pages
from routing.refusals import REFUSALS
from routing.settings import Settings
from routing.subscribers import message_router
from routing.together import together
from routing.usecases import tickets
from routing.usecases.finding import LoadIllegal, SuggestFirms


def compose(base: Base, settings: Settings) -> Parts:
    assignments, firms, clock = MongoAssignments(base), MongoFirms(base), base.clock
    terms = DatedTerms(load_service_levels(), load_calendar())
    lease = Lease(base, "clocks")
    listening = Listening(partial(waiting, base.hearing, *heard_from(base.name)), settings.steady_seconds)
    tell = tickets.TellTime(assignments, terms, clock)
    messages = message_router(
        route_service=tickets.RouteService(assignments, firms, terms),
        hear_intake=tickets.HearIntake(assignments),
        hear_gateway=tickets.HearGateway(assignments, terms),
        end_tokens=base.ended.hear,
    )
    route_ticket, show_ticket = tickets.RouteTicket(assignments, firms, terms, clock), tickets.ShowTicket(assignments)
    pages, search = staff_pages(settings, REFUSALS), tickets.SearchDirectory(firms)
    end = tickets.EndTicket(assignments)
    many = together(base, pages, assignments, firms, route_ticket, show_ticket, settings.clocks_every_seconds)
    triage = triage_pages(pages, assignments.at_desk, show_ticket, search, route_ticket, many.propose, end)
    router = http_router(
        route_ticket=route_ticket,
        show_ticket=show_ticket,
        list_parked=tickets.ListParked(assignments),
        load_directory=tickets.LoadDirectory(firms),
        find_pujk=tickets.FindPujk(firms),
    )
    finders, most = MongoFinders(base, firms), settings.finds_per_client
    tries = Throttle(base.database, clock, "find", most=most, window=timedelta(minutes=1))
    finding = finding_router(suggest_firms=SuggestFirms(finders, tries), load_illegal=LoadIllegal(finders))
    clocks = Clocks(tell, assignments.due, lease, listening, clock, settings.clocks_every_seconds)
    prepare = [assignments.prepare, firms.read, finders.read, lease.prepare, tries.prepare, *many.prepare]
    doors = [router, finding, many.pages, triage]
    return Parts([messages], doors, ACCESS, {}, [firms, finders, clocks, many.job], REFUSALS, prepare=prepare)
