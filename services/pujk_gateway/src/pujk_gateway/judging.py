"""What OJK judges, and what consumers answer, put together: adapters → use cases → doors. A part of the gateway's
contents."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from chassis.clocks import Clocks, Lease, Listening
from chassis.pages.frame import Pages
from chassis.parts import Job
from chassis.service import Base
from chassis.topology import waiting
from contracts.topology import heard_from
from fastapi import APIRouter

from pujk_gateway.adapters.mongo import MongoCases
from pujk_gateway.adapters.policies import Policies
from pujk_gateway.disputing import disputing
from pujk_gateway.pages.cases import case_pages
from pujk_gateway.ports import Digests, Texts
from pujk_gateway.settings import Settings
from pujk_gateway.usecases.deciding import Decide, ListProposals, ShowCase
from pujk_gateway.usecases.looking import LookInto
from pujk_gateway.usecases.settling import Consumers, TellTime
from pujk_gateway.usecases.waiting import DecideExtension, ListExtensions


@dataclass(frozen=True)
class Judging:
    """``doors``: the stories that staff's systems reach, by their names there."""

    doors: Mapping[str, Any]
    pages: Sequence[APIRouter]
    consumers: Consumers
    jobs: Sequence[Job]
    prepare: Sequence[Callable[[], Awaitable[None]]]
    close: Sequence[Callable[[], Awaitable[None]]]


def judging(
    base: Base,
    settings: Settings,
    desk_pages: Pages,
    cases: MongoCases,
    texts: Texts,
    digest: Digests,
    terms: Policies,
    look: LookInto,
) -> Judging:
    clock = base.clock
    decide, show_case, more_time = Decide(cases, clock, terms), ShowCase(cases, texts), DecideExtension(cases, clock)
    doors = {
        "decide": decide,
        "list_proposals": ListProposals(cases, texts),
        "show_case": show_case,
        "decide_extension": more_time,
        "list_extensions": ListExtensions(cases, texts),
        "digest": digest,
    }
    disputes = disputing(base, settings, desk_pages, cases, show_case, digest, terms.calendar, look)
    case_desk = case_pages(desk_pages, decide, more_time, show_case, look, cases.waiting, digest)
    pages = [disputes.pages, case_desk]
    lease = Lease(base, "clocks")
    listening = Listening(partial(waiting, base.hearing, *heard_from(base.name)), settings.steady_seconds)
    every = settings.clocks_every_seconds
    clocks = Clocks(TellTime(cases, clock), cases.due, lease, listening, clock, every)
    return Judging(doors, pages, Consumers.of(cases), [clocks], [lease.prepare], disputes.close)
