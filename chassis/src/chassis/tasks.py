"""Who remembers a task that was started? A task that nobody holds may be collected, and its error lost."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from chassis import metrics

BEGIN_AGAIN_SECONDS = 1.0
FAILING_SECONDS = 60.0

log = logging.getLogger(__name__)
T = TypeVar("T")


class Tasks:
    """Tasks that run beside their starter; an error that nobody awaits is logged."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()

    def start(self, coroutine: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.create_task(coroutine)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("task failed", exc_info=error)

    async def finish(self) -> None:
        """Waits for all, also for those that the awaited ones start."""
        while self._running:
            await asyncio.wait(set(self._running))

    async def cancel(self) -> None:
        for task in set(self._running):
            task.cancel()
        await self.finish()


def unasked(error: asyncio.CancelledError) -> None:
    """Returns for a cancellation that nobody asked for, such as a frozen broker connection raises; one that was asked
    for is raised again."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise error


async def always(name: str, run: Callable[[], Awaitable[None]], failing: set[str]) -> None:
    """Runs a job that must not end unnoticed: after an error it begins again, and ``failing`` names it for a minute."""
    while True:
        try:
            await run()
            return
        except asyncio.CancelledError as error:
            unasked(error)
        except Exception as error:
            log.error("job failed and begins again", exc_info=error, extra={"reason": name})
        metrics.JOB_FAILED.labels(name).inc()
        failing.add(name)
        asyncio.get_running_loop().call_later(FAILING_SECONDS, failing.discard, name)
        await asyncio.sleep(BEGIN_AGAIN_SECONDS)


async def until(step: Callable[[], Awaitable[Any]]) -> None:
    """Tries ``step`` with growing pauses until it succeeds."""
    pause = 0.2
    while True:
        try:
            await step()
            return
        except Exception as error:
            log.warning("waiting to start", extra={"error": type(error).__name__})
        await asyncio.sleep(pause)
        pause = min(pause * 2, 5.0)


async def first(*coroutines: Any) -> None:
    """Ends when the first of them ends, with its error if it had one; the others are cancelled."""
    tasks = [asyncio.ensure_future(one) for one in coroutines]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    for task in done:
        task.result()
