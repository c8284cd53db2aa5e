"""Whose is a delivery? It belongs to the worker whose write claimed it, until that claim runs out; a try under way
renews its claim."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, Protocol, TypeVar

from chassis.database import DriverError
from chassis.matter import Changed
from chassis.messages import Message, of_worker
from chassis.refusals import Erased, NotFound, Unavailable
from chassis.repository import Repository
from chassis.tasks import Tasks

log = logging.getLogger(__name__)

#: How long a claim stands. A try begins while half of that is left and renews it at every third: what a dead process
#: had claimed is another's soon, and a try may take longer all the same.
CLAIM = timedelta(seconds=15)


class Delivery(Protocol):
    """What the chassis needs of a delivery in an aggregate's ``deliveries``."""

    @property
    def id(self) -> str: ...
    @property
    def due_at(self) -> datetime: ...
    @property
    def tries(self) -> int: ...


class Delivers(Protocol):
    """What the chassis needs of an aggregate with deliveries."""

    number: str
    said: list[Any]
    deliveries: list[Any]

    def standing(self) -> dict[str, Any]: ...
    def claim(self, now: datetime, until: datetime) -> list[Any]:
        """Moves what is due to ``until`` and returns it."""
        ...

    def hold(self, delivery_id: str, since: datetime, until: datetime, why: str | None = None) -> bool:
        """Moves what is claimed until ``since`` to ``until``; False where that claim is no more, and nothing moves.

        ``why`` is given where it rests because somebody could not be reached.
        """
        ...

    def delivered(self, delivery_id: str, now: datetime) -> None: ...
    def not_delivered(self, delivery_id: str, now: datetime, reason: str, final: bool) -> None:
        """Plans the next try, or gives up where ``final`` or where the domain says it is enough."""
        ...


D = TypeVar("D", bound=Delivers)


@dataclass(eq=False)
class Claimed(Generic[D]):
    """A delivery that is this worker's until then; ``looking``: it finds out whether the trouble is over."""

    matter: D
    delivery: Any
    until: datetime
    looking: bool = False


class Claims(Generic[D]):
    """Claims with the write that makes a delivery due, or with one of its own."""

    def __init__(self, repository: Repository[D]) -> None:
        self._matters = repository
        self._tasks = Tasks()

    def now(self) -> datetime:
        return self._matters.clock.now()

    async def change(self, message: Message, change: Callable[[D], None]) -> tuple[Changed[D], list[Claimed[D]]]:
        """As the repository's; what is due by it is claimed in the same write. Errors: those of the repository. Where
        nobody can say whether the write was this one's, the claim runs out."""
        claimed: list[Claimed[D]] = []

        def claiming(matter: D) -> None:
            change(matter)
            now = self.now()
            until = now + CLAIM
            claimed[:] = [Claimed(matter, delivery, until) for delivery in matter.claim(now, until)]

        changed = await self._matters.change(message, claiming)
        # What ran and then lost against another writer, who had heard the message, claimed nothing. The same time may
        # stand in both claims: it does not tell whose write it was.
        return changed, [] if changed.repeated else claimed

    def time_to_begin(self, one: Claimed[D]) -> bool:
        return self.now() + CLAIM / 2 <= one.until

    @contextmanager
    def renewing(self, one: Claimed[D]) -> Iterator[None]:
        """The claim is held as long as this lasts."""
        loop, every = asyncio.get_running_loop(), CLAIM.total_seconds() / 3
        timer: asyncio.TimerHandle

        def renew() -> None:
            nonlocal timer
            self._tasks.start(self._renew(one))
            timer = loop.call_later(every, renew)

        timer = loop.call_later(every, renew)
        try:
            yield
        finally:
            timer.cancel()

    async def _renew(self, one: Claimed[D]) -> None:
        since, until, held = one.until, self.now() + CLAIM, False

        def hold(matter: D) -> None:
            nonlocal held
            held = matter.hold(one.delivery.id, since, until)

        try:
            await self._matters.change(of_worker(one.matter.number), hold)
        except (DriverError, Unavailable, NotFound, Erased) as error:
            log.warning("claim not renewed", extra={"number": one.matter.number, "error": type(error).__name__})
            return
        if held:
            one.until = until

    async def finish(self) -> None:
        await self._tasks.finish()
