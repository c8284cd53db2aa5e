"""The rules of one matter: what is heard, refused, said and written, without any database."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from chassis.documents import Documents
from chassis.matter import ACTS_KEPT, MAX_BYTES, Job, Matter
from chassis.messages import Act, Message, of_worker
from chassis.refusals import Erased, KeyReused, MatterFull, NotFound, NumberTaken
from chassis.saying import Voice
from contracts.base import MAX_FACT_BYTES
from kit.ground import pong
from kit.pings import WIRE, Ping, Pinged, TooShy
from pymongo import InsertOne, UpdateOne

NUMBER = "5043812177304"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LEASE = NOW + timedelta(seconds=30)
DOCUMENTS = Documents(Ping, Ping)
VOICE = Voice("ping", WIRE.events, {Pinged.name(): Pinged})


def applied(stored: dict[str, Any] | None, *jobs: Job[Ping]) -> tuple[Matter[Ping], Any]:
    matter = Matter(NUMBER, stored, DOCUMENTS, VOICE)
    for job in jobs:
        matter.apply(job, NOW)
    return matter, matter.plan(list(jobs), NOW, LEASE, "stamp")


def job(message: Message, text: str = "x", **but: Any) -> Job[Ping]:
    return Job(message, lambda ping: ping.ponged(text), **but)


def stored(**but: Any) -> dict[str, Any]:
    known: dict[str, Any] = {"_id": NUMBER, "version": 3, "seq": 2, "clock": 9, "size": 10, "heard": {"pong": [[1, 4]]}}
    known |= {"acts": [], "unsent": [], "state": {"count": 2, "texts": ["a", "b"], "deliveries": []}}
    return known | but


def test_what_is_new_is_inserted_and_what_is_known_is_changed_under_its_version() -> None:
    _, new = applied(None, job(pong(NUMBER, 1)))
    assert isinstance(new.write, InsertOne)
    _, known = applied(stored(), job(pong(NUMBER, 5)))
    assert isinstance(known.write, UpdateOne)
    assert known.write._filter == {"_id": NUMBER, "version": 3, "stamp": None, "erased_at": None}
    assert known.write._upsert in (None, False)
    update: Any = known.write._doc
    assert update["$set"]["version"] == 4
    assert update["$set"]["heard.pong"] == [[1, 5]]
    assert update["$push"]["state.texts"] == {"$each": ["x"]}
    assert [entry["seq"] for entry in update["$push"]["unsent"]["$each"]] == [3]
    assert update["$set"]["lease"] == LEASE


def test_many_messages_are_one_write_and_numbered_without_a_gap() -> None:
    matter, plan = applied(None, *(job(pong(NUMBER, seq)) for seq in (1, 2, 3)))
    assert matter.aggregate.count == 3
    assert [entry["seq"] for entry in plan.entries] == [1, 2, 3]


def test_what_was_heard_is_repeated_and_writes_nothing() -> None:
    again = job(pong(NUMBER, 4))
    _, plan = applied(stored(), again)
    assert again.repeated and again.error is None
    assert plan.write is None and plan.entries == []


def test_a_refusal_leaves_no_trace_in_memory() -> None:
    good, shy, also_good = job(pong(NUMBER, 5), "one"), job(pong(NUMBER, 6), "shy"), job(pong(NUMBER, 7), "two")
    matter, plan = applied(stored(), good, shy, also_good)
    assert isinstance(shy.error, TooShy)
    assert matter.aggregate.texts == ["a", "b", "one", "two"]
    assert [entry["seq"] for entry in plan.entries] == [3, 4]
    assert plan.write._doc["$set"]["heard.pong"] == [[1, 5], [7, 7]]


def test_only_refusals_write_nothing() -> None:
    _, plan = applied(stored(), job(pong(NUMBER, 5), "shy"))
    assert plan.write is None and plan.entries == []


@pytest.mark.parametrize(
    ("known", "asked", "but", "refusal"),
    [
        (None, Act("k", NUMBER), {}, NotFound),
        (stored(), Act("k", NUMBER), {"fresh": True, "creates": True}, NumberTaken),
        (stored(acts=[{"id": "k", "digest": "a", "at": NOW}]), Act("k", NUMBER, "b"), {}, KeyReused),
        (stored(seq=2_000), Act("k", NUMBER), {}, MatterFull),
        (stored(size=MAX_BYTES), Act("k", NUMBER), {}, MatterFull),
        ({"_id": NUMBER, "erased_at": NOW, "heard": {}}, Act("k", NUMBER), {}, Erased),
    ],
)
def test_each_refusal_of_an_act(known: Any, asked: Act, but: dict[str, Any], refusal: type[Exception]) -> None:
    one = job(asked, **but)
    _, plan = applied(known, one)
    assert type(one.error) is refusal
    assert plan.write is None


def test_a_full_matter_still_hears_and_still_takes_its_workers_acts() -> None:
    for message in (pong(NUMBER, 5), of_worker(NUMBER)):
        one = job(message)
        _, plan = applied(stored(seq=2_000), one)
        assert one.error is None and plan.write is not None


def test_a_workers_act_is_not_remembered() -> None:
    _, plan = applied(stored(), job(of_worker(NUMBER)))
    assert "acts" not in plan.write._doc["$push"]


def test_acts_are_forgotten_after_ninety_days_but_the_first_never() -> None:
    long_ago = NOW - ACTS_KEPT - timedelta(days=1)
    old = [{"id": name, "digest": "", "at": long_ago} for name in ("first", "second")]
    _, plan = applied(stored(acts=old), job(Act("third", NUMBER)))
    assert [act["id"] for act in plan.write._doc["$set"]["acts"]] == ["first", "third"]


def test_the_clock_is_past_everything_heard() -> None:
    _, plan = applied(stored(), job(pong(NUMBER, 5, clock=40)), job(pong(NUMBER, 6, clock=3)))
    clocks = [entry["body"].split('"clock":')[1].split(",")[0] for entry in plan.entries]
    assert clocks == ["41", "42"]


def test_an_erased_matter_marks_what_it_hears_and_says_nothing() -> None:
    one = job(pong(NUMBER, 5))
    _, plan = applied({"_id": NUMBER, "erased_at": NOW, "heard": {}}, one)
    assert one.error is None and plan.entries == []
    assert set(plan.write._doc["$set"]) == {"version", "clock", "stamp", "heard.pong"}
    # What erasing left has no version: None finds it.
    assert plan.write._filter == {"_id": NUMBER, "version": None, "stamp": None, "erased_at": NOW}


def test_a_fact_that_is_too_large_on_the_wire_is_refused_not_sent() -> None:
    # 150,000 letters of two bytes each: short enough as text, too long as a message.
    one = job(pong(NUMBER, 5), "é" * 150_000)
    assert 150_000 < MAX_FACT_BYTES < 300_000
    matter, plan = applied(stored(), one)
    assert isinstance(one.error, MatterFull)
    assert matter.aggregate.texts == ["a", "b"] and plan.write is None


def test_a_fact_that_this_owner_does_not_say_is_a_defect_of_its_message_alone() -> None:
    wrong = Job[Ping](pong(NUMBER, 5), lambda ping: ping.said.append(("sung", {})))
    right = job(pong(NUMBER, 6))
    _, plan = applied(stored(), wrong, right)
    assert isinstance(wrong.error, KeyError)
    assert [entry["seq"] for entry in plan.entries] == [3]
