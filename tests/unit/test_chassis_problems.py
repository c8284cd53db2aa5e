"""Whoever sent something wrong is told where, what came and what is expected; nothing personal is quoted."""

import json
from typing import Annotated, Any

from chassis.problems import NAME_MOST, TOLD_MOST, problems_of
from chassis.refusals import Invalid, NotFound, Refusal, Refusals, Rule, Unavailable
from pydantic import BaseModel, ConfigDict, Field, ValidationError

MARKER = "Sri Rahayu Lestari"


class Person(BaseModel):
    name: Annotated[str, Field(max_length=5)]


class Form(BaseModel):
    model_config = ConfigDict(extra="forbid")

    amount: Annotated[int, Field(ge=0)]
    product: Annotated[str, Field(max_length=20)] = ""
    consumer: Person | None = None
    rows: list[int] = Field(default_factory=list)


def problems(data: dict[str, Any] | str) -> list[dict[str, str]]:
    try:
        Form.model_validate_json(data if isinstance(data, str) else json.dumps(data))
    except ValidationError as error:
        return problems_of(error)
    raise AssertionError("nothing was wrong")


def test_field_what_came_and_what_is_expected() -> None:
    assert problems({"amount": -5}) == [
        {"field": "amount", "came": "-5", "expected": "Input should be greater than or equal to 0"}
    ]
    assert problems({}) == [{"field": "amount", "came": "nothing", "expected": "a value; this field is required"}]


def test_every_problem_is_told() -> None:
    assert {one["field"] for one in problems({"amount": "x", "product": "p" * 30, "rows": [1, "x"]})} == {
        "amount",
        "product",
        "rows.1",
    }


def test_what_is_personal_is_described_and_not_quoted() -> None:
    for data in (
        {"amount": 1, "consumer": {"name": MARKER}},
        {"amount": 1, "nickname": MARKER},
        {"amount": 1, "consumer": [MARKER]},
        f'{{"amount": 1, "consumer": {{"name": "{MARKER}"',
    ):
        found = problems(data)
        assert found and MARKER not in json.dumps(found)


def test_a_long_value_and_a_long_name_are_cut() -> None:
    [long_name] = problems({"amount": 1, "n" * 5_000: 1})
    assert len(long_name["field"]) == NAME_MOST
    [long_value] = problems({"amount": "9" * 500 + "x"})
    assert len(long_value["came"]) <= 80


def test_a_flood_of_problems_is_told_as_one() -> None:
    found = problems({"amount": 1, "rows": ["x"] * 5_000})
    assert len(found) == TOLD_MOST + 1
    assert found[-1]["came"] == "5000 problems"


class Special(NotFound):
    """A refusal of a service that is a kind of one of the chassis."""


def test_the_nearest_rule_answers_and_a_defect_has_none() -> None:
    own = Rule(410, "special", "Special")
    refusals = Refusals({Special: own})
    assert refusals.rule(Special()) is own
    assert refusals.rule(NotFound()) is not own
    assert refusals.rule(KeyError("x")) is None
    assert refusals.rule(Unavailable()) is not None


def test_a_body_is_problem_details_with_what_the_refusal_adds() -> None:
    refusals = Refusals()
    error: Refusal = Invalid("see problems", problems=[{"field": "a"}], extra={"tries": 2})
    rule = refusals.rule(error)
    assert rule
    assert refusals.body(error, rule) == {
        "type": "urn:slkt:problem:invalid",
        "title": rule.title,
        "status": 422,
        "detail": "see problems",
        "problems": [{"field": "a"}],
        "tries": 2,
    }
