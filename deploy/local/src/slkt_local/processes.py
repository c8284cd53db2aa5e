"""Programs this stack starts: each has a log, a stop that ends all of it, and dies with the process that started it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

GUARD = Path(__file__).with_name("guard.py")
LAST_LINES = 15


class StartFailed(RuntimeError):
    """A program ended, or said nothing in time, while others waited for it; the message holds its last lines."""


class Program:
    """One running program under its guard.

    `pid` is the program's own process id; it leads a process group of its own.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        env: Mapping[str, str],
        log: Path,
        cwd: Path | None = None,
        grace_seconds: float = 20.0,
    ) -> None:
        self.name = name
        self.log = log
        self._grace_seconds = grace_seconds
        log.parent.mkdir(parents=True, exist_ok=True)
        lifeline_read, self._lifeline = os.pipe()
        status_read, status_write = os.pipe()
        guard = [sys.executable, "-I", "-S", str(GUARD), str(lifeline_read), str(status_write), str(grace_seconds)]
        with log.open("ab") as out:
            # A session of its own: Ctrl-C in the terminal reaches the owner only, which then stops things in order.
            self._guard = subprocess.Popen(
                [*guard, *command],
                env=dict(env),
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                pass_fds=(lifeline_read, status_write),
                start_new_session=True,
            )
        os.close(lifeline_read)
        os.close(status_write)
        with os.fdopen(status_read) as status:
            first = status.readline().strip()
        if not first.isdigit():
            self._let_go()
            raise StartFailed(f"{name} could not be started: {first.removeprefix('! ') or 'its guard ended'}")
        self.pid = int(first)

    @property
    def running(self) -> bool:
        return self._guard.poll() is None

    @property
    def exit_code(self) -> int | None:
        """Of the program; 128 + number after a signal; None while it runs."""
        return self._guard.poll()

    def stop(self) -> None:
        """SIGTERM, after the grace SIGKILL; returns when nothing of it is left."""
        if self.running and self._lifeline >= 0:
            with suppress(BrokenPipeError):
                os.write(self._lifeline, b"s")
            self._guard.wait(self._grace_seconds + 15)
        self._let_go()

    def kill(self) -> None:
        """SIGKILL to all of it at once, as a power cut would; returns when nothing of it is left."""
        if self.running:
            with suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
        self._let_go()

    def freeze(self) -> None:
        """The program stops answering, its connections stay open (SIGSTOP)."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def wait(self, timeout_seconds: float) -> int:
        """Wait until it ends by itself. Raises subprocess.TimeoutExpired."""
        return self._guard.wait(timeout_seconds)

    def _evidence(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines()[-LAST_LINES:]
        return "\n".join([f"{self.log} ends with:", *lines])

    def wait_until(
        self, ready: Callable[[], bool], *, what: str, timeout_seconds: float, every_seconds: float = 0.1
    ) -> None:
        """Ask `ready` until it says yes. Raises StartFailed, with the log's last lines, at its end or out of time."""
        until = time.monotonic() + timeout_seconds
        while not ready():
            if not self.running:
                raise StartFailed(f"{self.name} ended with {self.exit_code} before {what}. {self._evidence()}")
            if time.monotonic() > until:
                raise StartFailed(f"{self.name}: not {what} after {timeout_seconds:g} s. {self._evidence()}")
            time.sleep(every_seconds)

    def _signal(self, number: int) -> None:
        try:
            os.killpg(self.pid, number)
        except ProcessLookupError:
            raise RuntimeError(f"{self.name} (process {self.pid}) does not run any more") from None

    def _let_go(self) -> None:
        if self._lifeline >= 0:
            os.close(self._lifeline)
            self._lifeline = -1
        self._guard.wait(self._grace_seconds + 15)
