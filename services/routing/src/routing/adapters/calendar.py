"""Which rules set a term, on which calendar? Read once, dated and versioned."""

import json
from dataclasses import replace
from datetime import datetime
from importlib.resources import files

from chassis.working_days import Calendar, Deadline

from routing.service_levels import ServiceLevels, deadline


def load_service_levels() -> ServiceLevels:
    """The dated rules shipped in `data/service_levels.json`."""
    text = files("routing").joinpath("data/service_levels.json").read_text(encoding="utf-8")
    return ServiceLevels.parse(json.loads(text))


class DatedDeadlines:
    """The deadline that the rule valid on the day of receipt sets, on the calendar that this day's policy closes."""

    def __init__(self, service_levels: ServiceLevels, calendar: Calendar) -> None:
        self._levels = service_levels
        self._calendar = calendar

    def __call__(self, kind: str, form: str, received_at: datetime) -> Deadline:
        """Errors: NoRule, NoSuchDay."""
        calendar = replace(self._calendar, closed_categories=self._levels.closed_categories(received_at))
        return deadline(received_at, self._levels.rule_for(kind, form, received_at), calendar)
