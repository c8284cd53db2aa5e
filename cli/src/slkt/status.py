"""`slkt status`: is everything well? Services, queues, and what waits to be said. Exit code 1 where it is not."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import httpx
import typer
from chassis.trust import trust
from contracts.topology import OWNERS, UNROUTED
from pymongo.errors import PyMongoError
from rich.markup import escape

from slkt.broker import queues
from slkt.owners import Databases
from slkt.settings import Addresses, NotSaid, addresses
from slkt.terminal import StackOption, console, plainly, run, table

UNSENT_ALARM_SECONDS = 60
_UNSENT = {"unsent._id": {"$exists": True}}


@dataclass
class Status:
    """What each part said; `troubles` is empty where all is well."""

    #: Address of the one host; empty where nobody said it.
    entry: str = ""
    services: dict[str, list[str]] = field(default_factory=dict)
    queues: list[dict[str, Any]] = field(default_factory=list)
    unsent: dict[str, float] = field(default_factory=dict)
    stuck: dict[str, int] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)


def command(stack: StackOption = None) -> None:
    """Services ready or why not; queues with depth, readers and dead letters; the oldest unsent fact; stuck facts."""
    with plainly():
        where = addresses(stack)
        if not (where.ops or where.mongo or where.amqp):
            _ = where.mongo_url
    found = run(status(where))
    _show(found)
    raise typer.Exit(1 if found.troubles else 0)


async def status(where: Addresses) -> Status:
    """Never raises for a part that does not answer: that is what it tells."""
    found = Status()
    await asyncio.gather(_entry(where, found), _services(where, found), _queues(where, found), _databases(where, found))
    return found


async def _entry(where: Addresses, found: Status) -> None:
    """Whether somebody passes requests on there; whom it reaches is asked of the services themselves."""
    found.entry = where.entry.rstrip("/")
    if found.entry:
        async with httpx.AsyncClient(timeout=5, trust_env=False, verify=trust(found.entry)) as http:
            try:
                await http.get(f"{found.entry}/")
            except httpx.HTTPError as error:
                found.troubles.append(f"entry: no answer: {type(error).__name__}")


async def _services(where: Addresses, found: Status) -> None:
    for name in OWNERS:
        if name not in where.ops:
            continue
        url = f"{where.ops[name].rstrip('/')}/ready"
        async with httpx.AsyncClient(timeout=5, trust_env=False, verify=trust(url)) as http:
            try:
                answer = await http.get(url)
                found.services[name] = list(answer.json()["troubles"])
            except (httpx.HTTPError, ValueError, KeyError) as error:
                found.services[name] = [f"no answer: {type(error).__name__}"]
            found.troubles += [f"{name}: {one}" for one in found.services[name]]


async def _queues(where: Addresses, found: Status) -> None:
    try:
        found.queues = await queues(where.management)
    except (httpx.HTTPError, NotSaid) as error:
        found.troubles.append(f"broker: {str(error) or type(error).__name__}")
        return
    depths = {one["name"]: int(one.get("messages", 0)) for one in found.queues}
    found.troubles += [f"{name}: {n} dead letters" for name, n in depths.items() if name.endswith(".dead") and n]
    if depths.get(UNROUTED):
        found.troubles.append(f"{UNROUTED}: {depths[UNROUTED]} facts that no queue was bound to")


async def _databases(where: Addresses, found: Status) -> None:
    try:
        databases = Databases(where.mongo_url)
        now = await databases.now()
        for name in OWNERS:
            oldest = [
                min(entry["at"] for entry in one["unsent"])
                async for one in databases.matters(name).find(_UNSENT, {"unsent.at": 1}).sort("lease", 1).limit(20)
            ]
            found.unsent[name] = max([(now - at).total_seconds() for at in oldest], default=0.0)
            found.stuck[name] = await databases.stuck(name).count_documents({})
        databases.close()
    except (PyMongoError, NotSaid) as error:
        found.troubles.append(f"database: {type(error).__name__}: {str(error)[:120]}")
        return
    found.troubles += [f"{name}: {n} facts are stuck" for name, n in found.stuck.items() if n]
    late = {name: age for name, age in found.unsent.items() if age > UNSENT_ALARM_SECONDS}
    found.troubles += [f"{name}: the oldest unsent fact is {age:.0f} s old" for name, age in late.items()]


def _show(found: Status) -> None:
    if found.entry:
        console.print(f"Buka / open: {found.entry}/", highlight=False)
    services = table("layanan / services", "service", "ready", "unsent, oldest", "stuck", "why not ready")
    for name in OWNERS:
        troubles = found.services.get(name)
        ready = "?" if troubles is None else "[red]no[/red]" if troubles else "[green]yes[/green]"
        age = f"{found.unsent[name]:.1f} s" if found.unsent.get(name) else ("–" if name in found.unsent else "?")
        stuck = str(found.stuck.get(name, "?"))
        services.add_row(name, ready, age, stuck, escape("; ".join(troubles or [])))
    console.print(services)
    dead = {one["name"].removesuffix(".dead"): one for one in found.queues if one["name"].endswith(".dead")}
    listed = table("antrean / queues", "queue", "waiting", "in hand", "readers", "in waiting rooms", "dead")
    for one in found.queues:
        name = one["name"]
        if name.endswith(".dead") or ".retry." in name:
            continue
        rooms = sum(int(q.get("messages", 0)) for q in found.queues if q["name"].startswith(f"{name}.retry."))
        letters = str(dead[name].get("messages", 0)) if name in dead else "–"
        cells = (one.get("messages_ready", 0), one.get("messages_unacknowledged", 0), one.get("consumers", 0), rooms)
        listed.add_row(name, *map(str, cells), f"[red]{letters}[/red]" if letters not in ("0", "–") else letters)
    if found.queues:
        console.print(listed)
    for line in found.troubles:
        console.print(f"[yellow]•[/yellow] {escape(line)}", highlight=False)
    if not found.troubles:
        console.print("[green]Semua baik / all is well.[/green]")
