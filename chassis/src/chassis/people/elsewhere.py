"""How does somebody get in whom another house proves? With a session like any other: what ends one, ends this one.
Roles are what that house says at each log-in."""

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from chassis.people.account import OF_PROVIDERS, Account
from chassis.people.desk import NOT_RIGHT, Begun, Desk
from chassis.people.id_token import NotProved
from chassis.people.oidc import Asked, Identity, OpenIdProvider, answers
from chassis.refusals import Forbidden, Invalid, Unauthenticated, Unavailable
from chassis.sealing import SealBroken

#: Time to log in at the provider, a second factor included.
ON_THE_WAY = timedelta(minutes=10)
_BOUND_TO = "a log-in at the provider"
PROVIDER = "provider"


class NoRoleHere(Forbidden):
    """The provider proved the person, and names nothing that they may do here. ``account``: where there is one."""

    def __init__(self, account: Account | None) -> None:
        super().__init__("your provider names no role of yours in this suite")
        self.account = account


@dataclass(frozen=True)
class _OnTheWay:
    """What a browser kept of a log-in that it began here."""

    asked: Asked
    until: datetime
    to: str
    client: str


@dataclass(frozen=True)
class LogInElsewhereBegins:
    """Where the browser is sent, and what it keeps meanwhile: sealed, and good for ten minutes and once; ``to`` is
    where they wanted to go, ``client`` where they come from. Errors: TooMany, Unavailable."""

    desk: Desk
    provider: OpenIdProvider

    async def __call__(self, to: str, client: str) -> tuple[str, str, str]:
        """Also what comes back with them."""
        throttle = self.desk.throttles.elsewhere
        await throttle.take(client)
        try:
            url, asked = await self.provider.begin()
        except Unavailable:
            await throttle.give_back(client)
            raise
        kept = {"asked": asdict(asked), "until": self.desk.clock.now() + ON_THE_WAY, "to": to, "client": client}
        sealed = self.desk.vault.seal(json.dumps(kept, default=datetime.isoformat).encode(), _BOUND_TO)
        return url, urlsafe_b64encode(sealed).decode(), asked.state


@dataclass(frozen=True)
class LogInElsewhereEnds:
    """What the browser brought back, and what it kept. Errors: NotProved, NoRoleHere, Unauthenticated for an account
    that cannot be used now, Unavailable."""

    desk: Desk
    provider: OpenIdProvider

    async def __call__(self, came: Mapping[str, str], kept: str, client: str, agent: str) -> tuple[Begun, str]:
        """The session, and where they wanted to go."""
        way = self._way(kept)
        # Whoever brings what we did not ask for ends nobody's log-in by it.
        answers(came, way.asked)
        if not await self.desk.throttles.spent.first(way.asked.state, way.until):
            raise NotProved
        account = await self._account(await self.provider.finish(came, way.asked))
        session = await self.desk.sessions.start(account.id, account.epoch, "in", client=client, agent=agent)
        with suppress(Unavailable):
            await self.desk.throttles.elsewhere.give_back(way.client)
        return Begun(session, "in", account), way.to

    def _way(self, kept: str) -> _OnTheWay:
        try:
            said = json.loads(self.desk.vault.open(urlsafe_b64decode(kept.encode()), _BOUND_TO))
            way = _OnTheWay(Asked(**said["asked"]), datetime.fromisoformat(said["until"]), said["to"], said["client"])
        except (SealBroken, ValueError, KeyError, TypeError) as error:
            # Also what an earlier release put there.
            raise NotProved from error
        if self.desk.clock.now() >= way.until:
            raise NotProved
        return way

    async def _account(self, identity: Identity) -> Account:
        """Made at the first time, and brought to what the provider says now."""
        accounts, now = self.desk.accounts, self.desk.clock.now()
        name = account_of(self.provider.registered.issuer, identity.subject)
        known = await accounts.get(name)
        if known is None and identity.roles:
            made = Account(
                name, identity.name or name, identity.roles, "", None, by=PROVIDER, since=now, external=identity.subject
            )
            with suppress(Invalid):
                await accounts.add(made)

        def enter(found: Account) -> None:
            if found.external != identity.subject:
                raise Unauthenticated(NOT_RIGHT)
            found.is_stated(identity.name, identity.roles)
            if found.roles:
                if not found.usable(now):
                    raise Unauthenticated(NOT_RIGHT)
                found.entered(now)

        if not identity.roles and known is None:
            raise NoRoleHere(None)
        account = await accounts.change(name, enter)
        if not account.roles:
            raise NoRoleHere(account)
        return account


def account_of(issuer: str, subject: str) -> str:
    """The account's name here: the same person, the same name; it tells nothing of who they are."""
    return f"{OF_PROVIDERS}{hashlib.sha256(f'{issuer} {subject}'.encode()).hexdigest()[:32]}"
