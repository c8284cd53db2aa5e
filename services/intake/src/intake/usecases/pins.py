"""A PIN is lost: a link goes to the contact on file, and its page makes a new one; or a CSO does, who asked who it is.
Whoever asks is told the same, and waits the same, whether or not there is such a matter."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Literal

from chassis.ids import new_id
from chassis.messages import Act
from chassis.permits import PermitWrong
from chassis.refusals import Erased, Invalid, MatterFull, NotFound
from contracts.numbers import NUMBER_DIGITS, digits_of

from intake.domain import EnoughLinks, PinReplaced, Service
from intake.ports import Attempts, Days, Marking, Numbers, Permits, PinAsk, PinAsks, Seals, Services
from intake.usecases.finding import marks_of
from intake.usecases.services import known

ACT = "pin"
#: A mail may wait for the morning, and its reader for the evening.
LINK_LIFE = timedelta(hours=24)
AT_ONCE = 50
CONTACT_MOST = 254


@dataclass(frozen=True)
class AskPinLink:
    """Somebody asks for a new PIN. What is written is the same for every number and contact: a worker looks later
    whether they belong together, so that neither the answer nor its time tells."""

    asks: PinAsks
    marking: Marking
    by_number: Attempts
    by_client: Attempts
    hidden: Callable[[str], str]

    async def __call__(self, number_text: str, contact: str, client: str) -> None:
        """Errors: Invalid, TooMany, Unavailable."""
        number, kind = digits_of(number_text, NUMBER_DIGITS), "email" if "@" in contact else "phone"
        marks = self.marking.asked(kind, contact) if len(contact) <= CONTACT_MOST else ()
        found = {"number": number, "contact": marks}
        if number is None or not marks:
            came = [name for name, value in found.items() if not value]
            raise Invalid("see problems", problems=[{"field": name, "came": "", "expected": ""} for name in came])
        await self.count(client)
        await self.by_number.take(number)
        await self.asks.put(PinAsk(new_id(), number, list(marks)))

    async def count(self, client: str) -> None:
        """One more request of this address. Errors: TooMany, Unavailable."""
        await self.by_client.take(self.hidden(client))


@dataclass(frozen=True)
class TellPinLinks:
    """Asks that fit a matter become facts: whoever tells consumers something sends the link. Any number of replicas
    may look at one ask at once; it is said once."""

    services: Services
    asks: PinAsks
    seals: Seals
    marking: Marking
    clock: Days

    async def __call__(self) -> bool:
        """False where nothing is left to do. Errors: Unavailable."""
        found = await self.asks.waiting(AT_ONCE)
        for ask in found:
            await self._one(ask)
            await self.asks.drop(ask.id)
        return bool(found)

    async def _one(self, ask: PinAsk) -> None:
        service = await self.services.get(ask.number)
        if service is None or not service.seal_key:
            return
        marks = service.marks or marks_of(self.marking, self.seals, service)
        if {*marks.who}.isdisjoint(ask.marks):
            return
        change = partial(Service.ask_pin_link, until=self.clock.now() + LINK_LIFE)
        with suppress(EnoughLinks, MatterFull, NotFound, Erased):
            await self.services.change(Act(f"pin-ask:{ask.id}", ask.number), change)


@dataclass(frozen=True)
class RenewPin:
    """The PIN of ``round_`` is replaced; the new one is told to whoever asked, and to nobody else. ``by``: the CSO who
    asked first who it is."""

    services: Services
    numbers: Numbers

    async def __call__(
        self, act: Act, round_: int, how: Literal["link", "cso"], by: str | None = None
    ) -> tuple[Service, str]:
        """The matter and its new PIN. Errors: PinReplaced, NotFound, Erased, MatterFull, Unavailable."""
        changed = await self.services.change(act, lambda service: service.renew_pin(round_, how, by))
        if changed.aggregate.pin_round != round_ + 1:
            raise PinReplaced("this PIN was replaced again since")
        return changed.aggregate, self.numbers.pin(act.subject, round_ + 1)


@dataclass(frozen=True)
class ReadPinLink:
    """What a link is good for: the matter, and the round of the PIN that it replaces."""

    services: Services
    permits: Permits
    clock: Days

    async def __call__(self, text: str) -> tuple[Service, int]:
        """Errors: PermitWrong, PermitEnded, PinReplaced, NotFound, Unavailable."""
        number, round_ = self.good_for(text)
        service = await known(self.services, number)
        if service.pin_round != round_:
            raise PinReplaced("the PIN was replaced since this link was sent")
        return service, round_

    def good_for(self, text: str) -> tuple[str, int]:
        """Number and round. Errors: PermitWrong, PermitEnded."""
        permit = self.permits.read(text, self.clock.now())
        if permit.act != ACT or len(permit.about) != 1:
            raise PermitWrong("this link is for something else")
        return permit.number, permit.about[0]
