"""What does a mail say? The catalogue's template for the turn, in the consumer's language; values are only values."""

import json
from datetime import date, datetime, timedelta, timezone
from importlib.resources import files
from typing import Any

from chassis.permits import Permits
from contracts.numbers import shown
from jinja2 import Environment, StrictUndefined, Template

from notifier.adapters.details import Details, Links
from notifier.domain.mails import Addressee, Mail
from notifier.domain.notification import Notification
from notifier.ports import Letter

WIB = timezone(timedelta(hours=7), "WIB")


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
        self._templates: dict[tuple[str, str], Template] = {
            (turn, language): environment.from_string(f"{text['subject']}\n{text['body']}")
            for turn, languages in catalogue["turns"].items()
            for language, text in languages.items()
        }
        self._due = {language: environment.from_string(text) for language, text in self._words["due"].items()}
        self._dates: dict[tuple[date, str], str] = {}
        self._tracking_url = tracking_url
        self._details = Details(self._words, Links(tracking_url, links))
        self._example_data = example_data

    def write(self, matter: Notification, mail: Mail, to: Addressee, answer: str | None) -> Letter:
        """Errors: KeyError for a turn that the catalogue lacks, jinja2's UndefinedError for a value it asks in vain."""
        language, words = matter.language, self._words
        round_ = matter.round_of(mail)
        values = {
            "number": shown(matter.number, matter.kind),
            "name": one_line(to.name) or words["nobody"][language],
            "matter": words["matter"][matter.kind][language],
            "pujk": one_line(round_.firm) if round_ else words["the_firm"][language],
            "due": self._date(round_.due, language) if round_ else words["due_unknown"][language],
            "tracking_url": self._tracking_url + ("" if language == "id" else f"?lang={language}"),
            "answer": answer or "",
            **(self._details.of(matter, mail) if mail.about else {}),
        }
        banner = words["example_banner"][language] if self._example_data else ""
        subject, _, body = self._templates[mail.template, language].render(values).partition("\n")
        return Letter(
            id=mail.id,
            number=matter.number,
            to=to,
            language=language,
            subject=one_line(banner + subject),
            body=body + "\n",
        )

    def _date(self, moment: datetime, language: str) -> str:
        day = moment.astimezone(WIB).date()
        known = self._dates.get((day, language))
        if known is None:
            month = self._words["months"][language][day.month - 1]
            known = self._due[language].render(day=day.day, month=month, year=day.year)
            self._dates[day, language] = known
        return known
