"""How does a firm's system get in? OJK gives it secrets and takes them away; with one it gets short tokens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chassis.credentials.credential import Credential, Issued, wanted
from chassis.credentials.grant import NOT_GOOD, Asked, NotGranted, granted
from chassis.refusals import NotFound, Unauthenticated

from pujk_gateway.ports import Firms, Now
from pujk_gateway.ports.systems import Client, Clients, Secrets, SignToken

#: What a firm's system may do.
SCOPES = ("tickets:read", "tickets:act")


@dataclass(frozen=True)
class NewSecret:
    """What a secret is asked for."""

    scopes: Sequence[str]
    expires: datetime | None
    per_minute: int
    by: str


@dataclass(frozen=True)
class Granted:
    """A token, for whom, and what it is good for."""

    client: Client
    scopes: tuple[str, ...]
    token: str


@dataclass(frozen=True)
class AddClient:
    """One more system of a firm, with its first secret."""

    firms: Firms
    clients: Clients
    secrets: Secrets
    clock: Now

    async def __call__(self, firm: str, name: str, asked: NewSecret) -> tuple[Client, Issued]:
        """Errors: NotFound, FirmHasLeft, Invalid, Unavailable."""
        known = await self.firms.get(firm)
        if known is None:
            raise NotFound(f"{firm} was never onboarded")
        known.here()
        # Judged before anything is kept: no system stands there that never had a secret.
        wanted(asked.scopes, SCOPES, asked.expires, self.clock.now())
        client = await self.clients.add(firm, name, asked.by)
        return client, await _issued(self.secrets, client, asked)


@dataclass(frozen=True)
class GiveSecret:
    """One more secret for a system: both are good until the old one is revoked."""

    clients: Clients
    secrets: Secrets

    async def __call__(self, firm: str, client: str, asked: NewSecret) -> Issued:
        """Errors: NotFound, Invalid, EnoughSecrets, Unavailable."""
        return await _issued(self.secrets, await _there(self.clients, firm, client), asked)


@dataclass(frozen=True)
class ShowClients:
    """Which systems has a firm, with which secrets?"""

    clients: Clients
    secrets: Secrets

    async def __call__(self, firm: str) -> Sequence[tuple[Client, Sequence[Credential]]]:
        return [(one, await self.secrets.of(one.id)) for one in await self.clients.of(firm)]


@dataclass(frozen=True)
class RemoveClient:
    """A system, one of its secrets, or all systems of a firm are let in no more; nor are the tokens they got."""

    clients: Clients
    secrets: Secrets

    async def __call__(self, firm: str, client: str) -> None:
        """Again changes nothing, and finishes what was interrupted. Errors: NotFound, Unavailable."""
        if client not in await self.clients.ever(firm):
            raise _not_there(firm)
        await self._end(client)

    async def secret(self, firm: str, client: str, prefix: str) -> None:
        """Errors: NotFound, Unavailable."""
        await self.secrets.revoke((await _there(self.clients, firm, client)).id, prefix)

    async def of_firm(self, firm: str, left: datetime) -> None:
        """Every one: since it left it was given none. Errors: Unavailable."""
        for client in await self.clients.ever(firm):
            await self._end(client)

    async def _end(self, client: str) -> None:
        """The system first: from then on it gets no secret that nobody would revoke."""
        await self.clients.remove(client)
        await self.secrets.revoke_all(client)


@dataclass(frozen=True)
class Administration:
    """What OJK's administrator does with firms' systems, together."""

    add_client: AddClient
    give_secret: GiveSecret
    show_clients: ShowClients
    remove_client: RemoveClient


@dataclass(frozen=True)
class GrantToken:
    """A system shows its secret and gets a token for a few minutes (RFC 6749, 4.4)."""

    firms: Firms
    clients: Clients
    secrets: Secrets
    sign: SignToken

    async def __call__(self, asked: Asked) -> Granted:
        """Errors: NotGranted, the same whatever is amiss with who asks; TooMany; Unavailable."""
        try:
            credential = await self.secrets.prove(asked.secret)
        except Unauthenticated as error:
            raise NotGranted("invalid_client", NOT_GOOD) from error
        # Whoever has a secret and shows it for something else is counted, too.
        await self.secrets.count(credential)
        client = await self.clients.get(credential.owner)
        if client is None or client.id != asked.client:
            raise NotGranted("invalid_client", NOT_GOOD)
        firm = await self.firms.get(client.firm)
        if firm is None or firm.left is not None:
            raise NotGranted("invalid_client", NOT_GOOD)
        scopes = granted(asked.scopes, credential.scopes)
        about: dict[str, Any] = {"kind": "system", "firm": client.firm, "scope": " ".join(scopes)}
        return Granted(client, scopes, self.sign(client.id, about | {"key": credential.prefix}))


@dataclass(frozen=True)
class StillGood:
    """Does the secret that a token was got with still stand, and may it ask once more this minute?"""

    secrets: Secrets

    async def __call__(self, key: str, client: str) -> bool:
        """Errors: TooMany, Unavailable."""
        credential = await self.secrets.standing(key)
        if credential is None or credential.owner != client:
            return False
        await self.secrets.count(credential)
        return True


async def _there(clients: Clients, firm: str, client: str) -> Client:
    found = await clients.get(client)
    if found is None or found.firm != firm:
        raise _not_there(firm)
    return found


def _not_there(firm: str) -> NotFound:
    return NotFound(f"{firm} has no such client")


async def _issued(secrets: Secrets, client: Client, asked: NewSecret) -> Issued:
    return await secrets.issue(client.id, asked.scopes, asked.by, expires=asked.expires, per_minute=asked.per_minute)
