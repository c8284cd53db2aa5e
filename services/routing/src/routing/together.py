"""Acts over many tickets, put together: adapters → use cases → pages and worker. A part of routing's contents."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from chassis.clocks import Lease
from chassis.pages.frame import Pages
from chassis.parts import Base
from fastapi import APIRouter

from routing.adapters.bulks import MongoBulks
from routing.jobs import BulkWork
from routing.pages.bulk import bulk_pages
from routing.ports import Assignments, Firms
from routing.usecases.bulk import DecideBulk, ProposeBulk, WorkBulkOff
from routing.usecases.tickets import RouteTicket, SearchDirectory, ShowTicket


@dataclass(frozen=True)
class Together:
    propose: ProposeBulk
    pages: APIRouter
    job: BulkWork
    prepare: Sequence[Callable[[], Awaitable[None]]]


def together(
    base: Base,
    pages: Pages,
    assignments: Assignments,
    firms: Firms,
    route: RouteTicket,
    show: ShowTicket,
    every_seconds: float,
) -> Together:
    bulks, lease = MongoBulks(base), Lease(base, "bulks")
    propose = ProposeBulk(assignments, bulks, firms, bulks, base.clock)
    router = bulk_pages(pages, propose, DecideBulk(bulks, base.clock), bulks, SearchDirectory(firms), show)
    job = BulkWork(WorkBulkOff(bulks, route), lease, every_seconds)
    return Together(propose, router, job, [bulks.prepare, lease.prepare])
