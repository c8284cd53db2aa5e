"""What is submitted of a draft, and what is still wrong with it, beside the field where it was written? The same rules
as for every channel, and what only this form can know."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from contracts.channel import Submission
from pydantic import ValidationError

from intake.bringing.draft import DEMANDS, Draft
from intake.bringing.reading import day_of, nik_of, rupiah_of
from intake.completeness import Problem, Taxonomy, problems
from intake.usecases.services import PRIVATE

#: Field of the draft → what is wrong with it: a key of the catalogue.
Wrong = dict[str, str]
#: What may not be left empty here, beside what completeness asks for.
_NEEDED = {
    "complaint": ("story", "demand_1", "name", "tried", "in_court", "moved", "consent"),
    "indication": ("story", "name", "in_court", "moved", "consent"),
    "question": ("story", "name"),
    "information": ("story", "name", "moved"),
}
_AMOUNTS = ("loss", *(f"amount_{n}" for n in range(1, DEMANDS + 1)))
_DAYS = ("transaction_date", "brought_on")
#: Where a problem of a submission was written; the longest that fits.
_WRITTEN = {
    "pujk": "pujk", "product": "product", "issue": "issue", "region": "region", "loss": "loss", "consent": "consent",
    "transaction_date": "transaction_date", "brought_to_pujk.on": "brought_on", "brought_to_pujk.how": "brought_how",
    "brought_to_pujk.outcome": "brought_outcome", "tell_by": "tell_by", "private": "story", "private.story": "story",
    "private.account_number": "account_number", "private.pujk_reference": "pujk_reference",
    "private.consumer.name": "name", "private.consumer.nik": "nik", "private.consumer.passport": "passport",
    "private.consumer.email": "email", "private.consumer.phone": "phone", "private.consumer.address": "address",
    "private.representative.name": "rep_name", "private.representative.email": "rep_email",
    "private.representative.phone": "rep_phone",
}  # fmt: skip
#: In place of what is not written yet, so that the rest can be looked at.
_NOT_YET = "–"


class Incomplete(Exception):
    """Something is missing or wrong; ``wrong`` says what, by field."""

    def __init__(self, wrong: Wrong) -> None:
        super().__init__("the draft is not complete")
        self.wrong = wrong


@dataclass(frozen=True)
class Checked:
    """``submission`` where nothing is wrong."""

    wrong: Wrong
    submission: Submission | None


def checked(draft: Draft, taxonomy: Taxonomy, today: date) -> Checked:
    """Every problem at once: what is of the wrong shape is left out when the rest is looked at."""
    fields = draft.of_now()
    wrong = dict(_of_form(draft.kind, fields))
    submission = _shaped(draft, fields, wrong)
    if submission is None or submission.private is None:
        return Checked(wrong, None)
    text = submission.private.model_dump_json(exclude_none=True)
    clear, private = submission.model_dump(exclude=PRIVATE), submission.private.model_dump()
    for problem in problems(clear, private, len(text.encode()), taxonomy, today):
        # A way to be told that only lacks what is wrong above needs no word of its own.
        if problem["field"] != "tell_by" or not {"email", "phone"} & set(wrong):
            _note(wrong, fields, _written(problem["field"]), problem)
    return Checked(wrong, None if wrong else submission)


def _shaped(draft: Draft, fields: dict[str, str], wrong: Wrong) -> Submission | None:
    for _ in range(2):
        try:
            return Submission.model_validate(_raw(draft, fields))
        except ValidationError as error:
            for one in error.errors(include_input=False, include_url=False):
                field = _written(".".join(map(str, one["loc"])))
                _note(wrong, fields, field)
                fields.pop(field, None)
    return None


def _of_form(kind: str, fields: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    needed = [*_NEEDED[kind]]
    if fields.get("tried") == "yes":
        needed.append("brought_on")
    if fields.get("represented"):
        needed += ["rep_name", "power"]
    for name in needed:
        if not fields.get(name):
            yield name, f"lapor.missing.{name}" if name in _OWN_WORDS else "form.missing"
    for name in _AMOUNTS:
        if fields.get(name) and rupiah_of(fields[name]) is None:
            yield name, "lapor.wrong.amount"
    for name in _DAYS:
        if fields.get(name) and day_of(fields[name]) is None:
            yield name, "lapor.wrong.day"
    if fields.get("tell_by") == "phone" and not (fields.get("phone") or fields.get("rep_phone")):
        yield "tell_by", "lapor.wrong.tell_by"
    for n in range(1, DEMANDS + 1):
        if fields.get(f"amount_{n}") and not fields.get(f"demand_{n}"):
            yield f"demand_{n}", "lapor.missing.demand"


_OWN_WORDS = ("demand_1", "tried", "in_court", "moved", "power", "consent")


def _note(wrong: Wrong, fields: Mapping[str, str], field: str, problem: Problem | None = None) -> None:
    empty = not fields.get(field)
    said = {"nik": "lapor.missing.nik", "email": "lapor.missing.email", "phone": "lapor.missing.phone",
            "tell_by": "lapor.wrong.tell_by", "consent": "lapor.missing.consent"}  # fmt: skip
    if problem and problem["field"] == "private":
        key = "lapor.wrong.too_much"
    elif empty or field in ("tell_by", "consent"):
        key = said.get(field, "form.missing")
    else:
        key = f"lapor.wrong.{_SHAPE.get(field, 'text')}"
    wrong.setdefault(field, key)


_SHAPE = {
    "nik": "nik", "passport": "passport", "email": "email", "rep_email": "email", "phone": "phone",
    "rep_phone": "phone", "transaction_date": "future", "brought_on": "future", "product": "choice",
    "issue": "choice", "region": "choice", "loss": "amount",
}  # fmt: skip


def _written(place: str) -> str:
    head, _, last = place.rpartition(".")
    if head == "private.demands" and last.isdigit():
        return f"demand_{int(last) + 1}"
    while place and place not in _WRITTEN:
        place = place.rpartition(".")[0]
    return _WRITTEN.get(place, "story")


def _raw(draft: Draft, fields: Mapping[str, str]) -> dict[str, Any]:
    demands = [n for n in range(1, DEMANDS + 1) if fields.get(f"demand_{n}")]
    pujk = (
        {"name": draft.meant.name or fields["pujk"], "code": draft.meant.code or None} if fields.get("pujk") else None
    )
    day = day_of(fields.get("brought_on", ""))
    brought = {"on": day, "how": fields.get("brought_how"), "outcome": fields.get("brought_outcome")}
    represented = {"name": fields.get("rep_name") or _NOT_YET, "email": fields.get("rep_email"),
                   "phone": fields.get("rep_phone"), "power_of_attorney": fields.get("power") == "yes"}  # fmt: skip
    nik = nik_of(fields.get("nik", ""))
    return {
        "kind": draft.kind,
        "pujk": pujk,
        "product": fields.get("product"),
        "issue": fields.get("issue"),
        "region": fields.get("region"),
        "loss": rupiah_of(fields.get("loss", "")),
        "transaction_date": day_of(fields.get("transaction_date", "")),
        "demands": [{"amount": rupiah_of(fields.get(f"amount_{n}", ""))} for n in demands],
        "brought_to_pujk": brought if fields.get("tried") == "yes" and day else None,
        "in_court": fields.get("in_court") == "yes",
        "consent": fields.get("consent") == "yes",
        "language": fields.get("language", "id"),
        "tell_by": fields.get("tell_by", "none"),
        "private": {
            "consumer": {"name": fields.get("name") or _NOT_YET, "nik": nik or None}
            | {name: fields.get(name) for name in ("passport", "email", "phone", "address")},
            "representative": represented if fields.get("represented") else None,
            "story": fields.get("story") or _NOT_YET,
            "account_number": fields.get("account_number"),
            "demands": [fields[f"demand_{n}"] for n in demands],
            "pujk_reference": fields.get("pujk_reference"),
        },
    }
