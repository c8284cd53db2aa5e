"""`slkt rebuild tracking`: every timeline is compared with its owners' facts and repaired where it differs."""

from collections import Counter
from typing import Annotated

import typer

from slkt.repair import TRACKING, KeepsMoving, counted, rebuild
from slkt.settings import Addresses, addresses
from slkt.terminal import StackOption, bar, cannot, console, plainly, run

WORDS = {"right": "benar / right", "repaired": "diperbaiki / repaired", "made": "dibuat / made"}


def command(
    what: Annotated[str, typer.Argument(help="What to rebuild: 'tracking'")] = TRACKING, stack: StackOption = None
) -> None:
    """Fold the owners' facts again while everything runs; tell how many timelines were right, repaired, made."""
    if what != TRACKING:
        cannot(f"{what!r} cannot be rebuilt: only {TRACKING!r} holds nothing but what others said")
    with plainly():
        where = addresses(stack)
    counts = run(_with_bar(where))
    left = run(_counting(where))
    console.print(" · ".join(f"{words}: {counts[name]:,}" for name, words in WORDS.items()), highlight=False)
    if left:
        console.print(f"angka menyusul / figures follow when tracking runs: {left:,}", highlight=False)


async def _counting(where: Addresses) -> int:
    with bar() as progress:
        task = progress.add_task("Menghitung angka / counting figures", total=None)
        return await counted(where, lambda done, of: progress.update(task, completed=done, total=of))


async def _with_bar(where: Addresses) -> Counter[str]:
    with bar() as progress:
        task = progress.add_task("Menyusun ulang / rebuilding", total=None)
        try:
            return await rebuild(where, lambda done, of: progress.update(task, completed=done, total=of))
        except KeepsMoving as error:
            cannot(str(error))
