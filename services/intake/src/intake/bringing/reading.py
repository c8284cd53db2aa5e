"""What do people mean by what they write for an amount or a day? As they write them here; nothing is guessed."""

import re
from datetime import date

RUPIAH_MOST = 10**15
#: 1500000, 1.500.000, Rp1.500.000,00; and in words: 1,5 juta, 20 ribu, 2 miliar.
_PLAIN = re.compile(r"(\d{1,3}(?:[.,]\d{3})+|\d+)(?:,00|,-|\.00)?", re.ASCII)
_WORDED = re.compile(r"(\d{1,6})(?:[.,](\d{1,3}))?\s*(ribu|rb|k|juta|jt|million|miliar|milyar|m|billion)", re.ASCII)
_TIMES = {"ribu": 3, "rb": 3, "k": 3, "juta": 6, "jt": 6, "million": 6, "miliar": 9, "milyar": 9, "m": 9, "billion": 9}
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_LOCAL = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})", re.ASCII)


def rupiah_of(typed: str) -> int | None:
    """None for what is no amount."""
    text = re.sub(r"^(rp|idr)\.?\s*", "", typed.strip().lower())
    if found := _WORDED.fullmatch(text):
        whole, part, word = found[1], found[2] or "", found[3]
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
