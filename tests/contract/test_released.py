"""Do the contracts keep what was released? A break is refused; an addition waits for a review."""

import copy
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from contracts.description.release import Release, advice, changes, present

RELEASED = Path(__file__).resolve().parents[2] / "contracts" / "released"
Edit = Callable[[dict[str, Any], dict[str, Any]], None]

FACT = "routing.ticket-routed.v1"
ASKED = "channel.submission.v1"
TOLD = "reply.receipt.v1"


@cache
def now() -> Release:
    return present()


def the_release() -> Release:
    schemas = {path.stem: json.loads(path.read_text()) for path in (RELEASED / "schemas").glob("*.json")}
    return Release(schemas, json.loads((RELEASED / "wire.json").read_text()))


def changed(edit: Edit) -> Release:
    """The present contracts with one edit made to the schemas and the wire."""
    edited = copy.deepcopy(now())
    edit(dict(edited.schemas), edited.wire)
    return edited


def data(schemas: dict[str, Any], key: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = schemas[key]["$defs"][name]
    return found


def test_the_contracts_are_what_was_released_and_reviewed() -> None:
    if found := changes(the_release(), now()):
        pytest.fail(advice(found), pytrace=False)


def test_words_may_change_without_a_release() -> None:
    def reword(schemas: dict[str, Any], _: dict[str, Any]) -> None:
        schemas[FACT]["description"] = "said better"

    assert changes(now(), changed(reword)) == []


def gone(schemas: dict[str, Any], wire: dict[str, Any]) -> None:
    del wire["messages"][FACT]


def field_renamed(schemas: dict[str, Any], _: dict[str, Any]) -> None:
    fields = data(schemas, FACT, "TicketRouted")["properties"]
    fields["firm"] = fields.pop("pujk")


def asked_required(schemas: dict[str, Any], _: dict[str, Any]) -> None:
    data(schemas, ASKED, "Submission")["required"].append("product")


def new_required(schemas: dict[str, Any], _: dict[str, Any]) -> None:
    shape = data(schemas, FACT, "TicketRouted")
    shape["properties"]["branch"] = {"type": "string"}
    shape["required"].append("branch")


def may_be_missing(schemas: dict[str, Any], _: dict[str, Any]) -> None:
    schemas[TOLD]["required"].remove("pin")


def value_gone(schemas: dict[str, Any], _: dict[str, Any]) -> None:
    data(schemas, ASKED, "Submission")["properties"]["kind"]["enum"].remove("indication")


def told_value(schemas: dict[str, Any], _: dict[str, Any]) -> None:
    schemas[TOLD]["properties"]["kind"]["enum"].append("request")


def null_gone(schemas: dict[str, Any], _: dict[str, Any]) -> None:
    data(schemas, ASKED, "Submission")["properties"]["loss"] = {"type": "integer"}


def null_new(schemas: dict[str, Any], _: dict[str, Any]) -> None:
    fields = data(schemas, FACT, "TicketRouted")["properties"]
    fields["how"] = {"anyOf": [fields["how"], {"type": "null"}]}


def type_changed(schemas: dict[str, Any], _: dict[str, Any]) -> None:
    data(schemas, FACT, "TicketRouted")["properties"]["round"]["type"] = "string"


def type_narrowed(schemas: dict[str, Any], _: dict[str, Any]) -> None:
    data(schemas, ASKED, "Submission")["properties"]["demands"]["maxItems"] = 5


def pattern_changed(schemas: dict[str, Any], _: dict[str, Any]) -> None:
    schemas[FACT]["properties"]["subject"]["pattern"] = r"^\d{14}$"


def default_changed(schemas: dict[str, Any], _: dict[str, Any]) -> None:
    data(schemas, ASKED, "Submission")["properties"]["tell_by"]["default"] = "phone"


def deep_inside(schemas: dict[str, Any], _: dict[str, Any]) -> None:
    del data(schemas, FACT, "DeadlineDay")["properties"]["why"]


def key_moved(_: dict[str, Any], wire: dict[str, Any]) -> None:
    wire["messages"][ASKED]["routing_key"] = "channel.{channel}"


def exchange_moved(_: dict[str, Any], wire: dict[str, Any]) -> None:
    wire["messages"][FACT]["exchange"] = "slkt.facts"


def type_moved(_: dict[str, Any], wire: dict[str, Any]) -> None:
    wire["messages"][FACT]["type"] = "slkt.ticket-routed"


def hearer_lost(_: dict[str, Any], wire: dict[str, Any]) -> None:
    wire["messages"][FACT]["heard_by"].remove("tracking")


def binding_lost(_: dict[str, Any], wire: dict[str, Any]) -> None:
    wire["queues"]["tracking.inbox"]["bindings"].remove(f"slkt.events {FACT}")


def queue_gone(_: dict[str, Any], wire: dict[str, Any]) -> None:
    del wire["queues"]["pujk.{code}.inbox"]


def queue_otherwise(_: dict[str, Any], wire: dict[str, Any]) -> None:
    wire["queues"]["slkt.unrouted"]["delivery_limit"] = 3


BREAKS: list[tuple[Edit, str]] = [
    (gone, f"{FACT}: the message is gone"),
    (field_renamed, f"{FACT}.data.pujk: the field is gone or has another name"),
    (asked_required, f"{ASKED}.data.product: the field is required now"),
    (new_required, f"{FACT}.data.branch: a new field that is required"),
    (may_be_missing, f"{TOLD}.pin: the field may be missing now"),
    (value_gone, f"{ASKED}.data.kind: the value 'indication' is gone"),
    (told_value, f"{TOLD}.kind: the value 'request' is new"),
    (null_gone, f"{ASKED}.data.loss: may no longer be null"),
    (null_new, f"{FACT}.data.how: may be null now"),
    (type_changed, f"{FACT}.data.round: type is string (was integer)"),
    (type_narrowed, f"{ASKED}.data.demands: maxItems is 5 (was 20)"),
    (pattern_changed, f"{FACT}.subject: pattern is"),
    (default_changed, f"{ASKED}.data.tell_by: without a value it means 'phone' now"),
    (deep_inside, f"{FACT}.data.deadline.days[].why: the field is gone"),
    (key_moved, f"{ASKED}: its routing_key is 'channel.{{channel}}' now"),
    (exchange_moved, f"{FACT}: its exchange is 'slkt.facts' now"),
    (type_moved, f"{FACT}: its type is 'slkt.ticket-routed' now"),
    (hearer_lost, f"{FACT}: the hearer 'tracking' is lost"),
    (binding_lost, "tracking.inbox: the binding"),
    (queue_gone, "pujk.{code}.inbox: the queue is gone"),
    (queue_otherwise, "slkt.unrouted: its delivery_limit is 3 now"),
]


@pytest.mark.parametrize(("edit", "expected"), BREAKS, ids=lambda value: getattr(value, "__name__", ""))
def test_a_break_is_found_and_told_with_what_to_do(edit: Edit, expected: str) -> None:
    found = changes(now(), changed(edit))
    assert any(change.breaks and str(change).startswith(expected) for change in found), [*map(str, found)]
    assert "`.v2` beside it" in advice(found)


def new_field(schemas: dict[str, Any], _: dict[str, Any]) -> None:
    data(schemas, FACT, "TicketRouted")["properties"]["branch"] = {"type": "string", "default": ""}


def asked_less(schemas: dict[str, Any], _: dict[str, Any]) -> None:
    data(schemas, ASKED, "Submission")["properties"]["demands"]["maxItems"] = 50


def told_more(schemas: dict[str, Any], _: dict[str, Any]) -> None:
    schemas[TOLD]["properties"]["link"] = {"type": "string"}
    schemas[TOLD]["required"].append("link")


def said_value(schemas: dict[str, Any], _: dict[str, Any]) -> None:
    data(schemas, FACT, "RoutingStanding")["properties"]["state"]["enum"].append("a-new-state")


def new_message(schemas: dict[str, Any], wire: dict[str, Any]) -> None:
    wire["messages"]["routing.a-new-fact.v1"] = wire["messages"][FACT]


def new_hearer(_: dict[str, Any], wire: dict[str, Any]) -> None:
    wire["messages"]["notifier.notification-sent.v1"]["heard_by"].append("intake")


@pytest.mark.parametrize("edit", [new_field, asked_less, told_more, said_value, new_message, new_hearer])
def test_an_addition_breaks_nobody_and_waits_for_its_review(edit: Edit) -> None:
    found = changes(now(), changed(edit))
    assert found
    assert not any(change.breaks for change in found), [*map(str, found)]
    assert "--release" in advice(found)
