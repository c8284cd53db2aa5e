"""What does a message tell of its fact? What each demand gets, until when to answer, and the link that permits it."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta, timezone
from typing import Any

from chassis.permits import Permit, Permits

from notifier.domain.mails import About, Got, Mail, Proposal
from notifier.domain.notification import Notification

WIB = timezone(timedelta(hours=7), "WIB")


class Links:
    """One matter, one question, until its time is over: whoever has the link may answer."""

    def __init__(self, tracking_url: str, permits: Permits) -> None:
        self._base = tracking_url.rstrip("/")
        self._permits = permits

    def address(self, matter: Notification, mail: Mail, language: str) -> str:
        """The page of all matters, where no answer is asked for."""
        about, asked = mail.about, "" if language == "id" else f"?lang={language}"
        if about is None or not about.link or about.until is None:
            return f"{self._base}/{asked}"
        if about.link == "pin":
            permit = Permit(matter.number, "pin", about.until, (about.of,))
            return f"{self._base}/pin/link/{self._permits.made(permit)}{asked}"
        promised = () if about.proposal is None else (about.proposal,)
        permit = Permit(matter.number, about.link, about.until, (mail.round, about.of, *promised))
        return f"{self._base}/track/link/{self._permits.made(permit)}{asked}"

    def of_feedback(self, matter: Notification, until: datetime, language: str) -> str:
        """Where the service is rated."""
        permit = self._permits.made(Permit(matter.number, "feedback", until))
        return f"{self._base}/track/link/{permit}{'' if language == 'id' else f'?lang={language}'}"


class Details:
    """Values of the templates, beside those that every text may name."""

    def __init__(self, words: Mapping[str, Any], links: Links) -> None:
        self._words = words
        self._links = links

    def of(self, matter: Notification, mail: Mail, language: str) -> dict[str, str]:
        about = mail.about or About()
        unknown = self._words["due_unknown"][language]
        feedback = about.feedback_until
        return {
            "link": self._links.address(matter, mail, language),
            "feedback": self._links.of_feedback(matter, feedback, language) if feedback else "",
            "until": self._moment(about.until, language) if about.until else unknown,
            "until_day": self.short_day(about.until, language) if about.until else unknown,
            "at": self._moment(about.at, language) if about.at else unknown,
            "promised": self._day(about.promised_by, language) if about.promised_by else unknown,
            "what": self._words["ended"][about.what][language] if about.what else self._promise(about, language),
            "gets": "\n".join(self._gets(matter.proposals.get(f"{mail.round}-{about.of}"), about, language)),
        }

    def _gets(self, proposal: Proposal | None, about: About, language: str) -> Iterator[str]:
        if proposal is None:
            yield self._words["gets_unknown"][language]
        elif not proposal.answers:
            kind = self._words["resolution"][proposal.kind][language]
            yield f"- {kind}{self._money(proposal.amount, language)}"
        else:
            yield from (f"- {self._got(one, about, language)}" for one in proposal.answers)

    def _got(self, got: Got, about: About, language: str) -> str:
        day = about.days.get(str(got.demand), got.promised_by)
        by = f", {self._words['by'][language]} {self._day(day, language)}" if day else ""
        answer = self._words["answer"][got.answer][language]
        return f"{self._demand(got.demand, language)}: {answer}{self._money(got.amount, language)}{by}"

    def _promise(self, about: About, language: str) -> str:
        return f"{self._demand(about.of, language)}{self._money(about.amount, language)}"

    def _demand(self, demand: int, language: str) -> str:
        word: str = self._words["demand" if demand else "settlement"][language]
        return f"{word} {demand}" if demand else word

    def _money(self, amount: int | None, language: str) -> str:
        grouped = f"{amount:,}" if amount is not None else ""
        return f", Rp{grouped if language == 'en' else grouped.replace(',', '.')}" if grouped else ""

    def _day(self, day: date, language: str) -> str:
        return f"{day.day} {self._words['months'][language][day.month - 1]} {day.year}"

    def short_day(self, moment: datetime, language: str) -> str:
        """``7 Apr``, in Jakarta."""
        day = moment.astimezone(WIB).date()
        return f"{day.day} {self._words['months'][language][day.month - 1][:3]}"

    def _moment(self, moment: datetime, language: str) -> str:
        here = moment.astimezone(WIB)
        day = self._day(here.date(), language)
        return f"{day}, {here:%H:%M} WIB" if language == "en" else f"{day} pukul {here:%H.%M} WIB"
