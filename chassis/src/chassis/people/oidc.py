"""Whom does another house say that this is? An OpenID provider's word, by authorization code with PKCE, checked in full
before anything is made of it (OpenID Connect Core 1.0, 3.1; RFC 9700)."""

import hashlib
import json
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hmac import compare_digest
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import quote, urlencode

from chassis import fetching
from chassis.clock import Clock
from chassis.fetching import NotFetched, fetched
from chassis.keys import PublishedKeys
from chassis.lines import as_line
from chassis.people.id_token import NotProved, Registered, proved
from chassis.refusals import Unavailable

#: What a provider says of itself is asked again after so long.
DESCRIBED_SECONDS = 600.0
#: Before a browser is sent there: whoever finds nobody there reads it from their browser, and not from us.
ANSWERED_SECONDS = 5.0
NAME_MOST = 200
AWAY = "the provider where people log in is not to be had now; who is in goes on"


@dataclass(frozen=True)
class Asked:
    """What was sent with a person, and must come back with them; their browser keeps it, sealed."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Identity:
    """A person as the provider states them: ``subject`` is never given to another one."""

    subject: str
    name: str
    roles: tuple[str, ...]


class OpenIdProvider:
    """One provider. Errors of every method: Unavailable where it is away."""

    def __init__(self, registered: Registered, clock: Clock, folder: Path | None = None) -> None:
        self.registered = registered
        self._clock = clock
        self._folder = folder
        self._http = fetching.client()
        self._said: Mapping[str, Any] = {}
        self._said_at = float("-inf")
        self._keys: tuple[str, PublishedKeys] | None = None

    async def begin(self) -> tuple[str, Asked]:
        """Where the browser is sent, and what must come back."""
        said, told = await self._description(ANSWERED_SECONDS), self.registered
        asked = Asked(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48))
        digest = hashlib.sha256(asked.verifier.encode()).digest()
        query = {
            "response_type": "code",
            "client_id": told.client_id,
            "redirect_uri": told.redirect_uri,
            "scope": told.scope,
            "state": asked.state,
            "nonce": asked.nonce,
            "code_challenge": urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        if told.acr:
            query["acr_values"] = told.acr
        return _with(said["authorization_endpoint"], query), asked

    async def finish(self, came: Mapping[str, str], asked: Asked) -> Identity:
        """What the browser brought back, made an identity. Errors: NotProved."""
        answers(came, asked)
        said = await self._description()
        stated = came.get("iss")
        demanded = bool(said.get("authorization_response_iss_parameter_supported"))
        # RFC 9207: of two providers the answer of one is never taken for the other's.
        if (stated is not None or demanded) and stated != self.registered.issuer:
            raise NotProved
        if "error" in came or not came.get("code"):
            raise NotProved
        answer = await self._exchange(said, came["code"], asked.verifier)
        keys = await self._keys_of(said)
        claims = await proved(str(answer.get("id_token", "")), keys, self.registered, asked.nonce, self._clock.now())
        return await self._identity(said, claims, str(answer.get("access_token", "")))

    async def log_out_at(self, back: str) -> str | None:
        """Where a browser ends its session at the provider, and is sent ``back`` from; None where it cannot."""
        try:
            end = (await self._description(ANSWERED_SECONDS)).get("end_session_endpoint")
        except Unavailable:
            return None
        query = {"client_id": self.registered.client_id, "post_logout_redirect_uri": back}
        return _with(end, query) if isinstance(end, str) and self._fit(end) else None

    async def close(self) -> None:
        if self._keys:
            await self._keys[1].close()
        await self._http.aclose()

    async def _exchange(self, said: Mapping[str, Any], code: str, verifier: str) -> Mapping[str, Any]:
        told = self.registered
        form = {"grant_type": "authorization_code", "code": code, "code_verifier": verifier}
        form |= {"redirect_uri": told.redirect_uri}
        request: dict[str, Any] = {"data": form}
        if told.secret is None:
            form["client_id"] = told.client_id
        elif "client_secret_basic" in said.get("token_endpoint_auth_methods_supported", ["client_secret_basic"]):
            # RFC 6749, 2.3.1: both are encoded as in a form before they are put together.
            request["auth"] = (quote(told.client_id, safe=""), quote(told.secret, safe=""))
        else:
            form |= {"client_id": told.client_id, "client_secret": told.secret}
        status, answer = await self._asked("POST", said["token_endpoint"], **request)
        if status >= 500 or status == 429:
            raise Unavailable(AWAY)
        if status != 200:
            raise NotProved
        return answer

    async def _identity(self, said: Mapping[str, Any], claims: Mapping[str, Any], access: str) -> Identity:
        told = self.registered
        stated, more = _at(claims, told.roles_claim), said.get("userinfo_endpoint")
        if stated is None and access and isinstance(more, str) and self._fit(more):
            # Some say only here what somebody is.
            status, info = await self._asked("GET", more, headers={"Authorization": f"Bearer {access}"})
            if status != 200 or info.get("sub") != claims["sub"]:
                raise NotProved
            claims = {**info, **claims}
            stated = _at(claims, told.roles_claim)
        words = [stated] if isinstance(stated, str) else stated if isinstance(stated, list) else []
        roles = {told.roles[word] for word in words if isinstance(word, str) and word in told.roles}
        name = next((str(claims[one]) for one in ("name", "preferred_username") if claims.get(one)), "")
        return Identity(claims["sub"], as_line(name)[:NAME_MOST].strip(), tuple(sorted(roles)))

    async def _description(self, seconds: float = DESCRIBED_SECONDS) -> Mapping[str, Any]:
        """What the provider says of itself (OpenID Connect Discovery 1.0), so many seconds ago at most."""
        if monotonic() - self._said_at < seconds:
            return self._said
        url = f"{self.registered.issuer.rstrip('/')}/.well-known/openid-configuration"
        status, said = await self._asked("GET", url)
        needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        right = status == 200 and said.get("issuer") == self.registered.issuer
        if not right or not all(isinstance(said.get(one), str) and self._fit(said[one]) for one in needed):
            raise Unavailable(AWAY)
        self._said, self._said_at = said, monotonic()
        return said

    def _fit(self, url: str) -> bool:
        """A provider behind TLS sends nobody, and no secret, to where there is none."""
        return url.startswith("https://") or (
            url.startswith("http://") and self.registered.issuer.startswith("http://")
        )

    async def _keys_of(self, said: Mapping[str, Any]) -> PublishedKeys:
        url = said["jwks_uri"]
        if self._keys is None or self._keys[0] != url:
            if self._keys:
                await self._keys[1].close()
            self._keys = url, PublishedKeys(url, self._folder)
        # At each log-in: what the provider took back is good no more.
        await self._keys[1].ask()
        return self._keys[1]

    async def _asked(self, method: str, url: str, **request: Any) -> tuple[int, Mapping[str, Any]]:
        try:
            status, body = await fetched(self._http, method, url, **request)
            said = json.loads(body)
        except NotFetched as error:
            raise Unavailable(AWAY) from error
        except ValueError:
            said = None
        return status, said if isinstance(said, dict) else {}


def answers(came: Mapping[str, str], asked: Asked) -> None:
    """Whether this is the answer to what was asked. Errors: NotProved."""
    if not compare_digest(came.get("state", "").encode(errors="surrogatepass"), asked.state.encode()):
        raise NotProved


def _with(url: str, query: Mapping[str, str]) -> str:
    return f"{url}{'&' if '?' in url else '?'}{urlencode(query)}"


def _at(claims: Mapping[str, Any], name: str) -> Any:
    """A claim by its name; where there is none, along dots (``realm_access.roles``)."""
    if name in claims:
        return claims[name]
    found: Any = claims
    for part in name.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found
