"""What time is it? The database's time, carried on by this process's monotonic clock; never a pod's wall clock."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any, Protocol

log = logging.getLogger(__name__)

SYNC_SECONDS = 10
#: An answer that took longer says too little about when it was given.
ROUND_TRIP_MOST_SECONDS = 1.0


class Clock(Protocol):
    def now(self) -> datetime:
        """The present moment, aware, in UTC, to the millisecond."""
        ...


def to_milliseconds(moment: datetime) -> datetime:
    """MongoDB keeps milliseconds; a moment that is stored and read again must stay equal."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


class DatabaseClock:
    """Asks the database for its time and counts on from there, so that clocks of pods may be wrong."""

    def __init__(self, admin: Any) -> None:
        self._admin = admin
        self._anchor = datetime.now(UTC)
        self._at = monotonic()
        self._synced = False

    def now(self) -> datetime:
        return to_milliseconds(self._anchor + timedelta(seconds=monotonic() - self._at))

    async def sync(self) -> None:
        """Anchors anew; half of the round trip is taken as the way back. Errors: those of the driver."""
        asked = monotonic()
        answer = await self._admin.command("hello")
        answered = monotonic()
        if self._synced and answered - asked > ROUND_TRIP_MOST_SECONDS:
            return
        self._synced = True
        local: datetime = answer["localTime"]
        self._anchor = local if local.tzinfo else local.replace(tzinfo=UTC)
        self._at = (asked + answered) / 2

    async def keep(self) -> None:
        """Syncs for ever; between two syncs and through an outage the monotonic clock carries on."""
        while True:
            await asyncio.sleep(SYNC_SECONDS)
            try:
                await self.sync()
            except Exception as error:
                log.warning("clock not synced", extra={"error": type(error).__name__})
