"""What proves who is asking? A token of a known issuer with audience and expiry, or a channel's API key."""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
from jwt import PyJWK, PyJWKSet

from chassis.clock import Clock
from chassis.ids import new_id
from chassis.refusals import Forbidden, Unauthenticated

SERVICE_ISSUER = "slkt-service"
SERVICE_TOKEN_SECONDS = 300


def bearer(authorization: str | None) -> str:
    """What came as ``Authorization: Bearer …``. Errors: Unauthenticated."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated("send 'Authorization: Bearer <token>'")
    return token


class Issuer:
    """Checks tokens of one issuer against its published keys (a JWKS file)."""

    def __init__(self, keys: Path, issuer: str, audience: str, clock: Clock) -> None:
        self._keys = {key.key_id: key for key in PyJWKSet.from_dict(json.loads(keys.read_text())).keys}
        self._issuer = issuer
        self._audience = audience
        self._clock = clock

    def claims(self, authorization: str | None) -> Mapping[str, Any]:
        """The claims of a valid bearer token. Errors: Unauthenticated, which never says what was wrong."""
        token = bearer(authorization)
        try:
            key = self._keys[jwt.get_unverified_header(token)["kid"]]
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
            raise Unauthenticated("the token is not valid here") from error
        # Judged by the database's time: a pod's clock may be wrong.
        if self._clock.now().timestamp() >= expires:
            raise Unauthenticated("the token is not valid here")
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


@dataclass(frozen=True)
class KnownChannel:
    """A channel that may submit: its name, the hash of its API key, its broker user."""

    name: str
    api_key_sha256: str
    broker_user: str


class Channels:
    """The channels by key and by broker user, from a JSON list."""

    def __init__(self, channels: Sequence[KnownChannel]) -> None:
        self._channels = tuple(channels)

    @classmethod
    def read(cls, path: Path) -> "Channels":
        return cls([KnownChannel(**one) for one in json.loads(path.read_text())])

    def __iter__(self) -> Any:
        return iter(self._channels)

    def by_api_key(self, api_key: str | None) -> KnownChannel:
        """Errors: Unauthenticated."""
        digest = hashlib.sha256((api_key or "").encode()).hexdigest()
        for channel in self._channels:
            if hmac.compare_digest(channel.api_key_sha256, digest):
                return channel
        raise Unauthenticated("send the channel's API key in 'X-API-Key'")

    def by_user(self, user: str) -> KnownChannel:
        """Errors: Forbidden."""
        for channel in self._channels:
            if channel.broker_user == user:
                return channel
        raise Forbidden("this broker user is no channel")
