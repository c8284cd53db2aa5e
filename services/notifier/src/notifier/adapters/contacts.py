"""Whom do a matter's messages go to? Unsealed at its first one, kept for a minute: the second follows soon."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from chassis.phones import reached_at

from notifier.domain.mails import WAYS, Addressee, Way
from notifier.domain.notification import Notification
from notifier.ports import Seals

KEPT_SECONDS = 60
KEPT_MOST = 50_000


def addressee(private: Mapping[str, Any], way: Way = "email") -> Addressee | None:
    """The consumer, or the representative where only that one left such an address. A number that may be another
    one's is none."""
    kind = {"email": "email", "push": "push"}.get(way, "phone")
    for role in ("consumer", "representative"):
        person = private.get(role) or {}
        left = str(person.get(kind) or "")
        if found := reached_at(left) if kind == "phone" else left:
            return Addressee(name=str(person.get("name", "")), address=found)
    return None


class SealedContacts:
    """Contacts as the registration brought them."""

    def __init__(self, seals: Seals) -> None:
        self._seals = seals
        self._kept: dict[str, Mapping[Way, Addressee]] = {}

    async def of(self, matter: Notification) -> Mapping[Way, Addressee]:
        assert matter.sealed is not None
        kept = self._kept.get(matter.sealed)
        if kept is not None:
            return kept
        private = json.loads(await self._seals.unsealed(matter.sealed, matter.number))
        found = {way: one for way in WAYS if (one := addressee(private, way))}
        if len(self._kept) < KEPT_MOST:
            self._kept[matter.sealed] = found
            asyncio.get_running_loop().call_later(KEPT_SECONDS, self._kept.pop, matter.sealed, None)
        return found
