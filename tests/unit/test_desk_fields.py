"""Is everything that a CSO typed wrong told at once?"""

from chassis.pages.forms import Form
from intake.pages.cso.fields import submission_of

RIGHT = {
    "kind": "question",
    "name": "Sari Dewi",
    "phone": "0812 3456 7890",
    "story": "Apakah ini berizin?",
    "tell_by": "phone",
}


def typed(**but: str) -> Form:
    return Form({name: [text] for name, text in (RIGHT | but).items()})


def test_all_mistakes_are_told_at_once_in_the_order_of_the_page() -> None:
    form = typed(name="", story="", loss="banyak", phone="tidak tahu", email="sari", transaction_date="kemarin")
    assert submission_of(form) is None
    assert list(form.errors) == ["name", "phone", "email", "story", "loss", "transaction_date"]
    assert form.errors["loss"][0] == "call.amount" and form.errors["name"][0] == "form.missing"


def test_one_mistake_is_enough_and_none_is_a_submission() -> None:
    assert submission_of(typed(loss="banyak")) is None
    found = submission_of(typed())
    assert found is not None and found.kind == "question"
