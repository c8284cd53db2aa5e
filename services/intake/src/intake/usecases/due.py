"""By when is an answer due, as somebody is told who has just brought something?"""

from dataclasses import dataclass
from datetime import datetime

from chassis.working_days import Calendar, NoSuchDay, add_working_days, jakarta_day

from intake.bringing.right_door import Guidance


@dataclass(frozen=True)
class Due:
    at: datetime
    working_days: int


@dataclass(frozen=True)
class DueDays:
    """By the dated terms; ``form``: what is told by voice has other terms than what is written."""

    guidance: Guidance
    calendar: Calendar

    def __call__(self, kind: str, form: str, received: datetime, counted_from: datetime | None) -> Due | None:
        """None where there is no term, or no such day."""
        days = self.guidance.working_days(kind, jakarta_day(received), form)
        if days is None:
            return None
        try:
            return Due(add_working_days(received, days, self.calendar, counted_from=counted_from).due_at, days)
        except NoSuchDay:
            return None
