"""Does the broker hold what is wanted of a firm? A worker makes it so, again and again until it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from chassis.refusals import Refusal

from pujk_gateway.domain.firm import Firm
from pujk_gateway.ports import BrokerUsers
from pujk_gateway.usecases.onboarding import OffBoard


class NotAsWanted(Refusal):
    """The broker does not take what is wanted of it; somebody must look."""


@dataclass(frozen=True)
class Claimed:
    """A firm that is one worker's alone for a while; ``lease`` is that worker's, ``tries`` how often it was in vain."""

    firm: Firm
    tries: int
    lease: str


class DueFirms(Protocol):
    async def claim(self, most: int) -> Sequence[Claimed]: ...

    async def minded(self, claimed: Claimed, *, trouble: str | None, again: timedelta | None) -> None:
        """What a worker came to. One that was held up beyond its lease says nothing more."""
        ...


@dataclass(frozen=True)
class MindFirm:
    """One firm as it is wanted: who left is out, the broker's user with all that is its own stands or is gone."""

    broker: BrokerUsers
    off_board: OffBoard

    async def prepare(self, firms: Sequence[Firm]) -> None:
        """What many need at once. Errors: Unavailable, NotAsWanted."""
        new = [one.code for one in firms if one.broker is not None and one.broker.state == "making"]
        if len(new) > 1:
            await self.broker.prepare(new)

    async def __call__(self, firm: Firm) -> None:
        """Errors: Unavailable, NotAsWanted."""
        if firm.left is not None:
            await self.off_board.put_out(firm.code, firm.left)
        if firm.broker is None:
            return
        if firm.broker.wanted == "stands":
            await self.broker.make(firm.code, firm.broker.secret, anew=firm.broker.made != firm.broker.count)
        else:
            await self.broker.remove(firm.code)
