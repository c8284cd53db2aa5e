"""Timelines that were lost or altered become right again, while tracking goes on hearing; what is right is let be."""

from uuid import uuid4

import pytest
from contracts.pujk import TakeOver
from kit.command import judged, mailed, slkt
from kit.counted import kept
from kit.running import Suite


async def a_routed_complaint(running: Suite) -> str:
    number = str(running.bring()["number"])
    await mailed(running, number)
    return number


@pytest.mark.long
async def test_lost_and_altered_timelines_are_made_of_their_facts_again(running: Suite) -> None:
    lost, altered, right = [await a_routed_complaint(running) for _ in range(3)]
    timelines = running.mongo["tracking"]["timelines"]
    as_heard = {one["_id"]: one for one in timelines.find({"_id": {"$in": [lost, altered, right]}})}
    timelines.delete_one({"_id": lost})
    ghost = {**as_heard[altered]["state"]["entries"][0], "id": str(uuid4())}
    timelines.update_one(
        {"_id": altered}, {"$push": {"state.entries": ghost}, "$set": {"state.standings.routing.standing.round": 7}}
    )

    ended = slkt("rebuild", "tracking", stack=running)
    assert ended.code == 0
    assert "diperbaiki / repaired: 1" in ended.said and "dibuat / made: 1" in ended.said

    for number in (lost, altered, right):
        assert (await judged(running, number))[1] == []
        made, before = timelines.find_one({"_id": number}), as_heard[number]
        assert made is not None
        assert made["state"]["standings"] == before["state"]["standings"]
        assert {one["id"] for one in made["state"]["entries"]} == {one["id"] for one in before["state"]["entries"]}
        assert made["heard"] == before["heard"] and made["clock"] == before["clock"]
    repaired, let_be = (timelines.find_one({"_id": number}) or {} for number in (altered, right))
    assert repaired["version"] > as_heard[altered]["version"]
    # Rows are made again of all of them, and come to the same.
    moved = ("version", "stamp")
    assert {name: one for name, one in let_be.items() if name not in moved} == {
        name: one for name, one in as_heard[right].items() if name not in moved
    }

    async with running.firm("BANK-002") as firm:
        for number in (lost, altered):
            notice = await firm.notice(number, "ticket-routed")
            await firm.act(TakeOver, number, round=notice["round"], officer="budi")
            await mailed(running, number, 3)
    for number in (lost, altered):
        types = [one["type"] for one in (timelines.find_one({"_id": number}) or {})["state"]["entries"]]
        assert "pujk_gateway.ticket-taken-over.v1" in types
        assert (await judged(running, number))[1] == []


async def test_a_second_rebuild_finds_everything_right(running: Suite) -> None:
    await a_routed_complaint(running)
    slkt("rebuild", "tracking", stack=running)
    right = kept(running.mongo["tracking"])
    running.mongo["tracking"]["figures"].update_many({}, {"$inc": {"count": 3, "relief": 1_000}})
    running.mongo["tracking"]["timelines"].update_many({}, {"$inc": {"state.row.relief": 500}})
    ended = slkt("rebuild", "tracking", stack=running)
    assert "diperbaiki / repaired: 0" in ended.said and "dibuat / made: 0" in ended.said
    assert kept(running.mongo["tracking"]) == right and right


def test_only_tracking_can_be_rebuilt(running: Suite) -> None:
    ended = slkt("rebuild", "routing", stack=running)
    assert ended.code == 2 and "only 'tracking'" in ended.said
