"""How does a machine's secret look, and is a text one at all? That is told before any database is asked.

``slkt_<kind>_<prefix>_<secret><check>``: the prefix names it in lists and logs, the secret holds 256 random bits, the
check is a CRC-32 of all before it. A scanner finds such a text wherever it leaked, and a slip of the hand is no try.
"""

import hashlib
import re
import secrets
import string
import zlib
from dataclasses import dataclass, field

_DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase
#: Without letters and digits that are mistaken for each other: people read prefixes aloud.
_READABLE = "23456789abcdefghjkmnpqrstuvwxyz"
PREFIX_LENGTH, SECRET_LENGTH, CHECK_LENGTH = 12, 43, 6
#: What an address takes for one; the same as ``prefix`` below.
PREFIX = rf"^[{_READABLE}]{{{PREFIX_LENGTH}}}$"
LONGEST = 120


@dataclass(frozen=True)
class Presented:
    """A text that can be a secret: which one it says it is, and its digest."""

    prefix: str
    digest: str = field(repr=False)


def make(kind: str) -> str:
    """A new one; it is told once and kept nowhere."""
    prefix = "".join(secrets.choice(_READABLE) for _ in range(PREFIX_LENGTH))
    body = f"slkt_{kind}_{prefix}_" + "".join(secrets.choice(_DIGITS) for _ in range(SECRET_LENGTH))
    return body + _check(body)


def read(kind: str, text: str | None) -> Presented | None:
    """None where the text is of another kind, mistyped, or cut off."""
    if text is None or len(text) > LONGEST:
        return None
    shape = rf"slkt_{kind}_([{_READABLE}]{{{PREFIX_LENGTH}}})_[0-9A-Za-z]{{{SECRET_LENGTH + CHECK_LENGTH}}}"
    found = re.fullmatch(shape, text, re.ASCII)
    if found is None or _check(text[:-CHECK_LENGTH]) != text[-CHECK_LENGTH:]:
        return None
    return Presented(found[1], digest(text))


def digest(text: str) -> str:
    """What is kept. One round of SHA-256 is enough: a slow hash protects what can be guessed, and 256 random bits
    cannot be, by whatever is fast."""
    return hashlib.sha256(text.encode()).hexdigest()


def _check(body: str) -> str:
    number, letters = zlib.crc32(body.encode()), ""
    for _ in range(CHECK_LENGTH):
        number, rest = divmod(number, len(_DIGITS))
        letters = _DIGITS[rest] + letters
    return letters
