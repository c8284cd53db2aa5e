"""How does another service know who asks? By a token that this issuer signs, for one service and a few minutes."""

import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
from jwt import PyJWK

from chassis.clock import Clock
from chassis.ids import new_id
from chassis.people.account import Account

#: A locked person's last token is good for no longer.
TOKEN_SECONDS = 300


class Signer:
    """Signs with a private Ed25519 JWK; ``published`` is what others check with."""

    def __init__(self, key: Path, issuer: str, clock: Clock) -> None:
        jwk = json.loads(key.read_text())
        self._key, self._id = PyJWK.from_dict(jwk).key, jwk["kid"]
        self._issuer = issuer
        self._clock = clock
        self.published: dict[str, Any] = {name: value for name, value in jwk.items() if name != "d"}

    def token(self, account: Account, audience: str) -> str:
        claims: dict[str, Any] = {"roles": list(account.roles), "epoch": account.epoch}
        if account.firm is not None:
            claims["firm"] = account.firm
        return self.signed(account.id, audience, claims)

    def signed(self, subject: str, audience: str, claims: Mapping[str, Any]) -> str:
        now = self._clock.now()
        whole: dict[str, Any] = {
            "iss": self._issuer,
            "sub": subject,
            "aud": audience,
            **claims,
            "iat": now,
            "exp": now + timedelta(seconds=TOKEN_SECONDS),
            "jti": new_id(),
        }
        return jwt.encode(whole, self._key, algorithm="EdDSA", headers={"kid": self._id})
