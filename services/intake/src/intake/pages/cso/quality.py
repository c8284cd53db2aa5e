"""Where quality is looked after: draw a sample, score a matter by the card, see how each CSO's work is judged."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Annotated, Any

from chassis.lines import line_of
from chassis.pages.forms import WHOLE, Form
from chassis.pages.frame import Pages
from chassis.pages.passes import Visit
from chassis.pages.posted import asked_for, posted
from chassis.refusals import NotFound
from chassis.traced import about
from contracts.codes import called
from contracts.numbers import shown
from fastapi import APIRouter, Path, Request, Response

from intake.pages.cso.fields import KINDS
from intake.pages.cso.frame import PLACE, Here, Number, beside
from intake.ports import Today
from intake.quality import PERIOD_MOST_DAYS, POINTS, SAMPLE_MOST, ScoreCard, Wanted
from intake.usecases.desk import ReadMatter
from intake.usecases.quality import AlreadyScored, DrawSample, Quality, ScoreMatter, TellResults

QUALITY, SCORES = f"{PLACE}/quality", f"{PLACE}/scores"
SampleId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
LISTED, SIZE, NOTE_MOST, DAYS = 20, 10, 2_000, 30
NOT_APPLICABLE = "na"
#: No work was done before.
FIRST = date(2000, 1, 1)
_PERIOD = {"parameters": [asked_for(name, {"format": "date"}) for name in ("since", "until")]}


def period_of(query: Mapping[str, str], today: date, form: Form | None = None) -> Wanted:
    """What an address asks; the last month where it asks for none, or for days that nothing can be told of, which
    ``form`` says then."""
    asked = {name: _day(query.get(name, "")) for name in ("since", "until")}
    if any(day and not told(day, today) for day in asked.values()):
        if form is not None:
            form.wrong(WHOLE, "quality.day")
        asked = {}
    since = asked.get("since") or today - timedelta(days=DAYS)
    until = asked.get("until") or today
    return Wanted(min(since, until), max(since, until), 0)


def told(day: date, today: date) -> bool:
    """Whether anything can have happened on it."""
    return FIRST <= day <= today


def wanted_of(form: Form, channels: Sequence[str], today: date) -> Wanted | None:
    """None where something is wrong, which the form says then."""
    since, until = _day(form["since"]), _day(form["until"])
    for name, day in (("since", since), ("until", until)):
        if day is None or not told(day, today):
            form.wrong(name, "quality.day")
    if since and until and not 0 <= (until - since).days < PERIOD_MOST_DAYS:
        form.wrong("until", "quality.period", most=PERIOD_MOST_DAYS)
    size = int(form["size"]) if form["size"].isascii() and form["size"].isdecimal() and len(form["size"]) < 5 else 0
    if not 1 <= size <= SAMPLE_MOST:
        form.wrong("size", "quality.size", most=SAMPLE_MOST)
    kind, channel = form["kind"], form["channel"]
    if form.errors or since is None or until is None:
        return None
    return Wanted(
        since, until, size, line_of(form["cso"]) or "", kind if kind in KINDS else "",
        channel if channel in channels else "",
    )  # fmt: skip


def points_of(form: Form, card: ScoreCard) -> dict[str, int | None]:
    """What was chosen for each criterion; what was not is told."""
    found: dict[str, int | None] = {}
    for one in card.criteria:
        chosen = form[f"points-{one.code}"]
        if chosen == NOT_APPLICABLE:
            found[one.code] = None
        elif chosen in map(str, POINTS):
            found[one.code] = int(chosen)
        else:
            form.wrong(WHOLE, "quality.each")
    if found and all(points is None for points in found.values()):
        form.wrong(WHOLE, "quality.nothing")
    return found


def quality_pages(
    pages: Pages,
    draw: DrawSample,
    score: ScoreMatter,
    results: TellResults,
    quality: Quality,
    read: ReadMatter,
    channels: Sequence[str],
    today: Today,
) -> APIRouter:
    router = pages.router(PLACE)

    async def whole(request: Request, here: Visit, status: int = 200, form: Form | None = None) -> Response:
        said = Form()
        period = period_of(request.query_params, today(), said)
        given = form or Form({name: [value] for name, value in _usual(period).items()})
        if form is None and said.errors:
            given.errors, status = said.errors, 422
        values = beside(
            here, form=given, period=period, samples=await quality.samples(LISTED), results=await results(period),
            card=score.card(), kinds=KINDS, channels=channels, draws="qa" in here.visitor.roles,
        )  # fmt: skip
        return pages.show(request, "cso/quality.html", status, here=QUALITY, **values)

    async def judged(
        request: Request, here: Visit, sample: str, number: str, status: int = 200, form: Form | None = None
    ) -> Response:
        of = await quality.sample(sample)
        if of is None or number not in of.numbers:
            raise NotFound("this sample does not hold it")
        # Whoever judges the work needs nobody's name.
        found = await read(number, named=False, status=False)
        done = number in await quality.scored([number])
        values: dict[str, Any] = {"matter": found, "sample": of, "card": score.card(), "points": POINTS, "done": done}
        return pages.show(
            request, "cso/score.html", status, here=f"{QUALITY}/{sample}/{number}", at=QUALITY, form=form or Form(),
            shown=shown, called=called, judges="qa" in here.visitor.roles and not done, **beside(here, **values),
        )  # fmt: skip

    @router.get("/quality", openapi_extra=_PERIOD)
    async def begin(request: Request, here: Here) -> Response:
        return await whole(request, here)

    @router.post("/quality", openapi_extra=posted("csrf", "since", "until", "cso", "kind", "channel", "size", "seed"))
    async def draws(request: Request, here: Here) -> Response:
        wanted = wanted_of(here.form, channels, today())
        if wanted is None:
            return await whole(request, here, 422, here.form)
        sample = await draw(wanted, (line_of(here.form["seed"]) or "")[:40], here.visitor.id)
        await about(request, key=sample.id, count=len(sample.numbers), account=wanted.cso)
        return pages.lead(f"{QUALITY}/{sample.id}")

    @router.get("/quality/{sample}")
    async def one_sample(sample: SampleId, request: Request, here: Here) -> Response:
        found = await quality.sample(sample)
        if found is None:
            raise NotFound("no such sample")
        await about(request, numbers=found.numbers)
        values = beside(here, sample=found, scored=await quality.scored(found.numbers))
        return pages.show(request, "cso/sample.html", at=QUALITY, shown=shown, **values)

    @router.get("/quality/{sample}/{number}")
    async def look(sample: SampleId, number: Number, request: Request, here: Here) -> Response:
        return await judged(request, here, sample, number)

    @router.post("/quality/{sample}/{number}", openapi_extra=posted("csrf", "note"))
    async def judge(sample: SampleId, number: Number, request: Request, here: Here) -> Response:
        form = here.form
        points, note = points_of(form, score.card()), form["note"].strip()
        if len(note) > NOTE_MOST:
            form.wrong("note", "form.too_long", most=NOTE_MOST)
        if form.errors:
            return await judged(request, here, sample, number, 422, form)
        try:
            await score(sample, number, points, note, here.visitor.id)
        except AlreadyScored:
            form.wrong(WHOLE, "quality.before")
            return await judged(request, here, sample, number, 409, form)
        return pages.lead(f"{QUALITY}/{sample}", said="said.scored")

    @router.get("/scores", openapi_extra=_PERIOD)
    async def own(request: Request, here: Here) -> Response:
        form = Form()
        period = period_of(request.query_params, today(), form)
        found = await results.own(period, here.visitor.id)
        await about(request, numbers=[one.number for one in found], count=len(found))
        values = beside(here, period=period, scores=found, card=score.card(), form=form)
        return pages.show(request, "cso/scores.html", 422 if form.errors else 200, shown=shown, **values)

    return router


def _usual(period: Wanted) -> dict[str, str]:
    return {"since": period.since.isoformat(), "until": period.until.isoformat(), "size": str(SIZE)}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
