"""Does an ID token say who this is? Only where it is whole: from this provider, for this suite alone, signed by a
published key, in time, and for this very log-in (OpenID Connect Core 1.0, 3.1.3.7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any
from urllib.parse import urljoin

import jwt

from chassis.keys import KeysOfIssuer
from chassis.refusals import Unauthenticated

#: An ID token comes at once; clocks of two houses differ by less.
ISSUED_MOST = timedelta(minutes=10)
SUBJECT_MOST = 255


class NotProved(Unauthenticated):
    """What came back from the provider proves nobody. The text never says which part of it was wrong."""

    def __init__(self) -> None:
        super().__init__("the log-in is not proved; begin it again")


@dataclass(frozen=True)
class Registered:
    """What a provider and this suite know of each other. ``roles`` are the provider's words for ours; ``acr`` is how
    well somebody must have been proved, where the provider has a word for it."""

    issuer: str
    client_id: str
    secret: str | None
    redirect_uri: str
    roles: Mapping[str, str]
    roles_claim: str = "groups"
    scope: str = "openid profile"
    acr: str | None = None

    def site(self, path: str) -> str:
        """An address of ours, as browsers know it."""
        return urljoin(self.redirect_uri, path)


async def proved(token: str, keys: KeysOfIssuer, told: Registered, nonce: str, now: datetime) -> Mapping[str, Any]:
    """The claims. Errors: NotProved, Unavailable."""
    try:
        header = jwt.get_unverified_header(token)
        key = await keys.key(str(header.get("kid", "")))
        # The key says how it may be used, never the token.
        if key is None or header.get("alg") not in key.algorithms:
            raise NotProved
        claims: dict[str, Any] = jwt.decode(
            token,
            key.key,
            algorithms=list(key.algorithms),
            audience=told.client_id,
            issuer=told.issuer,
            options={
                "require": ["iss", "sub", "aud", "exp", "iat"],
                # Judged below by the database's time: a pod's clock may be wrong.
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
            },
        )
        expires, issued = float(claims["exp"]), float(claims["iat"])
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise NotProved from error
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    whole = (
        now.timestamp() < expires,
        abs(now.timestamp() - issued) <= ISSUED_MOST.total_seconds(),
        compare_digest(str(claims.get("nonce", "")).encode(errors="replace"), nonce.encode()),
        claims.get("azp", None if several else told.client_id) == told.client_id,
        told.acr is None or claims.get("acr") == told.acr,
        isinstance(claims["sub"], str) and 0 < len(claims["sub"]) <= SUBJECT_MOST,
    )
    if not all(whole):
        raise NotProved
    return claims
