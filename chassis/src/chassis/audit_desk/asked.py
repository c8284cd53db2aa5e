"""What does an address ask of the audit? Filters, an order, and from which entry on: reading adds entries, so pages are
not counted, and each act stands on one of them."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from contracts.numbers import digits_of

from chassis.audit_desk.search import Found, Wanted
from chassis.pages.forms import Form
from chassis.pages.words import WIB
from chassis.traced import WORD

WORDS = ("actor", "account", "firm", "key")
DAYS = ("since", "until")
FILTERS = ("number", *WORDS, *DAYS)
ORDERS = ("newest", "oldest")
CURSORS = ("before", "after")
ASKED = (*FILTERS, "sort", *CURSORS)
NUMBER_DIGITS = 15
FIRST_YEAR, LAST_YEAR = 2000, 2199


@dataclass(frozen=True)
class Question:
    """``wanted`` is what fits, ``typed`` as it came; ``form`` has what is wrong with it."""

    path: str
    typed: Mapping[str, str]
    sort: str
    wanted: Wanted
    form: Form

    @property
    def fits(self) -> bool:
        return not self.form.errors

    @property
    def by_more(self) -> bool:
        """Whether more is asked than which matter and who."""
        return bool(self.typed.keys() - {"number", "actor"})

    @property
    def told(self) -> Any:
        """What the trace of reading says of it."""
        return {name: value for name, value in vars(self.wanted).items() if value is not None}

    @property
    def upwards(self) -> bool:
        """Whether acts are looked for from early to late."""
        return self.wanted.after is not None or (self.wanted.before is None and self.sort == ORDERS[1])

    def page(self, found: Sequence[Found], most: int) -> tuple[list[Found], str | None, str | None]:
        """The rows in their order; where later and earlier ones are, if there are any. ``found`` has one more than are
        shown, where there are more."""
        shown, more = list(found[:most]), len(found) > most
        later = more if self.upwards else self.wanted.before is not None
        earlier = self.wanted.after is not None if self.upwards else more
        numbers = [one.number for one in shown]
        rows = sorted(shown, key=lambda one: one.number, reverse=self.sort == ORDERS[0])
        newer = self.link(after=max(numbers)) if later and numbers else None
        older = self.link(before=min(numbers)) if earlier and numbers else None
        return rows, newer, older

    def link(self, **but: Any) -> str:
        """The same question in another order, or from another entry on."""
        asked = {**self.typed, "sort": "" if self.sort == ORDERS[0] else self.sort, **but}
        kept = urlencode({name: value for name, value in asked.items() if value})
        return f"{self.path}?{kept}" if kept else self.path

    def at(self, path: str) -> str:
        """The same question at another service, from its beginning."""
        return replace(self, path=path).link()


def question_of(path: str, query: Mapping[str, str]) -> Question:
    form = Form({name: [query.get(name, "").strip()] for name in FILTERS})
    typed = {name: form[name] for name in FILTERS if form[name]}
    said: dict[str, Any] = {name: _READ[name](form, name, text) for name, text in typed.items()}
    # A day is asked for whole.
    if until := said.get("until"):
        said["until"] = until + timedelta(days=1)
    cursors = ((name, query.get(name, "")) for name in CURSORS)
    near = [(name, int(one)) for name, one in cursors if one.isascii() and one.isdigit() and len(one) <= NUMBER_DIGITS]
    wanted = Wanted(**{**said, **dict(near[:1])})
    sort = query.get("sort", "")
    return Question(path, typed, sort if sort in ORDERS else ORDERS[0], wanted, form)


def _number(form: Form, name: str, typed: str) -> str | None:
    if (number := digits_of(typed)) is None:
        form.wrong(name, "audit.no_number")
    return number


def _word(form: Form, name: str, typed: str) -> str | None:
    if re.fullmatch(WORD, typed):
        return typed
    form.wrong(name, "audit.no_word")
    return None


def _day(form: Form, name: str, typed: str) -> datetime | None:
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        day = None
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        form.wrong(name, "audit.no_day")
        return None
    return datetime.combine(day, time(), WIB)


_READ: Mapping[str, Callable[[Form, str, str], Any]] = {
    "number": _number,
    **dict.fromkeys(WORDS, _word),
    **dict.fromkeys(DAYS, _day),
}
