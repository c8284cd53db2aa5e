"""`slkt import FILE.csv`: complaints in the layout of the CFPB's export, through the bulk queue of the web channel.

Exit code 0: every row is in the suite; 1: some are not, each with its line and reason; 2: could not be done.
"""

import csv
from pathlib import Path
from types import TracebackType
from typing import Annotated, Any, Self, TextIO

import typer
from rich.markup import escape

from slkt.bulk import Bad, Outcome, bring
from slkt.cfpb import WrongHeader, load_firms, read
from slkt.settings import Addresses, addresses
from slkt.terminal import StackOption, bar, cannot, console, plainly, run, table

SHOWN_MOST = 20
IMPORTING = "Mengimpor / importing, line"
WAITING = "Mengimpor, menunggu {0} tanda terima / importing, waiting for {0} receipts, line"
LINES = {
    "rows": "baris / rows",
    "new": "diterima, baru / accepted, new",
    "already there": "sudah ada / already there",
    "refused": "ditolak / refused by intake",
    "bad": "tidak terbaca / not readable",
    "unanswered": "tanpa jawaban / without an answer",
}


class BadRows:
    """FILE.refused.csv: made with the first bad row; an older one of the same name goes at the start."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.first: list[Bad] = []
        self.count = 0
        self._file: TextIO | None = None
        self._writer: Any = None

    def __enter__(self) -> Self:
        self.path.unlink(missing_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, bad: Bad) -> None:
        self.count += 1
        if len(self.first) < SHOWN_MOST:
            self.first.append(bad)
        if self._file is None:
            self._file = self.path.open("w", encoding="utf-8", newline="")
            self._writer = csv.writer(self._file)
            self._writer.writerow(("line", "reason"))
        self._writer.writerow((bad.line, bad.reason))


def command(
    file: Annotated[Path, typer.Argument(help="CSV with the 18 or 16 columns of the CFPB's export")],
    stack: StackOption = None,
    firms: Annotated[
        Path | None,
        typer.Option(help="Directory the firms are taken from (code,name,sector); the same at every import of a file"),
    ] = None,
    refused: Annotated[Path | None, typer.Option(help="Where bad rows are listed; default FILE.refused.csv")] = None,
) -> None:
    """Bring in complaints of a file; running it twice accepts nothing twice."""
    with plainly():
        where = addresses(stack)
        try:
            known = load_firms(firms)
        except (KeyError, UnicodeDecodeError) as error:
            cannot(f"{firms}: expected a CSV in UTF-8 with the columns code, name and sector ({error})")
    with plainly(), BadRows(refused or file.with_name(f"{file.stem}.refused.csv")) as bad:
        outcome = run(_import(where, file, known, bad))
    _show(outcome, bad)
    raise typer.Exit(0 if outcome.complete else 1)


async def _import(where: Addresses, file: Path, known: Any, bad: BadRows) -> Outcome:
    with bar() as progress:
        task = progress.add_task(IMPORTING, total=_lines(file))
        seen = 0

        def done(line: int, waiting: int) -> None:
            nonlocal seen
            seen = max(seen, line)
            progress.update(task, completed=seen, description=WAITING.format(waiting) if waiting else IMPORTING)

        try:
            outcome = await bring(where, read(file, known), done, bad.add)
        except WrongHeader as error:
            cannot(f"{file}: {error}")
        progress.update(task, completed=progress.tasks[0].total or seen, description=IMPORTING)
    return outcome


def _lines(file: Path) -> int:
    with file.open("rb") as source:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: source.read(2**20), b""))


def _show(outcome: Outcome, bad: BadRows) -> None:
    summary = table("impor / import", "", "")
    summary.columns[1].justify = "right"
    for name, words in LINES.items():
        summary.add_row(words, f"{outcome.counts[name]:,}")
    console.print(summary)
    if bad.count:
        listed = table("tidak masuk / not taken in", "baris / line", "alasan / reason")
        for one in sorted(bad.first, key=lambda one: one.line):
            listed.add_row(str(one.line), escape(one.reason))
        console.print(listed)
        console.print(f"semua / all {bad.count:,}: {bad.path}", highlight=False, soft_wrap=True)
