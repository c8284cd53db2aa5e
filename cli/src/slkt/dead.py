"""`slkt dead`: what was put aside, why, and once more. See docs/runbooks/dead-letters.md."""

import json
from collections import Counter
from contextlib import aclosing
from datetime import datetime
from typing import Annotated, NoReturn

import typer
from aio_pika.exceptions import DeliveryError
from rich.markup import escape

from slkt.broker import NoSuchQueue, connected, letters, queues
from slkt.deadletters import DEAD, Letter, count_reasons, letter, replay
from slkt.owners import Databases
from slkt.settings import Addresses, addresses
from slkt.terminal import StackOption, bar, cannot, console, plainly, run, table

app = typer.Typer(help="Surat mati / dead letters: list, show, replay.", no_args_is_help=True)

QueueArgument = Annotated[str, typer.Argument(help="Name of the queue, with or without .dead")]


@app.command("list")
def list_(stack: StackOption = None) -> None:
    """Every dead-letter queue that is not empty, with the reasons."""
    with plainly():
        where = addresses(stack)
    found = run(_reasons(where))
    if not found:
        console.print("[green]Tidak ada surat mati / no dead letters.[/green]")
        return
    listed = table("surat mati / dead letters", "queue", "letters", "reasons")
    for queue, reasons in found.items():
        told = ", ".join(f"{reason} × {number}" for reason, number in reasons.most_common())
        listed.add_row(queue, str(reasons.total()), escape(told))
    console.print(listed)


@app.command("show")
def show(
    queue: QueueArgument,
    stack: StackOption = None,
    most: Annotated[int, typer.Option(help="At most so many")] = 50,
    letter_id: Annotated[str | None, typer.Option("--id", help="One letter; of a fact, its envelope unsealed")] = None,
) -> None:
    """What is known of the letters of one queue; never the content of what an outsider sent."""
    with plainly():
        where = addresses(stack)
    now, found = run(_letters(where, _dead(queue), most, letter_id))
    if letter_id:
        if not found:
            cannot(f"{_dead(queue)} holds no letter {letter_id}")
        _one(found[0], now)
        return
    listed = table(_dead(queue), "id", "type", "reason", "by", "sender", "attempt", "bytes", "age")
    for one in found:
        cells = (one.id, one.type, one.reason, one.service, one.sender, str(one.attempt), f"{one.size:,}")
        listed.add_row(*map(escape, cells), _age(one, now))
    console.print(listed)


@app.command("replay")
def replay_(
    queue: QueueArgument,
    stack: StackOption = None,
    letter_id: Annotated[str | None, typer.Option("--id", help="Only this letter")] = None,
    all_: Annotated[bool, typer.Option("--all", help="Every letter of the queue")] = False,
) -> None:
    """Send dead letters to the queue they came from, once each; what fails again dies again."""
    if all_ == (letter_id is not None):
        cannot("say which: --id ID for one letter, or --all")
    with plainly():
        where = addresses(stack)
    sent = run(_replay(where, _dead(queue), letter_id))
    if letter_id and not sent:
        cannot(f"{_dead(queue)} holds no letter {letter_id}")
    console.print(f"{sent} dikirim ulang ke / sent again to {_dead(queue).removesuffix(DEAD)}", highlight=False)


async def _reasons(where: Addresses) -> dict[str, Counter[str]]:
    names = [str(one["name"]) for one in await queues(where.management)]
    async with connected(where.amqp_url) as connection:
        found = {name: await count_reasons(connection, name) for name in names if name.endswith(DEAD)}
    return {name: reasons for name, reasons in found.items() if reasons}


async def _letters(
    where: Addresses, queue: str, most: int, letter_id: str | None
) -> tuple[datetime | None, list[Letter]]:
    found: list[Letter] = []
    async with connected(where.amqp_url) as connection:
        try:
            async with aclosing(letters(connection, queue)) as all_:
                async for message in all_:
                    if letter_id in (None, message.message_id):
                        found.append(letter(message))
                    if len(found) == most:
                        break
        except NoSuchQueue as error:
            cannot(str(error))
    return await _now(where), found


async def _now(where: Addresses) -> datetime | None:
    if not where.mongo:
        return None
    databases = Databases(where.mongo)
    try:
        return await databases.now()
    finally:
        databases.close()


async def _replay(where: Addresses, queue: str, letter_id: str | None) -> int:
    with bar() as progress:
        task = progress.add_task("Mengirim ulang / replaying", total=None)
        async with connected(where.amqp_url) as connection:
            try:
                return await replay(connection, queue, only=letter_id, done=lambda _: progress.advance(task))
            except NoSuchQueue as error:
                cannot(str(error))
            except DeliveryError as error:
                _not_taken(queue, error)


def _not_taken(queue: str, error: DeliveryError) -> NoReturn:
    cannot(f"{queue.removesuffix(DEAD)} does not take it ({type(error).__name__}): missing or full; it stays dead")


def _dead(queue: str) -> str:
    return queue if queue.endswith(DEAD) else f"{queue}{DEAD}"


def _age(one: Letter, now: datetime | None) -> str:
    if one.since is None or now is None:
        return "?"
    seconds = max(0, int((now - one.since).total_seconds()))
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= length:
            return f"{seconds // length} {unit}"
    return f"{seconds} s"


def _one(one: Letter, now: datetime | None) -> None:
    about = table(escape(one.id), "", "")
    for name in ("type", "reason", "service", "sender", "attempt", "deliveries", "size"):
        about.add_row(name, escape(str(getattr(one, name))))
    about.add_row("age", _age(one, now))
    console.print(about)
    if one.envelope is None:
        console.print("Isi tidak ditampilkan / the content is not shown: it came from outside.")
    else:
        console.print_json(json.dumps(one.envelope))
