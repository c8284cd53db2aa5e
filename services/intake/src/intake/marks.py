"""By what is a matter found again, when nothing readable may stand there? Each thing that names a person has one
written form, however it was typed; of that a keyed hash is kept with the matter, and goes with it."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from chassis.phones import phone as phone

#: What a caller may be found by. The rest tells persons apart where matters are compared.
ASKED_BY = ("phone", "nik", "email", "passport")
#: Before the mark of whoever acts for the consumer.
FOR = "for."
#: One day and one amount: what two people tell of one cause.
EVENT = "event"
_TITLES = frozenset(
    {"bapak", "bpk", "pak", "ibu", "bu", "saudara", "saudari", "sdr", "sdri", "tuan", "tn", "nyonya", "ny", "mr", "mrs"}
    | {"ms", "dr", "drs", "ir", "hj", "prof"}
)
_GMAIL = ("gmail.com", "googlemail.com")


@dataclass(frozen=True)
class Marks:
    """``by`` says under which key they were made; ``who``: ``<kind>:<keyed hash>`` each."""

    by: str
    who: list[str] = field(default_factory=list)

    def shares(self, other: "Marks") -> frozenset[str]:
        """The kinds of what both have alike."""
        return frozenset(one.partition(":")[0] for one in {*self.who} & {*other.who})

    def kinds(self) -> frozenset[str]:
        return frozenset(one.partition(":")[0] for one in self.who)


def nik(text: str) -> str | None:
    digits = re.sub(r"\D", "", text)
    return digits if len(digits) == 16 else None


def code(text: str) -> str | None:
    """A passport or an account: letters and digits alone."""
    plain = re.sub(r"[\W_]", "", _plain(text)).upper()
    return plain if len(plain) >= 4 else None


def email(text: str) -> str | None:
    """Letters' size, a ``+tag`` and, at Gmail, dots make no other mailbox."""
    local, at, domain = _plain(text).strip().rpartition("@")
    if not at or not local:
        return None
    local = local.partition("+")[0] or local
    if domain in _GMAIL:
        local, domain = local.replace(".", ""), _GMAIL[0]
    return f"{local}@{domain}"


def name(text: str) -> str | None:
    """Without titles, in whatever order the parts were written."""
    words = [word for word in re.findall(r"[^\W\d_]+", _plain(text)) if word not in _TITLES]
    return " ".join(sorted(words)) or None


FORMS = {"phone": phone, "nik": nik, "email": email, "passport": code, "account": code, "name": name}


def named(
    private: Mapping[str, Any], amounts: Iterable[int | None] = (), on: str | None = None
) -> Iterator[tuple[str, str]]:
    """Kind and written form of all that names somebody in what a consumer sent; and of what happened, where its day and
    its amounts are told."""
    consumer, acting = private["consumer"], private.get("representative") or {}
    given = [(kind, consumer.get(kind)) for kind in ("nik", "passport", "phone", "email", "name")]
    given.append(("account", private.get("account_number")))
    for kind, text in given:
        if text and (form := FORMS[kind](str(text))):
            yield kind, form
    if on:
        yield from ((EVENT, f"{on} {amount}") for amount in amounts if amount)
    for kind in ("phone", "email"):
        if acting.get(kind) and (form := FORMS[kind](str(acting[kind]))):
            yield FOR + kind, form


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in folded if not unicodedata.combining(letter))
