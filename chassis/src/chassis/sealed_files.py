"""How is a file kept unreadable? In sealed pieces, under a key of its own that comes from the matter's: forgetting the
matter silences it. A piece that is changed, missing, doubled, moved or of another file does not open.

A piece is 64 KiB of the file under AES-256-GCM; its nonce is its place, and whether it is the last. The key is drawn
for each file by its id, which is never used twice: so no nonce is either.
"""

import hashlib
import hmac
from collections.abc import AsyncIterable, AsyncIterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from chassis.sealing import SealBroken

PIECE_BYTES = 64 * 1024
_TAG_BYTES = 16


class FileSeal:
    """Seals and opens one file of a matter."""

    def __init__(self, secret: bytes, number: str, file: str) -> None:
        about = f"slkt file v1\n{number}\n{file}".encode()
        self._cipher = AESGCM(hmac.digest(secret, about, "sha256"))

    async def sealed(self, content: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
        place, last = 0, b""
        async for piece in _pieces(content, PIECE_BYTES):
            if place:
                yield self._cipher.encrypt(_nonce(place, is_last=False), last, None)
            place, last = place + 1, piece
        yield self._cipher.encrypt(_nonce(max(place, 1), is_last=True), last, None)

    async def opened(self, content: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
        """Errors: SealBroken, also where the end is missing; what was given until then is right."""
        place, last = 0, b""
        try:
            async for piece in _pieces(content, PIECE_BYTES + _TAG_BYTES):
                if place:
                    yield self._cipher.decrypt(_nonce(place, is_last=False), last, None)
                place, last = place + 1, piece
            yield self._cipher.decrypt(_nonce(max(place, 1), is_last=True), last, None)
        except (InvalidTag, ValueError) as error:
            raise SealBroken("a file does not open with this matter's key") from error


class Fingerprint:
    """Tells contents of one matter apart; without its key nobody can tell which content it was."""

    def __init__(self, secret: bytes) -> None:
        self._digest = hmac.new(hmac.digest(secret, b"slkt fingerprint v1", "sha256"), digestmod=hashlib.sha256)

    def update(self, piece: bytes) -> None:
        self._digest.update(piece)

    def hex(self) -> str:
        return self._digest.hexdigest()


def _nonce(place: int, *, is_last: bool) -> bytes:
    return place.to_bytes(11, "big") + (b"\1" if is_last else b"\0")


async def _pieces(content: AsyncIterable[bytes], size: int) -> AsyncIterator[bytes]:
    """All of one size but the last, which is not empty."""
    waiting = bytearray()
    async for part in content:
        waiting += part
        while len(waiting) >= size:
            yield bytes(waiting[:size])
            del waiting[:size]
    if waiting:
        yield bytes(waiting)
