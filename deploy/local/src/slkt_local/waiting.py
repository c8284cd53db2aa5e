"""Waiting for something to become true, and saying what for when it does not."""

import time
from collections.abc import Callable


class NotInTime(TimeoutError):
    """What was waited for did not happen in time."""


def wait_until(ready: Callable[[], bool], *, what: str, timeout_seconds: float, every_seconds: float = 0.1) -> None:
    """Ask `ready` until it says yes. Raises NotInTime."""
    until = time.monotonic() + timeout_seconds
    while not ready():
        if time.monotonic() > until:
            raise NotInTime(f"waited {timeout_seconds:g} s in vain: {what}")
        time.sleep(every_seconds)
