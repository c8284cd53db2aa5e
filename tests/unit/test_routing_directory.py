"""Does a part of a name, an alias or a code find the firms that could be meant?"""

import pytest
from routing.directory import SEARCHED, Directory
from routing.domain.parts import Firm

DIRECTORY = Directory(
    (
        Firm("BANK-002", "PT Bank Rakyat Indonesia (Persero) Tbk", ("BRI",)),
        Firm("BANK-008", "PT Bank Mandiri (Persero) Tbk"),
        Firm("FIN-001", "PT Mandiri Tunas Finance"),
    )
)


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("mandiri", ["BANK-008", "FIN-001"]),
        ("Mandiri, PT", ["BANK-008", "FIN-001"]),
        ("bri", ["BANK-002"]),
        ("bank-00", ["BANK-008", "BANK-002"]),
        ("tunas man", ["FIN-001"]),
        ("", []),
        ("entah", []),
    ],
)
def test_what_was_typed_finds_who_could_be_meant(typed: str, codes: list[str]) -> None:
    assert [firm.code for firm in DIRECTORY.like(typed)] == codes


def test_no_more_are_shown_than_anybody_reads() -> None:
    many = Directory(Firm(f"BANK-{number:03d}", f"Bank Perkreditan {number:03d}") for number in range(100))
    assert len(many.like("perkreditan")) == SEARCHED
