"""`slkt deadline`: on which day does a term of working days end, and why?"""

from datetime import date, datetime, time
from enum import StrEnum
from typing import Annotated

import typer
from chassis.calendar import load_calendar
from chassis.working_days import CUTI_BERSAMA, JAKARTA, PUBLIC, Day, NoSuchDay, add_working_days
from rich.markup import escape

from slkt.terminal import cannot, console, table

WEEKDAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
CATEGORIES = {PUBLIC: "hari libur nasional / public holiday", CUTI_BERSAMA: "cuti bersama / collective leave"}
#: A term is at most a year or two; the calendar ends long before a count of all its days.
DAYS_MOST = 1_000


class Closed(StrEnum):
    """Which holidays are not worked, beside weekends."""

    NONE = "none"
    PUBLIC = "public"
    ALL = "all"


CLOSED: dict[Closed, frozenset[str]] = {
    Closed.NONE: frozenset(),
    Closed.PUBLIC: frozenset({PUBLIC}),
    Closed.ALL: frozenset({PUBLIC, CUTI_BERSAMA}),
}


def command(
    received: Annotated[
        str, typer.Option("--from", help="tanggal diterima / day of receipt, as 2026-03-16; counted from the next")
    ],
    days: Annotated[int, typer.Option(help="hari kerja / working days")] = 10,
    holidays: Annotated[
        Closed,
        typer.Option(help="hari libur / not worked beside weekends: none, public holidays, all with cuti bersama"),
    ] = Closed.ALL,
) -> None:
    """Until when is something due? Each day with its number or why it does not count; the date stands alone at last."""
    calendar = load_calendar(CLOSED[holidays])
    if not 1 <= days <= DAYS_MOST:
        cannot(f"--days {days}: expected 1 to {DAYS_MOST} working days")
    try:
        term = add_working_days(datetime.combine(_day(received), time(12), JAKARTA), days, calendar)
    except NoSuchDay as error:
        cannot(f"--from {received} --days {days}: {error}")
    proof = table("", "tanggal / date", "hari / day", "ke- / no.", "sebab / why")
    for day in term.days:
        proof.add_row(str(day.on), _weekday(day.on), str(day.number or "–"), escape(_why(day)))
    console.print(proof)
    counted = f"{days} hari kerja setelah / working days after {received}; kalender / calendar: {calendar.version}"
    console.print(counted, highlight=False, soft_wrap=True)
    # Alone and plain: it is what a script reads.
    print(term.due_on)


def _day(said: str) -> date:
    try:
        return datetime.strptime(said, "%Y-%m-%d").replace(tzinfo=JAKARTA).date()
    except ValueError:
        cannot(f"--from {said!r}: expected a day as in 2026-03-16")


def _weekday(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()]} / {day:%A}"


def _why(day: Day) -> str:
    named = f"{CATEGORIES[day.category]}: {day.name}" if day.category else ""
    if day.counted == "counted":
        return f"hari kerja / working day ({named})" if named else ""
    if day.counted == "weekend":
        return f"akhir pekan / weekend ({named})" if named else "akhir pekan / weekend"
    return named
