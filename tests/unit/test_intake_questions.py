"""A question whose answer did not answer is answered once more, and only once more."""

import pytest
from intake.domain import AlreadyAnswered, Service


def an_answered_question() -> Service:
    service = Service("5043812177304", kind="question")
    service.answer("account-1", "sealed answer")
    service.said.clear()
    return service


def test_an_answered_question_is_opened_again() -> None:
    service = an_answered_question()
    service.reopen("sealed doubt")
    assert (service.state, service.still_open) == ("open", "sealed doubt")
    assert service.said == [("service-reopened", {})]
    service.answer("account-2", "sealed second answer")
    assert service.state == "answered"


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
