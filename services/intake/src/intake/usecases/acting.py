"""A consumer comes from the page of their matter, where number and PIN were asked for: with a permit for this one
matter and one act, good for a quarter of an hour and as long as the PIN that opened that page. What they do here is
intake's to do."""

from dataclasses import dataclass

from chassis.clock import Clock
from chassis.messages import Act, act_id
from chassis.permits import PermitEnded, PermitWrong

from intake.domain import Service
from intake.ports import Permits, Services
from intake.usecases.services import known

ATTACH, WITHDRAW = "attach", "withdraw"
#: Of a permit that names no PIN: those of before did not.
FIRST_PIN = (1,)


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
        service = await known(self.services, permit.number)
        if (permit.about or FIRST_PIN) != (service.pin_round,):
            raise PermitEnded("the matter has a new PIN; begin again with it")
        return service


@dataclass(frozen=True)
class WithdrawByPage:
    """The consumer wishes to withdraw; the same form twice is one wish."""

    services: Services

    async def __call__(self, matter: Service, permit: str) -> Service:
        """``matter`` as it was when the permit was read. Errors: ServiceEnded, PermitEnded, Erased, Unavailable."""
        act, pin_round = Act(act_id("page withdrawal", permit), matter.number, "withdraw"), matter.pin_round

        def ask(service: Service) -> None:
            if service.pin_round != pin_round:
                raise PermitEnded("the matter has a new PIN; begin again with it")
            service.ask_withdrawal()

        return (await self.services.change(act, ask)).aggregate
