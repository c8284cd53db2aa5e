"""How are numbers, times and codes said in the reader's language?"""

from dataclasses import dataclass
from typing import Any

from chassis.pages.words import Language, Words
from contracts.codes import called

from tracking.domain.figures import Figures
from tracking.domain.periods import Period

HOUR, DAY = 60, 24 * 60
#: What is not known of some matters has the code "".
SORTS: dict[str, Any] = {"product": "product", "issue": "issue", "region": "region"}


@dataclass(frozen=True)
class Saying:
    """For one page."""

    words: Words
    language: Language

    def number(self, count: int) -> str:
        """``7.655``; with a comma in English."""
        grouped = f"{count:,}"
        return grouped if self.language == "en" else grouped.replace(",", ".")

    def decimal(self, value: float, digits: int) -> str:
        text = f"{value:,.{digits}f}"
        return text if self.language == "en" else text.translate(str.maketrans(",.", ".,"))

    def percent(self, hundredths: int) -> str:
        """``6,47 %``."""
        return f"{self.decimal(hundredths / 100, 2)} %"

    def lasting(self, minutes: float | None) -> str:
        """``12 menit``, ``5,4 jam``, ``3,2 hari``."""
        if minutes is None:
            return "–"
        if minutes < HOUR:
            return self.words.say("statistics.minutes", self.language, n=round(minutes))
        unit, of = ("hours", HOUR) if minutes < DAY else ("days", DAY)
        return self.words.say(f"statistics.{unit}", self.language, n=self.decimal(minutes / of, 1))

    def period(self, period: Period) -> str:
        """``2013``, ``Triwulan 2 2013``, ``Juli 2013``, ``21 Januari 2013 – 31 Desember 2013``."""
        year, _, part = period.name.partition("-")
        if part.startswith("Q"):
            return self.words.say("statistics.quarter", self.language, n=part[1:], year=year)
        if part:
            return self.month(period.name)
        if year:
            return year
        return " – ".join(self.words.day(day, self.language) for day in (period.first, period.last))

    def month(self, code: str) -> str:
        return f"{self._months()[int(code[5:]) - 1]} {code[:4]}"

    def short_month(self, code: str) -> str:
        return self._months()[int(code[5:]) - 1][:3]

    def part(self, part: str) -> str:
        """Of a year, for choosing."""
        if part.isdigit():
            return self._months()[int(part) - 1]
        return self.words.say("statistics.quarter", self.language, n=part[1:], year="").strip()

    def code(self, dimension: str, code: str, figures: Figures | None = None) -> str:
        """What a line is about; of a firm the figures know its name."""
        if not code:
            return self.words.say(f"unknown.{dimension}", self.language)
        if dimension == "month":
            return self.month(code)
        if dimension == "pujk":
            return (figures.names.get(code) if figures else None) or code
        if dimension in SORTS:
            return called(SORTS[dimension], code, self.language)
        key = f"channel.{code}" if dimension == "channel" else f"sector.{code}"
        return self.words.say(key, self.language) if key in self.words else code

    def _months(self) -> list[str]:
        return self.words.say("months", self.language).split()
