"""How do people read and write the number of a matter?"""

import re

NUMBER_DIGITS = 13
_WRITTEN = re.compile(r"[PL]?[\d .\-]+", re.IGNORECASE)


def shown(number: str, kind: str | None) -> str:
    """``P 5043 8121 7730 4`` for a complaint's ticket, ``L …`` for any other service."""
    letter = "P" if kind == "complaint" else "L"
    return f"{letter} {number[:4]} {number[4:8]} {number[8:12]} {number[12:]}"


def digits_of(text: str, count: int = NUMBER_DIGITS) -> str | None:
    """``P 5043 8121 7730 4`` → ``5043812177304``; None where it is not ``count`` digits."""
    if not _WRITTEN.fullmatch(text.strip()) or not text.isascii():
        return None
    digits = "".join(c for c in text if c.isdigit())
    return digits if len(digits) == count else None
