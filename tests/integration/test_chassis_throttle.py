"""Guessing is hopeless, also for who guesses a thousand times at the same moment."""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta

import pytest
from chassis.refusals import TooMany, Unavailable
from chassis.throttle import Throttle
from kit.ground import Ground, together
from kit.running import eventually


async def outcomes(*tries: Awaitable[None]) -> list[str]:
    return sorted(type(result).__name__ for result in await together(*tries))


def throttle(ground: Ground, name: str = "pin", **but: timedelta) -> Throttle:
    """Another one is another process."""
    return Throttle(ground.database, ground.clock, name, most=5, **but)


async def test_of_a_hundred_tries_at_once_in_two_processes_five_are_made(ground: Ground) -> None:
    one, other = throttle(ground), throttle(ground)
    results = await outcomes(*(each.take("5043") for _ in range(50) for each in (one, other)))
    assert results == ["NoneType"] * 5 + ["TooMany"] * 95


async def test_a_right_try_does_not_count(ground: Ground) -> None:
    one = throttle(ground)
    for _ in range(20):
        await one.take("5043")
        await one.give_back("5043")
    assert await outcomes(*(one.take("5043") for _ in range(7))) == ["NoneType"] * 5 + ["TooMany"] * 2


async def test_how_long_to_wait_tells_nothing_of_who_came_before(ground: Ground) -> None:
    one, waits = throttle(ground), list[int]()
    await one.take("in lately")
    await one.give_back("in lately")
    await one.take("tried lately")
    later = timedelta(minutes=10)
    await ground.database["attempts"].update_many(
        {}, [{"$set": {"until": {"$subtract": ["$until", later // timedelta(milliseconds=1)]}}}]
    )
    for key in ("in lately", "tried lately", "nobody"):
        await outcomes(*(one.take(key) for _ in range(5)))
        with pytest.raises(TooMany) as refused:
            await one.take(key)
        waits.append(refused.value.extra["retry_after"])
    assert min(waits) >= 15 * 60 - 5, waits


async def test_keys_and_names_are_counted_apart(ground: Ground) -> None:
    await outcomes(*(throttle(ground).take("5043") for _ in range(9)))
    await throttle(ground).take("another")
    await throttle(ground, "withdrawal").take("5043")


async def test_it_is_told_how_long_to_wait_and_the_wait_is_not_made_longer_by_trying(ground: Ground) -> None:
    one = throttle(ground, window=timedelta(seconds=2))
    for _ in range(5):
        await one.take("5043")
    with pytest.raises(TooMany) as refused:
        await one.take("5043")
    assert 0 < refused.value.extra["retry_after"] <= 3

    async def taken() -> bool:
        return await outcomes(one.take("5043")) == ["NoneType"]

    await eventually(taken, "the window ends though it was tried all the time", 10)
    # A new window, and not only one try in it.
    assert await outcomes(*(one.take("5043") for _ in range(6))) == ["NoneType"] * 4 + ["TooMany"] * 2


async def test_a_database_that_is_away_lets_nobody_try(ground: Ground) -> None:
    fails = {"failCommands": ["findAndModify"], "namespace": f"{ground.name}.attempts", "errorCode": 262}
    with ground.failing("failCommand", "alwaysOn", **fails), pytest.raises(Unavailable):
        async with asyncio.timeout(10):
            await throttle(ground).take("5043")
