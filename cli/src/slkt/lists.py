"""`slkt directory load|illegal FILE.csv`: which firms are licensed, and who is on the list of illegal entities? Both
are put in through routing's own doors.

Exit code 0: the list is in force, within five seconds on every replica; 2: could not be done.
"""

import csv
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer
from chassis.trust import trust

from slkt.directory import ALIAS_MARK, firms
from slkt.settings import addresses
from slkt.terminal import StackOption, aside, cannot, plainly

app = typer.Typer(help="PUJK berizin dan entitas ilegal / licensed firms, illegal entities.", no_args_is_help=True)
File = Annotated[Path, typer.Argument(help="CSV in UTF-8 with a line of headings")]
#: A list of 9,000 entities takes some 2 s.
PATIENCE_SECONDS = 60


@app.command()
def load(file: File, stack: StackOption = None) -> None:
    """Adds or replaces firms by code: code, name, sector, and where there are some aliases, apart by `;`."""
    with plainly():
        told = _put(stack, "/directory", _rows(file, lambda: firms(file)))
    aside.print(f"{told['firms']} PUJK dikenal / firms are known", highlight=False)


@app.command()
def illegal(file: File, stack: StackOption = None) -> None:
    """Puts this list in place of the one before: name; where they are told aliases, apart by `;`, and activity_type."""
    with plainly():
        told = _put(stack, "/illegal-entities", _rows(file, lambda: entities(file)))
    aside.print(f"{told['entities']} entitas ilegal / illegal entities are listed", highlight=False)


def entities(path: Path) -> list[dict[str, Any]]:
    """Errors: KeyError for a column that is not there."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [_entity(row) for row in csv.DictReader(file)]
    return [one for one in rows if one["name"]]


def _entity(row: Mapping[str, str]) -> dict[str, Any]:
    aliases = [one.strip() for one in (row.get("aliases") or "").split(ALIAS_MARK)]
    activity = row.get("activity_type") or row.get("activity") or ""
    return {"name": row["name"].strip(), "aliases": [one for one in aliases if one], "activity": activity.strip()}


def _rows(file: Path, read: Callable[[], list[dict[str, Any]]]) -> list[dict[str, Any]]:
    try:
        rows = read()
    except (KeyError, UnicodeDecodeError, csv.Error) as error:
        cannot(f"{file}: not such a list ({type(error).__name__}: {error})")
    if not rows:
        cannot(f"{file}: no rows; an empty list is put in by nobody")
    return rows


def _put(stack: Path | None, door: str, rows: list[dict[str, Any]]) -> dict[str, int]:
    known = addresses(stack)
    url = f"{known.service('routing')}{door}"
    headers = known.member("administrator").headers("routing")
    answer = httpx.put(
        url, json=rows, headers=headers, timeout=PATIENCE_SECONDS, trust_env=False, verify=trust(url)
    ).raise_for_status()
    told: dict[str, int] = answer.json()
    return told
