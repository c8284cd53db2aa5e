"""How does a test bring a case to where OJK facilitates it, or LAPS SJK has it?"""

import json
from datetime import date, datetime
from importlib.resources import files
from typing import Any

from chassis.calendar import load_calendar
from kit.cases import START, ACase
from pujk_gateway.domain import facilitation, laps
from pujk_gateway.domain.disputes import Ending, Outcome, Promise, StepKind
from pujk_gateway.domain.limits import DisputeRules, verification
from pujk_gateway.domain.parts import About, Demand

RULES = DisputeRules.parse(json.loads(files("pujk_gateway").joinpath("data/facilitation.json").read_text("utf-8")))
CALENDAR = load_calendar()
BY = "decider-1"


class ADispute(ACase):
    """A complaint whose consumer objects to what OJK accepted; ``sector`` and ``loss`` are as the test wants."""

    def __init__(
        self, *, kind: str = "complaint", sector: str | None = "bank", product: str = "savings", loss: int | None = 1,
        in_court: bool | None = False,
    ) -> None:  # fmt: skip
        super().__init__()
        demands, about = [Demand(1, 1_000_000)], About(loss=loss, in_court=in_court)
        self.case.registered(kind=kind, product=product, demands=demands, seal_key="public", about=about)
        self.case.intake_stands(1, self.next(), withdrawal_asked=False)
        self.routed()
        assert self.case.turn is not None
        self.case.turn.sector = sector
        self.taken_over().proposed().accepted().objected()

    def opened(self, basis: int | None = None) -> "ADispute":
        cause = self.next()
        checks, version = facilitation.checks_of(self.case, RULES, cause.at)
        facilitation.open_(self.case, cause, by=BY, basis=basis, checks=checks, rule_version=version)
        self._collect()
        return self

    def firm_stated(self, pujk: str = "BANK-001", round_: int = 1) -> "ADispute":
        facilitation.firm_states(self.case, self.deed(round_, pujk), sealed="1.firm")
        self._collect()
        return self

    def consumer_stated(self, round_: int = 1) -> "ADispute":
        facilitation.consumer_states(self.case, self.next(), round_=round_, sealed="1.consumer")
        self._collect()
        return self

    def added(self, kind: StepKind, held_at: datetime | None = None, basis: int | None = None) -> "ADispute":
        about: dict[str, Any] = {"by": BY, "basis": basis, "sealed": "1.words", "held_at": held_at}
        facilitation.ojk_adds(self.case, self.next(), kind=kind, **about)
        self._collect()
        return self

    def ended(self, outcome: Ending, *promises: Promise, basis: int | None = None) -> "ADispute":
        about: dict[str, Any] = {
            "by": BY,
            "basis": basis,
            "sealed": "1.terms",
            "called_off": "1.off",
            "promises": promises,
        }
        facilitation.end(self.case, self.next(), outcome=outcome, **about)
        self._collect()
        return self

    def sent_to_laps(self, basis: int | None = None) -> "ADispute":
        cause = self.next()
        terms, because = RULES.laps_terms(cause.at), laps.because_of(self.case, RULES, cause.at)
        sent = laps.Sent(because, "0" * 64, "file", terms, verification(cause.at, terms, CALENDAR))
        laps.send(self.case, cause, by=BY, basis=basis, sent=sent)
        self._collect()
        return self

    def verified(self) -> "ADispute":
        laps.verified(self.case, self.next(), by=BY, basis=None)
        self._collect()
        return self

    def looked_at(self, at: datetime) -> bool:
        told = laps.time_over(self.case, self.later(at).next())
        self._collect()
        return told

    def laps_decided(self, outcome: Outcome = "award") -> "ADispute":
        laps.decided(self.case, self.next(), by=BY, basis=None, outcome=outcome, sealed="1.laps")
        self._collect()
        return self


def a_promise(demand: int = 0, day: date | None = None) -> Promise:
    return Promise(demand, day or START.date(), 500_000)
