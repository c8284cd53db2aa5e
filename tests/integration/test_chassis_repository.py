"""A matter changes once, whoever else changes it: creation, versions, what was heard, what was asked before."""

import asyncio
from itertools import pairwise
from typing import Any

import pytest
from chassis.messages import Act
from chassis.refusals import Erased, KeyReused, MatterFull, NotFound, NumberTaken
from kit.ground import Ground, a_number, pong, together
from kit.pings import Ping, TooShy
from motor.motor_asyncio import AsyncIOMotorClient
from opentelemetry.sdk.trace import TracerProvider
from pymongo.monitoring import CommandListener

from chassis import telemetry

MATTERS, EVENTS = 8, 25


class Commands(CommandListener):
    """Counts what is asked of the database."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def started(self, event: Any) -> None:
        if event.command_name in ("find", "insert", "update"):
            self.names.append(f"{event.command_name} {event.command[event.command_name]}")

    def succeeded(self, event: Any) -> None: ...
    def failed(self, event: Any) -> None: ...


async def test_a_creation_is_one_insert_with_state_fact_and_act_in_it(ground: Ground) -> None:
    number, pings = a_number(), ground.repository()
    changed = await pings.change(Act("key-1", number, "body"), lambda p: p.ponged("hello"), fresh=True)
    await pings.close()
    stored = await ground.matter(number)
    assert (changed.aggregate.count, changed.repeated) == (1, False)
    assert (stored["version"], stored["seq"], stored["state"]["texts"], stored["unsent"]) == (1, 1, ["hello"], [])
    assert [act["id"] for act in stored["acts"]] == ["key-1"]
    [fact] = await ground.facts(number)
    assert (fact["seq"], fact["cause"], fact["data"]["standing"]) == (1, "key-1", {"count": 1})


async def test_two_processes_on_the_same_matters_lose_nothing_and_double_nothing(ground: Ground) -> None:
    one, other = ground.repository(), ground.repository()
    numbers = [a_number() for _ in range(MATTERS)]
    events = [pong(number, seq) for number in numbers for seq in range(1, EVENTS + 1)]
    # Every event is given to both: the same delivery twice, at the same time, in two processes.
    results = await together(*(r.change(e, lambda p: p.ponged()) for e in events for r in (one, other)))
    await asyncio.gather(one.close(), other.close())
    assert [r for r in results if isinstance(r, BaseException)] == []
    assert sum(r.repeated for r in results) == len(events)
    for number in numbers:
        stored = await ground.matter(number)
        assert (stored["state"]["count"], stored["seq"], stored["heard"]) == (EVENTS, EVENTS, {"pong": [[1, EVENTS]]})
        facts = await ground.facts(number)
        assert [fact["seq"] for fact in facts] == list(range(1, EVENTS + 1))
        assert [fact["data"]["count"] for fact in facts] == list(range(1, EVENTS + 1))
        assert len({fact["id"] for fact in facts}) == EVENTS


async def test_a_write_that_lost_against_another_runs_again_on_what_the_other_wrote(ground: Ground) -> None:
    number, mine = a_number(), ground.repository()
    await mine.change(pong(number, 1), lambda p: p.ponged("first"))
    stored = (await ground.matter(number))["version"]
    meddled = False

    def change(ping: Ping) -> None:
        nonlocal meddled
        if not meddled:
            # Between this one's load and its write, somebody else writes.
            meddled = True
            with ground.mongod.client() as client:
                client[ground.name]["pings"].update_one(
                    {"_id": number}, {"$inc": {"version": 1}, "$set": {"state.count": 40}}
                )
        ping.ponged("second")

    changed = await mine.change(pong(number, 2), change)
    assert changed.aggregate.count == 41
    assert (await ground.matter(number))["version"] == stored + 2


async def test_a_hundred_messages_of_one_matter_are_few_writes_and_a_hundred_runs(ground: Ground) -> None:
    commands, number, runs = Commands(), a_number(), 0
    client: AsyncIOMotorClient[Any] = AsyncIOMotorClient(ground.mongod.mongo_url, event_listeners=[commands])
    pings = ground.repository(database=client[ground.name])

    def change(ping: Ping) -> None:
        nonlocal runs
        runs += 1
        ping.ponged()

    await asyncio.gather(*(pings.change(pong(number, seq), change) for seq in range(1, 101)))
    await pings.close()
    client.close()
    assert (await ground.matter(number))["state"]["count"] == 100
    assert runs == 100
    assert 2 <= len([c for c in commands.names if c.endswith(" pings")]) <= 6, commands.names
    assert 1 <= len([c for c in commands.names if c.endswith(" facts")]) <= 2, commands.names


async def test_a_number_that_is_taken_is_never_overwritten(ground: Ground) -> None:
    number, pings = a_number(), ground.repository()
    await pings.change(Act("mine", number, "a"), lambda p: p.ponged("mine"), fresh=True)
    with pytest.raises(NumberTaken):
        await pings.change(Act("another", number, "b"), lambda p: p.ponged("another"), fresh=True)
    assert (await ground.matter(number))["state"]["texts"] == ["mine"]
    # The same creation again is no collision: its answer was lost, and it is told the same.
    again = await pings.change(Act("mine", number, "a"), lambda p: p.ponged("mine"), fresh=True)
    assert (again.repeated, again.aggregate.count) == (True, 1)


async def test_an_act_is_remembered_and_its_key_is_good_for_one_body(ground: Ground) -> None:
    number, pings = a_number(), ground.repository()
    await pings.change(pong(number), lambda p: p.ponged())
    first, again = await asyncio.gather(
        *(pings.change(Act("k", number, "body"), lambda p: p.ponged()) for _ in range(2))
    )
    assert sorted((first.repeated, again.repeated)) == [False, True]
    with pytest.raises(KeyReused):
        await pings.change(Act("k", number, "other body"), lambda p: p.ponged())
    assert (await ground.matter(number))["state"]["count"] == 2


@pytest.mark.parametrize("order", [[1, 2, 3, 4, 5], [5, 4, 3, 2, 1], [2, 2, 5, 1, 1, 4, 3, 5]])
async def test_events_in_any_order_and_number_end_in_the_same_state(ground: Ground, order: list[int]) -> None:
    number, pings = a_number(), ground.repository()
    for seq in order:
        await pings.change(pong(number, seq), lambda p: p.ponged())
    stored = await ground.matter(number)
    assert (stored["state"]["count"], stored["heard"]) == (5, {"pong": [[1, 5]]})


async def test_a_gap_stays_open_until_its_event_comes(ground: Ground) -> None:
    number, pings = a_number(), ground.repository()
    for seq in (1, 2, 7):
        await pings.change(pong(number, seq), lambda p: p.ponged())
    assert (await ground.matter(number))["heard"] == {"pong": [[1, 2], [7, 7]]}


async def test_an_event_makes_a_stub_and_an_act_about_nothing_is_not_found(ground: Ground) -> None:
    number, pings = a_number(), ground.repository()
    with pytest.raises(NotFound):
        await pings.change(Act("k", number), lambda p: p.ponged())
    assert await ground.matter(number) == {}
    await pings.change(pong(number, 4), lambda p: None)
    assert (await ground.matter(number))["state"]["count"] == 0


async def test_an_erased_matter_hears_and_drops(ground: Ground) -> None:
    number, pings = a_number(), ground.repository()
    await ground.database["pings"].insert_one({"_id": number, "erased_at": ground.clock.now(), "heard": {}})
    for seq in (1, 2, 2):
        async with asyncio.timeout(10):
            await pings.change(pong(number, seq), lambda p: p.ponged("too late"))
    stored = await ground.matter(number)
    assert stored["heard"] == {"pong": [[1, 2]]}
    assert "state" not in stored and "unsent" not in stored
    assert await pings.get(number) is None
    with pytest.raises(Erased):
        await pings.change(Act("k", number), lambda p: p.ponged())


async def test_a_matter_that_was_erased_elsewhere_is_not_written_from_memory(ground: Ground) -> None:
    number, pings, another = a_number(), ground.repository(), ground.repository()
    await pings.change(pong(number, 1), lambda p: p.ponged())
    erased = {"_id": number, "erased_at": ground.clock.now(), "heard": {"pong": [[1, 1]]}}
    await ground.database["pings"].replace_one({"_id": number}, erased)
    # What erasing left counts its versions from the beginning.
    await another.change(pong(number, 2), lambda p: p.ponged())
    await pings.change(pong(number, 3), lambda p: p.ponged("too late"))
    stored = await ground.matter(number)
    assert stored["heard"] == {"pong": [[1, 3]]}
    assert "state" not in stored and "unsent" not in stored


async def test_a_full_matter_takes_no_act_and_still_hears(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chassis.matter.MAX_ENTRIES", 3)
    number, pings = a_number(), ground.repository()
    for seq in (1, 2, 3):
        await pings.change(pong(number, seq), lambda p: p.ponged())
    with pytest.raises(MatterFull):
        await pings.change(Act("k", number), lambda p: p.ponged())
    await pings.change(pong(number, 4), lambda p: p.ponged())
    assert (await ground.matter(number))["state"]["count"] == 4


async def test_a_refused_change_leaves_no_trace_and_the_others_of_its_batch_are_written(ground: Ground) -> None:
    number, other, pings = a_number(), a_number(), ground.repository()
    results = await together(
        pings.change(pong(number, 1), lambda p: p.ponged("one")),
        pings.change(pong(number, 2), lambda p: p.ponged("shy")),
        pings.change(pong(number, 3), lambda p: p.ponged("three")),
        pings.change(pong(other, 1), lambda p: p.ponged("other")),
    )
    assert [type(r) for r in results if isinstance(r, BaseException)] == [TooShy]
    stored = await ground.matter(number)
    assert (stored["state"]["texts"], stored["state"]["count"]) == (["one", "three"], 2)
    assert stored["heard"] == {"pong": [[1, 1], [3, 3]]}
    assert [fact["seq"] for fact in await ground.facts(number)] == [1, 2]
    assert (await ground.matter(other))["state"]["count"] == 1


async def test_clock_is_past_all_heard_and_cause_and_chain_are_kept(ground: Ground) -> None:
    number, pings = a_number(), ground.repository()
    late = pong(number, 2, clock=40)
    await pings.change(late, lambda p: p.ponged())
    early = pong(number, 1, clock=7)
    await pings.change(early, lambda p: p.ponged())
    facts = await ground.facts(number)
    assert [fact["clock"] for fact in facts] == [41, 42]
    assert all(b["clock"] > a["clock"] for a, b in pairwise(facts))
    assert [(fact["cause"], fact["correlation"]) for fact in facts] == [(e.id, "first-of-all") for e in (late, early)]


async def test_each_fact_belongs_to_the_trace_of_its_own_message_though_written_together(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telemetry, "_tracer", TracerProvider().get_tracer("test"))
    pings, traces = ground.repository(), {a_number(): f"{i:032x}" for i in range(1, 6)}

    async def change(number: str, trace: str) -> None:
        with telemetry.span("handler", f"00-{trace}-b7ad6b7169203331-01"):
            await pings.change(pong(number), lambda p: p.ponged())

    await asyncio.gather(*(change(number, trace) for number, trace in traces.items()))
    for number, trace in traces.items():
        [fact] = await ground.facts(number)
        assert fact["traceparent"].split("-")[1] == trace


async def test_a_memory_that_is_out_of_date_decides_nothing(ground: Ground) -> None:
    """What a process wrote last it need not read; where another wrote since, it reads, also before it refuses."""
    one, other, number = ground.repository(), ground.repository(), a_number()
    await one.change(pong(number, 1), lambda p: p.ponged("a"))
    await other.change(pong(number, 2), lambda p: p.ponged("b"))
    await one.change(pong(number, 3), lambda p: p.ponged("c"))
    await other.change(Act("late", number), lambda p: p.ponged("d"))

    def only_after_four(ping: Ping) -> None:
        if ping.count < 4:
            raise TooShy(f"only {ping.count}")
        ping.ponged("e")

    changed = await one.change(Act("asks", number), only_after_four)
    assert changed.aggregate.texts == ["a", "b", "c", "d", "e"]
    assert (await ground.matter(number))["version"] == 5


async def test_what_was_just_written_is_not_read_again(ground: Ground) -> None:
    commands = Commands()
    client: Any = AsyncIOMotorClient(ground.mongod.mongo_url, event_listeners=[commands], tz_aware=True)
    pings, number = ground.repository(database=client[ground.name]), a_number()
    for seq in (1, 2, 3):
        await pings.change(pong(number, seq), lambda p: p.ponged())
    assert commands.names.count("find pings") == 0
    client.close()
