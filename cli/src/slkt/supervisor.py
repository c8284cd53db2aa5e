"""What keeps a stack running when nobody waits for it? This process: it holds the stack until it is told to stop.

Run as `python -m slkt.supervisor ROOT [--fresh] [SERVICE ...]`. Its output is ROOT/up.log: a line before each wait,
`READY` when all is ready, `FAILED <why>` when it cannot be.
"""

import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from contracts.topology import OWNERS
from slkt_local.guard import descendants
from slkt_local.running import stop_on_signal
from slkt_local.stack import Stack

from slkt.directory import load_example_directory
from slkt.settings import Addresses

READY, FAILED = "READY", "FAILED"
#: Asks the holder to start again what is away; it looks so often whether somebody did.
REVIVE, EVERY_SECONDS = signal.SIGUSR1, 0.5


def hold(root: Path, *, fresh: bool, services: Sequence[str] = OWNERS) -> int:
    """Until SIGTERM, SIGHUP or Ctrl-C; the exit code."""
    asked: list[int] = []
    signal.signal(REVIVE, lambda number, frame: asked.append(number))
    with stop_on_signal():
        try:
            with Stack(root, say=_say, keep=not fresh, example_data=True, services=services) as stack:
                # Who loads it logs in at intake.
                if {"intake", "routing"} <= stack.services.keys():
                    _say("Direktori: memuat contoh / loading the example directory")
                    load_example_directory(Addresses.of_stack(stack.description()))
                _say(READY)
                while True:
                    time.sleep(EVERY_SECONDS)
                    if asked:
                        asked.clear()
                        _revive(stack)
        except KeyboardInterrupt:
            return 0
        except Exception as error:
            _say(f"{FAILED} {type(error).__name__}: {error}")
            return 1


def _revive(stack: Stack) -> None:
    """Whoever asked sees by the stack's description whether it went well; the log says why not."""
    try:
        for service in stack.services.values():
            if service.pid is None:
                _say(f"{service.name}: mulai lagi / starts again")
                service.start()
        if stack.entry.pid is None:
            _say("Pintu masuk: mulai lagi / the entry starts again")
            stack.entry.start()
        stack.describe()
    except (RuntimeError, OSError) as error:
        _say(f"{type(error).__name__}: {error}")


def left_over(pid: int) -> list[int]:
    """Processes below a stack's holder that still run."""
    return descendants(pid)


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    os.umask(0o077)
    named = tuple(one for one in sys.argv[2:] if not one.startswith("-"))
    sys.exit(hold(Path(sys.argv[1]), fresh="--fresh" in sys.argv, services=named or OWNERS))
