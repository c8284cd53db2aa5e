"""How does a command speak? Tables and bars on the terminal; one plain line and exit code 2 where it cannot work."""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Annotated, Any, NoReturn, TypeVar

import httpx
import typer
from aiormq.exceptions import AMQPError
from chassis.confirms import PublishFailed
from pymongo.errors import PyMongoError
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from slkt.settings import NotSaid

T = TypeVar("T")
CANNOT = 2
SAY_EVERY_SECONDS = 5.0

console = Console()
#: What is said beside the answer itself: it must not stand in the way of `--json`.
aside = Console(stderr=True)

StackOption = Annotated[
    Path | None,
    typer.Option("--stack", help="stack.json of the suite; default: SLKT_* of the environment, then .local/stack.json"),
]


def cannot(why: str) -> NoReturn:
    """Ends the command: it could not do what it was asked."""
    aside.print(f"[red]Tidak bisa / cannot:[/red] {escape(why)}", highlight=False)
    raise typer.Exit(CANNOT)


@contextmanager
def plainly() -> Iterator[None]:
    """Turns what an operator can do something about into one line."""
    try:
        yield
    except NotSaid as error:
        cannot(str(error))
    except PyMongoError as error:
        cannot(f"database: {type(error).__name__}: {str(error)[:200]}")
    except (AMQPError, PublishFailed) as error:
        cannot(f"broker: {type(error).__name__}: {str(error)[:200]}")
    except httpx.HTTPError as error:
        cannot(f"service: {type(error).__name__}: {str(error)[:200]}")
    except (OSError, TimeoutError) as error:
        cannot(f"{type(error).__name__}: {error}")


def run(work: Coroutine[Any, Any, T]) -> T:
    """Runs a command's work; see `plainly`."""
    with plainly():
        try:
            return asyncio.run(work)
        except ExceptionGroup as errors:
            # Of many tasks that failed alike, the first tells enough.
            raise errors.exceptions[0] from errors


@contextmanager
def bar() -> Iterator[Progress]:
    """How far a command is: a bar on a terminal, else a plain line every few seconds."""
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=aside, transient=not aside.is_terminal) as progress:
        if aside.is_terminal:
            yield progress
            return
        over = Event()
        saying = Thread(target=_say, args=(progress, over), daemon=True)
        saying.start()
        try:
            yield progress
        finally:
            over.set()
            saying.join()


def _say(progress: Progress, over: Event) -> None:
    while not over.wait(SAY_EVERY_SECONDS):
        for task in progress.tasks:
            of = "" if task.total is None else f" / {task.total:,.0f}"
            aside.print(f"{task.description} {task.completed:,.0f}{of}", markup=False, highlight=False, soft_wrap=True)


def table(title: str, *columns: str) -> Table:
    made = Table(title=title, title_justify="left", header_style="bold")
    for column in columns:
        made.add_column(column, overflow="fold")
    return made
