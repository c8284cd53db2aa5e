"""Nothing that was started is lost from sight, and no wait for a stop is for ever."""

import asyncio

import pytest
from chassis.clock import DatabaseClock
from chassis.tasks import Tasks, always, unasked

from chassis import tasks


async def test_a_job_that_fails_begins_again_and_is_named_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "BEGIN_AGAIN_SECONDS", 0.01)
    monkeypatch.setattr(tasks, "FAILING_SECONDS", 0.05)
    failing, runs = set[str](), list[int]()
    errors = [RuntimeError(), asyncio.CancelledError(), ExceptionGroup("group", [KeyError()])]

    async def run() -> None:
        runs.append(1)
        if errors:
            assert (len(runs) == 1) or failing == {"job"}
            raise errors.pop()

    async with asyncio.timeout(5):
        await always("job", run, failing)
    assert len(runs) == 4
    async with asyncio.timeout(5):
        while failing:
            await asyncio.wait([asyncio.ensure_future(asyncio.Event().wait())], timeout=0.01)


async def test_a_job_that_is_cancelled_ends() -> None:
    task = asyncio.create_task(always("job", asyncio.Event().wait, set()))  # type: ignore[arg-type]
    await asyncio.wait([task], timeout=0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_finishing_waits_for_what_the_awaited_ones_start() -> None:
    all_, seen = Tasks(), list[str]()

    async def second() -> None:
        seen.append("second")

    async def first() -> None:
        seen.append("first")
        all_.start(second())

    all_.start(first())
    await all_.finish()
    assert seen == ["first", "second"]


async def test_a_cancellation_that_was_asked_for_is_not_passed_over() -> None:
    unasked(asyncio.CancelledError())

    async def waits() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError as error:
            unasked(error)
            raise AssertionError("passed over") from error

    task = asyncio.create_task(waits())
    await asyncio.wait([task], timeout=0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


class Slow:
    """A database that answers late, with a time of long ago."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, takes: list[float]) -> None:
        self.at, self.takes = 1_000.0, takes
        monkeypatch.setattr("chassis.clock.monotonic", lambda: self.at)

    async def command(self, _: str) -> dict[str, object]:
        from_now = self.takes.pop(0)
        self.at += from_now
        return {"localTime": self.stated}

    stated: object = None


async def test_a_late_answer_does_not_set_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Slow(monkeypatch, [0.0, 15.0, 0.0])
    clock = DatabaseClock(slow)
    slow.stated = clock.now().replace(year=2030, microsecond=0)
    await clock.sync()
    first = clock.now()
    assert first.year == 2030
    slow.stated = first.replace(year=2031)
    await clock.sync()
    assert (clock.now() - first).total_seconds() == 15.0
    await clock.sync()
    assert clock.now().year == 2031
