"""Who must be told what, and was it told? What happened to one matter, in that order, one message at a time, each until
it is sent or given up. A fact that was told is never told again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from notifier.domain.failures import Failing, SeenTo, ToSeeTo, and_also, failure_of
from notifier.domain.mails import (
    BY_A_PERSON,
    GAVE_UP,
    KEY_DESTROYED,
    NO_ADDRESS,
    NO_CONTACT,
    PARTS_MOST,
    PATIENCE,
    WISHED,
    Mail,
    Moved,
    Proposal,
    Round,
    Told,
    Way,
    next_try,
)
from notifier.domain.rounds import Rounds
from notifier.domain.timing import Quiet, Timing


@dataclass
class Notification(Rounds, ToSeeTo):
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
    #: By way: the rules of the day of the latest fact, and when the last message left.
    timing: dict[str, Timing] = field(default_factory=dict)
    last: dict[str, datetime] = field(default_factory=dict)
    #: The consumer's own quiet hours; which of their wishes was heard last, by tracking's count.
    quiet: Quiet | None = None
    wished: dict[str, int] = field(default_factory=dict)
    #: What is reminded of, unless it happens; what was; the gateway's count of the standing that says so.
    reminders: list[Mail] = field(default_factory=list)
    reminded: list[str] = field(default_factory=list)
    remind_at: datetime | None = None
    standing_seq: int = 0
    failing: Failing | None = None
    seen_to: list[SeenTo] = field(default_factory=list)
    said: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def standing(self) -> dict[str, Any]:
        """The notifier stands nowhere: nobody's stage depends on a mail."""
        return {}

    def registered(self, *, kind: str, language: Literal["id", "en"], tell_by: str, sealed: str) -> None:
        """Now it is known whom to tell and how; what was heard before goes out too, each in its order."""
        self.kind, self.sealed = kind, sealed
        if "language" not in self.wished:
            self.language = language
        if "tell_by" not in self.wished:
            self.tell_by = tell_by
        self._keep(lambda one: self.sealed is None or self.way_of(one) is not None)

    def wishes(self, seq: int, language: Literal["id", "en"] | None, tell_by: str | None, quiet: Quiet | None) -> None:
        """From now on; what is none stays, and the last wish stands whatever is heard first."""
        for name, value in (("language", language), ("tell_by", tell_by), ("quiet", quiet)):
            if value is not None and self.wished.get(name, 0) < seq:
                self.wished[name] = seq
                setattr(self, name, value)
        self._keep(lambda one: self.sealed is None or self.way_of(one) is not None)

    def _keep(self, kept: Callable[[Mail], bool]) -> None:
        """Drops the others, but nothing that is under way."""
        held = self._held()
        self.deliveries = [one for one in self.deliveries if one.id in held or kept(one)]
        self._line_up()

    def _held(self) -> set[str]:
        return {part for one in self.deliveries for part in one.parts}

    def happened(self, mail: Mail) -> None:
        """One more thing to tell, unless it was told, waits already, or nobody is to be told."""
        known = {one.id for one in self.told} | {one.id for one in self.deliveries}
        if mail.id not in known and (self.sealed is None or self.way_of(mail)):
            self.deliveries.append(mail)
        self._line_up()

    def routed(self, round_: int, firm: str, due: datetime) -> None:
        self.rounds[str(round_)] = Round(firm, due)
        self._line_up()

    def stands(self, seq: int, reminders: Sequence[Mail]) -> None:
        """So the matter stands at the gateway, by its latest count: of this is reminded, and of nothing else."""
        if seq <= self.standing_seq:
            return
        self.standing_seq = seq
        known, wanted = {one.key: one for one in self.reminders}, {one.key for one in reminders}
        self.reminders = [known.get(one.key, one) for one in reminders if one.key not in self.reminded]
        self._keep(lambda one: not one.key or one.key in wanted)

    def remind(self, now: datetime) -> None:
        """Whose time has come is told, once."""
        for mail in [one for one in self.reminders if one.not_before <= now]:
            self.reminded.append(mail.key)
            self.reminders.remove(mail)
            self.happened(mail)

    def way_of(self, mail: Mail) -> Way | None:
        """On which way it goes as things stand; None: nobody is to be told, or nobody can be reached."""
        ways = mail.ways or WISHED.get(self.tell_by, ())
        return next((way for way in ways if way not in mail.missed), None)

    def _line_up(self) -> None:
        self.remind_at = min((one.not_before for one in self.reminders), default=None)
        self.deliveries.sort(key=lambda mail: (not mail.at_once, mail.order))
        if self.sealed is not None:
            held = self._held()
            self._to_call([one for one in self.deliveries if one.id not in held and self.way_of(one) == BY_A_PERSON])
        for place, mail in enumerate(self.deliveries):
            mail.due_at = None if place > 0 or self.sealed is None else self._due(mail)

    def _due(self, mail: Mail) -> datetime:
        due, way = self._ready_at(mail), self.way_of(mail) or "email"
        timing = self.timing.get(way)
        if timing is None or mail.at_once:
            return due
        if not mail.parts and way in self.last:
            due = max(due, self.last[way] + timedelta(seconds=timing.gather_seconds))
        return self._awake(way, due)

    def _ready_at(self, mail: Mail) -> datetime:
        nameless = mail.round and self.round_of(mail) is None
        return mail.not_before + PATIENCE if nameless else mail.not_before

    def _awake(self, way: Way, moment: datetime) -> datetime:
        rule = self.timing.get(way, Timing()).quiet
        return (self.quiet or rule).over_at(moment) if rule else moment

    def claim(self, now: datetime, until: datetime) -> list[Mail]:
        """The first mail, if it is due, belongs to the caller until ``until``, with what it tells besides."""
        first = self.deliveries[0] if self.deliveries else None
        if first is None or first.due_at is None or first.due_at > now:
            return []
        first.way = self.way_of(first) or "email"
        if first.way == BY_A_PERSON:
            # They wished so after its last try.
            self._to_call(self.told_by(first))
            self._line_up()
            return []
        if not first.at_once and (awake := self._awake(first.way, now)) > now:
            # It was due before the quiet hours began, and nobody came to send it.
            first.not_before = awake
            self._line_up()
            return []
        first.parts = first.parts or [first.id, *self._together(first, now)]
        first.not_before, first.taken_at = until, first.taken_at or now
        self._line_up()
        return [first]

    def _together(self, first: Mail, now: datetime) -> list[str]:
        """What else the same message can tell: what follows, as far as it may go out now, and on the same way."""
        found: list[str] = []
        for mail in self.deliveries[1:PARTS_MOST]:
            fits = not first.at_once and self.way_of(mail) == first.way and not mail.tries and not mail.parts
            if not fits or self._ready_at(mail) > now:
                break
            found.append(mail.id)
        return found

    def told_by(self, mail: Mail) -> list[Mail]:
        """All that this message tells."""
        return [one for part in mail.parts or [mail.id] if (one := self._waiting(part))]

    def hold(self, delivery_id: str, since: datetime, until: datetime, why: str | None = None) -> bool:
        """Whether the mail was still claimed until ``since``; it is until ``until`` now, or given up where whoever is
        to take it was away too long."""
        if (mail := self._waiting(delivery_id)) is None or mail.not_before != since:
            return False
        patience = timedelta(hours=self.timing.get(mail.way, Timing()).give_up_hours)
        if why is not None and mail.taken_at and until - mail.taken_at >= patience:
            self._failed(mail, until, GAVE_UP)
            return True
        mail.not_before = until
        self._line_up()
        return True

    def delivered(self, delivery_id: str, now: datetime) -> None:
        if mail := self._waiting(delivery_id):
            self.last[mail.way] = now
            for one in self._ended(mail, now, "sent"):
                self.said.append(("notification-sent", {"of": one.of or one.id, "turn": one.turn, "by": mail.way}))

    def not_delivered(self, delivery_id: str, now: datetime, reason: str, final: bool) -> None:
        """Plans the next try, takes another way, or gives up: at once where ``final``, else after the last try."""
        if (mail := self._waiting(delivery_id)) is None:
            return
        if reason == NO_ADDRESS:
            return self._unreached(mail, now)
        mail.tries += 1
        if final or (again := next_try(mail.tries, now)) is None:
            self._failed(mail, now, reason if final else GAVE_UP)
        else:
            mail.not_before = again
            self._line_up()

    def _unreached(self, mail: Mail, now: datetime) -> None:
        mail.missed.append(mail.way)
        if self.way_of(mail):
            mail.not_before = now
        elif self.tell_by == "email" and not mail.ways and "tell_by" not in self.wished:
            # Nobody asked for mail: it is what is meant where nothing is said. Nothing is sent, and nobody failed.
            self.tell_by, self.deliveries = "none", [one for one in self.deliveries if one.ways]
            self.told.append(Told(mail.id, mail.turn, now, NO_ADDRESS, mail.way))
        elif mail.if_reached:
            self._ended(mail, now, NO_ADDRESS)
        else:
            self._failed(mail, now, NO_CONTACT)
        self._line_up()

    def _failed(self, mail: Mail, now: datetime, reason: str) -> None:
        for one in self._ended(mail, now, reason):
            said = {"of": one.of or one.id, "turn": one.turn, "reason": reason, "by": mail.way}
            self.said.append(("notification-failed", said))
            # Whose key is gone is forgotten: there is nobody to see to.
            if reason != KEY_DESTROYED:
                self.failing = and_also(self.failing, failure_of(one, reason, mail.way, now))

    def _waiting(self, delivery_id: str) -> Mail | None:
        return next((one for one in self.deliveries if one.id == delivery_id), None)

    def _ended(self, mail: Mail, now: datetime, outcome: str) -> list[Mail]:
        """All that the message tells is over."""
        parts = self.told_by(mail)
        for one in parts:
            self.deliveries.remove(one)
            self.told.append(Told(one.id, one.turn, now, outcome, mail.way))
        self._line_up()
        return parts
