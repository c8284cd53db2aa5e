"""Who compares two matters, or judges how one was handled, reads the story without whose it is."""

import pytest
from intake.seeing import unnamed

CONSUMER = {"name": "Budi Ana Wi"}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Saya Pak Budi, bukan BUDI lain.", "Saya Pak ***, bukan *** lain."),
        ("Halo Budi Ana Wi, ya. Budi  Ana?", "Halo *** Wi, ya. ***?"),
        ("Ana makan Banana di Wilayah Wi.", "*** makan Banana di Wilayah Wi."),
        ("Hubungi +62 812-3456-7890 atau 081234567890.", "Hubungi *** atau ***."),
        ("NIK 3173041203900001, rekening 1234567.", "NIK ***, rekening 1234567."),
        ("Rp 25.000.000 pada 2026-03-03 atau 3.3.2026.", "Rp 25.000.000 pada 2026-03-03 atau 3.3.2026."),
    ],
)
def test_the_words_of_a_name_and_long_numbers_are_masked(written: str, read: str) -> None:
    assert unnamed(written, CONSUMER) == read
