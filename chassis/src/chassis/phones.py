"""Which telephone number is meant, however it was typed? One reading for who finds by it and who sends to it."""

import re

COUNTRY = "62"
#: What a number is typed with: a letter or a stroke may begin another one.
_TYPED = re.compile(r"\+?[0-9 .()\-]+")
#: An Indonesian mobile number, or any of another country.
_REACHED = re.compile(rf"{COUNTRY}8[0-9]{{7,10}}|(?!{COUNTRY})[1-9][0-9]{{6,14}}")


def phone(text: str) -> str | None:
    """``+62 812-…``, ``0812…``, ``62 0812…``, ``812…`` are one; a number of another country keeps its own."""
    digits, abroad = re.sub(r"\D", "", text), text.strip().startswith("+")
    if digits.startswith("00"):
        digits, abroad = digits[2:], True
    if digits.startswith(COUNTRY):
        digits = digits.removeprefix(COUNTRY).removeprefix("0")
    elif abroad:
        return digits if len(digits) >= 7 else None
    else:
        digits = digits.removeprefix("0")
    return COUNTRY + digits if len(digits) >= 6 else None


def reached_at(text: str) -> str | None:
    """``+62812…``, as whoever sends to it takes it; None where no message can be sent there for certain."""
    found = phone(text) if _TYPED.fullmatch(text.strip()) else None
    return f"+{found}" if found and _REACHED.fullmatch(found) else None
