"""Which systems has a firm? ``clients`` in the gateway's own database; their secrets are kept beside them."""

import secrets
from collections.abc import Sequence
from typing import Any

from chassis.clock import Clock
from chassis.database import Database, unavailable
from chassis.documents import CODEC

from pujk_gateway.ports.systems import Client

_READABLE = "23456789abcdefghjkmnpqrstuvwxyz"


class MongoClients:
    """One document each, its id as ``_id``. One that was removed stays, for whoever reads the audit."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._stored = database.get_collection("clients", codec_options=CODEC)
        self._clock = clock

    async def prepare(self) -> None:
        await self._stored.create_index([("firm", 1), ("since", 1)], name="firm")

    async def add(self, firm: str, name: str, by: str) -> Client:
        drawn = "".join(secrets.choice(_READABLE) for _ in range(8))
        client = Client(f"{firm.lower()}.{drawn}", firm, name, by, self._clock.now())
        document = {"_id": client.id, "firm": firm, "name": name, "by": by, "since": client.since, "removed": None}
        with unavailable():
            await self._stored.insert_one(document)
        return client

    async def get(self, client: str) -> Client | None:
        with unavailable():
            stored = await self._stored.find_one({"_id": client, "removed": None})
        return _client(stored) if stored else None

    async def of(self, firm: str) -> Sequence[Client]:
        with unavailable():
            found = self._stored.find({"firm": firm, "removed": None}).sort("since", 1)
            return [_client(one) async for one in found]

    async def ever(self, firm: str) -> Sequence[str]:
        with unavailable():
            return [one["_id"] async for one in self._stored.find({"firm": firm}, {"_id": 1}).sort("since", 1)]

    async def remove(self, client: str) -> None:
        with unavailable():
            await self._stored.update_one({"_id": client, "removed": None}, {"$set": {"removed": self._clock.now()}})


def _client(stored: dict[str, Any]) -> Client:
    return Client(stored["_id"], stored["firm"], stored["name"], stored["by"], stored["since"])
