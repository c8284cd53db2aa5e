"""Which day is it where consumers live?"""

from dataclasses import dataclass
from datetime import date, timedelta, timezone

from chassis.clock import Clock

JAKARTA = timezone(timedelta(hours=7), "WIB")


@dataclass(frozen=True)
class JakartaDays:
    """The day in Jakarta by the database's time."""

    clock: Clock

    def __call__(self) -> date:
        return self.clock.now().astimezone(JAKARTA).date()
