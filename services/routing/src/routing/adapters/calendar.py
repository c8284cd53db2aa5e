"""Which rules set a term, on which calendar? Read once, dated and versioned."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from importlib.resources import files

from chassis.working_days import Calendar, Deadline, Pause, add_working_days

from routing.service_levels import ServiceLevels, deadline


def load_service_levels() -> ServiceLevels:
    """The dated rules shipped in `data/service_levels.json`."""
    text = files("routing").joinpath("data/service_levels.json").read_text(encoding="utf-8")
    return ServiceLevels.parse(json.loads(text))


class DatedTerms:
    """How long things may take by the rule that was valid on the day they began, on the calendar that its policy
    closes."""

    def __init__(self, service_levels: ServiceLevels, calendar: Calendar) -> None:
        self._levels = service_levels
        self._calendar = calendar

    def deadline(
        self,
        kind: str,
        form: str,
        received_at: datetime,
        *,
        extended: bool = False,
        pauses: Sequence[Pause] = (),
        taken_up: datetime | None = None,
    ) -> Deadline:
        """Errors: NoRule, NoSuchDay."""
        rule = self._levels.rule_for(kind, form, received_at)
        return deadline(received_at, rule, self._on(received_at), extended=extended, pauses=pauses, taken_up=taken_up)

    def after_return(
        self,
        kind: str,
        form: str,
        received_at: datetime,
        returned_at: datetime,
        *,
        extended: bool = False,
        pauses: Sequence[Pause] = (),
    ) -> Deadline:
        """Errors: NoRule, NoSuchDay."""
        more = self._levels.rule_for(kind, form, received_at).extension_days
        policy, on = self._levels.policy("proposal-returned", returned_at), self._on(returned_at)
        days, version = policy.working_days + (more if extended else 0), policy.valid_from.isoformat()
        term = add_working_days(returned_at, days, on, rule_id=policy.id, rule_version=version, pauses=pauses)
        return replace(term, extension_days=more)

    def documents_until(self, asked_at: datetime) -> datetime:
        return self._after("documents-awaited", asked_at)

    def division_at(self, due: datetime) -> datetime:
        return self._after("escalated-to-division", due)

    def parked_until(self, parked_at: datetime) -> datetime:
        return self._after("parked-to-supervisor", parked_at)

    def _after(self, policy: str, began_at: datetime) -> datetime:
        days = self._levels.policy(policy, began_at).working_days
        return add_working_days(began_at, days, self._on(began_at)).due_at

    def _on(self, moment: datetime) -> Calendar:
        return replace(self._calendar, closed_categories=self._levels.closed_categories(moment))
