"""A guarded program never outlives the process that asked for it, not even after `kill -9` of that process.

Run as `python -I -S guard.py LIFELINE STATUS GRACE_SECONDS PROGRAM [ARGUMENT ...]`; standard library only, so that it
starts in some 30 ms. LIFELINE is the reading end of a pipe whose other end only the owner holds: a byte asks for an
orderly end, end of file means that the owner is gone and everything is killed at once. STATUS is where the program's
process id is written once. The guard adopts orphans of the program (PR_SET_CHILD_SUBREAPER), so daemons that leave
their session, such as Erlang's epmd, are found and ended too.
"""

import contextlib
import ctypes
import os
import select
import signal
import subprocess
import sys
import time

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
LOOK_SECONDS = 0.2
ASKED = b"s"
SWEEP_SECONDS = 5.0
_libc = ctypes.CDLL(None, use_errno=True)


def _parents() -> dict[int, int]:
    """Process id → parent's id, of everything that runs and is not a zombie."""
    parents: dict[int, int] = {}
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        with contextlib.suppress(OSError), open(f"/proc/{entry}/stat", encoding="utf-8", errors="replace") as stat:
            # The name, in brackets, may hold spaces and brackets itself: what counts stands behind the last one.
            state, parent = stat.read().rpartition(")")[2].split()[:2]
            if state not in "ZX":
                parents[int(entry)] = int(parent)
    return parents


def descendants(root: int) -> list[int]:
    """All living processes below `root`, nearest first."""
    children: dict[int, list[int]] = {}
    for process, parent in _parents().items():
        children.setdefault(parent, []).append(process)
    found, frontier = [], [root]
    while frontier:
        frontier = [child for parent in frontier for child in children.get(parent, [])]
        found += frontier
    return found


def _signal_all(processes: list[int], number: int) -> None:
    for process in processes:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(process, number)


def _sweep() -> None:
    """Kill and reap every descendant, also those that appear meanwhile."""
    until = time.monotonic() + SWEEP_SECONDS
    while time.monotonic() < until:
        left = descendants(os.getpid())
        _signal_all(left, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        if not left:
            return
        time.sleep(0.02)


def _end(program: subprocess.Popen[bytes], grace_seconds: float) -> None:
    # Frozen programs get no SIGTERM; going on is part of being asked to end.
    for number in (signal.SIGTERM, signal.SIGCONT):
        _signal_all([program.pid], number)
    try:
        program.wait(grace_seconds)
    except subprocess.TimeoutExpired:
        _signal_all([program.pid], signal.SIGKILL)
        program.wait()


def main(arguments: list[str]) -> int:
    lifeline, status, grace = int(arguments[0]), int(arguments[1]), float(arguments[2])
    owner = os.getppid()
    _libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    asked_to_stop = False

    def stop(*_: object) -> None:
        nonlocal asked_to_stop
        asked_to_stop = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def tie_to_guard() -> None:
        # Covers the guard's own violent end; the guard has one thread, so the parent-death signal cannot misfire.
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    try:
        program = subprocess.Popen(
            arguments[3:], preexec_fn=tie_to_guard, start_new_session=True, stdin=subprocess.DEVNULL
        )
    except OSError as problem:
        os.write(status, f"! {problem}\n".encode())
        return 127
    os.write(status, f"{program.pid}\n".encode())
    os.close(status)

    while program.poll() is None:
        told = os.read(lifeline, 1) if select.select([lifeline], [], [], LOOK_SECONDS)[0] else None
        if told == ASKED or asked_to_stop:
            _end(program, grace)
        elif told == b"" or os.getppid() != owner:
            # Nobody is left to wait for an orderly end, and a successor may want the same folder in a moment.
            break
    _sweep()
    code = program.returncode
    if code is None:
        return 128 + signal.SIGKILL
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
