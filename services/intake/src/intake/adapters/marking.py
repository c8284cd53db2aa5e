"""Keyed hashes of what names a person: the same for the same, and nothing to be guessed without intake's secret."""

import hmac
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Any

from chassis.sealing import Vault, b64

from intake.likeness import Sketch
from intake.marks import FOR, FORMS, Marks, named

_BYTES = 16


class KeyedMarks:
    """Under a key of their own that comes from ``NUMBER_KEY``. With another one all marks are made anew."""

    def __init__(self, number_key: bytes) -> None:
        self._key = hmac.digest(number_key, b"slkt blind index v1", "sha256")
        self._piece_key = hmac.digest(self._key, b"pieces", "sha256")
        #: Tells under which key marks were made, and nothing of it.
        self.by = hmac.digest(self._key, b"which", "sha256").hex()[:12]

    def of(self, private: Mapping[str, Any], amounts: Iterable[int | None] = (), on: str | None = None) -> Marks:
        found = named(private, amounts, on)
        return Marks(self.by, list(dict.fromkeys(f"{kind}:{self._hash(kind, form)}" for kind, form in found)))

    def piece(self, text: str) -> int:
        """Of a sketch: 32 bits, keyed, so that nobody looks up what stood there."""
        return int.from_bytes(blake2b(text.encode(errors="surrogatepass"), key=self._piece_key, digest_size=4).digest())

    def asked(self, kind: str, text: str) -> list[str]:
        """The marks under which a matter stands whose consumer, or who acts for them, has this; none: it is no such
        thing."""
        form = FORMS[kind](text)
        if form is None:
            return []
        made = self._hash(kind, form)
        return [f"{kind}:{made}", f"{FOR}{kind}:{made}"]

    def _hash(self, kind: str, form: str) -> str:
        said = f"{kind.removeprefix(FOR)}\n{form}"
        return b64(hmac.digest(self._key, said.encode(errors="surrogatepass"), "sha256")[:_BYTES])


class SealedSketches:
    """A sketch under a key that comes from the matter's own: who destroys that one has destroyed the sketch."""

    def __init__(self, marks: KeyedMarks) -> None:
        self.piece = marks.piece

    def seal(self, sketch: Sketch, secret: bytes) -> bytes:
        return _vault(secret).seal(sketch.packed())

    def open(self, sealed: bytes, secret: bytes) -> Sketch:
        """Errors: SealBroken."""
        return Sketch.unpacked(_vault(secret).open(sealed))


def _vault(secret: bytes) -> Vault:
    return Vault(hmac.digest(secret, b"slkt sketch v1", "sha256"))
