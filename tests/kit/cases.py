"""How does a test of the gateway's domain bring a case to where its story begins?"""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

from chassis.working_days import Calendar
from pujk_gateway.adapters.policies import Policies
from pujk_gateway.domain import acts, decisions, settling, waiting
from pujk_gateway.domain.case import Case
from pujk_gateway.domain.parts import Answer, Cause, Deadline, Deed, Demand, Received
from pujk_gateway.domain.refusals import NothingDue
from pujk_gateway.domain.terms import Term

NUMBER = "5043812177304"
START = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
DUE = datetime(2026, 4, 7, 16, 59, 59, tzinfo=UTC)
#: Beyond every term that began at the start.
LONG_AFTER = START + timedelta(days=200)
QUEUES = frozenset({"BANK-001", "BANK-002"})

#: Monday to Friday are worked.
POLICIES = Policies.load(Calendar(version="weekends only", holidays={}))


def a_deadline(extension_days: int | None = 10) -> Deadline:
    return Deadline(10, "complaint-written", "2", "1", extension_days=extension_days)


class ACase:
    """A case and its clock: every step is the next message, a minute later. ``said`` holds all facts so far."""

    def __init__(self, queues: frozenset[str] = QUEUES) -> None:
        self.case = Case(NUMBER)
        self.said: list[tuple[str, dict[str, Any]]] = []
        self._queues = queues
        self._steps = 0
        self._tracked = 0

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.said]

    @property
    def planned(self) -> list[str]:
        return [one.id.removeprefix(f"{NUMBER}-") for one in self.case.deliveries]

    @property
    def now(self) -> datetime:
        return START + timedelta(minutes=self._steps)

    def next(self) -> Cause:
        self._collect()
        self._steps += 1
        return Cause(f"message-{self._steps}", self.now)

    def _collect(self) -> None:
        self.said += self.case.said
        self.case.said = []

    def registered(self, kind: str = "complaint", demands: int = 1) -> "ACase":
        cause = self.next()
        asked = [Demand(number, 1_000_000) for number in range(1, demands + 1)]
        self.case.registered(kind=kind, product="savings", demands=asked, seal_key="public")
        self.case.intake_stands(1, cause, withdrawal_asked=False)
        self.case.announce(cause, self._queues)
        self._collect()
        return self

    def routed(
        self, round_: int = 1, pujk: str = "BANK-001", seq: int | None = None, deadline: Deadline | None = None
    ) -> "ACase":
        cause = self.next()
        about: dict[str, Any] = {"name": f"PT {pujk}", "due": DUE, "deadline": deadline}
        self.case.routed(seq or round_, cause, round_=round_, pujk=pujk, **about)
        self.case.announce(cause, self._queues)
        self._collect()
        return self

    def withdrawal_asked(self, seq: int = 2) -> "ACase":
        self.case.intake_stands(seq, self.next(), withdrawal_asked=True)
        self._collect()
        return self

    def closed_by_routing(self, seq: int = 9) -> "ACase":
        self.case.routing_stands(seq, self.next(), closed=True, reason="withdrawn")
        self._collect()
        return self

    def moved_to(self, due: datetime, seq: int = 2, round_: int = 1) -> "ACase":
        """Routing names another day for a round."""
        self.next()
        self.case.name_day(Term(seq, round_, due, a_deadline()))
        self._collect()
        return self

    def later(self, to: datetime) -> "ACase":
        """What comes next happens after that moment."""
        self._steps = int((to - START) / timedelta(minutes=1))
        return self

    def deed(self, round_: int = 1, pujk: str = "BANK-001", officer: str = "ani") -> Deed:
        return Deed(pujk, round_, officer, self.next())

    def taken_over(self, round_: int = 1, pujk: str = "BANK-001", officer: str = "ani") -> "ACase":
        acts.take_over(self.case, self.deed(round_, pujk, officer))
        self._collect()
        return self

    def followed_up(self) -> "ACase":
        acts.follow_up(self.case, self.deed(), kind="internal-review", sealed="1.note")
        self._collect()
        return self

    def released(self, officer: str = "ani") -> "ACase":
        acts.release(self.case, self.deed(officer=officer))
        self._collect()
        return self

    def asked_documents(self, basis: int | None = None) -> "ACase":
        deed = self.deed()
        about: dict[str, Any] = {"sealed": "1.which", "most": 3, "until": POLICIES.documents_until(deed.cause.at)}
        waiting.ask_documents(self.case, deed, basis=basis or self.case.basis, **about)
        self._collect()
        return self

    def received_documents(self) -> "ACase":
        waiting.receive_documents(self.case, self.deed())
        self._collect()
        return self

    def brought(self, because: Received = "consumer", at: datetime | None = None) -> "ACase":
        cause = self.next()
        waiting.brought(self.case, Cause(cause.id, at or cause.at), because)
        self._collect()
        return self

    def asked_extension(self, basis: int | None = None) -> "ACase":
        waiting.ask_extension(self.case, self.deed(), basis=basis or self.case.basis, sealed="1.why")
        self._collect()
        return self

    def extension_decided(self, granted: bool = True, basis: int | None = None) -> "ACase":
        sealed = None if granted else "1.why-not"
        about: dict[str, Any] = {"by": "decider-1", "basis": basis, "granted": granted, "sealed": sealed}
        waiting.decide_extension(self.case, self.next(), **about)
        self._collect()
        return self

    def proposed(self, *, basis: int | None = None, **but: Any) -> "ACase":
        """What owes nothing, unless something else is said."""
        answers = [Answer(one.id, "granted") for one in self.case.demands]
        about: dict[str, Any] = {"kind": "explanation", "amount": None, "answers": answers, "sealed": "1.text"}
        deed = self.deed()
        about["latest"] = POLICIES.promised_most(deed.cause.at)
        acts.propose(self.case, deed, basis=basis or self.case.basis, **{**about, **but})
        self._collect()
        return self

    def declined(self) -> "ACase":
        about = {"kind": "not-our-customer", "sealed": "1.text"}
        acts.decline(self.case, self.deed(), basis=self.case.basis, **about)
        self._collect()
        return self

    def accepted(self, basis: int | None = None) -> "ACase":
        decisions.accept(self.case, self.next(), by="decider-1", basis=basis, terms=POLICIES)
        self._collect()
        return self

    def promising(self, *days: date | None) -> "ACase":
        """A proposal that grants each demand by a day, or names none."""
        promised = [Answer(number, "granted", 1_000_000 if day else None, day) for number, day in enumerate(days, 1)]
        money = 1_000_000 * sum(day is not None for day in days)
        return self.proposed(kind="monetary-relief" if money else "explanation", amount=money or None, answers=promised)

    def agreed(self, proposal: int = 1, at: datetime | None = None) -> "ACase":
        """Whatever the consumer says, tracking counts it; ``at`` is when tracking took it."""
        settling.agrees(self.case, self._from_tracking(at), round_=1, proposal=proposal)
        self._collect()
        return self

    def objected(self, proposal: int = 1, at: datetime | None = None, facilitation: bool = False) -> "ACase":
        about: dict[str, Any] = {"facilitation": facilitation, "sealed": "1.why"}
        settling.objects(self.case, self._from_tracking(at), round_=1, proposal=proposal, **about)
        self._collect()
        return self

    def paid(self, demand: int = 1) -> "ACase":
        settling.pay(self.case, self.deed(), demand=demand, sealed="1.how", terms=POLICIES)
        self._collect()
        return self

    def confirmed(self, demand: int = 1, seq: int | None = None, proposal: int | None = None) -> "ACase":
        cause = self._from_tracking(None)
        settling.confirm(self.case, cause, seq or self._tracked, round_=1, demand=demand, proposal=proposal)
        self._collect()
        return self

    def denied(
        self, demand: int = 1, at: datetime | None = None, seq: int | None = None, proposal: int | None = None
    ) -> "ACase":
        cause = self._from_tracking(at)
        about: dict[str, Any] = {"demand": demand, "proposal": proposal, "sealed": None}
        settling.deny(self.case, cause, seq or self._tracked, round_=1, **about)
        self._collect()
        return self

    def ticked(self, at: datetime) -> "ACase":
        """A worker says all that is due by then."""
        with suppress(NothingDue):
            while True:
                settling.tick(self.case, Cause(self.next().id, at))
        self._collect()
        return self

    def _from_tracking(self, at: datetime | None) -> Cause:
        cause, self._tracked = self.next(), self._tracked + 1
        return Cause(cause.id, at or cause.at)

    def returned(self) -> "ACase":
        decisions.send_back(self.case, self.next(), by="decider-1", basis=None, sealed="1.reason")
        self._collect()
        return self

    def sent(self) -> "ACase":
        """All notices that are due reach their firms."""
        while claimed := self.case.claim(self.now, self.now + timedelta(seconds=60)):
            for one in claimed:
                self.case.delivered(one.id, self.now)
        return self


def in_handling(demands: int = 1) -> ACase:
    return ACase().registered(demands=demands).routed().taken_over()
