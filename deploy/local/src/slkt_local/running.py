"""Which stack runs in this folder, and how does another process, or a signal, end it in order?"""

import fcntl
import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any

from slkt_local.stack import DESCRIPTION, LOCK
from slkt_local.waiting import wait_until

STOP_SECONDS = 60


class NothingRuns(RuntimeError):
    """No stack runs in that folder."""


def running_stack(root: Path) -> dict[str, Any] | None:
    """The description (see Stack.description) of the stack that runs there, or None."""
    if not _locked(root):
        return None
    with suppress(FileNotFoundError):
        known: dict[str, Any] = json.loads((root / DESCRIPTION).read_text())
        return known
    return None


def stop_running(root: Path) -> None:
    """Ask the process that holds the stack to stop it, and wait until it has. Raises NothingRuns, NotInTime."""
    known = running_stack(root)
    if known is None:
        # What is left of a stack that was killed misleads scripts.
        (root / DESCRIPTION).unlink(missing_ok=True)
        raise NothingRuns(f"no stack runs in {root}")
    os.kill(known["pids"]["stack"], signal.SIGTERM)
    wait_until(lambda: not _locked(root), what=f"the stack in {root} is gone", timeout_seconds=STOP_SECONDS)


@contextmanager
def stop_on_signal() -> Iterator[None]:
    """SIGINT (also in a shell's background job, which is born deaf to it), SIGTERM and SIGHUP inside end with
    KeyboardInterrupt, so that `with Stack(...)` stops in order."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _locked(root: Path) -> bool:
    try:
        with (root / LOCK).open("r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return False
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
