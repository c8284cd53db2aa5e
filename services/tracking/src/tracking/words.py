"""Which words are shown? The catalogue of both languages, with names, days and amounts filled in as plain text."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined, Template

WIB = timezone(timedelta(hours=7), "WIB")
LANGUAGES = ("id", "en")
#: Parts of a stage that are read aloud, too.
SPOKEN = ("now", "you_can")


@dataclass(frozen=True)
class Both:
    """One text in both languages."""

    id: str
    en: str

    def __getitem__(self, language: str) -> str:
        return self.en if language == "en" else self.id


#: Values for both languages.
Values = Mapping[str, Mapping[str, Any]]


def moment_of(text: str) -> datetime:
    return datetime.fromisoformat(text)


class Words:
    """``data/texts.json``. Values are inserted as they are: whoever makes HTML of it escapes it there."""

    def __init__(self) -> None:
        self._texts = json.loads(files("tracking").joinpath("data/texts.json").read_text(encoding="utf-8"))
        self._templates = Environment(undefined=StrictUndefined, autoescape=False)
        self._compiled: dict[str, Template] = {}

    def __getitem__(self, name: str) -> Both:
        return Both(**self._texts["words"][name])

    def say(self, name: str, **values: Any) -> Both:
        return self._filled(self._texts["words"][name], dict.fromkeys(LANGUAGES, values))

    def values(
        self,
        firm: str | None,
        due: datetime | None,
        kind: str | None,
        *,
        until: datetime | None = None,
        promised: date | None = None,
    ) -> Values:
        """What the texts of a matter ask for; words stand in for what is not known."""
        words = self._texts["words"]
        return {
            language: {
                "pujk": firm or words["the_firm"][language],
                "due": self.moment(due, language) if due else words["due_unknown"][language],
                "until": self.moment(until, language) if until else words["due_unknown"][language],
                "promised": self.day_text(promised, language) if promised else words["due_unknown"][language],
                "matter": words["matter"][kind or ""][language],
            }
            for language in LANGUAGES
        }

    def stage(self, code: str, values: Values) -> dict[str, Both]:
        texts = self._texts["stages"][code]
        return {part: self._filled(texts[part], values) for part in ("title", "now", "whose_turn", "you_can")}

    def aloud(self, code: str, values: Values) -> dict[str, Both]:
        """What a stage says to the ear: of what stands elsewhere on its page, that it is there."""
        texts = self._texts["stages"][code]
        return {part: self._filled(texts.get("aloud", texts).get(part, texts[part]), values) for part in SPOKEN}

    def step(self, code: str) -> Both:
        texts = self._texts["stages"][code]
        return Both(**texts.get("step", texts["title"]))

    def limits(self, now: datetime) -> Both | None:
        """How far OJK facilitates, by the rule of that day; none before the first."""
        today = now.astimezone(WIB).date().isoformat()
        held = [one for one in self._texts["facilitation_limits"] if one["valid_from"] <= today]
        return Both(held[-1]["text"]["id"], held[-1]["text"]["en"]) if held else None

    def entry_title(self, name: str, values: Values) -> Both:
        return self._filled(self._texts["entries"][name], values)

    def plain_title(self, name: str) -> Both:
        """What kind of entry it is, for a place where nothing else is known of it."""
        if name not in self._texts["entries"]:
            return Both(name, name)
        # What comes after the comma is a day, which is not known here.
        texts = {one: text.split(", ")[0] for one, text in self._texts["entries"][name].items()}
        return self._filled(texts, self.values(None, None, None))

    def detail(self, group: str, code: str) -> Both:
        """The word for a code; the code itself where a newer sender uses one that has no word yet."""
        return Both(**self._texts["details"][group].get(code, {"id": code, "en": code}))

    def day(self, counted: int | None, why: str | None) -> Both:
        """Why a day counts or not: ``Hari kerja ke-3``, ``Cuti bersama: Hari Suci Nyepi``, ``Akhir pekan``."""
        if counted is not None:
            return self.say("working_day", n=counted)
        category, _, name = (why or "").partition(": ")
        known = self._texts["words"].get(category)
        if known is None:
            return Both(why or "", why or "")
        return Both(*(f"{known[language]}: {name}" if name else known[language] for language in LANGUAGES))

    def by_day(self, name: str, day: date) -> Both:
        values = {language: {"due": self.day_text(day, language)} for language in LANGUAGES}
        return self._filled(self._texts["words"][name], values)

    def at_moment(self, name: str, moment: datetime) -> Both:
        values = {language: {"moment": self.moment(moment, language)} for language in LANGUAGES}
        return self._filled(self._texts["words"][name], values)

    def moment(self, moment: datetime, language: str) -> str:
        """``7 April 2026 pukul 23.59 WIB``"""
        there = moment.astimezone(WIB)
        values = {"hour": f"{there.hour:02d}", "minute": f"{there.minute:02d}", **self._parts(there.date(), language)}
        return self._template(self._texts["words"]["moment"][language]).render(values)

    def day_text(self, day: date, language: str) -> str:
        return self._template(self._texts["words"]["date"][language]).render(self._parts(day, language))

    def _parts(self, day: date, language: str) -> dict[str, Any]:
        return {"day": day.day, "month": self._texts["months"][language][day.month - 1], "year": day.year}

    def _filled(self, text: Mapping[str, str], values: Values) -> Both:
        return Both(*(self._template(text[language]).render(values[language]) for language in LANGUAGES))

    def _template(self, source: str) -> Template:
        # Each source is one of a fixed catalogue: compiled once, kept.
        if source not in self._compiled:
            self._compiled[source] = self._templates.from_string(source)
        return self._compiled[source]
