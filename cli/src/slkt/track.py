"""`slkt track NUMBER`: what does the consumer see? The timeline by number and PIN, through tracking's own door."""

import re
from datetime import datetime, timedelta, timezone
from typing import Annotated, Any

import httpx
import typer
from chassis.trust import trust
from rich.markup import escape

from slkt.settings import Addresses, addresses
from slkt.terminal import StackOption, cannot, console, plainly, run, table

WIB = timezone(timedelta(hours=7), "WIB")


def command(
    number: Annotated[str, typer.Argument(help="Nomor Layanan: 13 digits, with or without spaces and letter")],
    pin: Annotated[str | None, typer.Option(help="8 digits; asked for on the terminal where not said")] = None,
    stack: StackOption = None,
) -> None:
    """Where does a matter stand, and what happened to it? Exit code 1 where number and PIN are not known together."""
    digits = re.sub(r"[^0-9]", "", number)
    if len(digits) != 13:
        cannot(f"NUMBER {number!r}: expected 13 digits, as in 'P 5043 8121 7730 4'")
    with plainly():
        where = addresses(stack)
    said = re.sub(r"\s", "", pin if pin is not None else typer.prompt("PIN", hide_input=True))
    answer = run(_track(where, digits, said))
    if answer.status_code != 200:
        problem = answer.json()
        console.print(f"[red]{problem.get('title', answer.status_code)}[/red] {escape(problem.get('detail', ''))}")
        raise typer.Exit(1)
    show(answer.json())


async def _track(where: Addresses, number: str, pin: str) -> httpx.Response:
    url = f"{where.service('tracking')}/track"
    async with httpx.AsyncClient(timeout=30, trust_env=False, verify=trust(url)) as http:
        answer = await http.post(url, json={"number": number, "pin": pin})
        if answer.status_code >= 500:
            answer.raise_for_status()
        return answer


def show(found: dict[str, Any]) -> None:
    """The answer of tracking's door: the stage in words, then the timeline."""
    stage = found["stage"]
    kind = f" · {_both(found['kind_word'])}" if found.get("kind_word") else ""
    console.print(f"{found['shown']}{kind}", highlight=False)
    console.print(f"[bold]{_both(stage['title'])}[/bold]: {_both(stage['now'])}", highlight=False)
    if stage.get("due"):
        console.print(f"tenggat / due: {_moment(stage['due'])}", highlight=False)
    if stage.get("stands_still"):
        console.print(_both(stage["stands_still"]), highlight=False)
    timeline = table("", "waktu / time (WIB)", "kejadian / event", "rincian / detail")
    for entry in found["timeline"]:
        timeline.add_row(_moment(entry["time"]), _both(entry["label"]), _both(entry.get("detail")))
    console.print(timeline)


def _both(words: dict[str, str] | None) -> str:
    """Indonesian first, English beside it where it differs."""
    if not words:
        return ""
    return escape(words["id"] if words["id"] == words["en"] else f"{words['id']} / {words['en']}")


def _moment(said: str) -> str:
    return f"{datetime.fromisoformat(said).astimezone(WIB):%Y-%m-%d %H:%M:%S} WIB"
