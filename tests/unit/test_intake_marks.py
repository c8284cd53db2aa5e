"""By what is a matter found again? One written form of each thing, a keyed hash of it, and nothing readable."""

import pytest
from intake import marks
from intake.adapters.marking import KeyedMarks

SPELLINGS = (
    "081234567890",
    "0812 3456 7890",
    "+62 812-3456-7890",
    "6281234567890",
    "62 0812 3456 7890",
    "0062 812 34567890",
    "812 3456 7890",
    "(0812) 3456.7890",
)
KEYED = KeyedMarks(bytes(range(32)))
PRIVATE = {
    "consumer": {
        "name": "Ibu Sari Dewi",
        "nik": "3171014501900001",
        "email": "Sari.Dewi+ojk@Example.org",
        "phone": "+62 812-3456-7890",
        "passport": None,
    },
    "representative": {"name": "Budi", "phone": "0856 1111 2222", "email": None},
    "account_number": "0012-3456-789",
    "story": "…",
}


@pytest.mark.parametrize("written", SPELLINGS)
def test_an_indonesian_phone_number_is_one_however_it_is_typed(written: str) -> None:
    assert marks.phone(written) == "6281234567890"


@pytest.mark.parametrize(
    ("written", "form"),
    [("+65 6123 4567", "6561234567"), ("0065 6123 4567", "6561234567"), ("021-7654321", "62217654321")],
)
def test_a_number_of_another_country_and_of_a_town_keep_theirs(written: str, form: str) -> None:
    assert marks.phone(written) == form


@pytest.mark.parametrize("written", ["", "123", "no phone", "+1"])
def test_what_is_no_phone_number_is_none(written: str) -> None:
    assert marks.phone(written) is None


def test_a_mailbox_is_one_however_it_is_typed() -> None:
    assert marks.email(" Sari.Dewi+ojk@Example.org ") == "sari.dewi@example.org"
    assert marks.email("s.ari@googlemail.com") == marks.email("SARI@gmail.com") == "sari@gmail.com"
    assert marks.email("s.ari@example.org") != marks.email("sari@example.org")
    assert marks.email("nobody") is marks.email("@example.org") is None


def test_the_rest_is_plain_letters_and_digits() -> None:
    assert marks.nik("3171 0145 0190 0001") == "3171014501900001"
    assert marks.nik("317101450190000") is None
    assert marks.code("c 123-4567") == "C1234567"
    assert marks.name("Bpk. Andi  José") == marks.name("jose ANDI") == "andi jose"


def test_marks_are_alike_for_the_same_and_hold_nothing_readable() -> None:
    made = KEYED.of(PRIVATE)
    assert made.kinds() == {"nik", "phone", "email", "name", "account", "for.phone"}
    assert set(KEYED.asked("phone", "0812 3456 7890")) & set(made.who)
    assert set(KEYED.asked("phone", "0856-1111-2222")) & set(made.who), "by the phone of who acts for the consumer"
    assert not set(KEYED.asked("phone", "0856 1111 2223")) & set(made.who)
    assert not set(KEYED.asked("email", "3171014501900001"))
    kept = " ".join(made.who).casefold()
    assert not any(part in kept for part in ("3171014501900001", "1234567890", "sari", "dewi", "example"))


def test_another_key_makes_other_marks_and_says_so() -> None:
    other = KeyedMarks(bytes(32))
    assert other.by != KEYED.by
    assert not set(other.of(PRIVATE).who) & set(KEYED.of(PRIVATE).who)
