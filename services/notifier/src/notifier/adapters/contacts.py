"""Whom do a matter's mails go to? Unsealed at its first mail, kept in memory for a minute: the second follows soon."""

import asyncio
import json

from notifier.domain.mails import Addressee, addressee
from notifier.domain.notification import Notification
from notifier.ports import Seals

KEPT_SECONDS = 60
KEPT_MOST = 50_000


class SealedContacts:
    """Contacts as the registration brought them."""

    def __init__(self, seals: Seals) -> None:
        self._seals = seals
        self._kept: dict[str, Addressee] = {}

    async def of(self, matter: Notification) -> Addressee | None:
        assert matter.sealed is not None
        kept = self._kept.get(matter.sealed)
        if kept is not None:
            return kept
        found = addressee(json.loads(await self._seals.unsealed(matter.sealed, matter.number)))
        if found is not None and len(self._kept) < KEPT_MOST:
            self._kept[matter.sealed] = found
            asyncio.get_running_loop().call_later(KEPT_SECONDS, self._kept.pop, matter.sealed, None)
        return found
