"""How is a firm reached? Its endpoint is put and removed by OJK, and open tickets are announced when it comes late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chassis.messages import of_worker
from chassis.refusals import Erased, NotFound, Refusal

from pujk_gateway.domain.parts import Cause
from pujk_gateway.ports import Cases, Endpoint, Endpoints, Firms, Now, Queues

ANNOUNCED_AT_ONCE = 200


class NotOnboarded(Refusal):
    """The broker has no queues of that firm: its code is mistyped, or onboarding comes first."""


@dataclass(frozen=True)
class PutEndpoint:
    """A firm that has its queues at the broker gets a queue endpoint; putting it again changes nothing.

    The directory is not asked: it is routing's, and a firm may be onboarded before it is listed. A mistyped code has no
    queues, and an endpoint without them would leave the firm that was meant untold and nobody the wiser.
    """

    endpoints: Endpoints
    queues: Queues
    firms: Firms

    async def __call__(self, pujk: str, kind: str) -> Endpoint:
        """Errors: NotOnboarded, Unavailable."""
        if not await self.queues.stand(pujk):
            raise NotOnboarded(f"the broker has no queues of {pujk}; check the code, or make its user and queues first")
        put = await self.endpoints.put(pujk, kind)
        # Looked at after it stands: whoever takes the queues away says so first, and removes the endpoint then.
        firm = await self.firms.get(pujk)
        if firm is not None and firm.loses_its_queues:
            await self.endpoints.remove(pujk, put.since)
            raise NotOnboarded(f"the queues of {pujk} are taken away; give it a user first: POST /firms/{pujk}/broker")
        return put


@dataclass(frozen=True)
class ShowEndpoints:
    """Which firms have an endpoint? All of them, or one."""

    endpoints: Endpoints

    async def __call__(self) -> Sequence[Endpoint]:
        return await self.endpoints.all()

    async def one(self, pujk: str) -> Endpoint:
        found = await self.endpoints.get(pujk)
        if found is None:
            raise NotFound(f"{pujk} has no endpoint")
        return found


@dataclass(frozen=True)
class RemoveEndpoint:
    """A firm's queue is no longer used; what it was already told stays told."""

    endpoints: Endpoints

    async def __call__(self, pujk: str, until: datetime | None = None) -> None:
        """``until``: only one that was there by then. Errors: NotFound, Unavailable."""
        if not await self.endpoints.remove(pujk, until):
            raise NotFound(f"{pujk} has no endpoint")


@dataclass(frozen=True)
class AnnounceTickets:
    """Tells firms with a queue of open tickets that were routed while this process knew of no queue."""

    cases: Cases
    endpoints: Endpoints
    clock: Now

    async def __call__(self) -> int:
        """Returns how many cases were looked at; fewer than ``ANNOUNCED_AT_ONCE`` means that none is left."""
        queues = self.endpoints.queues
        numbers = await self.cases.to_announce(queues, ANNOUNCED_AT_ONCE) if queues else ()
        for number in numbers:
            message = of_worker(number)
            cause = Cause(message.id, self.clock.now())
            try:
                await self.cases.change(message, lambda case, cause=cause: case.announce(cause, queues))  # type: ignore[misc]
            except (Erased, NotFound):
                continue
        return len(numbers)
