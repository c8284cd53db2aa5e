"""How is what was filled in told again? Codes, amounts and days in the reader's words."""

from collections.abc import Mapping
from typing import Any

from chassis.pages.cookies import language_of
from chassis.pages.frame import Pages
from contracts.codes import Sort, called
from fastapi import Request

from intake.bringing.reading import day_of, rupiah_of

_CODES: Mapping[str, Sort] = {"product": "product", "issue": "issue", "region": "region"}
_YES_NO = ("moved", "tried", "in_court", "power")
_LANGUAGES = {"id": "Bahasa Indonesia", "en": "English"}


def told(pages: Pages, request: Request) -> dict[str, Any]:
    """For every template of ours, beside what the frame gives."""
    words, language = pages.words, language_of(request)

    def spoken(name: str, text: str) -> str:
        if name in _CODES:
            return called(_CODES[name], text, language)
        if name in _YES_NO:
            return words.say(f"lapor.{'yes' if text == 'yes' else 'no'}.{name}", language)
        if name == "represented":
            return words.say("lapor.yes", language)
        if name == "tell_by" and f"tell.{text}" in words:
            return words.say(f"tell.{text}", language)
        if name == "language":
            return _LANGUAGES.get(text, text)
        if name == "loss" or name.startswith("amount_"):
            amount = rupiah_of(text)
            return text if amount is None else words.rupiah(amount, language)
        if name in ("transaction_date", "brought_on"):
            day = day_of(text)
            return text if day is None else words.day(day, language)
        return text

    def label(name: str) -> str:
        one, _, number = name.rpartition("_")
        return (
            f"{words.say(f'field.{one}', language)} {number}"
            if number.isdigit()
            else words.say(f"field.{name}", language)
        )

    def filled(about: Mapping[str, object]) -> dict[str, object]:
        return {name: words.rupiah(one, language) if isinstance(one, int) else one for name, one in about.items()}

    return {"spoken": spoken, "label": label, "filled": filled, "has": lambda key: key in words}
