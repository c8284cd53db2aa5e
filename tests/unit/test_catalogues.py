"""What can be said to a consumer has its words, in Indonesian and English, and they can be filled in."""

import json
from importlib.resources import files
from typing import Any, get_args

import contracts.cases
import contracts.intake
import contracts.notifier
import contracts.pujk_gateway
import contracts.routing
import contracts.tracking
import pytest
from contracts.base import AccountFact
from jinja2 import Environment, StrictUndefined

MAILS = json.loads(files("notifier").joinpath("data/mails.json").read_text(encoding="utf-8"))
TEXTS = json.loads(files("tracking").joinpath("data/texts.json").read_text(encoding="utf-8"))
TAXONOMY = json.loads(files("contracts").joinpath("data/taxonomy.json").read_text(encoding="utf-8"))
JINJA = Environment(undefined=StrictUndefined, autoescape=False)
VALUES = {
    "moment": "7 April 2026 pukul 23.59 WIB",
    "name": "Sri Rahayu",
    "number": "P 5043 8121 7730 4",
    "pujk": "Bank Satu",
    "due": "7 April 2026",
    "until": "7 April 2026 pukul 23.59 WIB",
    "promised": "7 April 2026",
    "link": "https://track.example.org/track/link/abc",
    "gets": "- Permintaan 1: dikabulkan",
    "feedback": "https://track.example.org/track/link/def",
    "due_day": "7 Apr",
    "until_day": "7 Apr",
    "count": 2,
    "firm": "Bank Satu",
    "at": "7 April 2026 pukul 10.00 WIB",
    "what": "Permintaan 1",
    "answer": "Ya.",
    "tracking_url": "https://track.example.org",
    "matter": "pengaduan",
    "minutes": 5,
    "n": 3,
    "more": 10,
    "hour": "09",
    "minute": "05",
    "day": 7,
    "month": "April",
    "year": 2026,
}
OWNERS = (contracts.intake, contracts.routing, contracts.pujk_gateway, contracts.notifier, contracts.tracking)


def leaves(value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, dict):
        return []
    if {"id", "en"} <= value.keys():
        return [value]
    return [leaf for inner in value.values() for leaf in leaves(inner)]


def texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [text for inner in (value.values() if isinstance(value, dict) else value) for text in texts(inner)]


@pytest.mark.parametrize("turn", [turn for turn in get_args(contracts.notifier.Turn) if turn != "closed"])
def test_every_turn_has_a_mail(turn: str) -> None:
    assert turn in MAILS["turns"]


@pytest.mark.parametrize("reason", ["resolved", "withdrawn", "recorded"])
def test_every_ending_has_a_mail_and_a_word(reason: str) -> None:
    assert f"closed-{reason}" in MAILS["turns"]
    assert reason in TEXTS["details"]["closed"]


OF_MATTERS = [fact.name() for owner in OWNERS for fact in owner.FACTS if not issubclass(fact, AccountFact)]


@pytest.mark.parametrize("fact", OF_MATTERS)
def test_every_fact_of_a_matter_has_a_line_on_the_timeline(fact: str) -> None:
    assert set(TEXTS["entries"][fact]) == {"id", "en"}


def test_every_kind_a_firm_or_consumer_may_choose_has_a_word() -> None:
    details = TEXTS["details"]
    assert set(details["resolution"]) == set(get_args(contracts.cases.ResolutionKind))
    assert set(details["follow_up"]) == set(get_args(contracts.cases.FollowUpKind))
    assert set(details["decline"]) == set(get_args(contracts.cases.DeclineKind))
    assert set(details["kind"]) == set(get_args(contracts.intake.Kind))


@pytest.mark.parametrize("catalogue", [MAILS, TEXTS], ids=["mails", "tracking"])
def test_every_text_stands_in_both_languages_and_can_be_filled_in(catalogue: dict[str, Any]) -> None:
    found = leaves(catalogue)
    assert len(found) > 15
    for pair in found:
        assert set(pair) == {"id", "en"}
        for text in texts(pair):
            said = JINJA.from_string(text).render(VALUES)
            assert said.strip()
            assert "{" not in said


def test_a_mail_never_holds_the_pin() -> None:
    assert not [text for text in texts(MAILS) if "{{ pin" in text]


def test_a_taxonomy_code_is_plain_and_stands_once() -> None:
    codes = [entry["code"] for entry in TAXONOMY if entry["kind"] in ("product", "issue")]
    assert len(codes) > 50
    assert len(set(codes)) == len(codes)
    assert all(code.replace("_", "").isascii() and code == code.lower() and " " not in code for code in codes)
    assert all(entry["id"] and entry["en"] and entry["valid_from"] for entry in TAXONOMY)
