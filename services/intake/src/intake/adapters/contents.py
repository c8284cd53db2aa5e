"""Where do the contents of files lie? Sealed, in GridFS of intake's own database. Which of them does no matter know of?
A record made before the first byte says so, and goes when the matter has it: what it is left of is an orphan."""

from collections.abc import AsyncIterable, AsyncIterator
from contextlib import suppress
from datetime import datetime

from chassis.database import DriverError, FileMissing, bucket, unavailable
from chassis.documents import CODEC
from chassis.parts import Base
from chassis.refusals import NotFound
from chassis.sealed_files import FileSeal

from intake.ports import Begun

FOLDER = "attachments"


class GridContents:
    """``attachments.files``, ``attachments.chunks``: sealed contents by id; ``uploads``: begun, and not yet held. Those
    of drafts lie in a folder of their own, and are begun until the draft ends."""

    def __init__(self, base: Base, folder: str = FOLDER, begun: str = "uploads") -> None:
        self._bucket = bucket(base.database, folder)
        self._chunks = base.database[f"{folder}.chunks"]
        self._begun = base.database.get_collection(begun, codec_options=CODEC)
        self._clock = base.clock

    async def prepare(self) -> None:
        await self._begun.create_index([("at", 1)], name="at")

    async def keep(self, id_: str, number: str, secret: bytes, content: AsyncIterable[bytes]) -> None:
        sealed = FileSeal(secret, number, id_).sealed(content)
        with unavailable():
            await self._begun.insert_one({"_id": id_, "number": number, "at": self._clock.now()})
            # The name in GridFS is the id: the file's own is sealed, in the matter.
            upload = self._bucket.open_upload_stream_with_id(id_, id_)
            async for piece in sealed:
                await upload.write(piece)
            await upload.close()

    async def held(self, id_: str) -> None:
        # Where this fails, whoever sweeps finds that the matter has it.
        with suppress(DriverError):
            await self._begun.delete_one({"_id": id_})

    async def drop(self, id_: str) -> None:
        with unavailable():
            with suppress(FileMissing):
                await self._bucket.delete(id_)
            # Of what was never finished there are pieces only.
            await self._chunks.delete_many({"files_id": id_})
            await self._begun.delete_one({"_id": id_})

    async def read(self, id_: str, number: str, secret: bytes) -> AsyncIterator[bytes]:
        with unavailable():
            try:
                stored = await self._bucket.open_download_stream(id_)
            except FileMissing as error:
                raise NotFound("the content of this file is not there") from error

        async def pieces() -> AsyncIterator[bytes]:
            with unavailable():
                while piece := await stored.readchunk():
                    yield piece

        return FileSeal(secret, number, id_).opened(pieces())

    async def begun_before(self, moment: datetime, most: int) -> list[Begun]:
        with unavailable():
            found = await self._begun.find({"at": {"$lt": moment}}).sort("at", 1).limit(most).to_list(most)
        return [Begun(one["_id"], one["number"]) for one in found]
