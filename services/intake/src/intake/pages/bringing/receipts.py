"""What does somebody hold in hand afterwards? Number and PIN, what happens next, and by when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chassis.working_days import Calendar, jakarta_day

from intake.bringing.draft import STEPS, Draft, Sent
from intake.bringing.right_door import Contact, Guidance
from intake.ports import Days, Numbers, Services
from intake.usecases.due import Due, DueDays

#: What the look at the whole leaves out: it stands elsewhere, or is asked for there.
_NOT_SHOWN = {"pujk_code", "consent"}
#: What a firm answers; the rest is OJK's own.
_OF_FIRMS = ("complaint", "indication")


@dataclass(frozen=True)
class Told:
    """``pin``: none where it was renewed meanwhile. ``due``: when an answer is due, where there is a term. ``way``:
    what happens next, of its kind, or of those who need not answer. ``contacts``: whom to turn to besides."""

    pin: str
    address: str
    received_at: datetime
    counted_from: datetime | None
    due: Due | None
    way: str
    contacts: Sequence[Contact]


@dataclass(frozen=True)
class Receipts:
    """``address``: of the page where number and PIN are asked for."""

    services: Services
    numbers: Numbers
    guidance: Guidance
    calendar: Calendar
    clock: Days
    address: str

    async def __call__(self, sent: Sent) -> Told:
        """Errors: Unavailable."""
        service = await self.services.get(sent.number)
        pin = self.numbers.pin(sent.number, 1) if service and service.pin_round == 1 else ""
        received = datetime.fromisoformat(sent.received_at)
        counted = datetime.fromisoformat(sent.counted_from) if sent.counted_from else None
        on = jakarta_day(received)
        if sent.listed and sent.kind in _OF_FIRMS:
            # Nobody can be made to answer: neither a passing on nor a day is promised.
            pasti = self.guidance.contact("satgas_pasti", on)
            return Told(pin, self.address, received, counted, None, "listed", [pasti] if pasti else [])
        due = DueDays(self.guidance, self.calendar)(sent.kind, "written", received, counted)
        return Told(pin, self.address, received, counted, due, sent.kind, [])

    def answers(self, draft: Draft) -> Sequence[tuple[str, Mapping[str, str]]]:
        """What was filled in, step by step, as it is looked at before it is sent."""
        fields = draft.of_now()
        return [
            (
                step,
                {name: _told(draft, name) for name in draft.asked(step) if name in fields and name not in _NOT_SHOWN},
            )
            for step in STEPS[:3]
        ]


def _told(draft: Draft, name: str) -> str:
    """A firm that was found is told by its own name: so the consumer sees who gets it."""
    return (draft.meant.name if name == "pujk" else "") or draft.fields[name]
