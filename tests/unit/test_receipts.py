"""A receipt holds what a history was: no entry changes, no chain is made anew, and nobody finds out."""

import json
from hashlib import sha256
from typing import Any

import pytest
from chassis.clock import to_milliseconds
from chassis.receipts import EMPTY, entry_digest, heads, leaf, root, root_by, way
from contracts.reading import said
from kit.facts import AMatter
from tracking.domain.timeline import Timeline
from tracking.usecases.looking import FoldFact
from tracking.usecases.receipts import changes, digest

NUMBER = "5043812177304"


def hashes(count: int) -> list[bytes]:
    return [sha256(bytes([n])).digest() for n in range(count)]


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 8, 13])
def test_each_leaf_finds_its_way_to_the_root(count: int) -> None:
    leaves = hashes(count)
    for place, one in enumerate(leaves):
        assert root_by(way(leaves, place), one) == root(leaves)


def test_another_leaf_leads_elsewhere() -> None:
    leaves = hashes(5)
    assert root_by(way(leaves, 2), leaves[3]) != root(leaves)
    assert root([]) == EMPTY != root(leaves[:1])


def test_a_head_depends_on_every_entry_before_it_and_on_the_number() -> None:
    digests = [one.hex() for one in hashes(3)]
    whole = heads(NUMBER, digests)
    assert heads(NUMBER, digests[:2]) == whole[:2]
    assert heads(NUMBER, [digests[1], digests[0], digests[2]])[-1] != whole[-1]
    assert heads("1234567890128", digests)[-1] != whole[-1]
    assert leaf(whole[-1]) != whole[-1]


def test_a_digest_is_of_everything_that_an_entry_says() -> None:
    entry = {"id": "1", "type": "x", "data": {"a": 1, "sealed": "s"}}
    assert entry_digest(entry) == entry_digest(dict(reversed(entry.items())))
    assert entry_digest({**entry, "data": {"a": 1, "sealed": "t"}}) != entry_digest(entry)
    with pytest.raises(TypeError):
        entry_digest({"id": object()})


class One:
    """Applies changes to one timeline at once."""

    def __init__(self, number: str) -> None:
        self.timeline = Timeline(number)

    async def change(self, message: Any, change: Any) -> Any:
        change(self.timeline)

    async def get(self, number: str) -> Timeline | None:
        return self.timeline


async def a_timeline() -> Timeline:
    story = AMatter()
    story.registered(), story.routed(), story.taken_over()
    timelines = One(story.number)
    for event in story.said:
        await FoldFact(timelines)(event)
    return timelines.timeline


async def test_what_is_heard_is_chained_in_the_order_of_hearing() -> None:
    timeline = await a_timeline()
    assert [one.id for one in timeline.links] == [one["id"] for one in timeline.entries]
    assert changes(timeline, [one.digest for one in timeline.links]) == []


async def test_an_entry_that_is_changed_is_named_also_where_its_chain_is_made_anew() -> None:
    timeline = await a_timeline()
    given = [one.digest for one in timeline.links]
    timeline.entries[1]["data"]["round"] = 7
    assert changes(timeline, given) == [2]
    timeline.links = []
    timeline.link(digest)
    assert changes(timeline, given) == [2]


async def test_an_entry_that_is_taken_away_is_named_and_a_new_one_is_not() -> None:
    timeline = await a_timeline()
    given = [one.digest for one in timeline.links]
    assert changes(timeline, given[:2]) == []
    del timeline.entries[0]
    assert changes(timeline, given) == [1]


async def test_the_digest_is_the_same_after_the_entry_was_stored_and_read() -> None:
    timeline = await a_timeline()
    entry = timeline.entries[0]
    assert digest({**entry, "time": to_milliseconds(entry["time"])}) == digest(entry)


def test_what_a_contract_takes_for_granted_changes_nothing() -> None:
    before = {"round": 1, "demand": 1}
    assert said("slkt.tracking.relief-confirmed.v1", before | {"later": None}) == before
    sent = {"of": "1", "turn": "closed"}
    assert said("slkt.notifier.notification-sent.v1", sent | {"by": "email"}) == sent
    assert said("slkt.tracking.nobody-knows.v1", {"a": 1}) == {"a": 1}
    assert json.dumps(said("slkt.notifier.notification-sent.v1", sent | {"by": "sms"})) != json.dumps(sent)
