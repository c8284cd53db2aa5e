"""A second intake beside the running one: its adapters on the same database, for what no door does alone."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any, cast

from chassis.clock import DatabaseClock
from chassis.database import connect
from chassis.documents import Documents
from chassis.messaging import Link, Publisher
from chassis.repository import Repository
from chassis.saying import Voice
from chassis.sealing import Vault, unb64
from chassis.service import Base
from contracts.intake import FACTS
from contracts.topology import WIRE
from intake.adapters.marking import KeyedMarks
from intake.adapters.mongo import MongoServices
from intake.adapters.seals import DoorKey, IntakeSeals
from kit.running import Suite


class Beside:
    """What a composition root would put together, without doors, inboxes and jobs."""

    def __init__(self, suite: Suite, base: Base) -> None:
        secrets = suite.stack.secrets
        self.base = base
        self.services = MongoServices(base, 60.0)
        self.seals = IntakeSeals(Vault(unb64(secrets.master_key)), DoorKey(secrets.door_key))
        self.marking = KeyedMarks(unb64(secrets.number_key))


@asynccontextmanager
async def intake_beside(suite: Suite) -> AsyncIterator[Beside]:
    client = connect(suite.known["mongo"])
    link = Link(suite.known["amqp"], "beside")
    publisher = Publisher(link, app_id="intake", user_id="intake")
    voice = Voice("intake", WIRE.events, {fact.name(): fact for fact in FACTS})
    clock, database = DatabaseClock(client["admin"]), client["intake"]
    await clock.sync()

    def repository(name: str, documents: Documents[Any], **_: Any) -> Repository[Any]:
        return Repository(database, name, documents, voice, publisher, clock)

    made = SimpleNamespace(
        database=database, clock=clock, repository=repository, settings=SimpleNamespace(lease_seconds=15.0)
    )
    try:
        yield Beside(suite, cast(Base, made))
    finally:
        await link.close()
        client.close()
