"""What is sealed, read with the key from intake's key desk."""

import json
import logging

from chassis.keydesk import KeyDesk, KeyDestroyed
from chassis.sealing import SealBroken

log = logging.getLogger(__name__)


class DeskSeals:
    """Reads sealed texts; what was forgotten is simply not there any more."""

    def __init__(self, desk: KeyDesk) -> None:
        self._desk = desk

    async def read(self, sealed: str, number: str) -> str | None:
        """Errors: Unavailable."""
        try:
            return str(json.loads(await self._desk.unsealed(sealed, number))["text"])
        except KeyDestroyed:
            return None
        except SealBroken:
            # The rest of the timeline is right all the same, and its consumer waits for it.
            log.error("a sealed text does not open", extra={"number": number})
            return None
