"""Who sees what of a consumer? One table: what a role or seat reads in clear, and what it may open with a reason.

Whoever handles a matter reads the story; to handle it a firm needs to know whose account it is, and to reach the
consumer is an act of its own that leaves its reason. Whoever looks after quality reads the story and nobody's name;
whoever looks after the machine or the audit reads nothing.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

NAME, ACCOUNT, REFERENCE = "consumer.name", "account_number", "pujk_reference"
PERSON = ("name", "nik", "passport", "email", "phone", "address")
FIELDS = (*(f"consumer.{one}" for one in PERSON), *(f"representative.{one}" for one in ("name", "email", "phone")))
ALL = frozenset({*FIELDS, ACCOUNT, REFERENCE})
#: A phone, a NIK, an account: eight digits or more, however they are grouped; no amount, and no day.
_KEPT = r"(?!\d{1,3}(?:\.\d{3})+(?![.-]?\d))(?!\d{1,4}[.-]\d{1,2}[.-]\d{2,4}(?![.-]?\d))"
_LONG = re.compile(rf"(?<!\d)(?<!\d[.-]){_KEPT}\+?\d(?:[ .-]?\d){{7,}}")
NOTHING: frozenset[str] = frozenset()


class NotForThisRole(Exception):
    """This role or seat may not see, or not open, what was asked for."""


@dataclass(frozen=True)
class Sight:
    """``clear`` is shown as it is, ``opens`` with a reason; the rest stays masked. ``story``: with the demands' texts
    and how the firm was tried first. ``files``: whether attachments may be opened."""

    clear: frozenset[str] = NOTHING
    opens: frozenset[str] = NOTHING
    story: bool = True
    files: bool = True

    def may_open(self, fields: tuple[str, ...]) -> None:
        """Refuses NotForThisRole."""
        for field in fields:
            if field not in self.opens | self.clear:
                raise NotForThisRole(f"this role may not open {field if field in ALL else 'what is not there'}")


FIRM = Sight(clear=frozenset({NAME, ACCOUNT, REFERENCE}), opens=ALL - {NAME, ACCOUNT, REFERENCE})
OJK = Sight(clear=frozenset({REFERENCE}), opens=ALL - {REFERENCE})
#: A seat at a firm, by its name; and OJK's roles.
SEATS: Mapping[str, Sight] = {"product": FIRM, "service": FIRM, "deciding": FIRM}
ROLES: Mapping[str, Sight] = {
    "cso": OJK,
    "supervisor": OJK,
    "decider": OJK,
    "qa": Sight(),
    "auditor": Sight(story=False, files=False),
    "administrator": Sight(story=False, files=False),
}


def sight_of(role: str, pujk: str | None) -> Sight:
    """Refuses NotForThisRole."""
    found = (SEATS if pujk else ROLES).get(role)
    if found is None:
        raise NotForThisRole("no such role or seat sees a dossier")
    return found


def values(private: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What of all fields was given."""
    for field in (*FIELDS, ACCOUNT, REFERENCE):
        holder, _, name = field.rpartition(".")
        value = ((private.get(holder) or {}) if holder else private).get(name)
        if value:
            yield field, str(value)


def unnamed(text: str, consumer: Mapping[str, Any]) -> str:
    """What somebody wrote, without the words of their name and without what may be a number of theirs."""
    words = [re.escape(word) for word in re.findall(r"[^\W\d_]{3,}", str(consumer.get("name", "")))]
    word = rf"\b(?:{'|'.join(words)})\b"
    named = re.sub(rf"{word}(?: +{word})*", "***", text, flags=re.I) if words else text
    return _LONG.sub("***", named)


def masked(field: str, value: str) -> str:
    """Enough to recognise, too little to use: first letters of a name, the last digits of the rest."""
    match field.rpartition(".")[2]:
        case "name":
            return " ".join(f"{word[:1]}***" for word in value.split())
        case "email":
            return f"***@{value.split('@')[-1]}"
        case "address":
            return "***"
        case _:
            # Of what is short, the last digits would be all of it.
            return f"***{value[-4:]}" if len(value) >= 8 else "***"
