"""Which questions wait? One of them is answered, or several: with what is often said, or with words of one's own."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from chassis.ids import new_id
from chassis.pages.cookies import language_of
from chassis.pages.forms import WHOLE, Form
from chassis.pages.frame import Pages
from chassis.pages.passes import Visit
from chassis.pages.posted import posted, searched
from chassis.pages.tables import Asked, Column, Table, asked_of
from chassis.traced import about
from contracts.codes import called
from contracts.numbers import digits_of, shown
from fastapi import APIRouter, Request, Response

from intake.domain import Service
from intake.pages.cso.frame import PLACE, Here, Number, beside
from intake.usecases.desk import SEVERAL_MOST, AnswerSeveral, Canned, FillAnswer, ReadMatter

COLUMNS = (
    Column("due", "work.due", "state.answer_by"),
    Column("number", "work.number", "_id"),
    Column("came", "work.came", "state.registered_at"),
    Column("product", "work.product", "state.product"),
    Column("channel", "work.channel", "state.channel"),
    Column("firm", "work.firm"),
)
LEVELS, WHICH = ("over", "near", "within"), ("reopened", "out_of_hours")
FILTERS = {"q": (), "level": LEVELS, "which": WHICH}
ANSWER_MOST = 20_000
LIST = f"{PLACE}/questions"


def seen_of(form: Form) -> list[str]:
    """Numbers of those of which the page showed what the first answer left open."""
    return form["seen"].split()


class Waiting(Protocol):
    async def questions(self, asked: Asked, now: datetime, soon: datetime) -> Table[Service]: ...


def question_pages(
    pages: Pages,
    waiting: Waiting,
    times: Callable[[], tuple[datetime, datetime]],
    today: Callable[[], date],
    read: ReadMatter,
    fill: FillAnswer,
    answer: AnswerSeveral,
    canned: Sequence[Canned],
) -> APIRouter:
    router = pages.router(LIST)

    def good_now() -> list[Canned]:
        return [one for one in canned if one.valid_from <= today()]

    def chosen_of(form: Form) -> Canned | None:
        return next((one for one in good_now() if one.code == form["canned"]), None)

    async def listed(request: Request, here: Visit, status: int = 200, form: Form | None = None) -> Response:
        now, soon = times()
        asked = asked_of(LIST, request.query_params, COLUMNS, FILTERS)
        table = await waiting.questions(asked, now, soon)
        await about(request, numbers=[one.number for one in table.rows], count=table.total)
        values = beside(here, table=table, levels=LEVELS, which=WHICH, now=now, soon=soon)
        return pages.show(
            request, "cso/questions.html", status, form=form, shown=shown, called=called,
            answers="cso" in here.visitor.roles, **values,
        )  # fmt: skip

    async def one(request: Request, here: Visit, number: str, status: int = 200, **but: Any) -> Response:
        found = await read(number, status=False)
        values: dict[str, Any] = {"form": Form(), "once": new_id(), "typed": "", "canned": good_now()} | but
        return pages.show(
            request, "cso/question.html", status, here=f"{LIST}/{number}", shown=shown, called=called, matter=found,
            at=LIST, titles=language_of(request), answers="cso" in here.visitor.roles, **beside(here, **values),
        )  # fmt: skip

    async def several(request: Request, here: Visit, numbers: Sequence[str], status: int = 200, **but: Any) -> Response:
        found = [await read(number, status=False) for number in numbers[:SEVERAL_MOST]]
        await about(request, numbers=numbers, count=len(found))
        values: dict[str, Any] = {"form": Form(), "once": new_id(), "typed": "", "canned": good_now()} | but
        return pages.show(
            request, "cso/several.html", status, here=LIST, shown=shown, called=called, matters=found, at=LIST,
            titles=language_of(request), **beside(here, **values),
        )  # fmt: skip

    def text_of(form: Form) -> str | Canned | None:
        """What is typed goes before what is chosen; None where nothing is right, which the form says."""
        typed, chosen = form["text"].strip(), chosen_of(form)
        if len(typed) > ANSWER_MOST:
            form.wrong("text", "form.too_long", most=ANSWER_MOST)
        elif not typed and chosen is None:
            form.wrong("text", "question.say")
        return None if form.errors else typed or chosen

    @router.get("", openapi_extra=searched(COLUMNS, FILTERS))
    async def waits(request: Request, here: Here) -> Response:
        if number := digits_of(request.query_params.get("q", "")):
            return pages.lead(f"{LIST}/{number}")
        return await listed(request, here)

    @router.get("/{number}")
    async def question(number: Number, request: Request, here: Here) -> Response:
        return await one(request, here, number)

    @router.post("/{number}", openapi_extra=posted("csrf", "once", "seen", "canned", "text", "use"))
    async def say(number: Number, request: Request, here: Here) -> Response:
        form, once = here.form, here.form["once"][:80] or new_id()
        if form["use"]:
            chosen = chosen_of(form)
            typed = await fill(number, chosen) if chosen else form["text"]
            return await one(request, here, number, form=form, typed=typed, once=once)
        text = text_of(form)
        if text is None:
            return await one(request, here, number, 422, form=form, typed=form["text"], once=once)
        seen = seen_of(form)
        done, _ = await answer([number], text, here.visitor.id, once, seen)
        if not done:
            now = await read(number, status=False)
            again = now.service.state == "open" and now.still_open and number not in seen
            form.wrong(WHOLE, "question.opened_again" if again else "question.not_now")
            # What is sent from here on is another act: this one may be an answer that was given.
            return await one(request, here, number, 409, form=form, typed=form["text"])
        return pages.lead(LIST, said="said.answered", count=1)

    @router.post("", openapi_extra=posted("csrf", "once", "seen", "chosen", "canned", "text", "sure"))
    async def say_to_several(request: Request, here: Here) -> Response:
        form, once = here.form, here.form["once"][:80] or new_id()
        numbers = [one for one in dict.fromkeys(form.all("chosen")) if digits_of(one) == one][:SEVERAL_MOST]
        if not numbers:
            form.wrong(WHOLE, "question.none_chosen")
            return await listed(request, here, 422, form)
        if not form["sure"]:
            return await several(request, here, numbers, once=once)
        text = text_of(form)
        if text is None:
            return await several(request, here, numbers, 422, form=form, typed=form["text"], once=once)
        await about(request, numbers=numbers, count=len(numbers))
        done, left = await answer(numbers, text, here.visitor.id, once, seen_of(form))
        if left:
            which = ", ".join(shown(one, "question") for one in left)
            form.wrong(WHOLE, "question.left", done=len(done), left=len(left), which=which)
            return await listed(request, here, 409, form)
        return pages.lead(LIST, said="said.answered", count=len(done))

    return router
