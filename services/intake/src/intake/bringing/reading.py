"""What do people mean by what they write for an amount or a day? As they write them here; nothing is guessed."""

import re
from datetime import date

RUPIAH_MOST = 10**15
#: No amount is written longer: what is longer is not looked at, for numbers without end are no amounts.
LONGEST = 60
#: 1500000, 1.500.000, Rp1.500.000,00, 1 500 000 rupiah; and in words: 1,5 juta, 2.500 juta, 20 ribu, 2 miliar.
_PLAIN = re.compile(r"(\d{1,3}(?:[.,]\d{3})+|\d+)(?:,00|,-|\.00)?", re.ASCII)
_SPACED = re.compile(r"\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)", re.ASCII)
#: A point and three digits are thousands here; a comma and three digits are thousands only before an English word.
_WORDED = re.compile(
    r"(?:(\d{1,3}(?:\.\d{3})+)(?:,(\d{1,2}))?|(\d{1,6})(?:[.,](\d{1,2}))?)\s*(ribu|rb|k|juta|jt|miliar|milyar|m)"
    r"|(?:(\d{1,3}(?:,\d{3})+)(?:\.(\d{1,2}))?|(\d{1,6})(?:[.,](\d{1,2}))?)\s*(million|billion)",
    re.ASCII,
)
_TIMES = {"ribu": 3, "rb": 3, "k": 3, "juta": 6, "jt": 6, "million": 6, "miliar": 9, "milyar": 9, "m": 9, "billion": 9}
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_LOCAL = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})", re.ASCII)


def rupiah_of(typed: str) -> int | None:
    """None for what is no amount."""
    typed = typed.strip()
    if len(typed) > LONGEST:
        return None
    text = re.sub(r"^(rp|idr)\.?\s*|\s*rupiah$", "", typed.lower())
    text = _SPACED.sub(lambda spaced: re.sub(r"\s", "", spaced[0]), text, count=1)
    if found := _WORDED.fullmatch(text):
        *parts, word = (one for one in found.groups() if one is not None)
        whole, part = re.sub(r"[.,]", "", parts[0]), "".join(parts[1:])
        amount = int((whole + part).ljust(len(whole) + _TIMES[word], "0"))
    elif found := _PLAIN.fullmatch(text):
        amount = int(re.sub(r"[.,]", "", found[1]))
    else:
        return None
    return amount if amount <= RUPIAH_MOST else None


def day_of(typed: str) -> date | None:
    """Day before month, as written here; None for what is no day."""
    text = typed.strip()
    try:
        if found := _ISO.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _LOCAL.fullmatch(text):
            return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        return None
    return None


def nik_of(typed: str) -> str:
    """Its digits, however they were grouped."""
    return re.sub(r"[\s.-]", "", typed)
