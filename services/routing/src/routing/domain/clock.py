"""When must somebody be told that time runs out? Each once, by whichever worker comes first, however often it looks."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from chassis.working_days import Deadline, Pause

from routing.domain.parts import NothingDue
from routing.domain.term import UNDER_WAY, Mark, Term, Terms, What

State = Literal["waiting", "parked", "routed", "closed"]
Level = Literal["supervisor", "division"]


@dataclass
class Clock:
    """What an assignment keeps, and what time does to it. ``wake_at`` and ``miss_at`` are when a worker has something
    to do: the latter waits until everything is heard that was said by then."""

    number: str
    kind: str = ""
    form: str = "written"
    state: State = "waiting"
    round: int = 0
    pujk: str | None = None
    pujk_name: str | None = None
    named: str | None = None
    due: datetime | None = None
    reason: str | None = None
    candidates: list[dict[str, str]] = field(default_factory=list)
    received_at: datetime | None = None
    product: str | None = None
    #: Why its firm says that it is not its to answer, as a code.
    declined: str | None = None
    #: What seals words to this matter.
    seal_key: str | None = None
    withdrawal_asked: bool = False
    withdrawal_seq: int = 0
    gateway_seq: int = 0
    #: How the gateway stands, from an accepted proposal on.
    settling: str | None = None
    term: Term | None = None
    #: The day of the present round that was said last: where another one counts, that is said.
    told_day: datetime | None = None
    #: By when a supervisor has routed what is parked.
    route_by: datetime | None = None
    escalated: Level | None = None
    #: When whoever is next is told of the delay.
    escalate_at: datetime | None = None
    wake_at: datetime | None = None
    miss_at: datetime | None = None
    #: A supervisor has something to look at: it is parked, or its delay was told further up.
    at_desk: bool = False
    said: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def marked(self, mark: Mark, terms: Terms) -> None:
        """Something moved the time of the present round; heard late, it moves it all the same."""
        term = self.term
        if term is None:
            return
        over, asked, before = term.pauses, term.open_pause, self.told_day or term.due
        if not term.heard(mark):
            return
        deadline = term.recount(terms, self.kind, self.form, mark.at)
        if self.state == "routed":
            self.due = term.due
            if term.answered_at is None:
                self._stood(term, over, asked, deadline, mark.what)
            moved = term.due != before
            if mark.what == "granted" and moved and deadline.extension_days and term.answer != "met":
                self._name("deadline-moved", "extension", deadline)
            elif mark.what == "returned" and moved:
                # Time that was granted, or stood still, while the answer waited counts from now on.
                self._name("deadline-moved", "returned", deadline)
        self._judge(term, mark.at)
        self.wind()

    def tick(self, now: datetime, terms: Terms, *, all_heard: bool) -> None:
        """What is due is said. ``all_heard``: nothing waits to be heard that was said before ``miss_at``.

        Refuses NothingDue.
        """
        term = self.term
        if self.miss_at and self.miss_at <= now and all_heard:
            assert term is not None
            self._missed(term)
            self._escalate("supervisor", "missed", term.due, terms)
        elif self.wake_at is None or now < self.wake_at:
            raise NothingDue(self.number)
        elif self.state == "parked":
            assert self.route_by is not None
            self._escalate("division" if self.escalated else "supervisor", "parked", self.route_by, terms)
        elif term and (asked := term.open_pause):
            self.marked(Mark(asked.seq, "time-over", now), terms)
        elif term and term.is_over:
            self._escalate("division", "missed", term.due, terms)
        elif term:
            term.near_for = term.due
            # After a long outage there is nothing near about it any more.
            if now < term.due:
                self._say("deadline-near", due=term.due)
        self.wind()

    def wind(self) -> None:
        """Sets when a worker must look next."""
        self.wake_at = self.miss_at = None
        term = self.term
        self.at_desk = self.state == "parked" or (self.state == "routed" and self.escalated is not None)
        if self.state == "parked":
            self.wake_at = self.escalate_at
        elif self.state == "routed" and term and term.answered_at is None:
            if term.open_pause:
                self.wake_at = term.stands_until
            elif term.is_over:
                self.wake_at = self.escalate_at
            else:
                self.miss_at = term.due + UNDER_WAY
                self.wake_at = term.near_at if term.near_for != term.due and term.near_at < term.due else None

    def _stood(self, term: Term, over: list[Pause], asked: Mark | None, deadline: Deadline, what: What) -> None:
        """Says since when the time stands still, and that it runs on; both where that is heard at once."""
        for since, _ in [one for one in term.pauses if one not in over]:
            if asked is None or asked.at != since:
                self._say("clock-paused", since=since)
            because = "time-over" if what == "time-over" else "documents"
            self._name("clock-resumed", because, deadline)
        now = term.open_pause
        if now and (asked is None or asked.at != now.at):
            self._say("clock-paused", since=now.at)

    def _judge(self, term: Term, at: datetime) -> None:
        """Met or missed, by when the gateway took the answer that stands; what was missed by an old due day is awaited
        again, unless the answer that was late was no good either."""
        answered = term.answered_at
        if answered is not None and answered <= term.due and term.late_for is None:
            if term.answer != "met":
                term.answer, term.missed_for, self.escalated = "met", None, None
                self._say("deadline-met", due=term.due, answered_at=answered)
        elif answered is not None:
            if term.answer == "awaited":
                self._missed(term, term.late_for)
        elif term.late_for is not None:
            if term.answer != "missed":
                self._missed(term, term.late_for)
        elif term.answer == "met":
            term.answer = "awaited"
        elif term.answer == "missed" and (at < term.due or term.open_pause):
            term.answer, term.missed_for, self.escalated = "awaited", None, None

    def _missed(self, term: Term, due: datetime | None = None) -> None:
        term.answer, term.missed_for = "missed", due or term.due
        self._say("deadline-missed", due=term.missed_for)

    def _escalate(self, to: Level, because: str, due: datetime, terms: Terms) -> None:
        self.escalated = to
        self.escalate_at = terms.division_at(due) if to == "supervisor" else None
        self._say("ticket-escalated", to=to, because=because, due=due)

    def _name(self, fact: str, because: str, deadline: Deadline) -> None:
        self.told_day = deadline.due_at
        self._say(fact, because=because, deadline=deadline.to_dict())

    def _say(self, fact: str, **data: Any) -> None:
        self.said.append((fact, {"round": self.round, **data}))
