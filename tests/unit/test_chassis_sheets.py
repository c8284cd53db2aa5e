"""A list as a file: does it hold what it should, and can no cell be reckoned by who opens it?"""

import csv
import io
import zipfile
from collections.abc import AsyncIterator

import pytest
from chassis.pages.sheets import AT_ONCE, as_csv, as_xlsx, harmless

HEAD = ["Nomor", "Petugas"]
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1"]


async def rows(count: int) -> AsyncIterator[list[str]]:
    for number in range(count):
        yield [f"P {number}", FORMULAS[number % len(FORMULAS)]]


async def test_a_csv_has_a_row_for_each_and_no_cell_that_is_reckoned() -> None:
    made = b"".join([piece async for piece in as_csv(HEAD, rows(AT_ONCE + 1))]).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(made, newline="")))
    assert lines[0] == HEAD and len(lines) == AT_ONCE + 2
    assert all(line[1].startswith("'") for line in lines[1:])


async def test_a_spreadsheet_has_texts_alone() -> None:
    made = b"".join([piece async for piece in as_xlsx(HEAD, rows(AT_ONCE + 1))])
    sheet = zipfile.ZipFile(io.BytesIO(made)).read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<row ") == AT_ONCE + 2
    assert "<f>" not in sheet and "=1+1" in sheet


@pytest.mark.parametrize("text", ["Siti", "P 5043 8121 7730 4", "", "2026-03-16 10:00", "a-b", "'=1"])
def test_what_is_harmless_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text
