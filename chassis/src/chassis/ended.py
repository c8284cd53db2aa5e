"""Whose tokens are good no more? What issuers say of their accounts, kept where every door looks before it acts."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from contracts.accounts import TokensEnded
from contracts.base import Event

from chassis.database import Database, unavailable

#: Whether the account behind a token's claims still is what it was.
Stands = Callable[[Mapping[str, Any]], Awaitable[bool]]
#: Hears that tokens ended.
EndTokens = Callable[[Event[TokensEnded]], Awaitable[None]]


class Ended:
    """``ended``: for each account the smallest epoch that is good. It only grows, so order and repetition are harmless.

    An account is called by a keyed digest of its issuer and username: two issuers have none in common.
    """

    def __init__(self, database: Database) -> None:
        self._ended = database["ended"]
        self._own: dict[str, Stands] = {}

    def asks(self, issuer: str, stands: Stands) -> None:
        """Of tokens of its own, an issuer does not wait for what it says itself: it looks at its accounts."""
        self._own[issuer] = stands

    async def hear(self, event: Event[TokensEnded]) -> None:
        """Errors: Unavailable."""
        with unavailable():
            await self._ended.update_one({"_id": event.subject}, {"$max": {"epoch": event.data.epoch}}, upsert=True)

    async def stands(self, claims: Mapping[str, Any]) -> bool:
        """Whether a token that is otherwise valid was given after its account's last such fact. Errors: Unavailable."""
        if (own := self._own.get(str(claims.get("iss")))) is not None:
            return await own(claims)
        with unavailable():
            ended = await self._ended.find_one({"_id": str(claims.get("account"))})
        return ended is None or int(claims.get("epoch", 0)) >= ended["epoch"]
