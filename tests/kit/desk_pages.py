"""How does a test look at a page of one case without a browser or a service? The real router and templates, over a case
in memory; the visitor is let in by hand."""

import re
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import httpx
from chassis.pages.forms import Form, form_of
from chassis.pages.frame import Pages
from chassis.pages.passes import Visit, Visitor, visit
from chassis.people.pages.front import Here
from chassis.refusals import NotFound
from chassis.sealing import b64
from chassis.traced import TRACE
from contracts.dossier import Dossier
from fastapi import APIRouter, FastAPI, Request
from kit.cases import POLICIES, START, ACase
from kit.disputes import RULES
from pujk_gateway.domain.case import Case
from pujk_gateway.pages.disputes import Disputes, dispute_pages
from pujk_gateway.pages.one_ticket import OneTicket
from pujk_gateway.usecases.deciding import Decide
from pujk_gateway.usecases.facilitating import AddStep, Conditions, EndFacilitation
from pujk_gateway.usecases.laps import HearLaps
from pujk_gateway.usecases.waiting import DecideExtension

CLOCK: Any = SimpleNamespace(now=lambda: START)
PAGES = Pages("chassis.people.pages", "pujk_gateway", service="pujk_gateway", base="/staff")


class Cases:
    """Of one case; ``change`` does what the repository would, once."""

    def __init__(self, case: Case) -> None:
        self.case = case

    async def get(self, number: str) -> Case | None:
        return self.case if number == self.case.number else None

    async def change(self, message: Any, change: Any) -> Any:
        change(self.case)
        return SimpleNamespace(aggregate=self.case)

    async def show(self, number: str) -> tuple[Case, Mapping[str, str | None]]:
        if number != self.case.number:
            raise NotFound("no such case")
        return self.case, {"1.text": "Kami ganti seluruhnya.", "1.why": "Belum cukup."}


def the_desk(router: APIRouter, roles: tuple[str, ...] = ("decider",)) -> httpx.AsyncClient:
    async def let_in(request: Request) -> Visit:
        request.state.recognized = Visitor("putu", "Putu", roles, "mark")
        request.scope[TRACE] = SimpleNamespace(about=untold)
        return Visit(request.state.recognized, await form_of(request))

    async def untold(said: Any) -> None:
        """What an act was about is another's to look at."""

    app = FastAPI()
    app.include_router(router)
    app.dependency_overrides[visit] = let_in
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


def deciding(story: ACase) -> tuple[Decide, DecideExtension, Cases]:
    story.case.seal_key = b64(bytes(range(32)))
    cases, clock = Cases(story.case), SimpleNamespace(now=lambda: START)
    return Decide(cases, clock, POLICIES), DecideExtension(cases, clock), cases  # type: ignore[arg-type]


def looks(dossier: Dossier | None) -> Any:
    async def look(number: str, by: str, roles: Any, firm: str | None = None) -> Dossier | None:
        return dossier

    return look


def a_ticket(story: ACase, dossier: Dossier | None, firm: str = "BANK-001") -> tuple[OneTicket, Here, Request]:
    """The pages of one ticket at its firm, and an officer in the deciding seat who looks at them."""

    async def nothing(*_: Any) -> Any:
        return {}

    portal: Any = SimpleNamespace(
        clock=SimpleNamespace(now=lambda: START), show=lambda number, firm: Cases(story.case).show(number),
        officers=nothing, look=looks(dossier), handed=nothing,
    )  # fmt: skip
    account: Any = SimpleNamespace(id="ani", firm=firm, roles=("deciding",))
    request = Request({"type": "http", "method": "GET", "path": "/pujk", "query_string": b"", "headers": []})
    request.state.recognized = Visitor("ani", "Ani", ("deciding",), "mark")
    return OneTicket(PAGES, portal), Here("token", account, Form()), request


def disputes(story: ACase, dossier: Dossier | None) -> httpx.AsyncClient:
    cases: Any = deciding(story)[2]
    nothing: Any = None
    acts: dict[str, Any] = {"add": AddStep(cases, CLOCK), "end": EndFacilitation(cases, CLOCK, POLICIES, "")}
    acts |= {"open_": nothing, "send": nothing, "take": nothing, "digest": str, "hear": HearLaps(cases, CLOCK)}
    about: dict[str, Any] = {"conditions": Conditions(RULES, CLOCK, "0" * 64), "look": looks(dossier)}
    return the_desk(dispute_pages(PAGES, Disputes(show=cases.show, **acts, **about)))


def bases(page: str) -> set[str]:
    """What the forms and links of a page say was seen."""
    return set(re.findall(r'name="basis" value="(\d+)"', page)) | set(re.findall(r"[?&;]basis=(\d+)", page))
