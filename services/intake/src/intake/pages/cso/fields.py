"""What did a CSO type while listening? A form becomes what a channel brings; what is wrong stands beside its field."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chassis.lines import line_of
from chassis.pages.forms import WHOLE, Form
from contracts.channel import Submission
from contracts.codes import Sort, codes
from contracts.intake import Kind
from pydantic import ValidationError

#: In the order in which a CSO is asked for them by voice.
KINDS: tuple[Kind, ...] = ("complaint", "indication", "question", "information")
FORMS = ("oral", "written")
WAYS = ("phone", "email", "sms", "whatsapp", "none")
#: By a provider, where there is one.
SENT = ("sms", "whatsapp")
DEMANDS = 3
#: Fields of the form → where the same stands in a submission; what an error of a submission is shown beside.
LINES = {
    "name": "private.consumer.name",
    "nik": "private.consumer.nik",
    "passport": "private.consumer.passport",
    "phone": "private.consumer.phone",
    "email": "private.consumer.email",
    "address": "private.consumer.address",
    "account_number": "private.account_number",
    "pujk_reference": "private.pujk_reference",
    "pujk": "pujk.name",
    "product": "product",
    "issue": "issue",
    "region": "region",
    "loss": "loss",
    "transaction_date": "transaction_date",
    "brought_on": "brought_to_pujk.on",
    "brought_how": "brought_to_pujk.how",
    "brought_outcome": "brought_to_pujk.outcome",
    "tell_by": "tell_by",
    "consent": "consent",
}
DEMAND_FIELDS = tuple(f"{what}_{n}" for n in range(1, DEMANDS + 1) for what in ("demand", "amount"))
#: All that the form holds, in the order of the page.
FIELDS = (
    *("kind", "name", "phone", "nik", "passport", "email", "region", "pujk", "product", "issue", "story", "consent"),
    *DEMAND_FIELDS,
    *("loss", "transaction_date", "account_number", "pujk_reference", "brought_on", "brought_how", "brought_outcome"),
    *("address", "in_court", "tell_by", "language", "form"),
)
#: Each part of a submission → its field; the longest part that fits says which.
_BACK = {there: field for field, there in LINES.items()} | {
    "pujk": "pujk",
    "private.story": "story",
    "private": "story",
    "sealed": "story",
    "private.demands": "demand_1",
    "demands": "demand_1",
    "brought_to_pujk": "brought_on",
}
_AMOUNT = re.compile(r"[0-9]{1,3}(?:[.,]?[0-9]{3})*|[0-9]{1,15}")


def submission_of(form: Form) -> Submission | None:
    """None where something is wrong with it, which the form says then."""
    asked, found = _asked(form), None
    try:
        found = Submission.model_validate(asked)
    except ValidationError as error:
        # All at once: a caller is not asked one thing after the other.
        for one in error.errors(include_input=False, include_url=False):
            field = field_of(".".join(str(part) for part in one["loc"]))
            form.wrong(field, _KEYS.get(field, "call.wrong"))
    _in_order(form)
    return None if form.errors else found


def tell(form: Form, problems: Sequence[Mapping[str, str]]) -> None:
    """Every problem that a submission was refused for, beside its field."""
    for one in problems:
        field = field_of(one["field"])
        # A value that was left out is another mistake than one that does not fit.
        left_out = field != WHOLE and not form[field].strip()
        form.wrong(field, "call.needed" if left_out and field not in _ALWAYS else _KEYS.get(field, "call.wrong"))
    _in_order(form)


def _in_order(form: Form) -> None:
    """The cursor goes to the first of the page, not to the first that was looked at."""
    places = {field: n for n, field in enumerate(FIELDS)}
    form.errors = dict(sorted(form.errors.items(), key=lambda one: places.get(one[0], -1)))


def field_of(place: str) -> str:
    """``private.consumer.nik`` → ``nik``; WHOLE where no field of the form is meant."""
    while place:
        if place in _BACK:
            return _BACK[place]
        place = place.rpartition(".")[0]
    return WHOLE


def options(sort: Sort, language: str) -> list[tuple[str, str]]:
    return [("", "–"), *((one.code, one.names[language]) for one in codes() if one.sort == sort)]


def _asked(form: Form) -> dict[str, Any]:
    line = {name: _line(form, name) for name in LINES}
    demands = list(_demands(form))
    consumer = {name: line[name] for name in ("name", "nik", "passport", "phone", "email", "address")}
    form.needs("story", "name")
    kind, way = form["kind"], line["tell_by"] or WAYS[0]
    if kind not in KINDS:
        form.wrong("kind", "form.missing")
    return {
        "kind": kind,
        "form": form["form"] if form["form"] in FORMS else FORMS[0],
        "pujk": {"name": line["pujk"]} if line["pujk"] else None,
        **{name: line[name] or None for name in ("product", "issue", "region", "transaction_date")},
        "loss": _amount(form, "loss"),
        "demands": [{"amount": amount} for _, amount in demands],
        "brought_to_pujk": _brought(line) or None,
        "in_court": bool(form["in_court"]),
        "consent": bool(form["consent"]),
        "language": "en" if form["language"] == "en" else "id",
        "tell_by": way if way in WAYS else WAYS[0],
        "private": {
            "consumer": {name: value for name, value in consumer.items() if value},
            "story": form["story"].strip(),
            "demands": [text for text, _ in demands],
            **{name: line[name] for name in ("account_number", "pujk_reference") if line[name]},
        },
    }


def _line(form: Form, name: str) -> str:
    text = form[name].strip()
    line = line_of(text) if text else ""
    if line is None:
        form.wrong(name, "form.no_line")
    # People say and write them in groups.
    return re.sub(r"[\s.-]", "", line or "") if name == "nik" else line or ""


def _brought(line: Mapping[str, str]) -> dict[str, str]:
    told = {name: line[f"brought_{name}"] for name in ("on", "how", "outcome")}
    return {name: value for name, value in told.items() if value}


def _demands(form: Form) -> Iterator[tuple[str, int | None]]:
    for n in range(1, DEMANDS + 1):
        text, amount = form[f"demand_{n}"].strip(), _amount(form, f"amount_{n}")
        if text:
            yield text, amount
        elif amount is not None:
            form.wrong(f"demand_{n}", "form.missing")


def _amount(form: Form, name: str) -> int | None:
    """``Rp1.500.000`` → 1500000."""
    text = form[name].strip().removeprefix("Rp").strip()
    if not text:
        return None
    digits = re.sub(r"[.,]", "", text)
    if not _AMOUNT.fullmatch(text) or len(digits) > 15:
        form.wrong(name, "call.amount")
        return None
    return int(digits)


_ALWAYS = ("tell_by", "consent")
_KEYS = {
    "nik": "call.nik",
    "phone": "call.phone",
    "email": "call.email",
    "transaction_date": "call.date",
    "brought_on": "call.date",
    "tell_by": "call.tell_by",
    "consent": "call.consent",
    "product": "call.code",
    "issue": "call.code",
    "region": "call.code",
}
