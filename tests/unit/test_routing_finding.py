"""Is a firm found as people write it, and is somebody warned of illegal entities, and of nobody else?"""

import pytest
from routing.domain.parts import Firm
from routing.finding import Finder, Illegal

FIND = Finder(
    (
        Firm("BANK-901", "Bank Samudra Raya Indonesia (Persero)", ("SamudraKu",), "bank"),
        Firm("BANK-902", "Bank Cakrawala", ("Bank Cakra",), "bank"),
        Firm("SEK-902", "PT Cakrawala Sekuritas", (), "securities"),
        Firm("MF-903", "Nuansa Mitra Multi Finance", (), "multifinance"),
        Firm("P2P-904", "PT Teknologi Titian Dana", ("Pinjam Titian",), "fintech_lending"),
    ),
    (
        Illegal("Dompet Kilat Jaya", ("DompetKJ",), "Peer To Peer Lending"),
        Illegal("Pinjam Titian", (), "Peer To Peer Lending"),
        Illegal("Pinjaman Online", (), "Peer To Peer Lending"),
    ),
)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Bank Samudra Raya Indonesia", "BANK-901"),
        ("pt. bank samudra raya indonesia tbk", "BANK-901"),
        ("samudra raya", "BANK-901"),
        ("bsri", "BANK-901"),
        ("samudraku", "BANK-901"),
        ("samudra ku", "BANK-901"),
        ("bank samudera raya", "BANK-901"),
        ("cakrawla", "BANK-902"),
        ("cakra", "BANK-902"),
        ("nuansa finance", "MF-903"),
        ("nuansa mtra", "MF-903"),
        ("titian", "P2P-904"),
        ("pinjam titian apk", "P2P-904"),
    ],
)
def test_a_typo_a_short_name_and_an_apps_name_find_the_firm(typed: str, code: str) -> None:
    assert code in [one.firm.code for one in FIND(typed).firms[:2]]


BRANCHES = Finder(
    (
        Firm("BANK-914", "Bank Contoh Asia", ("BCX", "BCX mobile"), "bank"),
        Firm("BANK-915", "Bank BCX Syariah", (), "bank"),
        Firm("SEK-916", "PT BCX Sekuritas", (), "securities"),
        Firm("BANK-918", "Bank Minang", (), "bank"),
        Firm("INS-919", "Lentera Life Indonesia", ("Lentera",), "insurance"),
    ),
    (Illegal("Minang Cabang Emas"),),
)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Bank Minang Cabang Padang", "BANK-918"),
        ("minang kantor cabang pembantu Pasar Raya", "BANK-918"),
        ("BCX KCP Kelapa Gading", "BANK-914"),
        ("BCX Unit Simpang Lima", "BANK-914"),
        ("PT Bank BCX Syariah KC Solo", "BANK-915"),
    ],
)
def test_a_customer_who_writes_the_branch_too_has_a_firm_that_is_surely_meant(typed: str, code: str) -> None:
    found = BRANCHES(typed)
    assert (found.firms[0].firm.code, found.sure) == (code, True)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("kartu kredit bcx", "BANK-914"),
        ("rekening tabungan saya di bank minang padang", "BANK-918"),
        ("asuransi unit lentera", "INS-919"),
        ("lentera unit link", "INS-919"),
        ("aplikasi bcx mobile error", "BANK-914"),
        # Words that name another sector, or somebody else.
        ("BCX Finance", "BANK-914"),
        ("asuransi bcx", "BANK-914"),
        ("bcx dana", "BANK-914"),
        ("minang asset management cabang Padang", "BANK-918"),
        ("minang multi finance", "BANK-918"),
        ("minang syariah", "BANK-918"),
        ("koperasi minang", "BANK-918"),
        ("minang kantor asuransi", "BANK-918"),
        ("bank lentera", "INS-919"),
    ],
)
def test_a_name_among_other_words_is_offered_but_never_taken_as_sure(typed: str, code: str) -> None:
    found = BRANCHES(typed)
    assert (found.firms[0].firm.code, found.sure) == (code, False)


@pytest.mark.parametrize(
    ("typed", "code"),
    [("bank bcx", "BANK-914"), ("aplikasi BCX", "BANK-914"), ("asuransi lentera", "INS-919"), ("minang", "BANK-918")],
)
def test_words_of_its_own_sector_leave_a_firm_sure(typed: str, code: str) -> None:
    found = BRANCHES(typed)
    assert (found.firms[0].firm.code, found.sure) == (code, True)


@pytest.mark.parametrize("typed", ["cabang padang", "bank cabang padang", "unit", "kcp", "bank bcxa", "mina", "pasar"])
def test_a_branch_or_a_part_of_a_word_is_no_name(typed: str) -> None:
    assert [one.firm.code for one in BRANCHES(typed).firms if one.score > 90] == []
    assert not BRANCHES(typed).sure


def test_who_is_listed_under_a_firms_name_and_a_branch_is_warned_of_all_the_same() -> None:
    assert [one.name for one in BRANCHES("minang cabang emas").illegal] == ["Minang Cabang Emas"]


@pytest.mark.parametrize("typed", ["bank", "dana", "entahlah", "x", "", "!!", "pinjaman online"])
def test_what_names_nobody_finds_nobody(typed: str) -> None:
    found = FIND(typed)
    assert [one.firm.code for one in found.firms if one.score > 90] == []
    assert not found.sure
    assert found.illegal == ()


def test_who_is_surely_meant_is_told_apart_from_who_may_be() -> None:
    assert FIND("Bank Cakrawala").sure
    assert not FIND("cakrawala").sure
    assert {one.firm.code for one in FIND("cakrawala").firms} >= {"BANK-902", "SEK-902"}


@pytest.mark.parametrize("typed", ["Dompet Kilat Jaya", "dompetkilatjaya", "dompet kilat jya", "DOMPET KJ"])
def test_an_entity_of_the_list_is_warned_of_as_people_write_it(typed: str) -> None:
    assert [one.name for one in FIND(typed).illegal] == ["Dompet Kilat Jaya"]


def test_a_firm_whose_name_was_stolen_is_shown_beside_the_thief() -> None:
    found = FIND("Pinjam Titian")
    assert found.firms[0].firm.code == "P2P-904"
    assert [one.name for one in found.illegal] == ["Pinjam Titian"]


def test_a_licensed_firm_is_not_suspected_for_a_name_that_is_only_like_one_of_the_list() -> None:
    assert (
        Finder((Firm("P2P-1", "Dompet Kilat Raya"),), (Illegal("Dompet Kilat Jaya"),))("dompet kilat raya").illegal
        == ()
    )


def test_a_firm_whose_name_has_no_letter_hides_no_other() -> None:
    finder = Finder([Firm("ODD", "...", ("",)), Firm("BANK-002", "Bank Contoh Jaya", ())], [])
    assert [one.firm.code for one in finder("bank contoh jaya").firms] == ["BANK-002"]
    assert finder("0").firms == ()
