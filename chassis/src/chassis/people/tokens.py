"""How does another service know who asks? By a token that this issuer signs, for one service and a few minutes."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import jwt

from chassis.clock import Clock
from chassis.ids import new_id
from chassis.people.account import Account
from chassis.signing import SigningKeys

#: A locked person's last token is good for no longer.
TOKEN_SECONDS = 300


class Signer:
    """Signs with the key that is this issuer's now; ``published`` are those that others check with."""

    def __init__(self, keys: SigningKeys, issuer: str, clock: Clock) -> None:
        self.keys = keys
        self._issuer = issuer
        self._clock = clock

    def published(self) -> list[Mapping[str, Any]]:
        return self.keys.published()

    def token(self, account: Account, audience: str, seconds: int = TOKEN_SECONDS, **more: str) -> str:
        claims: dict[str, Any] = {
            "account": account.number,
            "roles": list(account.roles),
            "epoch": account.epoch,
            **more,
        }
        if account.firm is not None:
            claims["firm"] = account.firm
        return self.signed(account.id, audience, claims, until=account.expires, seconds=seconds)

    def signed(
        self,
        subject: str,
        audience: str,
        claims: Mapping[str, Any],
        until: datetime | None = None,
        seconds: int = TOKEN_SECONDS,
    ) -> str:
        """Good for five minutes or less, and never beyond ``until``."""
        now, key = self._clock.now(), self.keys.signs()
        expires = now + timedelta(seconds=seconds)
        whole: dict[str, Any] = {
            "iss": self._issuer,
            "sub": subject,
            "aud": audience,
            **claims,
            "iat": now,
            "exp": min(expires, until or expires),
            "jti": new_id(),
        }
        return jwt.encode(whole, key.private, algorithm="EdDSA", headers={"kid": key.id})
