"""A question whose answer did not answer is answered once more, and only once more."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest
from chassis.pages.frame import Pages
from chassis.pages.tables import Table
from chassis.refusals import KeyReused
from intake.adapters.guidance import load_guidance
from intake.adapters.hours import load_hours
from intake.domain import AlreadyAnswered, Service
from intake.pages.cso.questions import question_pages
from intake.usecases.desk import AnswerSeveral, FillAnswer, ReadMatter
from intake.usecases.services import AnswerQuestion
from kit.desk_pages import the_desk

BY = datetime(2026, 3, 19, 16, 59, 59, tzinfo=UTC)


def an_answered_question() -> Service:
    service = Service("5043812177304", kind="question")
    service.answer("account-1", "sealed answer")
    assert service.said == [("service-answered", {"by": "account-1", "again": False, "sealed": "sealed answer"})]
    service.said.clear()
    return service


def test_an_answered_question_is_opened_again() -> None:
    service = an_answered_question()
    service.reopen("sealed doubt", BY - timedelta(days=4), BY)
    assert (service.state, service.still_open) == ("open", "sealed doubt")
    assert service.said == [("service-reopened", {"answer_by": BY})]
    service.answer("account-2", "sealed second answer")
    assert service.state == "answered"
    assert service.said[-1] == (
        "service-answered",
        {"by": "account-2", "again": True, "sealed": "sealed second answer"},
    )


def test_it_is_opened_once() -> None:
    service = an_answered_question()
    service.reopen("sealed doubt")
    service.answer("account-2", "sealed second answer")
    service.said.clear()
    service.reopen("sealed second doubt")
    assert (service.state, service.said) == ("answered", [])
    with pytest.raises(AlreadyAnswered):
        service.answer("account-3", "sealed third answer")


@pytest.mark.parametrize("kind", ["complaint", "indication", "information"])
def test_nothing_but_a_question_is_opened_again(kind: str) -> None:
    service = Service("5043812177304", kind=kind)
    service.reopen("sealed doubt")
    assert service.said == []


def test_a_question_has_its_by_when_from_the_start() -> None:
    service = Service("5043812177304")
    facts = {
        **dict.fromkeys(("pujk", "product", "issue", "region", "loss", "transaction_date", "counted_from")),
        **{"kind": "question", "channel": "web", "language": "id", "demands": [], "in_court": False},
        **{"sealed": "s", "seal_key": "k", "answer_by": BY},
    }
    service.register(facts, key=b"", eligible=True, now=BY - timedelta(days=3))
    [(fact, data)] = service.said
    assert (fact, data["answer_by"], service.answer_by) == ("service-registered", BY, BY)


@pytest.mark.parametrize("day", [date(2013, 1, 21), date(2025, 10, 9), date(2025, 10, 10), date(2026, 11, 23)])
def test_the_receipt_and_the_desk_say_the_same_term(day: date) -> None:
    held = [days for valid_from, days in load_hours().questions if valid_from <= day]
    assert load_guidance().working_days("question", day) == held[-1]


class Desk:
    """One question, as everybody at the desk sees it."""

    def __init__(self) -> None:
        self.matter, self.acts = Service("5043812177304", kind="question", seal_key="k"), dict[str, str]()
        self.matter.sealed = json.dumps({"story": "Kapan buka?", "consumer": {"name": "Sari"}})

    async def get(self, _number: str) -> Service:
        return self.matter

    async def change(self, act: Any, change: Any) -> Any:
        if self.acts.get(act.id, act.digest) != act.digest:
            raise KeyReused("another act")
        if act.id not in self.acts:
            change(self.matter)
        self.acts[act.id] = act.digest
        return SimpleNamespace(aggregate=self.matter)

    async def questions(self, asked: Any, *_: Any) -> Any:
        return Table(asked, [self.matter], 1, 1, 1)

    async def of(self, _number: str) -> None: ...

    def pages(self) -> httpx.AsyncClient:
        here, seals = (
            cast("Any", self),
            cast("Any", SimpleNamespace(unseal=lambda sealed, *_: sealed, seal=lambda text, *_: text)),
        )
        clock, fill = cast("Any", SimpleNamespace(now=lambda: BY)), FillAnswer(here, seals)
        answer, read = (
            AnswerSeveral(AnswerQuestion(here, seals, clock), fill, lambda text: text),
            ReadMatter(here, seals, here),
        )
        pages = Pages("chassis.people.pages", "intake.pages.cso", service="intake", base="/staff")
        return the_desk(question_pages(pages, here, lambda: (BY, BY), BY.date, read, fill, answer, ()), ("cso",))


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(once|seen|sure)" value="([^"]*)">', page))


@pytest.mark.parametrize("several", [False, True])
async def test_what_was_written_before_the_consumer_asked_again_is_no_second_answer(
    several: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def about(request: Any, **said: Any) -> None:
        return None

    monkeypatch.setattr("intake.pages.cso.questions.about", about)
    desk = Desk()
    number = desk.matter.number
    at, chosen = ("/desk/cso/questions", {"chosen": number}) if several else (f"/desk/cso/questions/{number}", {})

    async def opens() -> str:
        return (await http.post(at, data=chosen) if several else await http.get(at)).text

    async with desk.pages() as http:
        stale = hidden(await opens())
        given = await http.post(at, data=chosen | hidden(await opens()) | {"text": "Pukul 8."})
        desk.matter.reopen(json.dumps({"text": "Hari Sabtu?"}), BY)
        refused = await http.post(at, data=chosen | stale | {"text": "Kami buka tiap hari kerja."})
        assert (given.status_code, refused.status_code, desk.matter.state) == (303, 409, "open")
        if several:
            assert "dibuka lagi oleh konsumen" in refused.text and "L 5043 8121 7730 4" in refused.text
            again = await opens()
        else:
            again = refused.text
            assert "Jawaban Anda belum dikirim." in again and "Kami buka tiap hari kerja." in again
        assert "Hari Sabtu?" in again
        sent = await http.post(at, data=chosen | hidden(again) | {"text": "Sabtu tutup."})
    assert (sent.status_code, desk.matter.state, len(desk.matter.answers)) == (303, "answered", 2)


async def test_an_answer_that_was_sent_before_is_sent_again_as_another_one(monkeypatch: pytest.MonkeyPatch) -> None:
    async def about(request: Any, **said: Any) -> None:
        return None

    monkeypatch.setattr("intake.pages.cso.questions.about", about)
    desk = Desk()
    at = f"/desk/cso/questions/{desk.matter.number}"
    async with desk.pages() as http:
        first = hidden((await http.get(at)).text)
        assert (await http.post(at, data=first | {"text": "Pukul 8."})).status_code == 303
        desk.matter.reopen(json.dumps({"text": "Hari Sabtu?"}), BY)
        changed = await http.post(at, data=first | {"text": "Pukul 9."})
        assert changed.status_code == 409 and "Jawaban Anda belum dikirim." in changed.text
        sent = await http.post(at, data=hidden(changed.text) | {"text": "Sabtu tutup."})
    assert sent.status_code == 303 and len(desk.matter.answers) == 2
