"""Are two matters one? Seeded stories told again are found, and what only looks like them is not."""

from collections import defaultdict
from datetime import date
from typing import Any

import pytest
from intake.adapters.marking import KeyedMarks, SealedSketches
from intake.likeness import Sketch, Traits, amounts_in, common, judge, near_amounts, one_firm, sketch_of, words_of

from bench.retold import made

KEYED = KeyedMarks(bytes(range(32)))


def traits_of(body: dict[str, Any]) -> Traits:
    private, day = body["private"], body["transaction_date"]
    amounts = tuple(one for one in (body["loss"], *(d["amount"] for d in body["demands"])) if one)
    marks, sketch = KEYED.of(private, amounts, day), sketch_of(private["story"], KEYED.piece)
    firm, on = body["pujk"] and body["pujk"]["name"], date.fromisoformat(day) if day else None
    return Traits(marks, sketch, firm, body["product"], body["issue"], amounts, on)


def test_pairs_are_found_and_what_only_looks_like_them_is_not() -> None:
    brought = made(200, seed=3, today=date(2026, 3, 2))
    by_mark, found, wrong = defaultdict[str, set[int]](set), set[int](), 0
    traits = [traits_of(one.body) for one in brought]
    for at, ours in enumerate(traits):
        for other in {one for mark in ours.marks.who for one in by_mark[mark]}:
            if judge(traits[other], ours):
                same = brought[other].truth == brought[at].truth
                found |= {brought[at].truth} if same else set()
                wrong += not same
        for mark in ours.marks.who:
            by_mark[mark].add(at)
    assert len(found) >= 0.95 * 200
    assert wrong <= 2, "at most one in a hundred"


def test_words_are_written_out_and_amounts_are_rough() -> None:
    assert words_of("Yg mengambil DUIT gak keluar dr rek saya") == ["mengambil", "uang", "keluar", "rekening"]
    assert amounts_in("Rp2.487.000 atau 2,5 jt, lalu 350rb; 12 hari") == {2_500_000, 350_000}


@pytest.mark.parametrize("digits", ["1" * 400, "9" * 5_000, "1" + ".000" * 2_000])
def test_a_long_row_of_digits_is_no_amount(digits: str) -> None:
    assert amounts_in(f"Kode {digits} juta, lalu Rp2.487.000") == {2_500_000}


def test_a_sketch_tells_how_much_two_texts_share_and_is_sealed_with_the_matters_key() -> None:
    text = " ".join(f"kata{n:x}kata" for n in range(4_000, 4_400))
    half = " ".join(text.split()[:200])
    whole, part = sketch_of(text, KEYED.piece), sketch_of(half, KEYED.piece)
    assert common(whole, whole) == (1.0, 1.0)
    share, held = common(whole, part)
    assert share == pytest.approx(part.size / whole.size, abs=0.13) and held > 0.75
    assert common(whole, Sketch()) == (0.0, 0.0)
    sealed = SealedSketches(KEYED).seal(part, bytes(32))
    assert part.packed() not in sealed and SealedSketches(KEYED).open(sealed, bytes(32)) == part


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("BANK BRI", "PT Bank BRI Tbk", True),
        ("Bank Rakyat Indonesia", "BRI", True),
        ("Adira Dinamika Multi Finance", "adira dinamiika multifinance", True),
        ("Bank Mandiri", "Mandiri Tunas Finance", False),
        ("Bank Jatim", "Bank Jateng", False),
        ("Bank Mandiri", None, None),
    ],
)
def test_a_firm_is_one_as_people_write_it(one: str, other: str | None, same: bool | None) -> None:
    assert one_firm(one, other) is same


def test_rounded_amounts_are_near() -> None:
    assert near_amounts([2_487_000], [2_500_000, 10]) is True
    assert near_amounts([2_487_000], [3_500_000]) is False
    assert near_amounts([0], [1]) is None
