"""How is it found who comes? Each kind of askers has its reader: headers in; person, system, channel or service out."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from starlette.datastructures import Headers

from chassis.access import Reader
from chassis.askers import Channel, Officer, Service, Staff, System
from chassis.auth import Channels
from chassis.refusals import Unauthenticated


class Checks(Protocol):
    async def claims(self, authorization: str | None) -> Mapping[str, Any]:
        """The claims of a valid bearer token. Errors: Unauthenticated."""
        ...


#: Whether the account behind a token's claims still is what it was.
StandsStill = Callable[[Mapping[str, Any]], Awaitable[bool]]


def staff_reader(issuer: Checks, stands: StandsStill | None = None) -> Reader:
    async def read(headers: Headers) -> Staff:
        claims = await _standing(issuer, stands, headers)
        return Staff(str(claims["sub"]), frozenset(claims.get("roles", ())))

    return read


def firm_reader(issuer: Checks, stands: StandsStill | None = None) -> Reader:
    """Of the firms' issuer: its people, and its systems, which say so."""

    async def read(headers: Headers) -> Officer | System:
        claims = await _standing(issuer, stands, headers)
        who, firm = str(claims["sub"]), str(claims.get("firm", ""))
        if claims.get("kind") == "system":
            return System(who, firm, frozenset(str(claims.get("scope", "")).split()))
        return Officer(who, firm, frozenset(claims.get("roles", ())))

    return read


def service_reader(issuer: Checks) -> Reader:
    async def read(headers: Headers) -> Service:
        claims = await issuer.claims(headers.get("authorization"))
        return Service(str(claims["sub"]), str(claims.get("purpose", "")))

    return read


def channel_reader(channels: Channels) -> Reader:
    async def read(headers: Headers) -> Channel:
        return Channel(channels.by_api_key(headers.get("x-api-key")).name, frozenset({"submit", "withdraw"}))

    return read


async def _standing(issuer: Checks, stands: StandsStill | None, headers: Headers) -> Mapping[str, Any]:
    claims = await issuer.claims(headers.get("authorization"))
    if stands is not None and not await stands(claims):
        raise Unauthenticated("the token is not valid here")
    return claims
