"""What do the use cases need to let firms' systems in?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from chassis.credentials.credential import Credential, Issued


@dataclass(frozen=True)
class Client:
    """A firm's system, as OJK let it in."""

    id: str
    firm: str
    name: str
    by: str
    since: datetime


class Clients(Protocol):
    """Firms' systems that are let in. Errors of all: Unavailable."""

    async def add(self, firm: str, name: str, by: str) -> Client: ...

    async def get(self, client: str) -> Client | None: ...

    async def of(self, firm: str) -> Sequence[Client]: ...

    async def ever(self, firm: str) -> Sequence[str]:
        """Their ids, and those of systems that were removed."""
        ...

    async def remove(self, client: str) -> None: ...


class Secrets(Protocol):
    """What systems prove themselves with, by client. Errors of all: Unavailable."""

    async def issue(
        self, owner: str, scopes: Sequence[str], by: str, *, expires: datetime | None, per_minute: int
    ) -> Issued:
        """Errors: Invalid, EnoughSecrets."""
        ...

    async def of(self, owner: str) -> Sequence[Credential]: ...

    async def revoke(self, owner: str, prefix: str) -> None:
        """Errors: NotFound."""
        ...

    async def revoke_all(self, owner: str) -> None: ...

    async def prove(self, text: str | None) -> Credential:
        """Errors: Unauthenticated."""
        ...

    async def standing(self, prefix: str) -> Credential | None:
        """While it is neither revoked nor over."""
        ...

    async def count(self, credential: Credential) -> None:
        """Errors: TooMany."""
        ...


class SignToken(Protocol):
    def __call__(self, subject: str, claims: Mapping[str, Any]) -> str:
        """A token for this service, good for a few minutes."""
        ...
