"""Does the AsyncAPI document hold together, and does it say of every message who sends it and who receives it?"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from contracts.description.messages import messages
from contracts.description.wire import queues

from contracts import topology

CONTRACTS = Path(__file__).resolve().parents[2] / "contracts"
#: One example each for what stands for a channel, a firm and a user in the names of queues.
PATTERNS = {"reply.{user}": "reply.channel-{channel}"}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((CONTRACTS / "asyncapi.yaml").read_text())
    return loaded


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def followed(document: dict[str, Any], reference: str) -> Any:
    """What a reference leads to. Errors: KeyError, FileNotFoundError."""
    if not reference.startswith("#/"):
        return json.loads((CONTRACTS / reference).read_text())
    node: Any = document
    for part in reference.removeprefix("#/").split("/"):
        node = node[part]
    return node


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    found = list(references(document))
    assert found
    for reference in found:
        assert followed(document, reference)


def test_an_operation_names_messages_of_its_own_channel(document: dict[str, Any]) -> None:
    for name, operation in document["operations"].items():
        for part in (operation, operation.get("reply", {})):
            for message in part.get("messages", []):
                assert message["$ref"].startswith(part["channel"]["$ref"] + "/messages/"), name


def test_every_message_is_sent_and_received_by_whom_the_topology_says(document: dict[str, Any]) -> None:
    sent: dict[str, set[str]] = {}
    received: dict[str, set[str]] = {}
    for operation in document["operations"].values():
        by = sent if operation["action"] == "send" else received
        for message in operation["messages"]:
            by.setdefault(message["$ref"].rsplit("/", 1)[-1], set()).add(operation["tags"][0]["name"])
    names = {"channel {channel}": "channel", "PUJK {code}": "pujk"}
    for expected in messages():
        assert sent[expected.key] == {names.get(who, who) for who in expected.said_by}
        assert received[expected.key] == {names.get(who, who) for who in expected.heard_by}


def test_every_exchange_and_queue_of_the_document_stands_in_the_topology(document: dict[str, Any]) -> None:
    exchanges = {exchange.name: exchange.kind for exchange in topology.EXCHANGES}
    standing = {queue.name for queue in queues()}
    for channel in document["channels"].values():
        amqp = channel["bindings"]["amqp"]
        if amqp["is"] == "queue":
            assert PATTERNS.get(amqp["queue"]["name"], amqp["queue"]["name"]) in standing
        else:
            assert exchanges[amqp["exchange"]["name"]] == amqp["exchange"]["type"]


def test_a_request_names_its_replies_and_the_user_that_sends_it(document: dict[str, Any]) -> None:
    submit = document["operations"]["channel.send.channel.submission.v1"]
    assert submit["bindings"]["amqp"]["userId"] == "channel-{channel}"
    replies = {message["$ref"].rsplit("/", 1)[-1] for message in submit["reply"]["messages"]}
    assert replies == {"reply.receipt.v1", "reply.refusal.v1"}


def test_every_message_says_how_replies_and_chains_are_told_apart(document: dict[str, Any]) -> None:
    for message in document["components"]["messages"].values():
        assert followed(document, message["correlationId"]["$ref"])["location"].startswith("$message.")
        assert message["contentType"] in {"application/cloudevents+json", "application/json"}
    assert document["servers"]["broker"]["security"]
