"""Is a fact that was not heard lost, or does it lie where it can still be heard? Dead, in a waiting room, queued."""

import asyncio
from collections.abc import Iterable, Sequence

from aio_pika.abc import AbstractConnection
from chassis.letters import ROOMS

from slkt.broker import NoSuchQueue, connected, letters, queues, ready
from slkt.settings import Addresses
from slkt.verifying.report import Finding, Report

#: What a consumer holds is known from statistics, which the broker renews every 5 s.
SETTLE_SECONDS = 6.0


def inbox_of(hearer: str) -> str:
    return f"{hearer}.inbox"


async def lying(addresses: Addresses, hearers: Iterable[str], gaps: Iterable[Finding]) -> dict[tuple[str, str], str]:
    """(hearer, fact id) → `dead` or `retry`, for those of the gaps whose fact lies there. Errors: of the broker."""
    wanted = {(one.service, one.fact) for one in gaps}
    found: dict[tuple[str, str], str] = {}
    async with connected(addresses.amqp_url) as connection:
        for hearer in hearers:
            for name, why in _places(hearer):
                try:
                    async for letter in letters(connection, name):
                        if (hearer, letter.message_id or "") in wanted:
                            found[hearer, letter.message_id or ""] = why
                except NoSuchQueue:
                    continue
    return found


def _places(hearer: str) -> list[tuple[str, str]]:
    inbox = inbox_of(hearer)
    return [*((f"{inbox}.retry.{room}", "retry") for room in ROOMS), (f"{inbox}.dead", "dead")]


async def waiting(addresses: Addresses, hearers: Iterable[str], report: Report) -> dict[str, int]:
    """How many messages wait for each hearer or are in its hands, once its queue had time to empty.

    Errors: those of the broker.
    """
    depths: dict[str, int] = {}
    async with connected(addresses.amqp_url) as connection:
        await asyncio.sleep(SETTLE_SECONDS)
        for hearer in hearers:
            try:
                depths[hearer] = await _depth(addresses, connection, inbox_of(hearer))
            except NoSuchQueue as error:
                report.notes.append(f"{error}: start {hearer}, then `slkt republish`")
                depths[hearer] = 0
    return depths


async def _depth(addresses: Addresses, connection: AbstractConnection, queue: str) -> int:
    here = await ready(connection, queue)
    told = {one["name"]: one for one in await queues(addresses.management)}
    return here + int(told.get(queue, {}).get("messages_unacknowledged", 0))


def settle(hearer: str, gaps: Sequence[Finding], depth: int, report: Report) -> None:
    """More gaps than messages that could close them: then some are lost for certain, and all are reported."""
    if len(gaps) > depth:
        if depth:
            report.notes.append(f"{inbox_of(hearer)} holds {depth} messages: as many of its gaps may still be closed")
        for one in gaps:
            report.add(one)
    elif gaps:
        report.troubles.append(
            f"{inbox_of(hearer)} holds {depth} messages, and {len(gaps)} facts older than the cut are not heard yet: "
            f"verify again when {hearer} has read them"
        )
