"""What changed between two states is what has to be written, and no more."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from bson import decode, encode
from chassis.documents import CODEC, Documents, Said, changes
from hypothesis import given
from hypothesis import strategies as st

STATES = st.fixed_dictionaries(
    {
        "a": st.integers(0, 3),
        "b": st.lists(st.integers(0, 3), max_size=5),
        "c": st.lists(st.dictionaries(st.sampled_from("xy"), st.integers(0, 2)), max_size=4),
        "d": st.none() | st.text(max_size=3),
    }
)


def written(before: dict[str, Any], sets: dict[str, Any], pushes: dict[str, Any]) -> dict[str, Any]:
    """What MongoDB makes of it."""
    after = {name: list(value) if isinstance(value, list) else value for name, value in before.items()}
    for path, value in sets.items():
        after[path.removeprefix("state.")] = value
    for path, push in pushes.items():
        after[path.removeprefix("state.")] += push["$each"]
    return after


@given(STATES, STATES)
def test_what_is_written_makes_the_new_state_of_the_old(before: dict[str, Any], after: dict[str, Any]) -> None:
    sets, pushes = changes(before, after)
    assert written(before, sets, pushes) == after
    assert not set(sets) & set(pushes)


@given(STATES)
def test_nothing_changed_is_nothing_written(state: dict[str, Any]) -> None:
    assert changes(state, state) == ({}, {})


def test_a_list_that_only_grew_is_pushed() -> None:
    assert changes({"b": [1]}, {"b": [1, 2, 3]}) == ({}, {"state.b": {"$each": [2, 3]}})
    assert changes({"b": []}, {"b": [1]}) == ({"state.b": [1]}, {})
    assert changes({"b": [1, 2]}, {"b": [2, 1, 3]}) == ({"state.b": [2, 1, 3]}, {})


def test_a_field_that_is_new_to_the_class_is_written_though_it_is_none() -> None:
    assert changes({}, {"d": None}) == ({"state.d": None}, {})


@dataclass
class Entry:
    on: date
    at: datetime


@dataclass
class Thing:
    number: str
    entries: list[Entry] = field(default_factory=list)
    new_field: int = 7
    said: list[Said] = field(default_factory=list)

    def standing(self) -> dict[str, Any]:
        return {}


def test_an_aggregate_comes_back_as_it_was_without_number_and_facts_in_its_state() -> None:
    documents = Documents(Thing, Thing)
    at = datetime(2026, 3, 2, 9, 0, 0, 123_000, tzinfo=UTC)
    thing = Thing("5043812177304", [Entry(date(2026, 3, 2), at)], said=[("x", {})])
    state = documents.state(thing)
    assert set(state) == {"entries", "new_field"}
    stored = decode(encode({"state": state}, codec_options=CODEC), codec_options=CODEC)["state"]
    assert documents.aggregate(thing.number, stored) == Thing(thing.number, thing.entries)


def test_a_document_from_before_a_field_existed_gets_its_default() -> None:
    assert Documents(Thing, Thing).aggregate("5043812177304", {"entries": [], "gone": 1}).new_field == 7
