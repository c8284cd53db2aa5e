"""Who must be told what, and was it told? The mails of one matter: in the order in which things happened, one at a
time, each until it is sent or given up. A fact that was told is never told again."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from notifier.domain.mails import (
    GAVE_UP,
    NO_ADDRESS,
    PATIENCE,
    TRIES_MOST,
    Mail,
    Moved,
    Proposal,
    Round,
    Told,
    waiting_time,
)


@dataclass
class Notification:
    """The notifier's part of one matter. Until the registration is heard nobody knows whom to tell: mails wait."""

    number: str
    kind: str = ""
    language: Literal["id", "en"] = "id"
    tell_by: str = ""
    sealed: str | None = None
    rounds: dict[str, Round] = field(default_factory=dict)
    #: Days that came after those of ``rounds``, by round.
    moved: dict[str, Moved] = field(default_factory=dict)
    #: What firms proposed, by round and number: told when OJK accepted it.
    proposals: dict[str, Proposal] = field(default_factory=dict)
    deliveries: list[Mail] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    said: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def standing(self) -> dict[str, Any]:
        """The notifier stands nowhere: nobody's stage depends on a mail."""
        return {}

    def registered(
        self,
        mail: Mail,
        *,
        kind: str,
        language: Literal["id", "en"],
        tell_by: str,
        sealed: str,
    ) -> None:
        """Now it is known whom to tell and how; what was heard before goes out too, each in its order."""
        self.kind, self.language, self.tell_by, self.sealed = kind, language, tell_by, sealed
        if tell_by != "email":
            self.deliveries = []
        self.happened(mail)

    def routed(self, mail: Mail, firm: str, due: datetime) -> None:
        self.rounds[str(mail.round)] = Round(firm, due)
        self.happened(mail)

    def happened(self, mail: Mail) -> None:
        """One more thing to tell, unless it was told, waits already, or nobody is to be told by mail."""
        known = {one.id for one in self.told} | {one.id for one in self.deliveries}
        if mail.id not in known and self.tell_by in ("", "email"):
            self.deliveries.append(mail)
        self._line_up()

    def proposed(self, mail: Mail, number: int, proposal: Proposal) -> None:
        self.proposals[f"{mail.round}-{number}"] = proposal
        self.happened(mail)

    def due_moved(self, round_: int, seq: int, due: datetime) -> None:
        """The firm of that round has until another day; the last that routing said stands."""
        known = self.moved.get(str(round_))
        if known is None or known.seq < seq:
            self.moved[str(round_)] = Moved(seq, due)

    def round_of(self, mail: Mail) -> Round | None:
        """Its firm, and by when it must answer now."""
        found, moved = self.rounds.get(str(mail.round)), self.moved.get(str(mail.round))
        return replace(found, due=moved.due) if found and moved else found

    def _line_up(self) -> None:
        self.deliveries.sort(key=lambda mail: mail.order)
        for place, mail in enumerate(self.deliveries):
            if place > 0 or self.sealed is None:
                mail.due_at = None
            elif mail.round and self.round_of(mail) is None:
                mail.due_at = mail.not_before + PATIENCE
            else:
                mail.due_at = mail.not_before

    def claim(self, now: datetime, until: datetime) -> list[Mail]:
        """The first mail, if it is due, belongs to the caller until ``until``."""
        if not self.deliveries or self.deliveries[0].due_at is None or self.deliveries[0].due_at > now:
            return []
        first = self.deliveries[0]
        first.not_before = until
        self._line_up()
        return [first]

    def hold(self, delivery_id: str, since: datetime, until: datetime, why: str | None = None) -> bool:
        """Whether the mail was still claimed until ``since``; it is until ``until`` now."""
        mail = self._waiting(delivery_id)
        if mail is None or mail.not_before != since:
            return False
        mail.not_before = until
        self._line_up()
        return True

    def delivered(self, delivery_id: str, now: datetime) -> None:
        if mail := self._take(delivery_id):
            self._tell(mail, now, "sent")
            self.said.append(("notification-sent", {"of": mail.id, "turn": mail.turn}))

    def not_delivered(self, delivery_id: str, now: datetime, reason: str, final: bool) -> None:
        """Plans the next try, or gives up: at once where ``final``, else after the last try."""
        mail = self._waiting(delivery_id)
        if mail is None:
            return
        mail.tries += 1
        if reason == NO_ADDRESS:
            self.tell_by, self.deliveries = "none", []
            self._tell(mail, now, NO_ADDRESS)
        elif final or mail.tries >= TRIES_MOST:
            self._take(delivery_id)
            why = reason if final else GAVE_UP
            self._tell(mail, now, why)
            self.said.append(("notification-failed", {"of": mail.id, "turn": mail.turn, "reason": why}))
        else:
            mail.not_before = now + waiting_time(mail.tries)
            self._line_up()

    def _waiting(self, delivery_id: str) -> Mail | None:
        return next((one for one in self.deliveries if one.id == delivery_id), None)

    def _take(self, delivery_id: str) -> Mail | None:
        mail = self._waiting(delivery_id)
        if mail is not None:
            self.deliveries.remove(mail)
            self._line_up()
        return mail

    def _tell(self, mail: Mail, now: datetime, outcome: str) -> None:
        self.told.append(Told(mail.id, mail.turn, now, outcome))
