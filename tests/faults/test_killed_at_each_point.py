"""Does everything arrive, with its effects once, when processes die between writing, publishing, moving and acking?"""

import asyncio

import pytest
from contracts.topology import OWNERS
from kit.running import eventually
from kit.shaken import Shaken, each_ended
from kit.story import Story
from slkt.owners import MATTERS

#: Everybody who says facts: only a speaker passes these points.
SPEAKERS = ("intake", "routing", "pujk_gateway", "tracking", "notifier")
KILLED = 137
ACKED = "after-move-before-ack"
STORIES = 3


@pytest.mark.parametrize(
    "point", ["after-write-before-publish", pytest.param("after-publish-before-move", marks=pytest.mark.long), ACKED]
)
async def test_a_process_that_dies_loses_and_doubles_nothing(suite: Shaken, point: str) -> None:
    # Tracking says only what consumers ask of its door, where nothing is acked.
    speakers = [name for name in SPEAKERS if (name, point) != ("tracking", ACKED)]
    suite.kill(*speakers)
    # Dies at the second passing: what came with the first is in the middle of its way then.
    await suite.start(*speakers, extra={"SLKT_CRASH_AT": f"{point}:2"})
    async with suite.steadfast("BANK-002") as firm:
        stories = [Story(suite, firm) for _ in range(STORIES)]
        async with asyncio.TaskGroup() as group:
            died = [group.create_task(_dies_and_is_started(suite, name, point)) for name in speakers]
            for story in stories:
                # One after the other: together they would be one commit, and one passing.
                await story.brought()
                group.create_task(story.to_the_end())
        await suite.whole()
        for story in stories:
            story.is_complete()
    assert [one.result() for one in died] == [KILLED] * len(speakers)


async def _dies_and_is_started(suite: Shaken, name: str, point: str) -> int:
    """Its exit code."""
    await eventually(each_ended(suite, [name]), f"{name} dies at {point}")
    code = int(suite.service(name).exit_code)
    if point != ACKED:
        unsaid = suite.mongo[name][MATTERS[name]].count_documents({"unsent._id": {"$exists": True}})
        assert unsaid, f"{name} died with nothing left to say: the point proves nothing"
    await suite.start(name)
    return code


@pytest.mark.long
async def test_all_processes_killed_at_once_under_load_come_back_to_the_same(suite: Shaken) -> None:
    async with suite.steadfast("BANK-002") as firm:
        stories = [Story(suite, firm) for _ in range(STORIES)]
        async with asyncio.TaskGroup() as group:
            for story in stories:
                group.create_task(story.whole_way())
            await eventually(lambda: any(story.acts for story in stories), "the first act is done")
            suite.kill(*OWNERS)
            await suite.start(*OWNERS)
        await suite.whole()
        for story in stories:
            story.is_complete()
