"""A file of complaints comes in by the bulk queue: good rows once, bad rows with line and reason."""

import csv
from pathlib import Path

import pytest
from kit.command import slkt
from kit.running import Suite

HEADER = (
    "Date received,Product,Sub-product,Issue,Sub-issue,Consumer complaint narrative,Company public response,Company,"
    "State,ZIP code,Tags,Submitted via,Date sent to company,Company response to consumer,Timely response?,Complaint ID"
)
DATES = {"good": "2026-03-02", "badly dated": "2 Maret 2026", "of the future": "2999-01-01"}


def a_row(identity: int, kind: str = "good") -> str:
    return (
        f'{DATES[kind]},Mortgage,FHA mortgage,Trouble during payment process,,"They lost my payment, twice.",,'
        f"BIG BANK,CA,90210,,Web,2026-03-03,Closed with explanation,Yes,{identity}"
    )


@pytest.fixture
def file(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """Lines 2, 3, 5 and 7 are good, line 4 is no complaint, line 6 is refused by intake."""
    start = abs(hash(request.node.name)) % 10**9 * 10
    kinds = ("good", "good", "badly dated", "good", "of the future", "good")
    path = tmp_path / "complaints.csv"
    path.write_text("\n".join([HEADER, *(a_row(start + n, kind) for n, kind in enumerate(kinds))]) + "\n")
    return path


def test_good_rows_come_in_once_and_bad_ones_are_told_with_line_and_reason(running: Suite, file: Path) -> None:
    known = running.mongo["intake"]["services"].count_documents({"state.channel": "import"})
    first = slkt("import", str(file), stack=running)
    assert first.code == 1
    with file.with_name("complaints.refused.csv").open() as refused:
        reasons = {row["line"]: row["reason"] for row in csv.DictReader(refused)}
    assert set(reasons) == {"4", "6"}
    assert "'Date received' is '2 Maret 2026'" in reasons["4"]
    assert "transaction_date: came 2999-01-01" in reasons["6"]
    for words, count in {"accepted, new": 4, "already there": 0, "refused by intake": 1, "not readable": 1}.items():
        assert f"{words} │ {count} │" in first.said
    assert "2 Maret 2026" in first.said and "2999-01-01" in first.said

    second = slkt("import", str(file), stack=running)
    for words, count in {"accepted, new": 0, "already there": 4, "refused by intake": 1, "not readable": 1}.items():
        assert f"{words} │ {count} │" in second.said
    now = running.mongo["intake"]["services"].count_documents({"state.channel": "import"})
    assert now == known + 4


def test_a_file_of_good_rows_ends_well_and_leaves_no_list(running: Suite, tmp_path: Path) -> None:
    file = tmp_path / "good.csv"
    file.write_text("\n".join([HEADER, a_row(77_000_001), a_row(77_000_002)]) + "\n")
    ended = slkt("import", str(file), stack=running)
    assert ended.code == 0
    assert not (tmp_path / "good.refused.csv").exists()


@pytest.mark.long
def test_an_import_that_waits_says_for_how_many_receipts(running: Suite, tmp_path: Path) -> None:
    file = tmp_path / "slow.csv"
    file.write_text("\n".join([HEADER, a_row(77_000_011), a_row(77_000_012)]) + "\n")
    slow = {"failCommands": ["insert"], "namespace": "intake.services", "blockConnection": True, "blockTimeMS": 12_000}
    running.mongo.admin.command({"configureFailPoint": "failCommand", "mode": "alwaysOn", "data": slow})
    try:
        ended = slkt("import", str(file), stack=running)
    finally:
        running.mongo.admin.command({"configureFailPoint": "failCommand", "mode": "off"})
    assert ended.code == 0
    assert "waiting for 2 receipts, line 0 / 3" in ended.said


@pytest.mark.parametrize(
    ("text", "why"), [("a,b,c\n1,2,3\n", "not the CFPB export's layout"), (None, "No such file or directory")]
)
def test_a_file_that_cannot_be_read_is_told_plainly(running: Suite, tmp_path: Path, text: str | None, why: str) -> None:
    file = tmp_path / "wrong.csv"
    if text is not None:
        file.write_text(text)
    ended = slkt("import", str(file), stack=running)
    assert ended.code == 2 and why in ended.said
