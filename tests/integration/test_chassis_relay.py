"""What was written is said, whatever happens to its writer, to the broker, or to one fact among many."""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from chassis.confirms import PublishFailed
from chassis.documents import Entry
from chassis.messages import Act
from chassis.messaging import Publisher
from chassis.refusals import Unavailable
from chassis.relay import TRIES, Relay
from chassis.repository import Repository
from kit.ground import Ground, a_number, pong
from kit.pings import Ping, Pinged
from kit.running import eventually
from prometheus_client import REGISTRY

LEASE_SECONDS = 0.3
NOBODY = "amqp://nobody:nothing@127.0.0.1:1/none"


def offline(ground: Ground, **but: Any) -> Repository[Ping]:
    """A writer whose broker is away."""
    return ground.repository(publisher=Publisher(ground.link("ping", NOBODY), app_id="ping"), **but)


async def said(ground: Ground) -> list[str]:
    """Ids of everything on the exchange, as a hearer of all gets it."""
    found = []
    while message := await ground.take("t.unrouted"):
        found.append(str(message.message_id))
    return found


@pytest.fixture
async def relay(ground: Ground) -> Relay:
    return Relay(ground.repository(lease_seconds=LEASE_SECONDS))


async def age_leases(ground: Ground) -> None:
    await ground.database["pings"].update_many(
        {"lease": {"$exists": True}}, [{"$set": {"lease": {"$subtract": ["$$NOW", 1]}}}]
    )


async def test_what_its_writer_could_not_say_the_relay_says_when_the_lease_has_run_out(
    ground: Ground, relay: Relay
) -> None:
    writer, number = offline(ground, lease_seconds=LEASE_SECONDS), a_number()
    for seq in (1, 2):
        await writer.change(pong(number, seq), lambda p: p.ponged())
    unsent = [entry["_id"] for entry in (await ground.matter(number))["unsent"]]
    assert len(unsent) == 2 and await said(ground) == []
    await eventually(relay.oldest_unsent_seconds, "they grow old")
    await eventually(relay.once, "the lease runs out and the relay takes the matter over", 10)
    assert sorted(await said(ground)) == sorted(unsent)
    assert (await ground.matter(number))["unsent"] == []
    assert [fact["seq"] for fact in await ground.facts(number)] == [1, 2]
    assert await relay.oldest_unsent_seconds() == 0


async def test_what_a_living_writer_could_not_say_its_own_relay_says_before_the_lease_runs_out(ground: Ground) -> None:
    writer, number = ground.repository(lease_seconds=3600), a_number()
    own, another = Relay(writer), Relay(ground.repository())

    async def cut_off(entries: Sequence[Entry]) -> list[tuple[Entry, PublishFailed]]:
        return [(entry, PublishFailed("cut-off", alone=False)) for entry in entries]

    writer.sayer.publish = own._sayer.publish = cut_off  # type: ignore[method-assign]
    await writer.change(pong(number, 1), lambda p: p.ponged())
    assert len(writer.unsaid) == 1
    assert await own.once() == 1 and await said(ground) == []
    # Still cut off: it is tried again, by one matter at a time.
    assert len(writer.unsaid) == 1
    del own._sayer.publish
    assert await another.once() == 0
    assert await own.once() == 1
    assert len(await said(ground)) == 1 and (await ground.matter(number))["unsent"] == []
    assert await own.once() == 0


async def test_what_was_never_written_holds_up_nothing_that_was(ground: Ground) -> None:
    """A database that is away leaves the number of every matter that could not be written; most were not."""
    writer, number = offline(ground, lease_seconds=3600), a_number()
    writer.unsaid.add(a_number() for _ in range(250))
    await writer.change(pong(number, 1), lambda p: p.ponged())
    relay = Relay(writer)
    # Still no broker: so far it was tried once, and one matter at a time finds out.
    assert await relay.once() == 1
    writer.unsaid.add(a_number() for _ in range(250))
    relay._sayer = ground.repository().sayer.beside()
    assert await relay.once() == 1
    assert len(await said(ground)) == 1


async def test_a_matter_that_is_written_again_and_again_does_not_hold_back_the_fact_of_a_dead_writer(
    ground: Ground, relay: Relay
) -> None:
    number = a_number()
    await offline(ground, lease_seconds=3600).change(pong(number), lambda p: p.ponged())
    dead = [entry["_id"] for entry in (await ground.matter(number))["unsent"]]
    await ground.repository(lease_seconds=3600).change(pong(number, 2), lambda p: p.ponged())
    assert await relay.once() == 0
    await eventually(relay.once, "the relay takes the matter over although its lease runs on", 10)
    assert await relay.once() == 0
    assert dead[0] in await said(ground) and (await ground.matter(number))["unsent"] == []


async def test_a_lease_is_by_the_databases_clock(ground: Ground) -> None:
    writer, number = offline(ground, lease_seconds=3600), a_number()
    await writer.change(pong(number, 1), lambda p: p.ponged())
    assert await Relay(ground.repository()).once() == 0
    # A pod that believes it is tomorrow takes nothing over.
    ground.clock._anchor = ground.clock._anchor.replace(year=ground.clock._anchor.year + 1)
    assert await Relay(ground.repository()).once() == 0
    await age_leases(ground)
    assert await Relay(ground.repository()).once() == 1


async def test_two_relays_at_once_say_each_fact_once(ground: Ground) -> None:
    writer = offline(ground, lease_seconds=0.01)
    numbers = [a_number() for _ in range(60)]
    await asyncio.gather(*(writer.change(pong(number, 1), lambda p: p.ponged()) for number in numbers))
    await age_leases(ground)
    relays = [Relay(ground.repository(lease_seconds=30)) for _ in range(2)]
    taken = await asyncio.gather(*(relay.once() for relay in relays for _ in range(2)))
    assert sum(taken) == 60
    ids = await said(ground)
    assert len(ids) == len(set(ids)) == 60


async def test_after_a_crash_between_publish_and_move_the_same_fact_is_said_again_and_kept_once(
    ground: Ground, relay: Relay
) -> None:
    number, writer = a_number(), ground.repository(lease_seconds=LEASE_SECONDS)

    async def crashes(entries: Any) -> None:
        raise asyncio.CancelledError

    writer.sayer.move = crashes  # type: ignore[method-assign]
    await writer.change(pong(number, 1), lambda p: p.ponged())
    [first] = await said(ground)
    await eventually(relay.once, "the relay takes over what the dead process left", 10)
    assert await said(ground) == [first]
    assert [fact["id"] for fact in await ground.facts(number)] == [first]


@pytest.fixture
async def refusing(ground: Ground) -> AsyncIterator[None]:
    """The broker lets this service say nothing but what matches: the key of one fact is forbidden."""
    path = f"/topic-permissions/{ground.vhost}/ping"
    await ground.management(
        "PUT", path, json={"exchange": "t.events", "write": "^(?!ping\\.pinged\\.v1$).*$", "read": ".*"}
    )
    yield
    await ground.management("DELETE", path)


async def plant(ground: Ground, number: str, *types: str) -> list[str]:
    """Facts of these types wait unsaid in one matter."""
    writer = offline(ground, lease_seconds=0.01)
    for seq in range(1, len(types) + 1):
        await writer.change(pong(number, seq), lambda p: p.ponged())
    matter = await ground.matter(number)
    for entry, type_ in zip(matter["unsent"], types, strict=True):
        entry["type"] = type_
    await ground.database["pings"].update_one({"_id": number}, {"$set": {"unsent": matter["unsent"]}})
    return [entry["_id"] for entry in matter["unsent"]]


async def test_a_fact_refused_ten_times_alone_is_stuck_and_holds_up_nobody(ground: Ground, refusing: None) -> None:
    number, other = a_number(), a_number()
    good, bad, also_good = await plant(ground, number, "slkt.ping.other.v1", Pinged.type(), "slkt.ping.other.v1")
    [elsewhere] = await plant(ground, other, "slkt.ping.other.v1")
    await age_leases(ground)
    relay = Relay(ground.repository())
    assert await ground.publisher.publish_all([]) == [], "nothing to say is said at once"
    assert await relay.once() == 2
    # It closes the channel that the others use, and they are said all the same, in the same round.
    assert set(await said(ground)) == {good, also_good, elsewhere}
    [left] = (await ground.matter(number))["unsent"]
    assert (left["_id"], left["tries"]) == (bad, 1)
    assert await relay.oldest_unsent_seconds() == 0, "a refused fact must not close the doors"
    assert await relay.once() == 0, "it waits its turn"
    assert await said(ground) == []
    for tries in range(2, TRIES + 1):
        await ground.database["pings"].update_one({"_id": number}, {"$unset": {"unsent.0.not_before": 1}})
        await age_leases(ground)
        assert await relay.once() == 1, tries
    assert (await ground.matter(number))["unsent"] == []
    [stuck] = await ground.database["stuck"].find().to_list(None)
    assert (stuck["_id"], stuck["reason"], stuck["tries"]) == (bad, "ChannelAccessRefused", TRIES)
    assert re.search(r"\d", stuck["body"]), "it is kept whole"


async def test_a_fact_that_waits_does_not_make_a_newer_one_of_its_matter_wait(ground: Ground, refusing: None) -> None:
    number = a_number()
    [bad] = await plant(ground, number, Pinged.type())
    await age_leases(ground)
    relay = Relay(ground.repository(lease_seconds=LEASE_SECONDS))
    await relay.once()
    await ground.database["pings"].update_one(
        {"_id": number}, [{"$set": {"unsent.not_before": {"$add": ["$$NOW", 3_600_000]}}}]
    )
    await offline(ground, lease_seconds=0.01).change(pong(number, 9), lambda p: p.ponged())
    newer = (await ground.matter(number))["unsent"][-1]
    await ground.database["pings"].update_one({"_id": number}, {"$set": {"unsent.1.type": "slkt.ping.other.v1"}})
    await eventually(relay.once, "the newer fact is due", 10)
    assert await said(ground) == [newer["_id"]]
    assert [entry["_id"] for entry in (await ground.matter(number))["unsent"]] == [bad]


async def test_a_missing_exchange_blames_no_fact(ground: Ground) -> None:
    number = a_number()
    [waiting] = await plant(ground, number, Pinged.type())
    relay = Relay(ground.repository(lease_seconds=LEASE_SECONDS))
    channel = await ground._channel("operator")
    await channel.exchange_delete("t.events")
    try:
        for _ in range(TRIES + 2):
            await age_leases(ground)
            assert await relay.once() == 1
        [left] = (await ground.matter(number))["unsent"]
        assert (left["_id"], "tries" in left) == (waiting, False)
    finally:
        await ground.empty()
    await age_leases(ground)
    assert await relay.once() == 1
    assert [fact["id"] for fact in await ground.facts(number)] == [waiting]


async def test_when_facts_wait_too_long_acts_from_outside_are_refused_and_events_are_not(ground: Ground) -> None:
    number, pings = a_number(), ground.repository(unsent_alarm_seconds=60)
    await pings.change(pong(number, 1), lambda p: p.ponged())
    old = await plant(ground, a_number(), Pinged.type())
    await ground.database["pings"].update_one(
        {"unsent._id": old[0]},
        [
            {
                "$set": {
                    "unsent": {
                        "$map": {
                            "input": "$unsent",
                            "in": {"$mergeObjects": ["$$this", {"at": {"$subtract": ["$$NOW", 120_000]}}]},
                        }
                    }
                }
            }
        ],
    )
    # A younger one with an earlier lease must not hide it.
    [young] = await plant(ground, a_number(), Pinged.type())
    await age_leases(ground)
    earlier = [{"$set": {"lease": {"$subtract": ["$$NOW", 3_600_000]}}}]
    await ground.database["pings"].update_one({"unsent._id": young}, earlier)
    relay = Relay(pings)
    assert await relay.oldest_unsent_seconds() >= 120
    await relay._look()
    with pytest.raises(Unavailable):
        await pings.change(Act("k", number), lambda p: p.ponged())
    await pings.change(pong(number, 2), lambda p: p.ponged())
    await relay.once()
    await relay._look()
    await pings.change(Act("k", number), lambda p: p.ponged())


async def test_each_collection_tells_its_own_age(ground: Ground) -> None:
    """A service with nothing unsaid in one collection hides nothing that waits in another."""
    silent, quiet = offline(ground), ground.repository(collection="others")
    await quiet.ensure_indexes()
    await silent.change(pong(a_number()), lambda p: p.ponged())
    relays = [asyncio.create_task(Relay(one).run()) for one in (silent, quiet)]

    def ages() -> list[float | None]:
        name = "slkt_unsent_age_seconds"
        return [REGISTRY.get_sample_value(name, {"collection": one}) for one in ("pings", "others")]

    try:
        await eventually(lambda: ages()[0] and ages()[1] == 0, "the one ages, the other does not")
    finally:
        for relay in relays:
            relay.cancel()
        await asyncio.gather(*relays, return_exceptions=True)


async def test_two_facts_with_one_seq_are_never_taken_for_one(ground: Ground) -> None:
    number = a_number()
    [waiting] = await plant(ground, number, Pinged.type())
    await ground.database["facts"].insert_one({"_id": "another", "subject": number, "seq": 1, "body": "{}"})
    await age_leases(ground)
    await Relay(ground.repository()).once()
    assert [entry["_id"] for entry in (await ground.matter(number))["unsent"]] == [waiting]
