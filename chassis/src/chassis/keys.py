"""Which keys does an issuer sign with now? Those it publishes, asked for again and again, and kept on disk for when it
is away. A start never waits for them, and a broken answer never replaces good ones."""

import asyncio
import hashlib
import logging
import os
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from time import monotonic
from typing import Protocol

from chassis import fetching
from chassis.fetching import NotFetched, fetched
from chassis.jwks import Keys, PublicKey, public_keys
from chassis.refusals import Unavailable

log = logging.getLogger(__name__)

#: Where a key is not known we ask at once, and no more often: anybody can name a key that nobody has.
AT_ONCE_SECONDS = 5.0
#: After a vain try, so that an issuer that starts later than others is soon found.
AGAIN_SECONDS = 2.0
#: How often is asked, unless it is said.
EACH_SECONDS = 60.0


class KeysOfIssuer(Protocol):
    """Where the key that a token names is found."""

    async def key(self, kid: str) -> PublicKey | None:
        """None where the issuer has no such key. Errors: Unavailable where none of its keys is known yet."""
        ...


class PublishedKeys:
    """The public keys of one issuer, by name.

    ``places`` is an address, a file (JWKS), or an address and a file, separated by a space: then the file holds until
    the address has answered once. ``folder`` is where an address' last good answer is kept (file 0600, named by the
    address). A file alone is read again as often as an address is asked.
    """

    def __init__(self, places: str | Path, folder: Path | None = None, seconds: float = EACH_SECONDS) -> None:
        self._url, self._file = _places(str(places))
        self._kept = folder / f"{hashlib.sha256(self._url.encode()).hexdigest()[:32]}.jwks" if folder else None
        self._seconds = seconds
        self._keys: Keys = {}
        self._document = b""
        self._failing = False
        self._asked_at = float("-inf")
        self._asking: asyncio.Task[None] | None = None
        self._http = fetching.client(self._url)
        self._begin()

    async def key(self, kid: str) -> PublicKey | None:
        """None where the issuer has no such key. Errors: Unavailable where none of its keys is known yet."""
        if kid not in self._keys and monotonic() - self._asked_at >= AT_ONCE_SECONDS:
            await self.ask()
        if not self._keys:
            raise Unavailable("the issuer's keys are not known here yet; send the same again later")
        return self._keys.get(kid)

    async def run(self) -> None:
        """Asks for ever."""
        while True:
            await self.ask()
            await asyncio.sleep(min(AGAIN_SECONDS, self._seconds) if self._failing else self._seconds)

    async def ask(self) -> None:
        """Asks once, also for all who ask meanwhile. What goes wrong is logged, and changes nothing."""
        if self._asking is None or self._asking.done():
            self._asked_at = monotonic()
            self._asking = asyncio.create_task(self._ask())
        await asyncio.shield(self._asking)

    async def close(self) -> None:
        if self._asking is not None:
            with suppress(asyncio.CancelledError):
                self._asking.cancel()
                await self._asking
        await self._http.aclose()

    async def _ask(self) -> None:
        try:
            document = await self._fetch() if self._url else await asyncio.to_thread(_of(self._file).read_bytes)
            self._keys = public_keys(document)
        except (NotFetched, OSError, ValueError) as error:
            if not self._failing:
                reason = str(error) if isinstance(error, NotFetched) else type(error).__name__
                log.warning("an issuer's keys are not to be had; those of before hold", extra={"error": reason})
            self._failing = True
            return
        self._failing = False
        if self._url and self._kept and document != self._document:
            try:
                await asyncio.to_thread(_write, self._kept, document)
            except OSError as error:
                log.warning("an issuer's keys are not kept on disk", extra={"error": type(error).__name__})
                return
        self._document = document

    async def _fetch(self) -> bytes:
        status, document = await fetched(self._http, "GET", self._url)
        if status != 200:
            raise NotFetched(f"status {status}")
        return document

    def _begin(self) -> None:
        """What is on disk. Errors: OSError, ValueError where a file is the only place and cannot be read."""
        if self._kept and self._url:
            try:
                self._document = self._kept.read_bytes()
                self._keys = public_keys(self._document)
                return
            except FileNotFoundError:
                pass
            except (OSError, ValueError) as error:
                self._document = b""
                log.warning("keys that were kept cannot be read", extra={"error": type(error).__name__})
        if self._file:
            try:
                self._keys = public_keys(self._file.read_bytes())
            except (OSError, ValueError):
                if not self._url:
                    raise


def _places(places: str) -> tuple[str, Path | None]:
    """Errors: ValueError."""
    words = places.split()
    urls = [word for word in words if word.startswith(("http://", "https://"))]
    files = [Path(word) for word in words if word not in urls]
    if not words or len(urls) > 1 or len(files) > 1:
        raise ValueError("keys are found at an address, in a file, or at one of each, separated by a space")
    return "".join(urls), files[0] if files else None


def _of(file: Path | None) -> Path:
    assert file is not None
    return file


def _write(file: Path, document: bytes) -> None:
    """Whole or not at all, for its owner alone."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = file.with_name(f".{file.name}.{token_hex(4)}")
    try:
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as writing:
            writing.write(document)
            writing.flush()
            os.fsync(writing.fileno())
        beside.replace(file)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
