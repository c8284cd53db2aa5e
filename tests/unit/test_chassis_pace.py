"""When does a batch begin, what is remembered, and what was here a moment ago?"""

import asyncio
from time import monotonic

import pytest
from chassis.lately import Lately
from chassis.memory import Memory
from chassis.pacing import Gathering, Pace

from chassis import lately, memory, pacing


class Time:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    made = Time()
    for module in (lately, memory, pacing):
        monkeypatch.setattr(module, "monotonic", made)
    return made


def test_few_wait_hardly_and_many_wait_the_most(time: Time) -> None:
    pace = Pace(0.001, 0.05)
    assert pace.pause() == 0
    pace.began(0)
    assert pace.pause() == pytest.approx(0.001)
    pace.began(2)
    assert pace.pause() == pytest.approx(0.006)
    pace.began(150)
    assert pace.pause() == pytest.approx(0.05)
    time.now += 0.06
    assert pace.pause() == 0


async def test_who_rests_goes_on_when_somebody_hurries() -> None:
    pace = Pace(60.0, 60.0)
    await pace.rest()
    pace.began(1)
    resting = asyncio.create_task(pace.rest())
    assert await asyncio.wait([resting], timeout=0.01) == (set(), {resting})
    pace.hurry()
    async with asyncio.timeout(5):
        await resting


async def test_more_is_awaited_while_more_comes() -> None:
    waits, gathering = [3, 5, 8, 8], Gathering(1.0)
    await gathering.settle(lambda: waits.pop(0), 200)
    assert waits == [], "twice more came, and then nothing"


async def test_nothing_is_awaited_where_matters_come_one_by_one_or_enough_wait() -> None:
    gathering, began = Gathering(60.0), monotonic()
    await gathering.settle(lambda: 1, 200)
    gathering.began(1)
    await gathering.settle(lambda: 1, 200)
    await gathering.settle(lambda: 200, 200)
    assert monotonic() - began < 1


async def test_gathering_ends() -> None:
    waits, gathering = iter(range(2, 10_000)), Gathering(0.01)
    async with asyncio.timeout(5):
        await gathering.settle(lambda: next(waits), 20_000)


def test_a_name_is_known_for_a_minute_and_among_the_last(time: Time, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lately, "MOST", 3)
    known = Lately()
    for name in ("", "a", "b", "c", "d"):
        known.add(name)
    assert [name in known for name in ("", "a", "b", "c", "d")] == [False, False, True, True, True]
    time.now += lately.SECONDS + 1
    assert "d" not in known


def test_a_memory_is_bounded_and_mistrusted_after_it_was_wrong(time: Time, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "MOST", 2)
    kept = Memory()
    for number in "abc":
        kept.keep(number, {"_id": number, "state": {"text": "t", "parts": [{"sealed": "s"}]}})
    assert set(kept.recall("abc")) == {"b", "c"}
    kept.forget("b")
    kept.was_wrong()
    assert kept.recall("abc") == {}
    time.now += memory.MISTRUST_SECONDS
    assert set(kept.recall("abc")) == {"c"}


def test_of_large_matters_few_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "CHARACTERS_MOST", 100_000)
    kept, numbers = Memory(), [str(n) for n in range(400)]
    for number in numbers:
        kept.keep(number, {"_id": number, "state": {"entries": [{"data": {"sealed": "x" * 10_000}}], "count": 7}})
    assert 5 <= len(kept.recall(numbers)) <= 11
