"""What does an issuer of tokens for people have? Everything of its accounts, put together."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from fastapi import APIRouter

from chassis.auth import Issuer
from chassis.pages.frame import Section
from chassis.parts import Base, Job
from chassis.people.administer import Administer
from chassis.people.desk import Desk, Throttles
from chassis.people.doors import accounts_router, keys_router, log_in_router, session_reader
from chassis.people.failed import BY_MACHINES, FailedTries
from chassis.people.id_token import Registered
from chassis.people.log_in import Stands
from chassis.people.oidc import OpenIdProvider
from chassis.people.own_doors import own_router
from chassis.people.pages.site import Home, Site
from chassis.people.passwords import Passwords
from chassis.people.sessions import Sessions
from chassis.people.store import Accounts
from chassis.people.tokens import TOKEN_SECONDS, Signer
from chassis.sealing import Vault
from chassis.signing import LEAD_SECONDS, SigningKeys


class Office:
    """One issuer: its accounts, sessions, tokens and doors. ``roles`` are those that it may state; all that it
    serves lies below ``address``, for programs below ``<address>/api``. ``provider`` logs people in in its place."""

    def __init__(
        self,
        base: Base,
        vault: Vault,
        *,
        key: Path,
        issuer: str,
        roles: Sequence[str],
        address: str,
        key_lead_seconds: float = LEAD_SECONDS,
        provider: Registered | None = None,
        others_names: str | None = None,
    ) -> None:
        database, clock = base.database, base.clock
        sessions, throttles, passwords = Sessions(database, clock), Throttles(database, clock), Passwords()
        accounts = Accounts(base, vault)
        elsewhere = provider.site(f"{address}/log-in") if provider else None
        failed, self.machines = (FailedTries(base.audit, clock, one) for one in (address, BY_MACHINES))
        self._desk = Desk(accounts, sessions, passwords, throttles, vault, clock, failed, elsewhere)
        self._provider = OpenIdProvider(provider, clock, base.settings.keys_folder) if provider else None
        self._keys = SigningKeys(key, database, clock, life_seconds=TOKEN_SECONDS, lead_seconds=key_lead_seconds)
        self._signer, self._address, self._issuer = Signer(self._keys, issuer, clock), address, issuer
        self._service, self._settings = base.name, base.settings
        self.stands, self.reader = Stands(self._desk), session_reader(self._desk)
        base.ended.asks(issuer, self.stands)
        self.administer = Administer(accounts, passwords, frozenset(roles), clock, others_names, provider is not None)
        self.prepare: Sequence[Callable[[], Awaitable[None]]] = (
            sessions.prepare, throttles.prepare, self._keys.prepare,
        )  # fmt: skip
        self.jobs: Sequence[Job] = (self._keys, failed, self.machines)
        provider_too = (self._provider.close,) if self._provider else ()
        self.close: Sequence[Callable[[], Awaitable[None]]] = (failed.close, self.machines.close, *provider_too)

    def checks(self, audience: str) -> Issuer:
        """For the issuer's own doors: with what it publishes, without asking."""
        return Issuer(self._keys, self._issuer, audience, self._desk.clock)

    def pages(self, *, sections: Sequence[Section] = (), administered: bool = True, home: Home | None = None) -> Site:
        """``sections``: pages of other services, which its log-in opens. ``administered``: its own administrators let
        people in. ``home``: the service's own pages at this issuer."""
        administer = self.administer if administered else None
        return Site(
            self._desk, self._address, administer, self._signer, self._service, self._settings, sections,
            self._provider, home,
        )  # fmt: skip

    def signed(self, subject: str, audience: str, claims: Mapping[str, Any]) -> str:
        """A token of this issuer, for whom it lets in beside people."""
        return self._signer.signed(subject, audience, claims)

    def routers(self, audiences: Sequence[str]) -> list[APIRouter]:
        """For an issuer whose own administrators let people in."""
        accounts = accounts_router(administer=self.administer, prefix=f"{self._address}/api")
        return [*self.log_in(audiences), accounts]

    def log_in(self, audiences: Sequence[str]) -> list[APIRouter]:
        """The doors of whoever has an account; ``audiences`` are the services that a token may be for."""
        return [
            log_in_router(desk=self._desk, signer=self._signer, audiences=audiences, prefix=f"{self._address}/api"),
            own_router(desk=self._desk, prefix=f"{self._address}/api"),
            keys_router(signer=self._signer, base=self._address),
        ]
