"""`slkt up` and `slkt down`: how does the whole suite run on this machine without anybody watching it?"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from slkt_local.running import NothingRuns, running_stack, stop_running
from slkt_local.waiting import NotInTime, wait_until

from slkt.settings import ROOT
from slkt.supervisor import FAILED, READY, REVIVE, left_over
from slkt.terminal import cannot, console

LOG = "up.log"
REVIVED_SECONDS = 70
RootOption = Annotated[Path, typer.Option("--root", help="Folder of the stack: its data, logs and stack.json")]


def up(
    root: RootOption = ROOT,
    keep_running: Annotated[
        bool, typer.Option("--keep-running", help="Stay here and keep it running until Ctrl-C, then stop it")
    ] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Forget the data of the stack before")] = False,
    service: Annotated[list[str] | None, typer.Option(help="Only this service; again for each")] = None,
) -> None:
    """Start RabbitMQ, MongoDB, mail, five services and their one entry in the background; return when all are ready."""
    if known := running_stack(root):
        if away := _away(known):
            _revived(root, known, away)
        console.print(f"Buka / open: {known['entry']}/", highlight=False)
        console.print(f"Sudah berjalan / runs already: {root}/stack.json; see `slkt status`")
        return
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    holder = _hold(root, [*(["--fresh"] if fresh else []), *(service or [])])
    try:
        for line in _said(root / LOG, holder):
            if line == READY:
                break
            if line.startswith(FAILED):
                holder.wait()
                cannot(f"{line.removeprefix(FAILED).strip()} (log: {root / LOG})")
            console.print(line, highlight=False)
        if known := running_stack(root):
            console.print(f"Buka / open: {known['entry']}/", highlight=False)
        console.print(f"[green]Siap / ready.[/green] {root}/stack.json; `slkt status`, `slkt down`", highlight=False)
        if keep_running:
            console.print("Ctrl-C menghentikan semua / stops everything")
            holder.wait()
    except KeyboardInterrupt:
        console.print("Menghentikan semua / stopping everything")
        _end(holder)
        raise typer.Exit(0 if keep_running else 130) from None


def down(root: RootOption = ROOT) -> None:
    """Stop the stack; return when nothing of it is left."""
    known = running_stack(root)
    below = left_over(known["pids"]["stack"]) if known else []
    console.print("Menghentikan semua / stopping everything")
    try:
        stop_running(root)
        _gone([known["pids"]["stack"], *below] if known else below)
    except NothingRuns:
        console.print(f"Tidak ada yang berjalan di {root} / nothing runs there")
        return
    except NotInTime as error:
        cannot(str(error))
    console.print("[green]Berhenti / stopped.[/green] Tidak ada yang tersisa / nothing is left running.")


def _hold(root: Path, arguments: list[str]) -> subprocess.Popen[bytes]:
    """A session of its own: neither Ctrl-C here nor the terminal's end reaches it."""
    with open(os.open(root / LOG, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "slkt.supervisor", str(root), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def _said(log: Path, holder: subprocess.Popen[bytes]) -> Iterator[str]:
    """The holder's lines as they come; a last one that says it failed, if it ends without a word."""
    with log.open(errors="replace") as lines:
        half = ""
        while True:
            ended = holder.poll() is not None
            half += lines.read()
            *whole, half = half.split("\n")
            yield from (line for line in whole if line)
            if ended:
                yield f"{FAILED} the stack's process ended with {holder.returncode}"
                return
            time.sleep(0.1)


def _away(known: Mapping[str, Any]) -> list[str]:
    """Services of a running stack, or its entry, whose process is gone."""
    pids = known["pids"]
    return [name for name in (*known["services"], "entry") if pids[name] is None or not runs(pids[name])]


def _revived(root: Path, known: Mapping[str, Any], away: Sequence[str]) -> None:
    """Asks the stack's holder to start them again, and returns when they are ready."""
    console.print(f"Mulai lagi / start again: {', '.join(away)}")
    os.kill(known["pids"]["stack"], REVIVE)
    try:
        wait_until(
            lambda: not _away(running_stack(root) or known),
            what=f"{', '.join(away)} run again",
            timeout_seconds=len(away) * REVIVED_SECONDS,
        )
    except NotInTime as error:
        cannot(f"{error} (log: {root / LOG})")


def _end(holder: subprocess.Popen[bytes]) -> None:
    if holder.poll() is None:
        holder.send_signal(signal.SIGTERM)
    holder.wait()


def _gone(processes: list[int]) -> None:
    """Waits until none of the processes runs any more. Errors: NotInTime."""
    until = time.monotonic() + 30
    while left := [one for one in processes if runs(one)]:
        if time.monotonic() > until:
            raise NotInTime(f"processes {left} still run")
        time.sleep(0.1)


def runs(process: int) -> bool:
    """Whether a process is at work: one that ended and that nobody asked after is not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False
