"""Is every accepted submission there at the end when the broker or the database goes away under load?"""

import asyncio

import pytest
from contracts.topology import OWNERS
from kit.running import eventually
from kit.shaken import Load, Shaken
from kit.story import Story

AWAY_SECONDS = 10.0


async def test_a_broker_restarted_under_load_loses_nothing(suite: Shaken) -> None:
    async with suite.steadfast("BANK-002") as firm:
        stories = [Story(suite, firm) for _ in range(4)]
        async with Load(suite) as load, asyncio.TaskGroup() as group:
            for story in stories:
                group.create_task(story.whole_way())
            await eventually(lambda: any(story.acts for story in stories), "the first act is done")
            await asyncio.to_thread(suite.stack.broker.restart)
            await load.grows(10, "complaints are accepted after the restart")
        await suite.whole()
        for story in stories:
            story.is_complete()
    found_again(suite, load)


@pytest.mark.long
async def test_a_database_away_for_ten_seconds_under_load_loses_nothing(suite: Shaken) -> None:
    suite.refusals.clear()
    async with suite.steadfast("BANK-002") as firm:
        stories = [Story(suite, firm) for _ in range(4)]
        async with Load(suite) as load, asyncio.TaskGroup() as group:
            for story in stories:
                group.create_task(story.whole_way())
            await load.grows(5, "complaints are accepted")
            await asyncio.to_thread(suite.stack.database.stop)
            await load.lasts(AWAY_SECONDS)
            await asyncio.to_thread(suite.stack.database.start)
            suite.claims_run_out(*OWNERS)
            await load.grows(10, "complaints are accepted again")
        # Each was problem+json with Retry-After, or the sender would have failed.
        assert set(suite.refusals) == {503}
        await suite.whole()
        for story in stories:
            story.is_complete()
    found_again(suite, load)


def found_again(suite: Shaken, load: Load) -> None:
    assert len({one["number"] for one in load.receipts}) == len(load.receipts) > 10
    for one in load.receipts:
        assert suite.facts(one["number"])[:2] == ["intake.service-registered", "routing.ticket-routed"]
