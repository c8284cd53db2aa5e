"""Who can be asking at a door? Persons, systems, channels and services, and what each of them may."""

from dataclasses import dataclass
from typing import ClassVar, Protocol

from chassis.audit import Actor


class Asker(Protocol):
    """``may`` are roles, seats, scopes or a name: what the tables of doors are about."""

    kind: ClassVar[str]

    @property
    def may(self) -> frozenset[str]: ...

    @property
    def actor(self) -> Actor: ...


@dataclass(frozen=True)
class Staff:
    """A person of OJK, as the staff issuer states."""

    kind: ClassVar[str] = "staff"
    id: str
    roles: frozenset[str]

    @property
    def may(self) -> frozenset[str]:
        return self.roles

    @property
    def actor(self) -> Actor:
        return Actor(self.kind, self.id, tuple(sorted(self.roles)))


@dataclass(frozen=True)
class Officer:
    """A person of a firm in their seats, as the firms' issuer states."""

    kind: ClassVar[str] = "officer"
    id: str
    firm: str
    seats: frozenset[str]

    @property
    def may(self) -> frozenset[str]:
        return self.seats

    @property
    def actor(self) -> Actor:
        return Actor(self.kind, self.id, tuple(sorted(self.seats)), self.firm)


@dataclass(frozen=True)
class System:
    """A firm's system, as the firms' issuer states."""

    kind: ClassVar[str] = "system"
    id: str
    firm: str
    scopes: frozenset[str]
    key: str | None = None

    @property
    def may(self) -> frozenset[str]:
        return self.scopes

    @property
    def actor(self) -> Actor:
        return Actor(self.kind, self.id, tuple(sorted(self.scopes)), self.firm, self.key)


@dataclass(frozen=True)
class Service:
    """Another service of the suite, and what it says it needs the answer for."""

    kind: ClassVar[str] = "service"
    name: str
    purpose: str

    @property
    def may(self) -> frozenset[str]:
        return frozenset({self.name})

    @property
    def actor(self) -> Actor:
        return Actor(self.kind, self.name, behalf=self.purpose)


@dataclass(frozen=True)
class Channel:
    """A channel that brings what consumers say."""

    kind: ClassVar[str] = "channel"
    name: str
    scopes: frozenset[str]
    key: str | None = None

    @property
    def may(self) -> frozenset[str]:
        return self.scopes

    @property
    def actor(self) -> Actor:
        return Actor(self.kind, self.name, key=self.key)


@dataclass(frozen=True)
class Begun:
    """Whoever has begun a log-in, with the token of their session: whose it is stands in the audit's words."""

    kind: ClassVar[str] = "session"
    token: str
    actor: Actor

    @property
    def may(self) -> frozenset[str]:
        return frozenset(self.actor.roles)
