"""Do the JSON Schemas and the models accept and refuse the same bodies?"""

from functools import cache
from typing import Any

import pytest
from contract.samples import sample
from contracts.base import Asked
from contracts.description import schemas
from contracts.description.messages import Message, messages
from jsonschema import Draft202012Validator
from pydantic import ValidationError

MESSAGES = messages()
BY_KEY = {message.key: message for message in MESSAGES}


@cache
def schema_of(message: Message) -> dict[str, Any]:
    return schemas.schema_of(message)


def valid(message: Message, body: Any) -> bool:
    return bool(
        Draft202012Validator(schema_of(message), format_checker=Draft202012Validator.FORMAT_CHECKER).is_valid(body)
    )


def read(message: Message, body: Any) -> bool:
    try:
        message.adapter.validate_python(body, strict=False)
    except ValidationError:
        return False
    return True


def required_and_null(schema: Any, at: str = "") -> list[str]:
    """Nulls are left off the wire: what may be null may be missing."""
    if isinstance(schema, list):
        return [one for inner in schema for one in required_and_null(inner, at)]
    if not isinstance(schema, dict):
        return []
    fields = schema.get("properties", {})
    found = [f"{at}.{name}" for name in schema.get("required", ()) if {"type": "null"} in fields[name].get("anyOf", ())]
    return found + [one for name, inner in schema.items() for one in required_and_null(inner, f"{at}/{name}")]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda m: m.key)
def test_what_may_be_null_may_be_missing(message: Message) -> None:
    assert required_and_null(schema_of(message)) == []


@pytest.mark.parametrize("message", MESSAGES, ids=lambda m: m.key)
def test_a_schema_is_a_schema(message: Message) -> None:
    Draft202012Validator.check_schema(schema_of(message))


@pytest.mark.parametrize("full", [False, True], ids=["least", "everything"])
@pytest.mark.parametrize("message", MESSAGES, ids=lambda m: m.key)
def test_what_the_schema_takes_the_model_reads(message: Message, full: bool) -> None:
    body = sample(schema_of(message), full=full)
    Draft202012Validator(schema_of(message)).validate(body)
    message.adapter.validate_python(body)


@pytest.mark.parametrize("message", MESSAGES, ids=lambda m: m.key)
def test_what_a_service_writes_fits_the_schema(message: Message) -> None:
    body = message.adapter.validate_python(sample(schema_of(message), full=True))
    written = message.adapter.dump_python(body, mode="json", exclude_none=True)
    Draft202012Validator(schema_of(message)).validate(written)


@pytest.mark.parametrize("message", MESSAGES, ids=lambda m: m.key)
def test_each_required_field_is_missed_by_both(message: Message) -> None:
    whole = sample(schema_of(message), full=True)
    required: list[tuple[tuple[str, ...], str]] = [((), name) for name in schema_of(message).get("required", [])]
    if message.envelope != "bare":
        data = schema_of(message)["$defs"][message.model.__name__]
        required += [(("data",), name) for name in data.get("required", [])]
    for path, name in required:
        body = {**whole, "data": dict(whole["data"])} if path else dict(whole)
        del (body["data"] if path else body)[name]
        assert not valid(message, body), f"the schema does not miss {name}"
        assert not read(message, body), f"the model does not miss {name}"


@pytest.mark.parametrize("message", [m for m in MESSAGES if m.envelope != "bare"], ids=lambda m: m.key)
def test_outsiders_are_told_of_an_unknown_field_and_services_read_on(message: Message) -> None:
    body = sample(schema_of(message), full=True)
    body["data"]["something_new"] = 1
    expected = not issubclass(message.model, Asked)
    assert valid(message, body) == expected
    assert read(message, body) == expected


@pytest.mark.parametrize(
    ("private", "sealed", "expected"),
    [(False, False, False), (True, False, True), (False, True, True), (True, True, False)],
)
def test_a_submission_has_its_private_part_once(private: bool, sealed: bool, expected: bool) -> None:
    message = BY_KEY["channel.submission.v1"]
    body = sample(schema_of(message), full=True)
    secret = body["data"].pop("private")
    body["data"] |= {"private": secret if private else None, "sealed": "a.b.c.d.e" if sealed else None}
    assert valid(message, body) == expected
    assert read(message, body) == expected


def test_a_message_under_the_name_of_another_does_not_fit() -> None:
    message = BY_KEY["routing.ticket-routed.v1"]
    body = sample(schema_of(message)) | {"type": "slkt.routing.ticket-parked.v1"}
    assert not valid(message, body)
    assert not valid(message, sample(schema_of(message)) | {"source": "/slkt/intake"})
