"""`slkt deadline` proves a date day by day, and ends with the date alone."""

import pytest
from slkt.main import app_of
from slkt.terminal import console
from typer.testing import CliRunner, Result

ASKED = ("--from", "2026-03-16", "--days", "10")


def slkt(*arguments: str) -> Result:
    return CliRunner().invoke(app_of(["deadline"]), ["deadline", *arguments], env={"COLUMNS": "200"})


@pytest.mark.parametrize(("holidays", "due"), [("none", "2026-03-30"), ("public", "2026-03-31"), ("all", "2026-04-07")])
def test_the_last_line_is_the_date_alone(holidays: str, due: str) -> None:
    done = slkt(*ASKED, "--holidays", holidays)
    assert done.exit_code == 0
    assert done.stdout.splitlines()[-1] == due


def test_each_day_is_shown_with_its_number_or_why_it_does_not_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(console, "_width", 200)
    said = slkt(*ASKED, "--holidays", "all").stdout
    shown = [line for line in said.splitlines() if "2026-0" in line and "│" in line]
    assert len(shown) == 22
    assert "Selasa / Tuesday" in shown[0]
    assert "cuti bersama / collective leave: Cuti Bersama Hari Suci Nyepi" in shown[1]
    assert "hari libur nasional / public holiday: Hari Suci Nyepi" in shown[2]
    assert "akhir pekan / weekend" in shown[4]
    assert "10" in shown[-1]
    assert "hari kerja / working day (cuti bersama" in slkt(*ASKED, "--holidays", "public").stdout


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--from", "16-03-2026", "--days", "10"), "expected a day as in 2026-03-16"),
        (("--from", "2026-02-30", "--days", "10"), "expected a day as in 2026-03-16"),
        (("--from", "2026-03-16", "--days", "0"), "expected 1 to 1000"),
        (("--from", "2030-12-30", "--days", "9"), "2031-01-01 is outside"),
        (("--from", "2026-03-16", "--days", "10", "--holidays", "some"), "'some' is not one of"),
    ],
)
def test_what_cannot_be_counted_is_said_plainly(arguments: tuple[str, ...], why: str) -> None:
    done = slkt(*arguments)
    assert done.exit_code == 2
    assert why in " ".join(done.output.replace("│", " ").split())
