"""What does a message say? The catalogue's texts, in the consumer's language; values are only values."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from importlib.resources import files
from typing import Any

from chassis.permits import Permits
from contracts.numbers import shown
from jinja2 import Environment, StrictUndefined, Template

from notifier.adapters.details import Details, Links
from notifier.adapters.html import Markings, Section
from notifier.domain.mails import Addressee, Mail, Way
from notifier.domain.notification import Notification
from notifier.ports import Letter

WIB = timezone(timedelta(hours=7), "WIB")
#: Of a firm's name in a short text: most of these are one SMS.
FIRM_SHORT = 32
FEEDBACK = "feedback-asked"


def one_line(text: str) -> str:
    """Text that cannot break out of a header or a greeting: no line break, no control character."""
    plain = text if text.isprintable() else "".join(c if c.isprintable() else " " for c in text)
    return " ".join(plain.split())


class Catalogue:
    """``data/mails.json``, compiled once."""

    def __init__(self, tracking_url: str, links: Permits, *, example_data: bool) -> None:
        catalogue = json.loads(files("notifier").joinpath("data/mails.json").read_text(encoding="utf-8"))
        # Plain text: nothing is escaped, and nothing that a person wrote is ever a template.
        environment = Environment(undefined=StrictUndefined, autoescape=False)
        self._words: dict[str, Any] = catalogue["words"]
        # Subject and body are one template: rendering one costs as much as rendering both.
        self._mails: dict[tuple[str, str], Template] = {}
        self._shorts: dict[tuple[str, str], Template] = {}
        for turn, languages in catalogue["turns"].items():
            for language, text in languages.items():
                self._mails[turn, language] = environment.from_string(f"{text['subject']}\n{text['body']}")
                self._shorts[turn, language] = environment.from_string(text["short"])
        self._around = {
            (name, language): environment.from_string(self._words[name][language])
            for name in ("greeting", "ending", "several", "short_head", "due")
            for language in ("id", "en")
        }
        self._dates: dict[tuple[date, str], str] = {}
        self._tracking_url = tracking_url
        self._details = Details(self._words, Links(tracking_url, links))
        self._markings = Markings(tracking_url.rstrip("/"))
        self._example_data = example_data

    def write(
        self, matter: Notification, parts: Sequence[Mail], to: Addressee, words: Sequence[str], way: Way = "email"
    ) -> Letter:
        """Errors: KeyError for a text that the catalogue lacks, jinja2's UndefinedError for a value it asks in vain."""
        language = parts[0].language or matter.language
        of_each = [self._values(matter, mail, language, said) for mail, said in zip(parts, words, strict=True)]
        values = of_each[0] | {
            "name": one_line(to.name) or self._words["nobody"][language],
            "count": len(parts),
        }
        banner = self._words["example_banner"][language] if self._example_data else ""
        written = self._mail if way == "email" else self._short
        subject, sections = written(parts, of_each, values, language)
        subject = one_line(banner + subject)
        plain = "\n\n".join(f"— {heading} —\n\n{text}" if heading else text for heading, text in sections)
        return Letter(
            id=parts[0].id,
            number=matter.number,
            to=to,
            language=language,
            subject=subject,
            body=f"{plain}\n" if way == "email" else one_line(banner + plain),
            html=self._markings.of(sections) if way == "email" else "",
            tells=tuple(mail.id for mail in parts),
        )

    def aloud(self, matter: Notification, mail: Mail) -> str:
        """As one says it on the telephone; "" where it is only for who gets a link."""
        language = mail.language or matter.language
        text = self._shorts.get((mail.template, language))
        if text is None or (mail.about and mail.about.link == "pin"):
            return ""
        said = one_line(text.render(self._values(matter, mail, language, "")))
        # What leads to the page behind it is not for the ear.
        said = said[: said.rfind(". ") + 1] if said.endswith(":") else said
        return said[:1].upper() + said[1:]

    def _values(self, matter: Notification, mail: Mail, language: str, said: str) -> dict[str, Any]:
        round_, words = matter.round_of(mail), self._words
        return {
            "number": shown(matter.number, matter.kind),
            "matter": words["matter"][matter.kind][language],
            "pujk": one_line(round_.firm) if round_ else words["the_firm"][language],
            "due": self._date(round_.due, language) if round_ else words["due_unknown"][language],
            "due_day": self._details.short_day(round_.due, language) if round_ else words["due_unknown"][language],
            "tracking_url": self._tracking_url + ("" if language == "id" else f"?lang={language}"),
            "answer": said,
            **(self._details.of(matter, mail, language) if mail.about else {}),
        }

    def _mail(
        self, parts: Sequence[Mail], of_each: Sequence[Mapping[str, Any]], values: Mapping[str, Any], language: str
    ) -> tuple[str, list[Section]]:
        sections: list[Section] = [("", self._around["greeting", language].render(values))]
        subject = ""
        for mail, own in zip(parts, of_each, strict=True):
            subject, _, body = self._mails[mail.template, language].render(own).partition("\n")
            sections.append((subject if len(parts) > 1 else "", body))
        asking = next((own for own in reversed(of_each) if own.get("feedback")), None)
        if asking is not None:
            sections.append(("", self._mails[FEEDBACK, language].render(asking).partition("\n")[2]))
        sections.append(("", self._around["ending", language].render(values)))
        return self._around["several", language].render(values) if len(parts) > 1 else subject, sections

    def _short(
        self, parts: Sequence[Mail], of_each: Sequence[Mapping[str, Any]], values: Mapping[str, Any], language: str
    ) -> tuple[str, list[Section]]:
        said = []
        for mail, own in zip(parts, of_each, strict=True):
            firm = str(own["pujk"])
            firm = firm if len(firm) <= FIRM_SHORT else f"{firm[: FIRM_SHORT - 1].rstrip()}…"
            said.append(self._shorts[mail.template, language].render({**own, "pujk": firm}))
        head = self._around["short_head", language].render(values)
        # A text with a link of its own leads nowhere else.
        own_link = any(mail.about and mail.about.link == "pin" for mail in parts)
        return head, [("", head + " ".join(said if own_link else [*said, str(values["tracking_url"])]))]

    def _date(self, moment: datetime, language: str) -> str:
        day = moment.astimezone(WIB).date()
        known = self._dates.get((day, language))
        if known is None:
            month = self._words["months"][language][day.month - 1]
            known = self._around["due", language].render(day=day.day, month=month, year=day.year)
            self._dates[day, language] = known
        return known
