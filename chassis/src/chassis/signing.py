"""Which key does an issuer sign with, and which does it publish? A new key is published before it signs, and the one
before it until the last token of its has run out: so nobody ever meets a token whose key they cannot have."""

import asyncio
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from jwt import PyJWK, PyJWTError

from chassis.clock import Clock
from chassis.database import Database, unavailable
from chassis.documents import CODEC
from chassis.jwks import PublicKey
from chassis.refusals import Unavailable

log = logging.getLogger(__name__)

#: Ten times as long as others take to ask again, so that everybody has a key before it signs.
LEAD_SECONDS = 600.0
LOOK_SECONDS = 10.0
#: Beside the life of a token: two processes may disagree for as long about who signs.
MARGIN = timedelta(seconds=60)


@dataclass(frozen=True)
class SigningKey:
    """A private Ed25519 key; ``public`` is its JWK as it is published."""

    id: str
    private: Any = field(compare=False, repr=False)
    public: Mapping[str, Any]


def signing_keys(place: Path) -> tuple[SigningKey, ...]:
    """The oldest first: of a private JWK, of a JWKS, or of a folder of them (``*.jwk``) by name.

    Errors: OSError, ValueError.
    """
    files = sorted(place.glob("*.jwk")) if place.is_dir() else [place]
    found = [_key(jwk) for file in files for jwk in _jwks(json.loads(file.read_text()))]
    if not found or len({one.id for one in found}) < len(found):
        raise ValueError(f"{len(found)} keys; at least one is needed, each with a kid of its own")
    return tuple(found)


def _jwks(said: Any) -> list[dict[str, Any]]:
    listed = said.get("keys", [said]) if isinstance(said, dict) else None
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise ValueError("a private key (JWK), or a set of them")
    return listed


def _key(jwk: dict[str, Any]) -> SigningKey:
    if (jwk.get("kty"), jwk.get("crv")) != ("OKP", "Ed25519") or "d" not in jwk or not jwk.get("kid"):
        raise ValueError("a key that signs is a private Ed25519 JWK with a kid")
    try:
        private = PyJWK.from_dict(jwk).key
    except PyJWTError as error:
        raise ValueError("a private Ed25519 key that cannot be read") from error
    return SigningKey(jwk["kid"], private, {name: jwk[name] for name in jwk if name != "d"})


def choose(
    keys: Sequence[SigningKey], since: Mapping[str, datetime], now: datetime, lead: timedelta, life: timedelta
) -> tuple[SigningKey, tuple[SigningKey, ...]]:
    """Who signs, and who is published: ``since`` says when each was first seen, ``life`` how long a token is good."""
    by_age = sorted(keys, key=lambda one: since[one.id])
    ready = [one for one in by_age if now >= since[one.id] + lead]
    # None is where an issuer begins: whatever it signs, nobody has asked for its keys before.
    signs = ready[-1] if ready else by_age[-1]
    at = by_age.index(signs)
    going = [one for one, after in pairwise(by_age[: at + 1]) if now < since[after.id] + lead + life + MARGIN]
    return signs, (*going, *by_age[at:])


class SigningKeys:
    """The keys of one issuer. When each was first seen stands in its database, for all its processes alike.

    The place is read again every ten seconds: a key that is put there needs no restart, and one that is taken away is
    gone at once.
    """

    def __init__(
        self, place: Path, database: Database, clock: Clock, *, life_seconds: float, lead_seconds: float = LEAD_SECONDS
    ) -> None:
        self._place = place
        self._stored = database.get_collection("signing_keys", codec_options=CODEC)
        self._clock = clock
        self._lead, self._life = timedelta(seconds=lead_seconds), timedelta(seconds=life_seconds)
        #: Read at once: what cannot be read must not be found at the first token.
        self._found = signing_keys(place)
        self._keys: tuple[SigningKey, ...] = ()
        self._since: Mapping[str, datetime] = {}

    async def prepare(self) -> None:
        """Errors: Unavailable."""
        await self._know(self._found)

    async def run(self) -> None:
        while True:
            await asyncio.sleep(min(LOOK_SECONDS, self._lead.total_seconds() / 4))
            try:
                found = await asyncio.to_thread(signing_keys, self._place)
                if found != self._found or not self._keys:
                    await self._know(found)
                    log.info("keys to sign with were read", extra={"count": len(found)})
            except (OSError, ValueError, Unavailable) as error:
                log.error(
                    "keys to sign with cannot be read; those of before hold", extra={"error": type(error).__name__}
                )

    def signs(self) -> SigningKey:
        return self._chosen()[0]

    def published(self) -> list[Mapping[str, Any]]:
        return [one.public for one in self._chosen()[1]]

    async def key(self, kid: str) -> PublicKey | None:
        """For the issuer's own doors: what it publishes, without asking."""
        found = next((one for one in self._chosen()[1] if one.id == kid), None)
        return PublicKey(found.private.public_key(), ("EdDSA",)) if found else None

    async def _know(self, found: tuple[SigningKey, ...]) -> None:
        now = self._clock.now()
        with unavailable():
            for one in found:
                await self._stored.update_one({"_id": one.id}, {"$setOnInsert": {"since": now}}, upsert=True)
            names = [one.id for one in found]
            since = {one["_id"]: one["since"] async for one in self._stored.find({"_id": {"$in": names}})}
        self._found = self._keys = found
        self._since = since

    def _chosen(self) -> tuple[SigningKey, tuple[SigningKey, ...]]:
        if not self._keys:
            raise Unavailable("the keys to sign with are not known yet")
        return choose(self._keys, self._since, self._clock.now(), self._lead, self._life)
