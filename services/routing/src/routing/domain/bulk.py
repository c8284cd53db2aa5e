"""How does one act touch many consumers' matters? One person proposes it, another one confirms; then each ticket is
routed, unless it moved since it was seen."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

State = Literal["proposed", "confirmed", "done", "refused"]
#: Of one act; who has more proposes again.
MOST = 2_000


class SamePerson(Exception):
    """Whoever proposed it cannot confirm it."""


class BulkDecided(Exception):
    """Somebody confirmed or refused it before."""


class NothingToRoute(Exception):
    """No parked ticket names the firm so."""


@dataclass(frozen=True)
class Meant:
    """One ticket of it, as it stood when it was proposed."""

    number: str
    seen: str
    kind: str = "complaint"


@dataclass
class Bulk:
    """``named`` is the firm as the consumers wrote it, ``pujk`` who is to answer. ``position`` counts the tickets that
    were looked at, ``left`` are those that had moved and stay as they are."""

    id: str
    named: str
    pujk: str
    pujk_name: str
    tickets: list[Meant]
    by: str
    at: datetime
    state: State = "proposed"
    decided_by: str | None = None
    decided_at: datetime | None = None
    position: int = 0
    left: list[str] = field(default_factory=list)

    def confirm(self, by: str, at: datetime) -> None:
        """Refuses SamePerson, BulkDecided."""
        if by == self.by:
            raise SamePerson("another person confirms what you proposed")
        self._decide("confirmed", by, at)

    def refuse(self, by: str, at: datetime) -> None:
        """By anybody who might confirm it, and by whoever proposed it. Refuses BulkDecided."""
        self._decide("refused", by, at)

    def _decide(self, state: State, by: str, at: datetime) -> None:
        if self.state != "proposed":
            raise BulkDecided(f"it is {self.state} since {self.decided_at}, by {self.decided_by}")
        self.state, self.decided_by, self.decided_at = state, by, at

    def next(self, most: int) -> list[Meant]:
        """What is to be routed now."""
        return self.tickets[self.position : self.position + most] if self.state == "confirmed" else []

    def did(self, many: int, left: list[str]) -> None:
        """So many more were looked at."""
        self.position += many
        self.left += left
        if self.position >= len(self.tickets):
            self.state = "done"

    @property
    def people(self) -> tuple[str, ...]:
        """Who stands for it, for the history of each ticket."""
        return (self.by, self.decided_by) if self.decided_by else (self.by,)
