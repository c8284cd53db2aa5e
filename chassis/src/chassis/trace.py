"""What does one act leave in the audit? That it was asked for, before it is done, and then what came of it."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from chassis.audit import Act, Actor, Audit
from chassis.refusals import Unavailable

log = logging.getLogger(__name__)

FORBIDDEN = 403
#: Whoever acted is not kept longer from the answer where only the outcome cannot be written.
OUTCOME_SECONDS = 2.0


class Trace:
    """Of one request or message: of each who acts one entry, however often it is said."""

    def __init__(self, audit: Audit) -> None:
        self._audit = audit
        self._actors: dict[Actor, int] = {}

    async def asked(self, actor: Actor, act: Act) -> None:
        if actor not in self._actors:
            self._actors[actor] = await self._audit.asked(actor, act)

    async def about(self, said: Mapping[str, Any]) -> None:
        """Errors: Unavailable; RuntimeError where nobody was let in yet."""
        if not self._actors:
            raise RuntimeError("about() comes after traced()")
        for asked in self._actors.values():
            await self._audit.about(asked, said)

    async def refused(self, actor: Actor, act: Act) -> None:
        await self._audit.refused(actor, act, FORBIDDEN)

    async def answered(self, status: int) -> None:
        try:
            async with asyncio.timeout(OUTCOME_SECONDS):
                for asked in self._actors.values():
                    await self._audit.answered(asked, status)
        except (Unavailable, TimeoutError) as error:
            log.warning("outcome not in the audit", extra={"error": type(error).__name__})
