"""What is a service put together from? What the chassis gives a composition root, and what that hands back."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from contracts.broker import Queue, Topology, Wire
from fastapi import APIRouter

from chassis import database
from chassis.access import Access, Reader
from chassis.audit import Audit
from chassis.auth import SERVICE_ISSUER, Issuer
from chassis.chain import AuditKey
from chassis.clock import DatabaseClock
from chassis.documents import A, Documents
from chassis.ended import Ended
from chassis.inbox import Inbox
from chassis.keys import PublishedKeys
from chassis.messaging import Link, Publisher
from chassis.refusals import Rule
from chassis.repository import Repository
from chassis.roots import AuditRoots
from chassis.saying import Voice
from chassis.sealing import Vault
from chassis.settings import ServiceSettings
from chassis.topology import declare

#: Starts reading one more inbox; what it returns stops that again.
ReadAlso = Callable[[Inbox], Callable[[], Awaitable[None]]]


class Job(Protocol):
    """Runs as long as the service; after an error it is run again."""

    async def run(self) -> None: ...


@runtime_checkable
class Stops(Protocol):
    """A job that may finish what it began before the service ends."""

    async def stop(self) -> None: ...


@dataclass
class Parts:
    """What a service's composition root hands over."""

    inboxes: Sequence[Inbox] = ()
    routers: Sequence[APIRouter] = ()
    #: Who may use which of their doors; and how it is found who asks, beside staff.
    access: Access = field(default_factory=dict)
    readers: Mapping[str, Reader] = field(default_factory=dict)
    jobs: Sequence[Job] = ()
    refusals: Mapping[type[Exception], Rule] = field(default_factory=dict)
    vault: Vault | None = None
    close: Sequence[Callable[[], Awaitable[None]]] = ()
    prepare: Sequence[Callable[[], Awaitable[None]]] = ()


class Base:
    """What the chassis gives a composition root: database, clock, publisher, repositories, and new inboxes later."""

    def __init__(self, name: str, settings: ServiceSettings, wire: Wire) -> None:
        self.name = name
        self.settings = settings
        self.wire = wire
        self._client = database.connect(settings.mongo_url.get_secret_value())
        self.database = self._client[settings.mongo_database]
        self.clock = DatabaseClock(self._client["admin"])
        self.audit_key = key = AuditKey.read(settings.audit_key, name)
        self.audit = Audit(self.database, self.clock, key)
        self.ended = Ended(self.database)
        every = timedelta(seconds=settings.audit_roots_seconds)
        self.audit_roots = AuditRoots(self.database, self.clock, key, name, settings.audit_roots, every)
        self.known_keys: list[PublishedKeys] = []
        url = settings.amqp_url.get_secret_value()
        # Three connections: a blocked publisher (disk alarm) must not hold up acknowledgements, and nothing that an
        # outsider sends may touch the reading of facts.
        self.speaking = Link(url, f"{name}-speaks")
        self.hearing = Link(url, f"{name}-hears")
        self.doors = Link(url, f"{name}-doors")
        self.publisher = Publisher(self.speaking, app_id=name, user_id=name)
        self.repositories: list[Repository[Any]] = []
        self.read_also: ReadAlso = _too_early

    @cached_property
    def staff_issuer(self) -> Issuer:
        """Whoever issues staff tokens elsewhere."""
        keys = self.keys_at(self.settings.staff_keys)
        return Issuer(keys, self.settings.staff_issuer, self.name, self.clock)

    def services_issuer(self, places: str | Path) -> Issuer:
        """The other services: each signs for itself alone."""
        return Issuer(self.keys_at(places), SERVICE_ISSUER, self.name, self.clock, named_by_key=True)

    def keys_at(self, places: str | Path) -> PublishedKeys:
        """Keys that are asked for as long as the service runs."""
        made = PublishedKeys(places, self.settings.keys_folder, self.settings.keys_seconds)
        self.known_keys.append(made)
        return made

    def repository(
        self, collection: str, documents: Documents[A], *, pace_seconds: float | None = None
    ) -> Repository[A]:
        """A repository of this service: of its matters, at the pace of its settings, or of what cannot wait for it."""
        voice = Voice(self.name, self.wire.events, {fact.name(): fact for fact in self.wire.facts[self.name]})
        made = Repository(
            self.database,
            collection,
            documents,
            voice,
            self.publisher,
            self.clock,
            self.settings.lease_seconds,
            self.settings.unsent_alarm_seconds,
            self.settings.pace_seconds if pace_seconds is None else pace_seconds,
        )
        self.repositories.append(made)
        return made

    async def close(self) -> None:
        await asyncio.gather(*(keys.close() for keys in self.known_keys))
        await asyncio.gather(self.audit.close(), self.speaking.close(), self.hearing.close(), self.doors.close())
        self._client.close()

    async def recreate(self, queue: Queue) -> None:
        await declare(
            self.settings.amqp_url.get_secret_value(), Topology(queues=(queue,)), dead_exchange=self.wire.dead
        )


def _too_early(inbox: Inbox) -> Callable[[], Awaitable[None]]:
    raise RuntimeError(f"{inbox.queue.name} can be read when the service has started: ask from a job")
