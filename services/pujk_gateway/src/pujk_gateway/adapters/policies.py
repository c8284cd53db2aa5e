"""How long does OJK let things take after it accepted? By dated policies, on the calendar that they close."""

import json
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from importlib.resources import files
from typing import Any

from chassis.working_days import CUTI_BERSAMA, PUBLIC, Calendar, add_working_days, end_of, jakarta_day

from chassis import working_days
from pujk_gateway.domain.parts import Day, Deadline


class NoPolicy(LookupError):
    """No dated policy of that name covers this day."""


@dataclass(frozen=True)
class Policies:
    """``data/policies.json`` on a calendar."""

    document: dict[str, Any]
    calendar: Calendar

    @classmethod
    def load(cls, calendar: Calendar) -> "Policies":
        return cls(json.loads(files("pujk_gateway").joinpath("data/policies.json").read_text("utf-8")), calendar)

    def consumer_answers(self, accepted_at: datetime) -> tuple[datetime, Deadline]:
        term = self.term("consumer-answers", accepted_at)
        days = [Day(one.on, one.number, one.why) for one in term.days]
        return term.due_at, Deadline(
            term.working_days, term.rule_id, term.rule_version, term.calendar_version, days, extension_days=0
        )

    def relief_denied_until(self, paid_at: datetime) -> datetime:
        return self.term("relief-denied", paid_at).due_at

    def owed_by(self, promised_by: date, accepted_at: datetime) -> date:
        if end_of(promised_by) >= accepted_at:
            return promised_by
        return self.term("promised-day-had-passed", accepted_at).due_on

    def documents_until(self, at: datetime) -> datetime:
        return self.term("documents-awaited", at).due_at

    def promised_most(self, at: datetime) -> date:
        return jakarta_day(at) + timedelta(days=int(self._of("promised_within_days", at)["most"]))

    def documents_most(self, at: datetime) -> int:
        return int(self._of("documents_asked_per_round", at)["most"])

    def term(self, id_: str, began_at: datetime) -> working_days.Deadline:
        """So many working days, by the policy of the day it began. Errors: NoPolicy, NoSuchDay."""
        policy = self._of("policies", began_at, id_)
        closed = self._of("counts_cuti_bersama_as_holiday", began_at)["value"]
        calendar = replace(self.calendar, closed_categories=frozenset({PUBLIC, CUTI_BERSAMA} if closed else {PUBLIC}))
        days, version = policy["working_days"], policy["version"]
        return add_working_days(began_at, days, calendar, rule_id=id_, rule_version=version)

    def _of(self, what: str, began_at: datetime, id_: str | None = None) -> dict[str, Any]:
        """The newest that was valid on that day in Jakarta."""
        began_on = jakarta_day(began_at).isoformat()
        found = [one for one in self.document[what] if one.get("id") == id_ and one["valid_from"] <= began_on]
        if not found:
            raise NoPolicy(f"no {id_ or what} on {began_on}; dated policies need one")
        newest: dict[str, Any] = max(found, key=lambda one: one["valid_from"])
        return newest
