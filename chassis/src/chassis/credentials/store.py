"""Where are credentials kept? One document each: prefix, digest, owner; never the secret."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from chassis.clock import Clock
from chassis.credentials import secret
from chassis.credentials.credential import LIVE_MOST, PER_MINUTE, Credential, EnoughSecrets, Issued, wanted
from chassis.database import Database, unavailable
from chassis.documents import CODEC
from chassis.refusals import NotFound

#: The last use is written no more often.
TOUCH = timedelta(minutes=1)
NOT_GOOD = "the secret is not valid here"


class Credentials:
    """``credentials`` of a service's own database. ``scopes`` are all that there are for this kind."""

    def __init__(self, database: Database, clock: Clock, kind: str, scopes: Sequence[str]) -> None:
        self._stored = database.get_collection("credentials", codec_options=CODEC)
        self._clock = clock
        self.kind = kind
        self.scopes = tuple(scopes)

    async def prepare(self) -> None:
        await self._stored.create_index([("owner", 1), ("since", -1)], name="owner")
        await self._stored.create_index([("expires", 1)], name="live", partialFilterExpression={"revoked": None})

    async def issue(
        self,
        owner: str,
        scopes: Sequence[str],
        by: str,
        *,
        expires: datetime | None = None,
        per_minute: int = PER_MINUTE,
    ) -> Issued:
        """Errors: Invalid, EnoughSecrets, Unavailable."""
        now = self._clock.now()
        ends = wanted(scopes, self.scopes, expires, now)
        live = sum(one.live(now) for one in await self.of(owner))
        if live >= LIVE_MOST:
            raise EnoughSecrets(f"{live} secrets are good now; revoke one of them first")
        text = secret.make(self.kind)
        came = secret.read(self.kind, text)
        assert came is not None
        made = Credential(came.prefix, owner, tuple(sorted({*scopes})), per_minute, ends, by, now, came.digest)
        with unavailable():
            await self._stored.insert_one(_document(made))
        return Issued(made, text)

    async def of(self, owner: str) -> Sequence[Credential]:
        """All that the owner ever had, the newest first. Errors: Unavailable."""
        with unavailable():
            return [_credential(one) async for one in self._stored.find({"owner": owner}).sort("since", -1)]

    async def live(self) -> Sequence[Credential]:
        """All that are good now. Errors: Unavailable."""
        with unavailable():
            found = self._stored.find({"revoked": None, "expires": {"$gt": self._clock.now()}})
            return [_credential(one) async for one in found]

    async def revoke(self, owner: str, prefix: str) -> None:
        """Again changes nothing. Errors: NotFound, Unavailable."""
        with unavailable():
            found = await self._stored.update_one(
                {"_id": prefix, "owner": owner}, [{"$set": {"revoked": {"$ifNull": ["$revoked", self._clock.now()]}}}]
            )
        if not found.matched_count:
            raise NotFound(f"no such secret of {owner}")

    async def revoke_all(self, owner: str) -> None:
        """Errors: Unavailable."""
        with unavailable():
            await self._stored.update_many({"owner": owner, "revoked": None}, {"$set": {"revoked": self._clock.now()}})

    async def touch(self, credential: Credential) -> None:
        """It was used; written once a minute at most. Errors: Unavailable."""
        now = self._clock.now()
        with unavailable():
            await self._stored.update_one(
                {"_id": credential.prefix, "$or": [{"used": None}, {"used": {"$lte": now - TOUCH}}]},
                {"$set": {"used": now}},
            )


def _document(credential: Credential) -> dict[str, Any]:
    kept = asdict(credential)
    return {"_id": kept.pop("prefix"), **kept, "scopes": list(credential.scopes)}


def _credential(stored: dict[str, Any]) -> Credential:
    kept = {name: value for name, value in stored.items() if name != "_id"}
    return Credential(prefix=stored["_id"], **{**kept, "scopes": tuple(kept["scopes"])})
