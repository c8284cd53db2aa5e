"""The figures for programs of OJK's people: of any days, in one answer."""

from datetime import date
from typing import Annotated

from chassis.clock import Clock
from chassis.openapi import refuses
from chassis.refusals import Invalid
from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from tracking.domain.figures import DIMENSIONS
from tracking.domain.periods import FIRST, LAST, Period, named
from tracking.domain.rows import WIB
from tracking.usecases.telling import TellFigures
from tracking.views.figures import Line, Shown, shown_of

Named = Annotated[str | None, Query(alias="period", max_length=7, description="2013, 2013-Q2 or 2013-07")]
Since = Annotated[date | None, Query(alias="from", description="The first day, in Jakarta; with `to`")]
Until = Annotated[date | None, Query(alias="to", description="The last day, in Jakarta")]


class Counted(BaseModel):
    """One line. ``count``: information, questions and complaints; ``percent``: of all lines, adding up to 100."""

    code: str = Field(description='"": not known')
    name: str | None = None
    count: int
    percent: float
    counts: dict[str, int] = Field(default_factory=dict, description="By kind, and by service level")


class Timed(BaseModel):
    """Minutes since it was received, right within 2.5 %."""

    kind: str
    what: str = Field(description="answered or closed")
    count: int
    median_minutes: float | None
    p90_minutes: float | None


class Statistics(BaseModel):
    """What was received in a period, and what came of it."""

    model_config = ConfigDict(populate_by_name=True)

    since: date = Field(alias="from")
    until: date = Field(alias="to")
    kinds: list[Counted]
    total: int
    indications: int = Field(description="Outside the total; one that was upgraded counts as a complaint alone")
    by: dict[str, list[Counted]]
    times: list[Timed]
    levels: dict[str, int]
    relief: int = Field(description="Rupiah that reached consumers")
    relieved: int
    returned: int
    reopened: int
    satisfaction: dict[str, int] = Field(description="Services by score; 5 is best")


def figures_router(tell: TellFigures, clock: Clock) -> APIRouter:
    router = APIRouter()

    @router.get("/statistics", responses=refuses(422))
    async def statistics(period: Named = None, since: Since = None, until: Until = None) -> Statistics:
        today = clock.now().astimezone(WIB).date()
        return _told(shown_of(await tell(_period(period, since, until, today)), today))

    return router


def _period(name: str | None, since: date | None, until: date | None, today: date) -> Period:
    """Errors: Invalid."""
    if name is None and since is not None and until is not None and FIRST <= since <= until <= LAST:
        return Period(since, until)
    found = named(name or str(today.year)) if since is None and until is None else None
    if found is None:
        expected = f"a year, quarter or month; or from and to, days of {FIRST} to {LAST}, in that order"
        came = name or f"{since} to {until}"
        raise Invalid("see problems", problems=[{"field": "period", "came": came, "expected": expected}])
    return found


def _told(shown: Shown) -> Statistics:
    figures, period = shown.figures, shown.told.period
    return Statistics(
        since=period.first,
        until=period.last,
        kinds=[_line(one) for one in shown.kinds],
        total=shown.total,
        indications=shown.indications,
        by={
            name: [_line(one, figures.names.get(one.code) if name == "pujk" else None) for one in shown.by[name]]
            for name in DIMENSIONS
        },
        times=[
            Timed(kind=one.kind, what=one.what, count=one.count, median_minutes=one.median, p90_minutes=one.p90)
            for one in shown.times
        ],
        levels={one.code: one.count for one in shown.levels} | {"running": shown.running},
        relief=figures.relief,
        relieved=figures.relieved,
        returned=figures.returned,
        reopened=figures.reopened,
        satisfaction={one.code: one.count for one in shown.scores},
    )


def _line(one: Line, name: str | None = None) -> Counted:
    return Counted(code=one.code, name=name, count=one.count, percent=one.share / 100, counts=dict(one.counts))
