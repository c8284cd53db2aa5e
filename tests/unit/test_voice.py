"""What stands on the wire when an owner speaks: the envelope, complete and as the contract says."""

import json
from datetime import UTC, datetime

from chassis.messages import Act
from chassis.saying import Voice
from contracts.topology import EVENTS, FACTS

NUMBER = "5043812177304"
NOW = datetime(2026, 3, 16, 9, 0, 0, 120_000, tzinfo=UTC)


def test_moments_have_milliseconds_in_the_envelope_and_in_its_data() -> None:
    voice = Voice("intake", EVENTS, {fact.name(): fact for fact in FACTS["intake"]})
    said = {"kind": "complaint", "channel": "web", "received_at": NOW, "seal_key": "k", "sealed": "1.x"}
    entry = voice.entry(
        ("service-registered", said),
        message=Act("web:1", NUMBER),
        number=NUMBER,
        seq=1,
        clock=1,
        now=NOW,
        standing={"kind": "complaint"},
    )
    event = json.loads(entry["body"])
    assert event["time"] == event["data"]["received_at"] == "2026-03-16T09:00:00.120Z"
    assert event["data"]["standing"]["kind"] == "complaint"
    assert (event["seq"], event["correlation"], event["cause"]) == (1, "web:1", "web:1")
