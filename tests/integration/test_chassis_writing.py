"""What cannot be written fails alone, and what may have been written is written once: many matters in one bulk."""

import asyncio
from typing import Any

import pytest
from chassis.messages import Act
from chassis.refusals import Unavailable
from kit.ground import Ground, a_number, pong, together
from kit.pings import Ping
from kit.proxy import proxied
from motor.motor_asyncio import AsyncIOMotorClient

#: A document of MongoDB holds 16 MiB; the driver takes no more in one message either.
TOO_LARGE = "x" * (17 * 2**20)


def says_too_much(ping: Ping) -> None:
    ping.texts.append(TOO_LARGE)


def says_no_text(ping: Ping) -> None:
    ping.count = 2**70


def good(ping: Ping) -> None:
    ping.ponged("good")


@pytest.mark.parametrize("bad", [says_too_much, says_no_text])
@pytest.mark.parametrize("known", [True, False], ids=["update", "insert"])
async def test_a_matter_that_cannot_be_written_fails_alone_among_fifty_one(
    ground: Ground, bad: Any, known: bool
) -> None:
    pings = ground.repository()
    numbers = [a_number() for _ in range(51)]
    if known:
        await asyncio.gather(*(pings.change(pong(number, 1), good) for number in numbers))
    culprit = numbers[25]
    results = await together(*(pings.change(pong(number, 2), bad if number == culprit else good) for number in numbers))
    await pings.close()
    assert [i for i, result in enumerate(results) if isinstance(result, BaseException)] == [25]
    assert not isinstance(results[25], Unavailable), "it would be tried for ever"
    for number in numbers:
        if number != culprit:
            assert (await ground.matter(number))["state"]["count"] == (2 if known else 1)
    assert (await ground.matter(culprit)).get("version") == (1 if known else None)
    assert await ground.database["facts"].count_documents({}) == (101 if known else 50)


async def test_within_a_matter_only_the_message_that_cannot_be_written_fails(ground: Ground) -> None:
    number, pings = a_number(), ground.repository()
    results = await together(
        pings.change(pong(number, 1), good),
        pings.change(pong(number, 2), says_no_text),
        pings.change(pong(number, 3), good),
    )
    assert [isinstance(result, BaseException) for result in results] == [False, True, False]
    stored = await ground.matter(number)
    assert (stored["state"]["count"], stored["heard"]) == (2, {"pong": [[1, 1], [3, 3]]})


async def test_a_document_that_its_class_cannot_read_fails_alone(ground: Ground) -> None:
    broken, sound = a_number(), a_number()
    await ground.repository().change(pong(broken, 1), good)
    pings = ground.repository()
    await ground.database["pings"].update_one({"_id": broken}, {"$set": {"state.count": "no number"}})
    results = await together(pings.change(pong(broken, 2), good), pings.change(pong(sound, 1), good))
    assert [isinstance(result, BaseException) for result in results] == [True, False]
    assert (await ground.matter(sound))["state"]["count"] == 1
    assert (await ground.matter(broken))["state"]["count"] == "no number"


async def test_a_change_that_cannot_run_again_writes_nothing_wrong(ground: Ground) -> None:
    number, pings = a_number(), ground.repository()
    times = 0

    def impure(ping: Ping) -> None:
        nonlocal times
        times += 1
        if times == 2:
            raise RuntimeError("not a second time")
        ping.ponged("impure")

    await together(pings.change(pong(number, 1), impure), pings.change(pong(number, 2), lambda p: p.ponged("shy")))
    stored = await ground.matter(number)
    # Either it stands with its fact, or there is nothing of it: never one without the other.
    assert stored.get("state", {}).get("texts", []) == ["impure"] * len(await ground.facts(number))
    assert [low for low, _ in stored.get("heard", {}).get("pong", [])] == [1] * len(await ground.facts(number))


@pytest.mark.parametrize(
    "failure",
    [
        {"closeConnection": True},
        {"errorCode": 10107},
        {"errorCode": 112},
        {"writeConcernError": {"code": 64, "errmsg": "waiting for replication timed out"}},
    ],
    ids=["cut off", "not primary", "write conflict", "write concern"],
)
@pytest.mark.parametrize("known", [True, False], ids=["update", "insert"])
async def test_an_unknown_outcome_tried_again_is_once(ground: Ground, failure: dict[str, Any], known: bool) -> None:
    pings, number = ground.repository(lease_seconds=0.5), a_number()
    if known:
        await pings.change(pong(number, 1), good)
    runs = [pong(number, seq) for seq in (2, 3)]
    unknown = 0
    # The driver tries once by itself; three failures in a row reach the chassis.
    fails = {"failCommands": ["insert", "update"], "namespace": f"{ground.name}.pings"} | failure
    with ground.failing("failCommand", {"times": 3}, **fails):
        for _ in range(6):
            for error in await together(*(pings.change(event, good) for event in runs)):
                if isinstance(error, BaseException):
                    assert isinstance(error, Unavailable), error
                    unknown += 1
    assert unknown, "the failpoint did not bite"
    stored = await ground.matter(number)
    assert stored["state"]["count"] == 2 + known
    seqs = {fact["seq"] for fact in await ground.facts(number)} | {entry["seq"] for entry in stored["unsent"]}
    assert sorted(seqs) == list(range(1, 3 + known))


async def test_an_act_whose_answer_was_lost_is_the_same_act_when_it_comes_again(ground: Ground) -> None:
    pings, number = ground.repository(), a_number()
    fails = {"failCommands": ["insert"], "writeConcernError": {"code": 64, "errmsg": "timed out"}}
    with (
        ground.failing("failCommand", {"times": 1}, namespace=f"{ground.name}.pings", **fails),
        pytest.raises(Unavailable),
    ):
        await pings.change(Act("k", number, "b"), good, fresh=True)
    again = await pings.change(Act("k", number, "b"), good, fresh=True)
    assert (again.repeated, again.aggregate.count) == (True, 1)
    assert (await ground.matter(number))["seq"] == 1


@pytest.mark.parametrize("known", [True, False], ids=["update", "insert"])
async def test_a_write_that_was_done_and_whose_answer_was_lost_is_not_done_again(ground: Ground, known: bool) -> None:
    number, direct = a_number(), ground.mongod.mongo_url.replace("replicaSet=slkt", "directConnection=true")
    if known:
        await ground.repository().change(pong(number, 1), good)
    async with proxied(direct) as (wire, url):
        client: AsyncIOMotorClient[Any] = AsyncIOMotorClient(url, w="majority", tz_aware=True, socketTimeoutMS=700)
        pings, runs = ground.repository(database=client[ground.name]), list[int]()

        def change(ping: Ping) -> None:
            # Between the load and the write: the write is done, and nobody learns of it.
            if not runs:
                wire.hold_answers()
            runs.append(1)
            good(ping)

        with pytest.raises(Unavailable):
            await pings.change(pong(number, 2), change)
        wire.thaw()
        again = await pings.change(pong(number, 2), change)
        client.close()
    assert again.repeated and len(runs) == 1
    assert (await ground.matter(number))["state"]["count"] == 1 + known
    assert (await ground.matter(number))["seq"] == 1 + known
