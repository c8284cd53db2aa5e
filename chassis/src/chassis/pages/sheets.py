"""How does a list become a file? As CSV or as a spreadsheet, made while it is sent; no cell is ever a formula."""

import asyncio
import csv
import io
import tempfile
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any

import xlsxwriter

#: Text, or a number that is reckoned with.
Cells = Sequence[str | int | float]
AT_ONCE = 500
PIECE_BYTES = 65_536
#: What a spreadsheet would take for a formula, also behind blanks.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
#: Excel reads UTF-8 by it.
_MARK = "\ufeff"


def harmless(cell: str | int | float) -> str:
    """An apostrophe before what a spreadsheet would reckon: it shows the text as it is."""
    if not isinstance(cell, str):
        return str(cell)
    return f"'{cell}" if cell.lstrip().startswith(_FORMULA) or cell.startswith(_FORMULA) else cell


async def as_csv(head: Cells, rows: AsyncIterator[Cells]) -> AsyncIterator[bytes]:
    yield (_MARK + _lines([head])).encode()
    async for some in _together(rows):
        yield (await asyncio.to_thread(_lines, some)).encode()


async def as_xlsx(head: Cells, rows: AsyncIterator[Cells]) -> AsyncIterator[bytes]:
    """Rows go to a file on the way: what is in memory does not grow with the list."""
    with tempfile.TemporaryFile() as made:
        book = await asyncio.to_thread(_begun, made)
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        for column, text in enumerate(head):
            sheet.write_string(0, column, str(text), bold)
        sheet.freeze_panes(1, 0)
        line = 1
        async for some in _together(rows):
            await asyncio.to_thread(_written, sheet, line, some)
            line += len(some)
        await asyncio.to_thread(book.close)
        made.seek(0)
        while piece := await asyncio.to_thread(made.read, PIECE_BYTES):
            yield piece


def _begun(made: Any) -> Any:
    return xlsxwriter.Workbook(made, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})


def _written(sheet: Any, line: int, rows: Iterable[Cells]) -> None:
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(line + number, column, cell)
            else:
                sheet.write_number(line + number, column, cell)


def _lines(rows: Iterable[Cells]) -> str:
    lines = io.StringIO(newline="")
    csv.writer(lines, lineterminator="\r\n").writerows([harmless(cell) for cell in row] for row in rows)
    return lines.getvalue()


async def _together(rows: AsyncIterator[Cells]) -> AsyncIterator[list[Cells]]:
    some: list[Cells] = []
    async for row in rows:
        some.append(row)
        if len(some) == AT_ONCE:
            yield some
            some = []
    if some:
        yield some
