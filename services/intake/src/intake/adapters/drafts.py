"""Where do drafts lie? In intake's own database, sealed with a key that the browser's cookie and ours make together:
who has the database and our key, but not the browser, reads nothing."""

import hmac
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from chassis.clock import Clock
from chassis.database import Database, unavailable
from chassis.documents import CODEC
from chassis.refusals import Unavailable
from chassis.sealing import SealBroken, Vault

from intake.bringing.draft import Draft, DraftEnded, kept, to_keep

TRIES = 5
#: What was sent is shown again for so long: a page that was closed too early, a receipt that was not printed.
SHOWN = timedelta(hours=1)


class MongoDrafts:
    """``drafts``: by the keyed hash of the cookie; gone when their time is over, which is told when they are begun."""

    def __init__(self, database: Database, key: bytes, clock: Clock, life: timedelta) -> None:
        self._drafts = database.get_collection("drafts", codec_options=CODEC)
        self._key, self._clock, self._life = key, clock, life

    async def prepare(self) -> None:
        await self._drafts.create_index([("until", 1)], name="until", expireAfterSeconds=0)

    def id_of(self, token: str) -> str:
        return hmac.digest(self._key, f"slkt draft v1 {token}".encode(errors="replace"), "sha256").hex()

    def file_secret(self, token: str) -> bytes:
        return hmac.digest(self._key, f"slkt draft files v1 {token}".encode(), "sha256")

    async def begin(self, token: str, draft: Draft) -> None:
        document = {"_id": draft.id, "version": 1, "until": self._until(draft), "sealed": self._sealed(token, draft)}
        with unavailable():
            await self._drafts.insert_one(document)

    async def get(self, token: str) -> tuple[Draft, datetime]:
        draft, _, until = await self._read(token)
        return draft, until

    async def change(self, token: str, change: Callable[[Draft], Draft]) -> Draft:
        for _ in range(TRIES):
            draft, version, _until = await self._read(token)
            changed = replace(change(draft), id=draft.id)
            said = {"sealed": self._sealed(token, changed), "until": self._until(changed)}
            with unavailable():
                written = await self._drafts.update_one(
                    {"_id": draft.id, "version": version}, {"$set": said, "$inc": {"version": 1}}
                )
            if written.matched_count:
                return changed
        raise Unavailable("somebody else changes this draft all the time")

    async def drop(self, token: str) -> None:
        with unavailable():
            await self._drafts.delete_one({"_id": self.id_of(token)})

    async def _read(self, token: str) -> tuple[Draft, int, datetime]:
        id_ = self.id_of(token)
        with unavailable():
            found = await self._drafts.find_one({"_id": id_})
        # The database takes its time to forget.
        if found is None or found["until"] <= self._clock.now():
            raise DraftEnded("there is no draft of this browser, or its time is over")
        try:
            said = json.loads(self._vault(token).open(found["sealed"], id_))
        except SealBroken as error:
            raise DraftEnded("this draft was sealed with another key") from error
        return kept(said), found["version"], found["until"]

    def _until(self, draft: Draft) -> datetime:
        return self._clock.now() + SHOWN if draft.sent else datetime.fromisoformat(draft.at) + self._life

    def _sealed(self, token: str, draft: Draft) -> bytes:
        return self._vault(token).seal(json.dumps(to_keep(draft), ensure_ascii=False).encode(), draft.id)

    def _vault(self, token: str) -> Vault:
        return Vault(hmac.digest(self._key, f"slkt draft seal v1 {token}".encode(errors="replace"), "sha256"))
