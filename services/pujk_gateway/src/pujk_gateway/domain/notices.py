"""What must a firm's queue be told? Each notice has one name for ever; notices of a case keep their order."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from pujk_gateway.domain.parts import Cause, Round

NoticeKind = Literal["ticket-routed", "ticket-recalled", "resolution-returned", "ticket-closed"]
BACKOFF_MOST_SECONDS = 300


@dataclass
class Notice:
    """A delivery: what is told, as it stood when it was planned, and how the tries go. ``seq`` counts in its round."""

    id: str
    seq: int
    round: int
    notice: NoticeKind
    pujk: str
    basis: int
    due: datetime | None
    at: datetime
    cause: str
    due_at: datetime
    tries: int = 0
    failure: str | None = None


@dataclass
class Told:
    """A notice that the broker took over."""

    id: str
    at: datetime
    tries: int


@dataclass
class Notices:
    """The deliveries of a case. A firm gets its next notice when the one before has left."""

    number: str
    deliveries: list[Notice] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)

    def notice_id(self, round_: int, notice: NoticeKind, which: int | str | None = None) -> str:
        return f"{self.number}-{round_}-{notice}" + (f"-{which}" if which else "")

    def announced(self, round_: int) -> bool:
        """Whether the round's firm was told of the ticket by queue, or is about to be."""
        first = self.notice_id(round_, "ticket-routed")
        return first in self._names()

    def notify(self, turn: Round, notice: NoticeKind, basis: int, cause: Cause, which: int | str | None = None) -> None:
        """Plans a notice; one that was planned or told before is not planned again."""
        name = self.notice_id(turn.round, notice, which)
        if name in self._names():
            return
        waiting = [one for one in self.deliveries if one.pujk == turn.pujk]
        self.deliveries.append(
            Notice(
                id=name,
                seq=1 + self._of_round(turn.round),
                round=turn.round,
                notice=notice,
                pujk=turn.pujk,
                basis=basis,
                due=turn.due,
                at=cause.at,
                cause=cause.id,
                due_at=waiting[0].due_at if waiting else cause.at,
            )
        )

    def take_back(self, round_: int) -> bool:
        """Forgets the notices of a round if none of them was ever tried: its firm need not know of the ticket."""
        mine = [one for one in self.deliveries if one.round == round_]
        if not mine or any(one.tries for one in mine) or self._of_round(round_) > len(mine):
            return False
        self.deliveries = [one for one in self.deliveries if one.round != round_]
        return True

    def claim(self, now: datetime, until: datetime) -> list[Notice]:
        """Each firm's oldest notice that is due; its later ones wait behind it."""
        claimed: list[Notice] = []
        for pujk in dict.fromkeys(one.pujk for one in self.deliveries):
            waiting = [one for one in self.deliveries if one.pujk == pujk]
            if waiting[0].due_at > now:
                continue
            waiting[0].tries += 1
            _move(waiting, until)
            claimed.append(waiting[0])
        return claimed

    def hold(self, delivery_id: str, since: datetime, until: datetime, why: str | None = None) -> bool:
        """Whether the notice was still claimed until ``since``; it is until ``until`` now, and so are those behind."""
        mine = [one for one in self.deliveries if one.id == delivery_id and one.due_at == since]
        for one in mine:
            one.failure = why or one.failure
            _move([other for other in self.deliveries if other.pujk == one.pujk], until)
        return bool(mine)

    def delivered(self, delivery_id: str, now: datetime) -> None:
        for one in [one for one in self.deliveries if one.id == delivery_id]:
            self.deliveries.remove(one)
            self.told.append(Told(one.id, now, one.tries))
            _move([other for other in self.deliveries if other.pujk == one.pujk], now)

    def not_delivered(self, delivery_id: str, now: datetime, reason: str, final: bool) -> None:
        """Tried again after 1 s, 2 s, 4 s … at most 5 min, for as long as it takes: a firm's queue may be made anew."""
        for one in [one for one in self.deliveries if one.id == delivery_id]:
            one.failure = reason
            pause = timedelta(seconds=min(2 ** min(one.tries - 1, 16), BACKOFF_MOST_SECONDS))
            _move([other for other in self.deliveries if other.pujk == one.pujk], now + pause)

    def _names(self) -> list[str]:
        return [*(one.id for one in self.deliveries), *(one.id for one in self.told)]

    def _of_round(self, round_: int) -> int:
        return sum(name.startswith(f"{self.number}-{round_}-") for name in self._names())


def _move(notices: list[Notice], to: datetime) -> None:
    for one in notices:
        one.due_at = to
