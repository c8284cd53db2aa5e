"""Is what a consumer fills in read as it is meant, and are they told before whether this is the right door?"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from intake.adapters.guidance import load_guidance
from intake.adapters.taxonomy import load_taxonomy
from intake.bringing.draft import ASKED, KINDS, Draft, DraftFile, DraftSent, Meant, Sent, begun, kept, to_keep
from intake.bringing.reading import day_of, rupiah_of
from intake.bringing.right_door import Limit, advice
from intake.usecases.submitting import checked

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 3, tzinfo=UTC)
GUIDANCE, TAXONOMY = load_guidance(), load_taxonomy()
FIRM = Meant("bank samudra", "BANK-901", "Bank Samudra", "bank")
LISTED = Meant(illegal=("Dompet Kilat Jaya",))
WRITTEN = {
    "pujk": "bank samudra", "product": "savings", "issue": "fraud", "moved": "no", "story": "Uang saya berkurang.",
    "transaction_date": "1/3/2026", "loss": "1,5 juta", "demand_1": "Kembalikan uang saya", "amount_1": "Rp1.500.000",
    "tried": "yes", "brought_on": "2026-03-01", "in_court": "no", "name": "Sri Rahayu", "nik": "3171 2345 0190 0001",
    "email": "sri@example.org", "tell_by": "email", "language": "id", "consent": "yes",
}  # fmt: skip


def a_draft(kind: str = "complaint", meant: Meant = FIRM, **but: str) -> Draft:
    fields: Mapping[str, str] = {name: text for name, text in (WRITTEN | but).items() if text}
    return replace(begun("d1", kind, NOW), fields=fields, meant=replace(meant, typed=fields.get("pujk", "")))


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1500000", 1_500_000), ("1.500.000", 1_500_000), ("Rp 1.500.000,00", 1_500_000), ("1,500,000", 1_500_000),
        ("2.500 juta", 2_500_000_000), ("1.500 ribu", 1_500_000), ("2,500 juta", None), ("1,250 miliar", None),
        ("1.250.000 ribu", 1_250_000_000), ("2.5 juta", 2_500_000), ("2,75 jt", 2_750_000),
        ("1.25 miliar", 1_250_000_000),
        ("5 juta rupiah", 5_000_000), ("5.000.000 rupiah", 5_000_000), ("Rp 5 000 000", 5_000_000),
        ("5 000 000", 5_000_000),
        ("5\u00a0000\u00a0000", 5_000_000), ("1.500,5 ribu", 1_500_500), ("0,5 juta", 500_000), ("5 00 000", None),
        ("5 000.000", None), ("1.5000 juta", None), ("rupiah", None), ("2,500 million", 2_500_000_000),
        ("1.5 million", 1_500_000), ("2.500 million", None), ("5 juta rupiah saja", None),
        ("1,5 juta", 1_500_000), ("20 ribu", 20_000), ("2 miliar", 2_000_000_000), ("IDR 750jt", 750_000_000),
        ("1.25 juta", 1_250_000), ("0", 0),
        ("", None), ("banyak", None), ("1.5", None), ("1,5", None), ("-5", None), ("9" * 20, None), ("1.50.000", None),
        ("9" * 4301, None), ("9" * 4301 + " ribu", None), ("1" + ".000" * 1500, None), ("1" + " 000" * 1500, None),
        ("1" + " " * 10**6 + "x", None),
    ],
)  # fmt: skip
def test_an_amount_is_read_as_people_write_it_and_never_guessed(typed: str, amount: int | None) -> None:
    assert rupiah_of(typed) == amount


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-03-01", date(2026, 3, 1)), ("1/3/2026", date(2026, 3, 1)), ("01-03-2026", date(2026, 3, 1)),
        ("1.3.2026", date(2026, 3, 1)), ("31/2/2026", None), ("kemarin", None), ("1/3/26", None), ("", None),
    ],
)  # fmt: skip
def test_a_day_is_read_day_before_month(typed: str, day: date | None) -> None:
    assert day_of(typed) == day


def test_a_whole_draft_is_a_submission_of_the_same_contract() -> None:
    found = checked(a_draft(), TAXONOMY, TODAY)
    assert found.wrong == {}
    assert found.submission is not None and found.submission.private is not None
    said = found.submission
    assert (said.kind, said.pujk and said.pujk.code, said.loss, said.consent) == (
        "complaint",
        "BANK-901",
        1_500_000,
        True,
    )
    assert [one.amount for one in said.demands] == [1_500_000]
    assert said.private and said.private.consumer.nik == "3171234501900001"
    assert said.brought_to_pujk and said.brought_to_pujk.on == date(2026, 3, 1)


@pytest.mark.parametrize(
    ("but", "field"),
    [
        ({"pujk": ""}, "pujk"), ({"product": ""}, "product"), ({"product": "gold_teeth"}, "product"),
        ({"issue": ""}, "issue"), ({"story": ""}, "story"), ({"demand_1": "", "amount_1": ""}, "demand_1"),
        ({"loss": "banyak"}, "loss"), ({"amount_1": "?"}, "amount_1"),
        ({"demand_3": "", "amount_3": "5000"}, "demand_3"),
        ({"transaction_date": "3/3/2026"}, "transaction_date"), ({"transaction_date": "x"}, "transaction_date"),
        ({"tried": ""}, "tried"), ({"brought_on": ""}, "brought_on"), ({"brought_on": "9/9/2026"}, "brought_on"),
        ({"nik": ""}, "nik"), ({"nik": "123"}, "nik"), ({"nik": "3171239901900001"}, "nik"), ({"name": ""}, "name"),
        ({"email": "", "tell_by": "none"}, "email"), ({"email": "sri"}, "email"), ({"phone": "nol delapan"}, "phone"),
        ({"email": "", "phone": "0812345678"}, "tell_by"), ({"tell_by": "whatsapp"}, "tell_by"),
        ({"tell_by": "phone"}, "tell_by"),
        ({"tell_by": "pigeon"}, "tell_by"), ({"represented": "yes", "power": "yes"}, "rep_name"),
        ({"consent": ""}, "consent"),
        ({"name": "Sri\u202eRahayu"}, "name"),
    ],
)  # fmt: skip
def test_each_problem_stands_at_the_field_where_it_was_written(but: dict[str, str], field: str) -> None:
    found = checked(a_draft("complaint", FIRM, **but), TAXONOMY, TODAY)
    assert list(found.wrong) == [field]
    assert found.submission is None


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_needs_only_what_it_is_asked_for(kind: str) -> None:
    asked = {name for step in ASKED[kind].values() for name in step}
    draft = a_draft(kind)
    assert checked(draft, TAXONOMY, TODAY).wrong == {}
    assert set(draft.of_now()) <= asked
    bare = replace(draft, fields={"story": "Apa itu SLIK?", "name": "Sri", "moved": "no", "phone": "0812345678"})
    wrong = checked(bare, TAXONOMY, TODAY).wrong
    assert wrong == {} if kind in ("question", "information") else {"pujk", "product", "issue"} <= set(wrong)


def told(draft: Draft) -> list[str]:
    return [one.code for one in advice(draft, GUIDANCE, TODAY)]


@pytest.mark.parametrize(
    ("draft", "codes"),
    [
        (a_draft(), []),
        (a_draft(moved="yes"), ["moved"]),
        (a_draft(tried="no"), ["not_tried"]),
        (a_draft(in_court="yes"), ["in_court"]),
        (a_draft(loss="500 juta"), []),
        (a_draft(loss="500.000.001"), ["over_limit"]),
        (a_draft(loss="", amount_1="2 miliar"), ["over_limit"]),
        (a_draft(amount_1="300 juta", demand_2="Hapus denda", amount_2="200.000.001"), ["over_limit"]),
        (a_draft(amount_1="300 juta", demand_2="Hapus denda", amount_2="200 juta"), []),
        (a_draft("indication", loss="", amount_1="2 miliar"), []),
        (a_draft(loss="600 juta", product="vehicle_insurance"), []),
        (a_draft(loss="751 juta", product="vehicle_insurance"), ["over_limit"]),
        (a_draft("indication", loss="600 juta"), []),
        (a_draft(meant=Meant()), ["unlicensed"]),
        (a_draft(meant=Meant(away=True)), []),
        (a_draft(meant=LISTED), ["illegal"]),
        (a_draft(meant=LISTED, tried="no", loss="600 juta"), ["illegal"]),
        (a_draft(meant=replace(LISTED, away=True), tried="no"), ["not_tried"]),
        (a_draft(meant=replace(FIRM, illegal=("Bank Samudra",)), tried="no"), ["namesake", "not_tried"]),
        (a_draft(meant=replace(FIRM, illegal=("Bank Samudra",))), ["namesake"]),
        (a_draft("question", moved="yes", tried="no", in_court="yes", pujk=""), []),
        (a_draft("information", pujk="", moved="yes"), ["moved"]),
    ],
)
def test_who_may_be_at_the_wrong_door_is_told_so(draft: Draft, codes: list[str]) -> None:
    assert told(draft) == codes


def test_every_warning_has_something_to_do_and_whom_to_turn_to_is_dated() -> None:
    moved, unknown = advice(a_draft(moved="yes", meant=Meant()), GUIDANCE, TODAY)
    assert [one.id for one in moved.contacts] == ["iasc"]
    assert unknown.instead == ("information",)
    assert GUIDANCE.contact("iasc", date(2024, 11, 21)) is None
    assert GUIDANCE.working_days("complaint", date(2024, 8, 8)) == 20
    assert GUIDANCE.working_days("complaint", date(2024, 8, 9)) == 10
    later = replace(GUIDANCE, limits=[*GUIDANCE.limits, Limit(date(2026, 3, 2), (), (), 600_000_000, "a new rule")])
    assert [one.code for one in advice(a_draft(loss="550 juta"), later, TODAY)] == []
    assert [one.code for one in advice(a_draft(loss="550 juta"), later, date(2026, 3, 1))] == ["over_limit"]


def test_a_draft_comes_back_as_it_was_kept_and_what_was_sent_stands() -> None:
    file = DraftFile("f1", "bukti.pdf", "application/pdf", 5, "ab")
    draft = replace(
        a_draft(meant=replace(FIRM, others=(("A", "B"),), illegal=("C",))), files=(file,), done=("masalah",)
    )
    assert kept(to_keep(draft)) == draft
    sent = draft.became(Sent("5043812177304", "complaint", NOW.isoformat(), None, ("x.pdf",)))
    assert kept(to_keep(sent)) == sent
    assert (sent.fields, sent.files, sent.meant) == ({}, (), Meant())
    with pytest.raises(DraftSent):
        sent.filled("cerita", {})
    with pytest.raises(DraftSent):
        replace(draft, sending=True).of_kind("question")
    with pytest.raises(DraftSent):
        sent.with_file(file)


def test_another_kind_keeps_what_was_written_and_leaves_out_what_it_is_not_asked_for() -> None:
    turned = a_draft().of_kind("information")
    assert "nik" in turned.fields
    assert "nik" not in turned.of_now()
    assert turned.of_kind("complaint").of_now() == a_draft().of_now()
