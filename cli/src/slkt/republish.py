"""`slkt republish`: a service says again what it said. For a queue that was deleted, a database that was restored, a
handler that was mended. Who heard it before lets it be. See docs/runbooks/republish.md."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from chassis.messaging import Link, Publisher
from contracts.base import CONTENT_TYPE
from contracts.topology import EVENTS, FACTS, OWNERS
from pymongo.errors import DuplicateKeyError

from slkt.owners import Databases
from slkt.settings import Addresses, addresses
from slkt.terminal import StackOption, bar, cannot, console, plainly, run

AT_ONCE = 200
PREFIX = "slkt."

Advance = Callable[[int], None]


def command(
    service: Annotated[str, typer.Argument(help="Whose facts: a service, or 'all'")],
    since: Annotated[str, typer.Option(help="From this moment on: RFC 3339, UTC where no zone is said")],
    stack: StackOption = None,
    until: Annotated[str | None, typer.Option(help="Up to this moment")] = None,
    type_: Annotated[list[str] | None, typer.Option("--type", help="Only e.g. routing.ticket-routed.v1")] = None,
) -> None:
    """Publish the facts of a service again, and those that are stuck; each is confirmed by the broker."""
    owners = OWNERS if service == "all" else (service,)
    if unknown := set(owners) - set(OWNERS):
        cannot(f"no service {unknown.pop()!r}: expected one of {', '.join(OWNERS)}, all")
    types = [_type(one, owners) for one in type_ or []]
    period = {"$gte": _moment("--since", since)} | ({"$lte": _moment("--until", until)} if until else {})
    with plainly():
        where = addresses(stack)
    facts, stuck = run(_with_bar(where, owners, {"at": period} | ({"type": {"$in": types}} if types else {})))
    console.print(f"{facts:,} fakta dikirim ulang / facts sent again; {stuck:,} tersangkut terlepas / stuck set free")


async def republish(
    where: Addresses, owners: tuple[str, ...], wanted: dict[str, Any], advance: Advance = lambda n: None
) -> tuple[int, int]:
    """How many facts were sent again, and how many stuck ones are not stuck any more.

    Errors: PublishFailed, after which the same may be done again; those of the driver.
    """
    databases, link = Databases(where.mongo_url), Link(where.amqp_url, "slkt-republish")
    publisher = Publisher(link, app_id="slkt")
    counts = [0, 0]
    try:
        for owner in owners:
            some: list[dict[str, Any]] = []
            async for fact in databases.facts(owner).find(wanted).sort("at", 1):
                some.append(fact)
                if len(some) == AT_ONCE:
                    counts[0] += await _publish(publisher, some, advance)
                    some = []
            counts[0] += await _publish(publisher, some, advance)
            for stuck in await databases.stuck(owner).find(wanted).to_list(None):
                await _publish(publisher, [stuck], advance)
                await _set_free(databases, owner, stuck)
                counts[1] += 1
    finally:
        await link.close()
        databases.close()
    return counts[0], counts[1]


async def _publish(publisher: Publisher, facts: list[dict[str, Any]], advance: Advance) -> int:
    answers = await asyncio.gather(
        *(
            publisher.publish(
                EVENTS,
                fact["type"].removeprefix(PREFIX),
                fact["body"].encode(),
                message_id=fact["_id"],
                type=fact["type"],
                content_type=CONTENT_TYPE,
            )
            for fact in facts
        ),
        return_exceptions=True,
    )
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer
    advance(len(facts))
    return len(facts)


async def _set_free(databases: Databases, owner: str, stuck: dict[str, Any]) -> None:
    """What was said belongs with the other facts."""
    fact = {name: value for name, value in stuck.items() if name not in ("tries", "reason", "not_before")}
    try:
        await databases.facts(owner).insert_one(fact)
    except DuplicateKeyError as error:
        if set((error.details or {}).get("keyPattern", {})) != {"_id"}:
            raise
    await databases.stuck(owner).delete_one({"_id": stuck["_id"]})


async def _with_bar(where: Addresses, owners: tuple[str, ...], wanted: dict[str, Any]) -> tuple[int, int]:
    databases = Databases(where.mongo_url)
    total = sum([await databases.facts(one).count_documents(wanted) for one in owners])
    total += sum([await databases.stuck(one).count_documents(wanted) for one in owners])
    databases.close()
    with bar() as progress:
        task = progress.add_task("Mengirim ulang / republishing", total=total)
        return await republish(where, owners, wanted, lambda n: progress.advance(task, n))


def _moment(option: str, said: str) -> datetime:
    try:
        moment = datetime.fromisoformat(said)
    except ValueError:
        cannot(f"{option} {said!r}: expected a moment as 2026-03-31T14:00:00+07:00 or 2026-03-31")
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _type(said: str, owners: tuple[str, ...]) -> str:
    known = {fact.key for owner in owners for fact in FACTS[owner]}
    key = said.removeprefix(PREFIX)
    if key not in known:
        cannot(f"--type {said!r}: expected one of {', '.join(sorted(known)) or 'none: it says nothing'}")
    return f"{PREFIX}{key}"
