"""A question whose answer did not answer is answered once more, and only once more."""

from datetime import UTC, date, datetime, timedelta

import pytest
from intake.adapters.guidance import load_guidance
from intake.adapters.hours import load_hours
from intake.domain import AlreadyAnswered, Service

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
