"""What is sealed, read with the key from intake's key desk."""

import json
import logging
from typing import Any

from chassis.keydesk import KeyDesk, KeyDestroyed
from chassis.sealing import SealBroken

log = logging.getLogger(__name__)


class DeskSeals:
    """Reads sealed texts; what was forgotten is simply not there any more."""

    def __init__(self, desk: KeyDesk) -> None:
        self._desk = desk

    async def read(self, sealed: str, number: str) -> str | None:
        """Errors: Unavailable."""
        found = await self._opened(sealed, number)
        return str(found["text"]) if found else None

    async def demands(self, sealed: str, number: str) -> list[str]:
        """Errors: Unavailable."""
        found = await self._opened(sealed, number)
        return [str(one) for one in found.get("demands") or ()] if found else []

    async def _opened(self, sealed: str, number: str) -> dict[str, Any] | None:
        try:
            found: dict[str, Any] = json.loads(await self._desk.unsealed(sealed, number))
            return found
        except KeyDestroyed:
            return None
        except SealBroken:
            # The rest of the timeline is right all the same, and its consumer waits for it.
            log.error("a sealed text does not open", extra={"number": number})
            return None
