"""What did somebody write into the form of an act: a proposal, a decline, a session, a settlement? Each error stands
beside its field."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import get_args

from chassis.pages.forms import Form
from chassis.working_days import JAKARTA
from contracts.cases import AnswerKind, DeclineKind, FollowUpKind, ResolutionKind
from contracts.pujk import AnswerToDemand

from pujk_gateway.domain.contradictions import contradictions
from pujk_gateway.domain.disputes import Promise
from pujk_gateway.domain.parts import Answer, Demand
from pujk_gateway.pages.files import ATTACHED

RESOLUTIONS: tuple[str, ...] = get_args(ResolutionKind)
DECLINES: tuple[str, ...] = get_args(DeclineKind)
FOLLOW_UPS: tuple[str, ...] = get_args(FollowUpKind)
ANSWERS: tuple[str, ...] = get_args(AnswerKind)
TEXT_MOST = 20_000
#: Nobody is invited further ahead; a year that was mistyped is.
AHEAD = timedelta(days=366)
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)
RUPIAH_MOST = 10**15
#: As people write it: 1500000, 1.500.000, Rp1.500.000,00.
_RUPIAH = re.compile(r"(?:rp\.?\s*)?(\d{1,3}(?:\.\d{3})+|\d+)(?:,00|,-)?", re.IGNORECASE | re.ASCII)


def rupiah_of(form: Form, name: str) -> int | None:
    """None where nothing was written; an error of the field where it is no amount."""
    typed = form[name].strip()
    if not typed:
        return None
    found = _RUPIAH.fullmatch(typed)
    amount = int(found[1].replace(".", "")) if found and len(found[1]) <= 25 else RUPIAH_MOST + 1
    if amount > RUPIAH_MOST:
        form.wrong(name, "propose.no_amount")
        return None
    return amount


def text_of(form: Form, name: str = "text") -> str:
    form.needs(name)
    return _short_enough(form, name)


def _short_enough(form: Form, name: str) -> str:
    """ "" with an error of the field for what is too long: nothing that somebody wrote is cut."""
    text = form[name].strip()
    if len(text) <= TEXT_MOST:
        return text
    form.wrong(name, "form.too_long", most=TEXT_MOST)
    return ""


def one_of(form: Form, name: str, allowed: Sequence[str]) -> str:
    if form[name] not in allowed:
        form.wrong(name, "form.missing")
    return form[name]


def answers_of(form: Form, demands: Sequence[Demand]) -> tuple[AnswerToDemand, ...]:
    """One for each demand; what is missing or cannot be is an error of its field."""
    answers = []
    for demand in demands:
        answer = one_of(form, f"answer_{demand.id}", ANSWERS)
        amount = rupiah_of(form, f"amount_{demand.id}")
        promised = _day(form, f"promised_{demand.id}")
        why, evidence = _short_enough(form, f"why_{demand.id}"), _evidence(form, f"evidence_{demand.id}")
        if answer in ANSWERS and f"answer_{demand.id}" not in form.errors:
            answers.append(
                AnswerToDemand.model_validate(
                    {"demand": demand.id, "answer": answer, "amount": amount, "promised_by": promised}
                    | {"text": why or None, "evidence": evidence}
                )
            )
    return tuple(answers)


def _evidence(form: Form, name: str) -> list[str]:
    """Files that the form brings already, and that are to show this answer."""
    brought = form.all(ATTACHED)
    return [one for one in form.all(name) if one in brought]


def agrees(
    form: Form, kind: str, amount: int | None, answers: Sequence[AnswerToDemand], today: date, latest: date
) -> None:
    """What contradicts itself is an error of its field."""
    said = [Answer(one.demand, one.answer, one.amount, one.promised_by) for one in answers]
    for one in contradictions(kind, amount, said, today, latest):
        name = one.field if one.demand is None else f"{one.field}_{one.demand}"
        form.wrong(name, f"propose.{one.why}", latest=f"{latest:%d-%m-%Y}")


def amount_of(form: Form, kind: str, answers: Sequence[AnswerToDemand]) -> int | None:
    """Of monetary relief, the whole: as written, else what the answers come to."""
    amount = rupiah_of(form, "amount")
    if kind != "monetary-relief":
        return amount
    amount = amount if amount is not None else sum(one.amount or 0 for one in answers) or None
    if amount is None:
        form.wrong("amount", "propose.amount_missing")
    return amount


def _day(form: Form, name: str) -> date | None:
    typed = form[name].strip()
    if not typed:
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError:
        form.wrong(name, "propose.no_date")
        return None


def session_of(
    form: Form, kind: str, since: datetime | None, now: datetime, ahead: Sequence[datetime]
) -> datetime | None:
    """One that is planned lies ahead, one that was held lies behind, one that is cancelled was planned; None where the
    form says no moment."""
    at = _moment(form)
    if at is None:
        return None
    if kind == "session-planned" and not now <= at <= now + AHEAD:
        form.wrong("on", "dispute.not_ahead")
    if kind == "session-cancelled" and at not in ahead:
        form.wrong("on", "dispute.not_planned")
    if kind == "session-held" and not (since or now) - timedelta(days=1) <= at <= now:
        form.wrong("on", "dispute.not_behind")
    return at


def _moment(form: Form) -> datetime | None:
    form.needs("on", "at")
    try:
        day = date.fromisoformat(form["on"].strip())
    except ValueError:
        form.wrong("on", "propose.no_date")
        return None
    if not _TIME.fullmatch(form["at"].strip()):
        form.wrong("at", "dispute.no_time")
        return None
    return datetime.combine(day, time.fromisoformat(form["at"].strip()), JAKARTA)


def promises_of(form: Form, demands: Sequence[Demand], today: date, latest: date) -> list[Promise]:
    """Of each demand, and of whatever else: an amount and a day, or neither."""
    found = []
    for demand in (*(one.id for one in demands), 0):
        amount, day = rupiah_of(form, f"amount_{demand}"), _day(form, f"promised_{demand}")
        if amount == 0:
            form.wrong(f"amount_{demand}", "propose.gives_nothing")
        if day is None:
            if amount is not None:
                form.wrong(f"promised_{demand}", "form.missing")
            continue
        if not today <= day <= latest:
            late = "propose.date_over" if day < today else "propose.date_far"
            form.wrong(f"promised_{demand}", late, latest=f"{latest:%d-%m-%Y}")
        found.append(Promise(demand, day, amount))
    return found
