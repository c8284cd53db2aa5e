"""What do tests of deliveries start from? Matters of the made-up service with parcels, and workers that carry them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from chassis.deliveries import DeliveryWorker
from kit.ground import Ground, a_number, pong
from kit.pings import Parcel, Ping

Send = Callable[[Ping, Parcel], Awaitable[None]]


def worker(ground: Ground, send: Send, *, per_receiver: int = 20) -> DeliveryWorker[Ping]:
    """Another one is another process."""
    matters = ground.repository(lease_seconds=0.5)
    return DeliveryWorker(matters, send, kind="parcel", receiver=lambda p: p.to, per_receiver=per_receiver)


@asynccontextmanager
async def at_work(*workers: DeliveryWorker[Ping]) -> AsyncIterator[tuple[DeliveryWorker[Ping], ...]]:
    running = [asyncio.create_task(one.run()) for one in workers]
    try:
        yield workers
    finally:
        await asyncio.gather(*(one.stop() for one in workers))
        await asyncio.gather(*running)


def with_parcel(ground: Ground, number: str, to: str) -> Callable[[Ping], None]:
    return lambda ping: ping.deliveries.append(Parcel(f"parcel-{number}", to, ground.clock.now()))


async def parcels(ground: Ground, *receivers: str) -> list[str]:
    """One matter each, with one parcel that is due and nobody's."""
    pings, made = ground.repository(), [a_number() for _ in receivers]
    await worker(ground, _never).ensure_indexes()
    changes = zip(made, receivers, strict=True)
    await asyncio.gather(*(pings.change(pong(n, 1), with_parcel(ground, n, to)) for n, to in changes))
    return made


async def _never(ping: Ping, parcel: Parcel) -> None:
    raise AssertionError("nothing is to be sent")


async def left(ground: Ground) -> int:
    return int(await ground.database["pings"].count_documents({"state.deliveries.due_at": {"$ne": None}}))


async def none_left(ground: Ground) -> bool:
    return await left(ground) == 0
