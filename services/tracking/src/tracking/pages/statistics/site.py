"""How is the whole doing? Pages for OJK's people, with files for their spreadsheets; totals for everybody."""

import json
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import date
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
from tracking.domain.periods import named
from tracking.domain.rows import WIB
from tracking.pages.statistics.asked import BY_DAYS, BY_NAME, FIRST_YEAR, PARTS, Asked, asked_of, beside
from tracking.pages.statistics.saying import Saying
from tracking.pages.statistics.sheet import HEAD, PUBLIC_HEAD, public_rows, rows_of
from tracking.usecases.telling import TellFigures
from tracking.views.figures import (
    CHART_HEIGHT,
    CHART_WIDTH,
    FIRST_LINES,
    FOOT,
    Hidden,
    Shown,
    columns,
    public,
    shown_of,
)

DESK, PUBLIC = "/desk/statistics", "/statistik"
#: Of firms nothing is told to everybody, and of times and levels nothing by parts.
OPEN = ("channel", "sector", "product", "issue", "region", "month")
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
        asked, _, values = await _asked(request, pages, tell, clock, by_days=True)
        status = 422 if asked.form.errors else 200
        return pages.show(request, "statistics/desk.html", status, place=DESK, dimensions=DIMENSIONS, **values)

    @router.get("/file/{kind}", openapi_extra={"parameters": BY_DAYS}, responses=_FILE)
    async def file(kind: Literal["csv", "xlsx"], request: Request, here: Here) -> Response:
        asked, shown, values = await _asked(request, pages, tell, clock, by_days=True)
        return _file(kind, asked, HEAD, rows_of(shown, values["saying"]))

    return router


def public_pages(pages: Pages, tell: TellFigures, clock: Clock) -> APIRouter:
    """Whole months, quarters and years only: who may ask for any two days takes one from the other, and knows one
    person's."""
    router = pages.router(PUBLIC)

    def tables(shown: Shown, below: int) -> dict[str, list[Hidden]]:
        found = {"kind": shown.kinds, **{one: shown.by[one] for one in OPEN}}
        return {name: public(lines, below) for name, lines in found.items()}

    @router.get("", openapi_extra={"parameters": BY_NAME})
    async def totals(request: Request) -> Response:
        asked, shown, values = await _asked(request, pages, tell, clock, by_days=False)
        below, status = hidden_below(_today(clock)), 422 if asked.form.errors else 200
        values |= {"tables": tables(shown, below), "below": below, "place": PUBLIC}
        return pages.show(request, "statistics/public.html", status, **values)

    @router.get("/file/{kind}", openapi_extra={"parameters": BY_NAME}, responses=_FILE)
    async def file(kind: Literal["csv", "xlsx"], request: Request) -> Response:
        asked, shown, values = await _asked(request, pages, tell, clock, by_days=False)
        found = tables(shown, hidden_below(_today(clock)))
        return _file(kind, asked, PUBLIC_HEAD, public_rows(found, values["saying"], shown))

    return router


async def _asked(
    request: Request, pages: Pages, tell: TellFigures, clock: Clock, *, by_days: bool
) -> tuple[Asked, Shown, dict[str, Any]]:
    today = _today(clock)
    asked = asked_of(request.query_params, today, by_days=by_days)
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


def _file(kind: str, asked: Asked, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Response:
    media, made = _MEDIA[kind]

    async def each() -> AsyncIterator[Sequence[Any]]:
        for row in rows:
            yield row

    period = asked.period
    name = period.name or f"{period.first}_{period.last}"
    headers = {"Content-Disposition": f'attachment; filename="statistik-{name}.{kind}"'}
    return StreamingResponse(made(head, each()), media_type=media, headers=headers)


def _today(clock: Clock) -> date:
    return clock.now().astimezone(WIB).date()
