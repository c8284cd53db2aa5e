"""Is a submission complete for its kind? Every problem at once: the field, what came, what is expected."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

Problem = dict[str, str]
#: What is sealed must fit into a fact: base64 makes four bytes of three, and a sealed text has 200,000.
PRIVATE_BYTES = 140_000
NEEDS_PUJK = ("complaint", "indication")


@dataclass(frozen=True)
class Taxonomy:
    """Codes of products, issues and provinces with the day each is valid from."""

    products: Mapping[str, date]
    issues: Mapping[str, date]
    regions: Mapping[str, date]


def problem(field: str, came: str, expected: str) -> Problem:
    return {"field": field, "came": came, "expected": expected}


def problems(
    submission: Mapping[str, Any], private: Mapping[str, Any], size: int, taxonomy: Taxonomy, today: date
) -> list[Problem]:
    """Everything that stands against accepting; empty when complete. ``size`` is that of ``private`` as it is sealed,
    in bytes; ``today`` is the day in Jakarta."""
    return [
        *_of_kind(submission, private),
        *_of_codes(submission, taxonomy, today),
        *_of_dates(submission, today),
        *_of_consumer(submission, private["consumer"]),
        *_of_demands(submission, private),
        *_of_size(size),
    ]


def _of_kind(submission: Mapping[str, Any], private: Mapping[str, Any]) -> Iterator[Problem]:
    kind, consumer = submission["kind"], private["consumer"]
    if kind in NEEDS_PUJK:
        if submission["pujk"] is None:
            yield problem("pujk", "nothing", f"the PUJK that the {kind} is about, as the consumer writes it")
        if submission["product"] is None:
            yield problem("product", "nothing", "a product code of the taxonomy")
        if submission["issue"] is None:
            yield problem("issue", "nothing", "an issue code of the taxonomy")
    if kind == "complaint":
        if not (consumer.get("nik") or consumer.get("passport")):
            yield problem("private.consumer.nik", "nothing", "the consumer's NIK, or a passport number in 'passport'")
        if not submission["consent"]:
            yield problem("consent", "false", "true: the PUJK must get what it needs to answer")
    if kind in ("complaint", "question") and not (consumer.get("email") or consumer.get("phone")):
        yield problem("private.consumer.email", "nothing", "an e-mail address, or a phone number in 'phone'")
    if submission["tell_by"] == "email" and kind != "information" and not _mail(private):
        yield problem("tell_by", "email", "an e-mail address in private.consumer.email, or tell_by 'phone' or 'none'")
    if submission["tell_by"] in ("sms", "whatsapp") and not _phone(private):
        came, expected = submission["tell_by"], "a phone number in private.consumer.phone, or another way"
        yield problem("tell_by", came, expected)


def _phone(private: Mapping[str, Any]) -> bool:
    representative = private.get("representative") or {}
    return bool(private["consumer"].get("phone") or representative.get("phone"))


def _mail(private: Mapping[str, Any]) -> bool:
    representative = private.get("representative") or {}
    return bool(private["consumer"].get("email") or representative.get("email"))


def _of_codes(submission: Mapping[str, Any], taxonomy: Taxonomy, today: date) -> Iterator[Problem]:
    known = {"product": taxonomy.products, "issue": taxonomy.issues, "region": taxonomy.regions}
    for name, codes in known.items():
        code = submission[name]
        if code is not None and not (code in codes and codes[code] <= today):
            yield problem(name, code, f"one of {', '.join(sorted(c for c in codes if codes[c] <= today))}")


def _of_dates(submission: Mapping[str, Any], today: date) -> Iterator[Problem]:
    brought = submission["brought_to_pujk"]
    dates = {"transaction_date": submission["transaction_date"], "brought_to_pujk.on": brought and brought["on"]}
    for name, day in dates.items():
        if day is not None and not date(1945, 8, 17) <= day <= today:
            yield problem(name, day.isoformat(), f"a day up to today, {today.isoformat()}")


def _of_consumer(submission: Mapping[str, Any], consumer: Mapping[str, Any]) -> Iterator[Problem]:
    nik = consumer.get("nik")
    if nik is not None and not _is_nik(nik):
        expected = "16 digits whose digits 7-12 are a date of birth DDMMYY (40 added to the day for women)"
        yield problem("private.consumer.nik", f"a value of {len(nik)} characters", expected)


def _is_nik(nik: str) -> bool:
    """DOMAIN: no check digit; a wrong length or an impossible date refuses, an unknown area does not."""
    if not re.fullmatch(r"\d{16}", nik):
        return False
    day, month, year = int(nik[6:8]), int(nik[8:10]), int(nik[10:12])
    day = day - 40 if day > 40 else day
    for century in (1900, 2000):
        try:
            date(century + year, month, day)
        except ValueError:
            continue
        return True
    return False


def _of_demands(submission: Mapping[str, Any], private: Mapping[str, Any]) -> Iterator[Problem]:
    amounts, texts = len(submission["demands"]), len(private["demands"])
    if amounts != texts:
        yield problem(
            "demands", f"{amounts} demands and {texts} texts", "one text in private.demands for each of demands"
        )


def _of_size(size: int) -> Iterator[Problem]:
    if size > PRIVATE_BYTES:
        yield problem("private", f"{size} bytes", f"at most {PRIVATE_BYTES} bytes in all")
