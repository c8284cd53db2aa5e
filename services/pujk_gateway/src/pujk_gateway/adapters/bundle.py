"""What does LAPS SJK get? One archive: a file to read, the evidence, the list of all with their SHA-256, and its
signature, which anybody can check without us. Kept sealed with the matter's key: who forgets it silences the bundle."""

import asyncio
import hashlib
import json
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from importlib import import_module
from importlib.resources import files as resources
from typing import Any, Protocol
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from chassis.chain import AuditKey
from chassis.database import FileMissing, bucket, unavailable
from chassis.ids import new_id
from chassis.keydesk import KeyDesk, KeyDestroyed
from chassis.refusals import Erased, NotFound, Unavailable
from chassis.sealed_files import FileSeal
from chassis.service import Base
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from pujk_gateway.adapters.bundle_words import write_words
from pujk_gateway.ports.bundles import Bundle, Contents, Evidence

FOLDER = "bundles"
MANIFEST, SIGNATURE, KEY, HOW = "manifest.json", "manifest.json.sig", "kunci.pem", "CARA-PERIKSA.txt"
PDF, WORDS = "berkas.pdf", "isi.json"
#: A bundle that no case names is what a send left that came to nothing; none takes that long.
LEFT_OVER = timedelta(hours=1)
_ODD = re.compile(r"[^\w.-]+")


class Files(Protocol):
    def content(self, link: str) -> AsyncIterator[bytes]:
        """Errors: NotFound, Unavailable."""
        ...


class _Sink:
    """Takes what is written, for somebody to take away; it cannot go back."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def write(self, data: bytes) -> int:
        self._waiting += data
        return len(data)

    def flush(self) -> None: ...

    def taken(self) -> bytes:
        taken, self._waiting = bytes(self._waiting), bytearray()
        return taken


class Archive:
    """A bundle as it is written: pieces to send on, and the list of what is in it. Never whole in memory."""

    def __init__(self, at: datetime, key: AuditKey) -> None:
        self._sink = _Sink()
        self._zip = ZipFile(self._sink, "w", ZIP_STORED)  # type: ignore[call-overload]
        self._at = at.astimezone(UTC).timetuple()[:6]
        self._key = key
        self._made_at = at
        self.listed: list[dict[str, Any]] = []
        self.sha256 = ""

    async def file(self, name: str, content: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        digest, size = hashlib.sha256(), 0
        with self._zip.open(ZipInfo(name, self._at), "w") as entry:
            async for piece in content:
                digest.update(piece)
                size += len(piece)
                entry.write(piece)
                yield self._sink.taken()
        self.listed.append({"name": name, "size": size, "sha256": digest.hexdigest()})

    def small(self, name: str, content: bytes) -> bytes:
        self._zip.writestr(ZipInfo(name, self._at), content)
        self.listed.append({"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()})
        return self._sink.taken()

    def end(self, number: str) -> bytes:
        """The list, its signature, and the archive's own directory."""
        said = {"kind": "slkt-laps-bundle", "version": 1, "number": number, "made_at": _moment(self._made_at)}
        said |= {"key": self._key.id, "files": sorted(self.listed, key=lambda one: one["name"])}
        manifest = json.dumps(said, ensure_ascii=False, indent=1).encode()
        self.sha256 = hashlib.sha256(manifest).hexdigest()
        self._zip.writestr(ZipInfo(MANIFEST, self._at), manifest)
        self._zip.writestr(ZipInfo(SIGNATURE, self._at), self._key.vouches(manifest))
        self._zip.close()
        return self._sink.taken()


class SealedBundles:
    """``bundles.files``, ``bundles.chunks``: in the gateway's own database."""

    def __init__(self, base: Base, keys: KeyDesk, evidence: Files) -> None:
        self._bucket = bucket(base.database, FOLDER)
        self._chunks, self._stored = base.database[f"{FOLDER}.chunks"], base.database[f"{FOLDER}.files"]
        self._keys, self._evidence, self._key = keys, evidence, base.audit_key

    async def keep(self, contents: Contents) -> Bundle:
        number = contents.case.number
        file, secret = f"{number}.{new_id()}", await self._secret(number)
        await self._sweep(number, contents.made_at)
        archive, size = Archive(contents.made_at, self._key), 0
        try:
            with unavailable():
                upload = self._bucket.open_upload_stream_with_id(file, file)
                async for piece in FileSeal(secret, number, file).sealed(
                    pieces_of(archive, contents, self._evidence, self._key)
                ):
                    size += len(piece)
                    await upload.write(piece)
                await upload.close()
        except Exception:
            # Half of it is nobody's. Where the database itself is away, the next send of the matter sweeps.
            with suppress(Unavailable):
                await self.drop(file)
            raise
        return Bundle(file, archive.sha256, size)

    async def read(self, number: str, file: str) -> AsyncIterator[bytes]:
        secret = await self._secret(number)
        with unavailable():
            try:
                stored = await self._bucket.open_download_stream(file)
            except FileMissing as error:
                raise NotFound("the bundle is not there") from error

        async def pieces() -> AsyncIterator[bytes]:
            with unavailable():
                while piece := await stored.readchunk():
                    yield piece

        return FileSeal(secret, number, file).opened(pieces())

    async def drop(self, file: str) -> None:
        with unavailable():
            await self._stored.delete_one({"_id": file})
            await self._chunks.delete_many({"files_id": file})

    async def _secret(self, number: str) -> bytes:
        try:
            return await self._keys.key(number)
        except KeyDestroyed as error:
            raise Erased("the matter was forgotten") from error

    async def _sweep(self, number: str, now: datetime) -> None:
        """What earlier sends of this matter left that came to nothing: names sort by the time they were drawn."""
        drawn = f"{int((now - LEFT_OVER).timestamp() * 1000):012x}"
        old = {"$gte": f"{number}.", "$lt": f"{number}.{drawn[:8]}-{drawn[8:]}"}
        with unavailable():
            await self._stored.delete_many({"_id": old})
            await self._chunks.delete_many({"files_id": old})


async def pieces_of(archive: Archive, contents: Contents, files: Files, key: AuditKey) -> AsyncIterator[bytes]:
    """The whole archive, from its first byte to its last. Errors: NotFound, Unavailable."""
    number, evidence = contents.case.number, list[Evidence]()
    for place, one in enumerate(contents.dossier.attachments, 1):
        if one.link is None:
            evidence.append(Evidence(one, None, None))
            continue
        name = f"bukti/{place:02d}-{safe(one.name)}"
        async for piece in archive.file(name, files.content(one.link)):
            yield piece
        evidence.append(Evidence(one, name, archive.listed[-1]["sha256"]))
    about = {"key": key.id, "fingerprint": fingerprint(key.public_pem), "number": number}
    yield archive.small(PDF, await asyncio.to_thread(_printed, contents, evidence, about))
    yield archive.small(WORDS, write_words(contents, evidence))
    yield archive.small(HOW, _how(about).encode())
    yield archive.small(KEY, key.public_pem)
    yield archive.end(number)


def _printed(contents: Contents, evidence: Sequence[Evidence], about: Mapping[str, str]) -> bytes:
    """The library that draws takes 25 MiB: it is loaded with the first bundle."""
    drawing = import_module("pujk_gateway.adapters.bundle_pdf")
    made: bytes = drawing.print_bundle(contents, evidence, about)
    return made


def _how(about: Mapping[str, str]) -> str:
    """How to check it, with nothing but what many machines have; braces stand in it as they are."""
    text = "\n".join(json.loads(_data("bundle.json"))["how"])
    for name, value in about.items():
        text = text.replace("{" + name + "}", value)
    return text


def safe(name: str) -> str:
    """A file's name that no system takes for anything else; its end is kept."""
    return _ODD.sub("_", name).strip("._")[-80:] or "lampiran"


def fingerprint(pem: bytes) -> str:
    der = load_pem_public_key(pem).public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _data(name: str) -> str:
    return resources("pujk_gateway").joinpath("data", name).read_text("utf-8")
