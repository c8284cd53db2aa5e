"""python -m slkt.demo: `make demo` and `make run`."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer
from slkt_local.install import Missing
from slkt_local.processes import StartFailed
from slkt_local.running import stop_on_signal
from slkt_local.stack import AlreadyRunning, Stack

from slkt.cfpb import WrongHeader
from slkt.demo.plan import a_few, plan
from slkt.demo.show import console
from slkt.demo.story import stay, tell, today

ROOT = Path(".local")


def main(
    complaints: Annotated[Path | None, typer.Option(help="A CSV in the layout of the CFPB's export")] = None,
    stay_up: Annotated[bool, typer.Option("--stay", help="Keep running until Ctrl-C")] = False,
) -> None:
    """Complaints and questions go the whole way; exit 0 only if every number adds up."""
    try:
        planned = plan(complaints, today())
    except (OSError, WrongHeader) as error:
        console.print(f"[red]{error}[/]", soft_wrap=True)
        sys.exit(2)
    stack = Stack(ROOT, say=lambda line: console.print(f"[dim]{line}[/]", soft_wrap=True), example_data=True)
    try:
        with stop_on_signal(), stack:
            if stay_up:
                asyncio.run(stay(stack, a_few(today())))
            else:
                sys.exit(asyncio.run(tell(stack, planned)))
    except KeyboardInterrupt:
        console.print("Dihentikan / stopped")
    except (Missing, AlreadyRunning, StartFailed) as error:
        console.print(f"[red]{error}[/]", soft_wrap=True)
        sys.exit(2)


typer.run(main)
