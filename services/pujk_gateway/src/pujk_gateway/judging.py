"""What OJK judges, and what consumers answer, put together: adapters → use cases → doors. A part of the gateway's
contents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chassis.pages.frame import Pages
from chassis.service import Base
from fastapi import APIRouter

from pujk_gateway.adapters.mongo import MongoCases
from pujk_gateway.pages.cases import case_pages
from pujk_gateway.ports import Digests, Texts
from pujk_gateway.usecases.deciding import Decide, ListProposals, ShowCase
from pujk_gateway.usecases.settling import Consumers
from pujk_gateway.usecases.waiting import DecideExtension, ListExtensions


@dataclass(frozen=True)
class Judging:
    """``doors``: the stories that staff's systems reach, by their names there."""

    doors: Mapping[str, Any]
    pages: Sequence[APIRouter]
    consumers: Consumers


def judging(base: Base, desk_pages: Pages, cases: MongoCases, texts: Texts, digest: Digests) -> Judging:
    clock = base.clock
    decide, show_case, more_time = Decide(cases, clock), ShowCase(cases, texts), DecideExtension(cases, clock)
    doors = {
        "decide": decide,
        "list_proposals": ListProposals(cases, texts),
        "show_case": show_case,
        "decide_extension": more_time,
        "list_extensions": ListExtensions(cases, texts),
        "digest": digest,
    }
    pages = [case_pages(desk_pages, decide, more_time, show_case, cases.waiting, digest)]
    return Judging(doors, pages, Consumers.of(cases))
