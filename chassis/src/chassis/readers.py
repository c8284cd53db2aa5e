"""How is it found who comes? Each kind of askers has its reader: headers in; person, system, channel or service out."""

from collections.abc import Awaitable, Callable, Container, Mapping
from typing import Any, Protocol

from starlette.datastructures import Headers

from chassis.access import Reader
from chassis.askers import Channel, Officer, Service, Staff, System
from chassis.auth import NOT_VALID
from chassis.credentials.credential import Credential
from chassis.refusals import Unauthenticated


class Checks(Protocol):
    async def claims(self, authorization: str | None) -> Mapping[str, Any]:
        """The claims of a valid bearer token. Errors: Unauthenticated."""
        ...


class Admits(Protocol):
    async def admit(self, text: str | None, detail: str) -> Credential:
        """Errors: Unauthenticated with ``detail``, TooMany, Unavailable."""
        ...


#: The claim that makes a token a pass for pages.
MARK = "mark"
API_KEY = "x-api-key"
WANTED = "send the channel's API key in 'X-API-Key'"
#: Whether the account behind a token's claims still is what it was.
StandsStill = Callable[[Mapping[str, Any]], Awaitable[bool]]


def staff_reader(issuer: Checks, stands: StandsStill | None = None) -> Reader:
    async def read(headers: Headers) -> Staff:
        claims = await _standing(issuer, stands, headers)
        return Staff(str(claims["sub"]), _words(claims, "roles"))

    return read


def firm_reader(issuer: Checks, stands: StandsStill | None = None) -> Reader:
    """Of the firms' issuer: its people, and its systems, which say so."""

    async def read(headers: Headers) -> Officer | System:
        claims = await _standing(issuer, stands, headers)
        who, firm = str(claims["sub"]), str(claims.get("firm", ""))
        if claims.get("kind") == "system":
            return System(who, firm, frozenset(str(claims.get("scope", "")).split()), claims.get("key"))
        return Officer(who, firm, _words(claims, "roles"))

    return read


def service_reader(issuer: Checks) -> Reader:
    async def read(headers: Headers) -> Service:
        claims = await issuer.claims(headers.get("authorization"))
        return Service(str(claims["sub"]), str(claims.get("purpose", "")))

    return read


class ChannelReader:
    """``channels`` are those that there are: a key of one that was taken away opens nothing. ``tried`` is told from
    where a key came that is not good."""

    def __init__(
        self, keys: Admits, channels: Container[str], tried: Callable[[str, Unauthenticated], None] | None = None
    ) -> None:
        self._keys, self._channels, self._tried = keys, channels, tried

    async def __call__(self, headers: Headers) -> Channel:
        key = await self._keys.admit(headers.get(API_KEY), WANTED)
        if key.owner not in self._channels:
            raise Unauthenticated(WANTED)
        return Channel(key.owner, frozenset(key.scopes), key.prefix)

    def missed(self, headers: Headers, client: str, error: Unauthenticated) -> None:
        """Whoever shows no key tries none."""
        if self._tried is not None and headers.get(API_KEY):
            self._tried(client, error)


def _words(claims: Mapping[str, Any], name: str) -> frozenset[str]:
    """A claim that lists words; none where it is missing. Errors: Unauthenticated for another shape, whoever signed."""
    said = claims.get(name, [])
    if not isinstance(said, list) or not all(isinstance(one, str) for one in said):
        raise Unauthenticated(NOT_VALID)
    return frozenset(said)


async def _standing(issuer: Checks, stands: StandsStill | None, headers: Headers) -> Mapping[str, Any]:
    claims = await issuer.claims(headers.get("authorization"))
    # What a browser was given for pages opens no door of programs.
    if MARK in claims or (stands is not None and not await stands(claims)):
        raise Unauthenticated(NOT_VALID)
    return claims
