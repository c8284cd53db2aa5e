"""When may somebody be told? Not while they sleep, where it rings; and what happens in a row makes one message."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta, timezone

#: Hours before UTC of the zones of Indonesia.
ZONES: Mapping[str, int] = {"WIB": 7, "WITA": 8, "WIT": 9}


@dataclass
class Quiet:
    """From ``begin`` to ``end`` (HH:MM), which may go over midnight; the same twice: never."""

    begin: str
    end: str
    zone: str = "WIB"

    def over_at(self, moment: datetime) -> datetime:
        """When somebody may be told: ``moment`` itself, or the end of the quiet hours that it falls into."""
        here = moment.astimezone(timezone(timedelta(hours=ZONES[self.zone])))
        begin, end, now = time.fromisoformat(self.begin), time.fromisoformat(self.end), here.time()
        within = begin <= now < end if begin <= end else now >= begin or now < end
        if not within:
            return moment
        until = datetime.combine(here.date(), end, here.tzinfo)
        return (until if until > here else until + timedelta(days=1)).astimezone(moment.tzinfo)


@dataclass
class Timing:
    """Of one way: how long after a message the next waits for what else happens; when nobody is rung at, by the rule
    that was in force. A way without ``quiet`` rings at nobody."""

    gather_seconds: float = 0
    quiet: Quiet | None = None
    #: So long somebody who takes nothing is waited for; then a CSO sees to it.
    give_up_hours: float = 26
