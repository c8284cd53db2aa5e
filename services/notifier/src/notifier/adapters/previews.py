"""How does each text look? Filled with made-up values, in both languages, on each way that it may take."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from notifier.adapters.rules import DatedRules
from notifier.adapters.texts import Catalogue
from notifier.domain.failures import Failure
from notifier.domain.mails import About, Addressee, Got, Mail, Proposal, Way
from notifier.domain.notification import Notification
from notifier.domain.rules import ReminderRule, Rule, ways_of
from notifier.ports import Letter, Preview, Ways

#: No real number has these digits: it would need another last one.
NUMBER = "1234567890120"
#: Those of Monday, 16 March 2026, and what follows from it.
WHEN = datetime(2026, 3, 16, 3, 0, tzinfo=UTC)
UNTIL = datetime(2026, 4, 7, 16, 59, 59, tzinfo=UTC)
WORDS = {"id": "Ini contoh kata-kata petugas.\n\nParagraf kedua.", "en": "This is an example of an officer's words."}
ENDED = {"laps-decided": "award", "facilitation-ended": "settled"}
LINKS: dict[str, Literal["proposal", "relief", "pin"]] = {
    "pin-link": "pin",
    "accepted": "proposal",
    "reminder-answer": "proposal",
    "relief-paid": "relief",
    "reminder-relief": "relief",
}


class MadeUp:
    """Nothing in them is anybody's: the values are made up here, and links lead nowhere."""

    def __init__(self, rules: DatedRules, texts: Catalogue, ways: Ways) -> None:
        self.rules, self.reminders = rules.all, rules.all_reminders
        self._rules: dict[str, Rule | ReminderRule] = {one.id: one for one in (*self.rules, *self.reminders)}
        self._texts = texts
        self._ways = ways

    def rule(self, id_: str) -> Rule | ReminderRule | None:
        return self._rules.get(id_)

    def offered(self, way: Way) -> bool:
        return self._ways.offered(way)

    def of(self, rule: Rule | ReminderRule) -> Sequence[Preview]:
        languages: tuple[Literal["id", "en"], ...] = ("id", "en")
        ways = ways_of(rule)
        return [Preview(language, way, self._written(rule, language, way)) for language in languages for way in ways]

    def aloud(self, matter: Notification, failure: Failure) -> str:
        one = failure
        mail = Mail(one.id, one.turn, one.template, [], one.at, round=one.round, about=one.about)
        return self._texts.aloud(matter, mail)

    def _written(self, rule: Rule | ReminderRule, language: Literal["id", "en"], way: Way) -> Letter:
        kind = "complaint"
        if isinstance(rule, Rule):
            kind = rule.when.get("kind", ["complaint"])[0] if rule.turn == "registered" else "complaint"
            kind = "question" if rule.turn in ("answered", "question-reopened") else kind
        matter = Notification(NUMBER, kind=kind, language=language)
        matter.routed(1, "PT Bank Contoh", UNTIL)
        matter.proposed(1, 1, Proposal("monetary-relief", 1_500_000, [Got(1, "granted", 1_500_000, date(2026, 4, 20))]))
        address = "siti@contoh.example" if way == "email" else "+6281200000000"
        return self._texts.write(matter, [_mail(rule)], Addressee("Siti Contoh", address), [WORDS[language]], way)


def _mail(rule: Rule | ReminderRule) -> Mail:
    turn, template = rule.turn, rule.template if isinstance(rule, Rule) else rule.turn
    about = About(
        link=LINKS.get(turn, ""),
        of=1,
        until=UNTIL,
        at=UNTIL.replace(hour=3, minute=0, second=0),
        promised_by=date(2026, 4, 20),
        amount=1_500_000,
        what=ENDED.get(turn, ""),
    )
    if isinstance(rule, Rule) and rule.feedback_days:
        about = replace(about, feedback_until=WHEN + timedelta(days=rule.feedback_days))
    return Mail("contoh", turn, template, [1, 0, 1], WHEN, round=1, about=about)
