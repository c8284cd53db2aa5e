"""Which words do pages show? Catalogues of both languages, filled in as plain text: whoever makes HTML escapes it."""

import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone
from importlib.resources import files
from typing import Literal

Language = Literal["id", "en"]
LANGUAGES: tuple[Language, ...] = ("id", "en")
WIB = timezone(timedelta(hours=7), "WIB")


class Words:
    """``data/pages.json`` of each package: key → text in Indonesian and English, with ``{names}`` to be filled in."""

    def __init__(self, packages: Sequence[str]) -> None:
        self.texts: dict[str, dict[Language, str]] = {}
        for package in packages:
            found = files(package).joinpath("data", "pages.json")
            if found.is_file():
                self.texts |= json.loads(found.read_text(encoding="utf-8"))

    def __contains__(self, key: object) -> bool:
        return key in self.texts

    def say(self, key: str, language: Language, **values: object) -> str:
        """Errors: KeyError for a key or a value that is not there."""
        return self.texts[key][language].format_map(values)

    def moment(self, at: datetime, language: Language) -> str:
        """``22 November 2026 pukul 17.03 WIB``."""
        here = at.astimezone(WIB)
        month = self.say("months", language).split()[here.month - 1]
        day = self.say("day", language, day=here.day, month=month, year=here.year)
        return self.say("moment", language, day=day, hour=f"{here:%H}", minute=f"{here:%M}")

    def short(self, at: datetime, language: Language) -> str:
        """``22 Nov 2026, 17.03``: for tables, in Jakarta's time."""
        here = at.astimezone(WIB)
        month = self.say("months", language).split()[here.month - 1][:3]
        return self.say(
            "short", language, day=here.day, month=month, year=here.year, hour=f"{here:%H}", minute=f"{here:%M}"
        )

    def rupiah(self, amount: int, language: Language) -> str:
        """``Rp1.500.000``; with commas in English."""
        grouped = f"{amount:,}"
        return f"Rp{grouped if language == 'en' else grouped.replace(',', '.')}"

    def day(self, at: date, language: Language) -> str:
        """``7 April 2026``; of a moment, the day in Jakarta."""
        here = at.astimezone(WIB) if isinstance(at, datetime) else at
        month = self.say("months", language).split()[here.month - 1]
        return self.say("day", language, day=here.day, month=month, year=here.year)
