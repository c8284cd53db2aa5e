"""How does a notice reach a firm's queue? As an event of its own, mandatory and confirmed, the same at every try."""

from chassis.confirms import PublishFailed
from chassis.messaging import Publisher
from chassis.receivers import Away
from chassis.refusals import Unavailable
from chassis.service import Base
from chassis.topology import stand
from contracts.base import CONTENT_TYPE, Event
from contracts.pujk import TicketNotice
from contracts.topology import PUJK, actions, pujk_inbox

from pujk_gateway.domain.case import Case
from pujk_gateway.domain.notices import Notice


class FirmQueues:
    """Publishes on a channel of its own, so that a firm's full queue holds up no fact."""

    def __init__(self, base: Base, public_url: str) -> None:
        self._link = base.speaking
        self._publisher = Publisher(base.speaking, app_id=base.name)
        self._source = f"/slkt/{base.name}"
        self._public_url = public_url.rstrip("/")

    async def stand(self, pujk: str) -> bool:
        """Whether the broker has the firm's inbox and actions. Errors: Unavailable."""
        return await stand(self._link, pujk_inbox(pujk), actions(pujk))

    async def send(self, case: Case, notice: Notice) -> None:
        """Number, product, due and link; nothing personal.

        Errors: Away where this firm's queue is missing or full, Unavailable where the broker takes nothing at all.
        """
        event = self.event(case, notice)
        try:
            await self._publisher.publish(
                PUJK,
                f"{notice.pujk}.{notice.notice}",
                event.model_dump_json(exclude_none=True).encode(),
                message_id=event.id,
                type=event.type,
                content_type=CONTENT_TYPE,
            )
        except PublishFailed as error:
            raise Away("queue missing or full") if error.alone else Unavailable(f"broker: {error}") from error

    def event(self, case: Case, notice: Notice) -> Event[TicketNotice]:
        """``seq`` counts the notices of one round; ``clock`` is the basis, which orders those of all rounds."""
        data = {
            "notice": notice.notice,
            "number": case.number,
            "round": notice.round,
            "basis": notice.basis,
            "pujk": notice.pujk,
            "kind": case.kind,
            "product": case.product,
            "due": notice.due,
            "demands": len(case.demands),
            "link": f"{self._public_url}/pujk/tickets/{case.number}",
        }
        return Event[TicketNotice](
            id=notice.id,
            type=TicketNotice.type(),
            source=self._source,
            subject=case.number,
            time=notice.at,
            seq=notice.seq,
            clock=notice.basis,
            cause=notice.cause,
            correlation=notice.cause,
            data=TicketNotice.model_validate(data),
        )
