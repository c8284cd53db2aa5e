"""Reads complaints of the CFPB's export, row by row: each becomes a submission or an error that names its line.

Two layouts exist: 18 columns, and since June 2026 16, without "Consumer consent provided?" and "Consumer disputed?".
Columns are found by their names, in any order; others are let be. The rule that makes an Indonesian complaint of a
row is `slkt.cfpb_mapping`, written down in docs/cfpb-mapping.md.

Memory stays small on any file, but for one number per row already read, by which duplicates are found.
"""

import csv
import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any, TextIO

from slkt.cfpb_mapping import Firm, submission
from slkt.people import People

COLUMNS = (
    "Date received",
    "Product",
    "Sub-product",
    "Issue",
    "Sub-issue",
    "Consumer complaint narrative",
    "Company public response",
    "Company",
    "State",
    "ZIP code",
    "Tags",
    "Submitted via",
    "Date sent to company",
    "Company response to consumer",
    "Timely response?",
    "Complaint ID",
)
SHOWN = {name.casefold(): name for name in COLUMNS}
ROW_ID = "row_id"  # an extra column that identifies a row whose Complaint ID is empty
DATE_FORMATS = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y")


class WrongHeader(ValueError):
    """The file does not have the export's columns; nothing of it can be read."""


@dataclass(frozen=True)
class Row:
    """A good row: the line it begins on, its idempotency key, and the submission's `data`."""

    line: int
    key: str
    data: dict[str, Any]


@dataclass(frozen=True)
class RowError:
    """A row that was not accepted: the line it begins on and why."""

    line: int
    reason: str


def load_firms(path: Path | None = None) -> list[Firm]:
    """The firms of a directory (CSV with code, name, sector); without a path, of the example directory."""
    text = (path or files("slkt").joinpath("sample/pujk.csv")).read_text(encoding="utf-8")
    return [Firm(row["code"], row["name"], row["sector"]) for row in csv.DictReader(text.splitlines())]


def read(path: Path, firms: Sequence[Firm]) -> Iterator[Row | RowError]:
    """Every row of the file, in order, good or bad. WrongHeader before the first row; OSError if it cannot be opened.

    Lines count from 1, the header being line 1; a row with line breaks in its narrative has the line it begins on.
    """
    with _open(path) as source:
        _header(next(csv.reader(source), []))
    return _rows(path, firms)


def _rows(path: Path, firms: Sequence[Firm]) -> Iterator[Row | RowError]:
    people, seen = People.load(), dict[str, int]()
    with _open(path) as source:
        lines = _Lines(source)
        columns = _header(next(csv.reader(lines)))
        for line, fields in _records(lines, columns):
            if isinstance(fields, str):
                yield RowError(line, fields)
                continue
            try:
                yield _row(line, dict(zip(columns, fields, strict=True)), seen, firms, people)
            except ValueError as error:
                yield RowError(line, str(error))


def _row(line: int, row: dict[str, str], seen: dict[str, int], firms: Sequence[Firm], people: People) -> Row:
    for column, value in row.items():
        if bad := re.search("[\udc80-\udcff]", value):
            raise ValueError(
                f"not UTF-8: byte 0x{ord(bad[0]) - 0xDC00:02x} in {SHOWN.get(column, column)!r}; save the file as UTF-8"
            )
    row = {column: value.strip() for column, value in row.items()}
    identity = _identity(row)
    if identity in seen:
        raise ValueError(f"duplicate: Complaint ID {identity} already stood in line {seen[identity]}")
    for column in ("date received", "product", "company"):
        if not row[column]:
            raise ValueError(f"{SHOWN[column]!r} is empty; every complaint needs one")
    received = _date("Date received", row["date received"])
    sent = _date("Date sent to company", row["date sent to company"]) if row["date sent to company"] else None
    data = submission(identity, row, received, sent, firms, people)
    seen[identity] = line
    return Row(line, f"cfpb-{identity}", data)


def _identity(row: dict[str, str]) -> str:
    identity, spare = row["complaint id"], row.get(ROW_ID, "")
    if not identity and not spare:
        raise ValueError("'Complaint ID' is empty; without it the row could be imported twice")
    if identity and not re.fullmatch(r"[0-9]{1,18}", identity):
        raise ValueError(f"'Complaint ID' is {identity[:40]!r}; expected digits")
    return identity or spare[:100]


def _date(column: str, said: str) -> date:
    for form in DATE_FORMATS:
        try:
            return datetime.strptime(said.split("T")[0], form).date()  # noqa: DTZ007
        except ValueError:
            continue
    raise ValueError(f"{column!r} is {said[:40]!r}; expected a date as 2026-06-30 or 06/30/2026")


def _open(path: Path) -> TextIO:
    return path.open(encoding="utf-8-sig", errors="surrogateescape", newline="")


def _header(came: Sequence[str]) -> list[str]:
    columns = [name.strip().casefold() for name in came]
    missing = [name for name in COLUMNS if name.casefold() not in columns]
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if not missing and not twice:
        return columns
    shown = ", ".join(repr(name[:40]) for name in came[:24]) or "an empty file"
    wrong = f"column twice: {', '.join(twice)}" if twice else f"missing: {', '.join(missing)}"
    raise WrongHeader(
        f"not the CFPB export's layout ({wrong}). Came: {shown}. Expected, comma-separated: {', '.join(COLUMNS)}; "
        "'Consumer consent provided?' and 'Consumer disputed?' may stand there too, as may other columns"
    )


class _Lines:
    """The file's physical lines, remembering those of the record being read, so that they can be given back."""

    def __init__(self, source: TextIO) -> None:
        self._source: Iterator[str] = iter(source)
        self._given_back = deque[str]()
        self.number, self.of_record = 0, list[str]()

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._given_back.popleft() if self._given_back else next(self._source)
        self.number += 1
        self.of_record.append(line)
        return line

    def give_back_all_but_first(self) -> None:
        back = self.of_record[1:]
        self._given_back.extendleft(reversed(back))
        self.number -= len(back)


def _records(lines: _Lines, columns: Sequence[str]) -> Iterator[tuple[int, list[str] | str]]:
    """Each record with its line, or what is wrong with its shape.

    A quote that is never closed swallows the rows after it. So a misshapen record of several lines is given up after
    its first line and reading goes on with the second; of those lines only what begins like a row is reported.
    """
    swallowed_until = 0
    while True:
        lines.of_record.clear()
        line = lines.number + 1
        fields: list[str] = []
        try:
            fields = next(csv.reader(lines))
            wrong = f"{len(fields)} columns, expected the header's {len(columns)}"
        except StopIteration:
            return
        except csv.Error as error:
            wrong = f"not readable as CSV: {error}"
        shaped = len(fields) == len(columns)
        if shaped:
            yield line, fields
        elif (fields or wrong.startswith("not")) and (line > swallowed_until or _begins_like_a_row(fields, columns)):
            yield line, wrong
        if len(lines.of_record) > 1 and not (shaped and _begins_like_a_row(fields, columns)):
            swallowed_until = max(swallowed_until, lines.number)
            lines.give_back_all_but_first()


def _begins_like_a_row(fields: Sequence[str], columns: Sequence[str]) -> bool:
    place = columns.index("date received")
    for field in fields[max(0, place - 1) : place + 2]:  # a stray comma or quote may have moved it by one
        try:
            _date("", field.strip())
        except ValueError:
            continue
        return True
    return False
