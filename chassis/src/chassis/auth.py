"""What proves who is asking? A token of a known issuer, for this service, in time."""

import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
from jwt import PyJWK

from chassis.clock import Clock
from chassis.ids import new_id
from chassis.keys import KeysOfIssuer
from chassis.refusals import Unauthenticated

SERVICE_ISSUER = "slkt-service"
SERVICE_TOKEN_SECONDS = 300
#: No issuer of the suite gives longer ones: what was signed for longer is no token, whoever signed it.
LASTS_MOST_SECONDS = 600
NOT_VALID = "the token is not valid here"


def bearer(authorization: str | None) -> str:
    """What came as ``Authorization: Bearer …``. Errors: Unauthenticated."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated("send 'Authorization: Bearer <token>'")
    return token


class Issuer:
    """Checks tokens of one issuer against its published keys. ``named_by_key``: a key is one asker's own, and its name
    is theirs, up to a colon; then nobody states another's name."""

    def __init__(
        self, keys: KeysOfIssuer, issuer: str, audience: str, clock: Clock, *, named_by_key: bool = False
    ) -> None:
        self._keys = keys
        self._issuer = issuer
        self._audience = audience
        self._clock = clock
        self._named_by_key = named_by_key

    async def claims(self, authorization: str | None) -> Mapping[str, Any]:
        """The claims of a valid bearer token. Errors: Unauthenticated, which never says what was wrong; Unavailable
        where none of the issuer's keys is known yet."""
        token = bearer(authorization)
        try:
            kid = str(jwt.get_unverified_header(token)["kid"])
            if (key := await self._keys.key(kid)) is None:
                raise Unauthenticated(NOT_VALID)
            claims: dict[str, Any] = jwt.decode(
                token,
                key.key,
                algorithms=["EdDSA"],
                audience=self._audience,
                issuer=self._issuer,
                options={"require": ["exp", "aud", "iss", "sub"], "verify_exp": False, "verify_iat": False},
            )
            expires = float(claims["exp"])
        except (jwt.PyJWTError, KeyError, ValueError, TypeError) as error:
            raise Unauthenticated(NOT_VALID) from error
        another = self._named_by_key and claims["sub"] != kid.partition(":")[0]
        # Judged by the database's time: a pod's clock may be wrong.
        left = expires - self._clock.now().timestamp()
        if another or not 0 < left <= LASTS_MOST_SECONDS:
            raise Unauthenticated(NOT_VALID)
        return claims


class ServiceTokens:
    """Signs this service's own short-lived tokens."""

    def __init__(self, key: Path, service: str, clock: Clock) -> None:
        jwk = json.loads(key.read_text())
        self._key = PyJWK.from_dict(jwk).key
        self._id = jwk["kid"]
        self._service = service
        self._clock = clock

    def token(self, audience: str, purpose: str) -> str:
        now = self._clock.now()
        return jwt.encode(
            {
                "iss": SERVICE_ISSUER,
                "sub": self._service,
                "aud": audience,
                "purpose": purpose,
                "iat": now,
                "exp": now + timedelta(seconds=SERVICE_TOKEN_SECONDS),
                "jti": new_id(),
            },
            self._key,
            algorithm="EdDSA",
            headers={"kid": self._id},
        )
