"""A consumer comes from the page of their matter, where number and PIN were asked for: with a permit for this one
matter and one act, good for a quarter of an hour. What they do here is intake's to do."""

from dataclasses import dataclass

from chassis.clock import Clock
from chassis.messages import Act, act_id
from chassis.permits import PermitWrong

from intake.domain import Service
from intake.ports import Permits, Services
from intake.usecases.services import known

ATTACH, WITHDRAW = "attach", "withdraw"


@dataclass(frozen=True)
class ReadWay:
    """Whose page the permit leads to."""

    services: Services
    permits: Permits
    clock: Clock

    async def __call__(self, text: str, act: str) -> Service:
        """Errors: PermitWrong, PermitEnded, NotFound, Unavailable."""
        permit = self.permits.read(text, self.clock.now())
        if permit.act != act:
            raise PermitWrong("this way is for something else")
        return await known(self.services, permit.number)


@dataclass(frozen=True)
class WithdrawByPage:
    """The consumer wishes to withdraw; the same form twice is one wish."""

    services: Services

    async def __call__(self, number: str, permit: str) -> Service:
        """Errors: ServiceEnded, Erased, Unavailable."""
        act = Act(act_id("page withdrawal", permit), number, "withdraw")
        return (await self.services.change(act, Service.ask_withdrawal)).aggregate
