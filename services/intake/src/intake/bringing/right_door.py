"""Is this the right door, and what else helps? Said before anything is sent; nobody is turned away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from intake.bringing.draft import DEMANDS, Draft, Step
from intake.bringing.reading import rupiah_of

#: What is said, at which step it is known, whom to turn to besides, and what this may be sent as instead.
_SAID: Mapping[str, tuple[Step, tuple[str, ...], tuple[str, ...]]] = {
    "moved": ("masalah", ("iasc",), ()),
    "illegal": ("masalah", ("satgas_pasti",), ("information",)),
    "namesake": ("masalah", ("satgas_pasti",), ()),
    "unlicensed": ("masalah", ("kontak", "satgas_pasti"), ("information",)),
    "not_tried": ("cerita", (), ("indication",)),
    "over_limit": ("cerita", ("laps",), ()),
    "in_court": ("cerita", ("kontak",), ("information",)),
}


@dataclass(frozen=True)
class Limit:
    """Up to which loss OJK brings both sides together; of which products or sectors, or of all others."""

    valid_from: date
    products: tuple[str, ...]
    sectors: tuple[str, ...]
    most: int
    source: str


@dataclass(frozen=True)
class Contact:
    """Whom to turn to; ``name`` and ``about`` by language."""

    id: str
    valid_from: date
    name: Mapping[str, str]
    about: Mapping[str, str]
    web: str = ""
    email: str = ""
    phone: str = ""
    whatsapp: str = ""


@dataclass(frozen=True)
class Term:
    """Within how many working days a kind is answered; ``form``: only where it came so, "" for both."""

    valid_from: date
    kind: str
    form: str
    working_days: int


@dataclass(frozen=True)
class Guidance:
    """The dated data."""

    limits: Sequence[Limit]
    contacts: Sequence[Contact]
    terms: Sequence[Term]

    def limit(self, product: str, sector: str, on: date) -> Limit | None:
        """The nearest one: of the product or the sector, else of all."""
        valid = sorted((one for one in self.limits if one.valid_from <= on), key=lambda one: one.valid_from)
        own = [one for one in valid if product in one.products or (sector and sector in one.sectors)]
        rest = [one for one in valid if not one.products and not one.sectors]
        return next(reversed(own or rest), None)

    def contact(self, id_: str, on: date) -> Contact | None:
        valid = [one for one in self.contacts if one.id == id_ and one.valid_from <= on]
        return max(valid, key=lambda one: one.valid_from, default=None)

    def working_days(self, kind: str, on: date, form: str = "written") -> int | None:
        held = (one for one in self.terms if one.kind == kind and one.form in ("", form))
        valid = [one for one in held if one.valid_from <= on]
        found = max(valid, key=lambda one: one.valid_from, default=None)
        return found.working_days if found else None


#: As what a kind is better sent where nobody can be made to answer.
_BETTER = {"complaint": "information", "indication": "information"}


def better(draft: Draft) -> str:
    """The kind that helps more than its own; "" where there is none."""
    return _BETTER.get(draft.kind, "") if draft.listed else ""


@dataclass(frozen=True)
class Advice:
    """One thing to know before sending. ``instead``: kinds that it may be sent as; ``about`` fills in its words."""

    code: str
    step: Step
    contacts: tuple[Contact, ...]
    instead: tuple[str, ...]
    about: Mapping[str, object]


def advice(draft: Draft, guidance: Guidance, today: date) -> list[Advice]:
    """All there is to know, the most pressing first."""
    fields, meant = draft.of_now(), draft.meant
    found: dict[str, dict[str, object]] = {}
    if fields.get("moved") == "yes":
        found["moved"] = {}
    if fields.get("pujk"):
        found |= _of_firm(draft)
    if draft.kind == "complaint" and not draft.listed:
        found |= _of_complaint(draft, guidance.limit(fields.get("product", ""), meant.sector, today))
    if fields.get("in_court") == "yes":
        found["in_court"] = {}
    return [_said(code, about, draft.kind, guidance, today) for code, about in found.items()]


def _of_complaint(draft: Draft, limit: Limit | None) -> dict[str, dict[str, object]]:
    """Where a firm must answer, and OJK may bring both sides together."""
    fields, found = draft.of_now(), dict[str, dict[str, object]]()
    if fields.get("tried") == "no":
        found["not_tried"] = {"pujk": draft.meant.name or fields.get("pujk", "")}
    amount = _at_stake(fields)
    if limit is not None and amount > limit.most:
        found["over_limit"] = {"most": limit.most, "amount": amount}
    return found


def _at_stake(fields: Mapping[str, str]) -> int:
    """The greater of what was lost and all that is asked for."""
    asked = (rupiah_of(fields.get(f"amount_{n}", "")) for n in range(1, DEMANDS + 1))
    return max(rupiah_of(fields.get("loss", "")) or 0, sum(one or 0 for one in asked))


def _of_firm(draft: Draft) -> dict[str, dict[str, object]]:
    meant, typed = draft.meant, draft.fields["pujk"]
    if draft.unasked:
        return {}
    if draft.listed:
        return {"illegal": {"name": meant.illegal[0]}}
    if meant.illegal:
        return {"namesake": {"pujk": meant.name, "name": meant.illegal[0]}}
    return {} if meant.code or meant.others else {"unlicensed": {"name": typed}}


def _said(code: str, about: Mapping[str, object], kind: str, guidance: Guidance, today: date) -> Advice:
    step, contacts, instead = _SAID[code]
    known = tuple(one for id_ in contacts if (one := guidance.contact(id_, today)))
    return Advice(code, step, known, tuple(one for one in instead if one != kind), about)
