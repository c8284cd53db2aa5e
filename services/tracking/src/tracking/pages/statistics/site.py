"""How is the whole doing? Pages for OJK's people, with files for their spreadsheets; totals for everybody."""

import json
from asyncio import gather
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import date, timedelta
from importlib.resources import files
from typing import Annotated, Any, Literal

from chassis.clock import Clock
from chassis.openapi import refuses
from chassis.pages.cookies import language_of
from chassis.pages.frame import Pages
from chassis.pages.passes import Visit, visit
from chassis.pages.sheets import as_csv, as_xlsx
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import StreamingResponse

from tracking.domain.figures import CLASSES, DIMENSIONS
from tracking.domain.periods import Period, named
from tracking.domain.rows import WIB
from tracking.pages.statistics.asked import (
    BY_DAYS,
    CLOSED,
    CLOSED_PARTS,
    FIRST_YEAR,
    PARTS,
    Asked,
    asked_of,
    beside,
    closed_beside,
    closed_of,
)
from tracking.pages.statistics.saying import Saying
from tracking.pages.statistics.sheet import HEAD, PUBLIC_HEAD, public_rows, rows_of
from tracking.usecases.telling import TellFigures
from tracking.views.figures import (
    CHART_HEIGHT,
    CHART_WIDTH,
    FIRST_LINES,
    FOOT,
    Shown,
    columns,
    shown_of,
)
from tracking.views.public import NOTHING, Totals, month_totals, year_totals

DESK, PUBLIC = "/desk/statistics", "/statistik"
Here = Annotated[Visit, Depends(visit)]
_MEDIA = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
}
_FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {media: {"schema": {"type": "string", "format": "binary"}} for media, _ in _MEDIA.values()}},
    **refuses(422),
}
_CHART = {"width": CHART_WIDTH, "height": CHART_HEIGHT, "foot": FOOT}
_POLICY: list[dict[str, Any]] = json.loads(files("tracking").joinpath("data/figures.json").read_text("utf-8"))["public"]


def hidden_below(today: date) -> int:
    """The least number that everybody is told, by the rule of that day."""
    held = [one for one in _POLICY if one["valid_from"] <= today.isoformat()]
    return int((held or _POLICY)[-1]["hidden_below"])


def desk_pages(pages: Pages, tell: TellFigures, clock: Clock) -> APIRouter:
    router = pages.router(DESK)

    @router.get("", openapi_extra={"parameters": BY_DAYS})
    async def statistics(request: Request, here: Here) -> Response:
        asked, _, values = await _asked(request, pages, tell, clock)
        status = 422 if asked.form.errors else 200
        return pages.show(request, "statistics/desk.html", status, place=DESK, dimensions=DIMENSIONS, **values)

    @router.get("/file/{kind}", openapi_extra={"parameters": BY_DAYS}, responses=_FILE)
    async def file(kind: Literal["csv", "xlsx"], request: Request, here: Here) -> Response:
        asked, shown, values = await _asked(request, pages, tell, clock)
        return _file(kind, asked.checked(), HEAD, rows_of(shown, values["saying"]))

    return router


def public_pages(pages: Pages, tell: TellFigures, clock: Clock) -> APIRouter:
    """Months and years that are over only: who may look before and after one service, or ask for any two days, takes
    one from the other, and knows one person's."""
    router = pages.router(PUBLIC)

    async def told(asked: Asked, today: date) -> Totals:
        if asked.period.last >= today:
            return NOTHING
        below = hidden_below(today)
        months = [one for name in asked.period.months if (one := named(name))]
        found = await gather(*(tell(one) for one in months))
        totals = {one.name: month_totals(shown_of(it, today), below) for one, it in zip(months, found, strict=True)}
        return totals[asked.period.name] if len(months) == 1 else year_totals(totals)

    @router.get("", openapi_extra={"parameters": CLOSED})
    async def totals(request: Request) -> Response:
        today = _today(clock)
        asked = closed_of(request.query_params, today)
        values: dict[str, Any] = {
            "asked": asked,
            "totals": await told(asked, today),
            "saying": Saying(pages.words, language_of(request)),
            "form": asked.form,
            "parts": CLOSED_PARTS,
            "years": range(max(today.year, asked.year), FIRST_YEAR - 1, -1),
            "beside": closed_beside(today),
            "named_period": named,
            "below": hidden_below(today),
            "is_over": asked.period.last < today,
            "told_from": asked.period.last + timedelta(days=1),
            "this_month": named(f"{today:%Y-%m}"),
            "next_month": (today.replace(day=1) + timedelta(days=31)).replace(day=1),
            "place": PUBLIC,
        }
        return pages.show(request, "statistics/public.html", 422 if asked.form.errors else 200, **values)

    @router.get("/file/{kind}", openapi_extra={"parameters": CLOSED}, responses=_FILE)
    async def file(kind: Literal["csv", "xlsx"], request: Request) -> Response:
        today = _today(clock)
        asked = closed_of(request.query_params, today)
        saying = Saying(pages.words, language_of(request))
        period = asked.checked()
        return _file(kind, period, PUBLIC_HEAD, public_rows((await told(asked, today)).tables, saying))

    return router


async def _asked(
    request: Request, pages: Pages, tell: TellFigures, clock: Clock
) -> tuple[Asked, Shown, dict[str, Any]]:
    today = _today(clock)
    asked = asked_of(request.query_params, today)
    shown = shown_of(await tell(asked.period), today)
    values = {
        "asked": asked,
        "shown": shown,
        "saying": Saying(pages.words, language_of(request)),
        "form": asked.form,
        "parts": PARTS,
        "years": range(max(today.year, asked.year), FIRST_YEAR - 1, -1),
        "beside": beside(today),
        "columns": columns(shown.by["month"]),
        "chart": _CHART,
        "classes": CLASSES,
        "first_lines": FIRST_LINES,
        "named_period": named,
    }
    return asked, shown, values


def _file(kind: str, period: Period, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Response:
    media, made = _MEDIA[kind]

    async def each() -> AsyncIterator[Sequence[Any]]:
        for row in rows:
            yield row

    name = period.name or f"{period.first}_{period.last}"
    headers = {"Content-Disposition": f'attachment; filename="statistik-{name}.{kind}"'}
    return StreamingResponse(made(head, each()), media_type=media, headers=headers)


def _today(clock: Clock) -> date:
    return clock.now().astimezone(WIB).date()
