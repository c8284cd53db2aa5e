"""`slkt simulate`: a year of services comes in at a running suite, at any speed, and people act on them."""

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import UTC, date, datetime
from time import monotonic
from typing import Annotated, Any

import httpx
import typer

from slkt.sending import ChannelSender, DoorKey
from slkt.settings import described
from slkt.simulating.people import People
from slkt.simulating.year import AHEAD, Simulated, Year
from slkt.terminal import StackOption, bar, console, plainly, run, table

AT_ONCE = 200
SHOWN_MOST = 20
CHANNELS = ("web", "phone", "mobile", "email")
KINDS = ("information", "question", "complaint", "indication")


def command(
    services: Annotated[int, typer.Option(min=1, max=2_000_000, help="How many come in during the year")] = 1_000,
    year: Annotated[int, typer.Option(min=2013, max=2100, help="Its weekdays and months decide how busy it is")] = 2025,
    seed: Annotated[int, typer.Option(help="The same seed, year and number send the same services")] = 1,
    speed: Annotated[float, typer.Option(min=0, help="Simulated seconds in one; 0: as fast as the doors take")] = 0,
    act: Annotated[bool, typer.Option(help="CSO, firms that have a queue, decider and consumers act, too")] = True,
    stack: StackOption = None,
) -> None:
    """Send a year's services through the channels' doors of a running suite. Dates of facts are those of today: doors
    take what comes when it comes. Exit: 1 where a door refused anything."""
    with plainly():
        known = described(stack)
    first = date(year, 1, 1)
    played = run(_play(known, services, first, seed, speed, act))
    _show(played)
    raise typer.Exit(1 if played.refused else 0)


class Played:
    """What came of it."""

    def __init__(self) -> None:
        self.accepted: Counter[tuple[str, str]] = Counter()
        self.refused: list[dict[str, Any]] = []
        self.seconds = 0.0


async def _play(known: dict[str, Any], services: int, first: date, seed: int, speed: float, act: bool) -> Played:
    """Errors: those of the connections, NoReceipt."""
    played = Played()
    people = People(known, act)
    async with AsyncExitStack() as open_:
        senders = await _senders(known, open_)
        await people.begin(open_)
        began, room = monotonic(), asyncio.Semaphore(AT_ONCE)

        async def bring(one: Simulated, advance: Callable[[], None]) -> None:
            try:
                receipt = await senders[one.channel].submit(one.key, one.data)
            finally:
                room.release()
            advance()
            if receipt.get("status") != "accepted":
                played.refused.append(receipt)
                return
            played.accepted[one.data["kind"], one.channel] += 1
            people.know(one, receipt)

        with bar() as progress:
            task = progress.add_task("Setahun / a year", total=services)
            async with asyncio.TaskGroup() as group:
                start = datetime(first.year, 1, 1, tzinfo=UTC) - AHEAD
                for one in Year(seed, first, services, people.codes):
                    if speed:
                        due = began + (one.at - start).total_seconds() / speed
                        await asyncio.sleep(max(0.0, due - monotonic()))
                    await room.acquire()
                    group.create_task(bring(one, lambda: progress.advance(task)))
        played.seconds = monotonic() - began
        await people.finish()
    return played


async def _senders(known: dict[str, Any], open_: AsyncExitStack) -> dict[str, ChannelSender]:
    async with httpx.AsyncClient(timeout=60, trust_env=False) as http:
        door = DoorKey((await http.get(f"{known['services']['intake']}/door-key")).raise_for_status().json())
    channels = known["credentials"]["channels"]
    return {
        name: await open_.enter_async_context(ChannelSender(channels[name]["amqp"], name, door)) for name in CHANNELS
    }


def _show(played: Played) -> None:
    shown = table("diterima / accepted", "", *CHANNELS, "")
    for kind in KINDS:
        counts = [played.accepted[kind, channel] for channel in CHANNELS]
        shown.add_row(kind, *(f"{count:,}" for count in counts), f"{sum(counts):,}")
    console.print(shown)
    total = played.accepted.total()
    rate = total / played.seconds if played.seconds else 0
    console.print(f"{total:,} dalam / in {played.seconds:,.1f} s · {rate:,.0f}/s", highlight=False)
    for one in played.refused[:SHOWN_MOST]:
        console.print(f"[red]ditolak / refused: {one}[/]", soft_wrap=True)
