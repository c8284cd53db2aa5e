"""How does a CSO find what a caller brought before, by what is said? By keyed hashes; what is shown is masked."""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Literal

from chassis.messages import of_worker
from chassis.refusals import Erased, Invalid, NotFound

from intake.domain import Service
from intake.marks import Marks
from intake.ports import Marked, Marking, Seals, Services
from intake.seeing import masked

By = Literal["phone", "nik", "email", "passport"]
MOST = 50
OLD_AT_ONCE = 200
_EXPECTED = {
    "phone": "a phone number, such as 0812 3456 7890 or +62 812 3456 7890",
    "nik": "the 16 digits of a NIK",
    "email": "an e-mail address",
    "passport": "letters and digits of a passport number",
}


@dataclass(frozen=True)
class Found:
    """An earlier matter as whoever is asked for it may see it. ``name`` is masked."""

    number: str
    kind: str
    state: str
    #: Ended here or elsewhere, or its withdrawal was asked for.
    ended: bool
    channel: str
    registered_at: datetime | None
    pujk_named: str | None
    product: str | None
    name: str


@dataclass(frozen=True)
class FindEarlier:
    """The earlier matters of whoever has this phone, NIK, e-mail address or passport, or acts for its consumer."""

    lookups: Marked
    marking: Marking
    seals: Seals

    async def __call__(self, by: By, text: str, most: int = MOST) -> Sequence[Found]:
        """The newest first. Errors: Invalid where ``text`` is no such thing; Unavailable."""
        marks = self.marking.asked(by, text)
        if not marks:
            problem = {"field": by, "came": f"a value of {len(text)} characters", "expected": _EXPECTED[by]}
            raise Invalid("nothing to look for; see problems", problems=[problem])
        return [self._found(one) for one in await self.lookups.marked(marks, most)]

    def _found(self, matter: Service) -> Found:
        consumer = json.loads(self.seals.unseal(matter.sealed, matter.key, matter.number))["consumer"]
        return Found(
            matter.number,
            matter.kind,
            matter.state,
            matter.state != "open" or matter.ended_elsewhere is not None,
            matter.channel,
            matter.registered_at,
            matter.pujk_named,
            matter.product,
            masked("name", consumer.get("name") or ""),
        )


@dataclass(frozen=True)
class MarkOld:
    """Matters from before there were marks, or from under another key, get theirs. Any number may do so at once."""

    services: Services
    lookups: Marked
    marking: Marking
    seals: Seals

    async def __call__(self, after: str) -> tuple[str, int]:
        """The last number that was looked at, empty at the end; and how many got theirs. Errors: Unavailable."""
        found = await self.lookups.not_marked(self.marking.by, after, OLD_AT_ONCE)
        for matter in found:
            with suppress(NotFound, Erased):
                marks = partial(
                    Service.mark, marks=marks_of(self.marking, self.seals, matter), compare=matter.registered_at
                )
                await self.services.change(of_worker(matter.number), marks)
        return (found[-1].number if found else ""), len(found)


def marks_of(marking: Marking, seals: Seals, matter: Service) -> Marks:
    """As it would be marked today."""
    private = json.loads(seals.unseal(matter.sealed, matter.key, matter.number))
    return marking.of(private, [matter.loss, *matter.amounts], matter.transaction_date)
