"""Each row of an export becomes a complaint, or an error that names its line; no bad row costs a good one."""

import csv
import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from contracts.channel import Submission
from slkt.cfpb import COLUMNS, Row, RowError, WrongHeader, load_firms, read
from slkt.cfpb_mapping import ISSUES, PRODUCTS, RUPIAH_PER_DOLLAR, SUB_PRODUCTS, Firm

Reading = Callable[[str | bytes], list[Row | RowError]]
LONG = (*COLUMNS[:11], "Consumer consent provided?", *COLUMNS[11:15], "Consumer disputed?", COLUMNS[15])
FIRMS = [
    Firm("BANK-001", "Bank Satu", "bank"),
    Firm("BANK-002", "Bank Dua", "bank"),
    Firm("P2P-001", "Pinjam Satu", "fintech_lending"),
    Firm("MF-001", "Mobil Satu", "multifinance"),
    Firm("SEK-AA", "Efek Satu", "securities"),
]
GOOD = {
    "Date received": "2026-02-03",
    "Product": "Mortgage",
    "Sub-product": "Conventional home mortgage",
    "Issue": "Trouble during payment process",
    "Sub-issue": "Escrow, taxes, or insurance",
    "Consumer complaint narrative": "They took {$300.00} and then {$1,250.50} from my account.",
    "Company": "ACME LENDING, INC.",
    "State": "CA",
    "ZIP code": "900XX",
    "Submitted via": "Web",
    "Date sent to company": "2026-02-05",
    "Company response to consumer": "Closed with explanation",
    "Timely response?": "Yes",
    "Consumer consent provided?": "Consent provided",
    "Consumer disputed?": "N/A",
    "Complaint ID": "7000001",
}


def rows_of(*changes: dict[str, str]) -> list[dict[str, str]]:
    return [{**GOOD, "Complaint ID": str(7000001 + n), **change} for n, change in enumerate(changes)]


def csv_of(rows: Sequence[dict[str, str]], columns: Sequence[str] = COLUMNS) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, extrasaction="ignore", restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


@pytest.fixture
def reading(tmp_path: Path) -> Reading:
    def read_it(content: str | bytes) -> list[Row | RowError]:
        path = tmp_path / "export.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return list(read(path, FIRMS))

    return read_it


def good(found: list[Row | RowError]) -> list[Row]:
    assert not [row for row in found if isinstance(row, RowError)], found
    return [row for row in found if isinstance(row, Row)]


def test_a_row_becomes_a_complaint_that_a_channel_may_send(reading: Reading) -> None:
    [row] = good(reading(csv_of(rows_of({}))))
    said = Submission.model_validate_json(json.dumps(row.data))
    assert (row.line, row.key) == (2, "cfpb-7000001")
    assert (said.kind, said.product, said.issue) == ("complaint", "mortgage", "repayment")
    assert said.pujk is not None
    assert said.pujk.code in ("BANK-001", "BANK-002")
    assert said.transaction_date is not None
    assert said.transaction_date.isoformat() == "2026-02-03"
    assert said.brought_to_pujk is not None
    assert said.brought_to_pujk.outcome == "Closed with explanation"
    assert said.loss == round(1250.5 * RUPIAH_PER_DOLLAR) == said.demands[0].amount
    assert said.private is not None
    assert said.private.story == GOOD["Consumer complaint narrative"]


def test_both_layouts_give_the_same_submissions(reading: Reading) -> None:
    rows = rows_of({}, {"Product": "Debt collection", "Sub-product": "Auto debt"}, {"State": ""})
    assert len(LONG) == 18
    assert good(reading(csv_of(rows))) == good(reading(csv_of(rows, LONG)))


def test_columns_are_found_by_name_in_any_order_beside_others(reading: Reading) -> None:
    rows = rows_of({})
    shuffled = ("row_id", *reversed([name.upper() for name in COLUMNS]), "source")
    found = reading(csv_of([{key.upper(): value for key, value in rows[0].items()} | {"row_id": "x:1"}], shuffled))
    assert good(found) == good(reading(csv_of(rows)))


@pytest.mark.parametrize("written", ["2026-02-03", "02/03/2026", "02/03/26", "2026-02-03T12:00:00-05:00"])
def test_the_export_has_written_dates_in_several_ways(reading: Reading, written: str) -> None:
    [row] = good(reading(csv_of(rows_of({"Date received": written}))))
    assert row.data["transaction_date"] == "2026-02-03"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"Complaint ID": ""}, "'Complaint ID' is empty"),
        ({"Complaint ID": "70-01"}, "'Complaint ID' is '70-01'; expected digits"),
        ({"Date received": "3 Feb 2026"}, "'Date received' is '3 Feb 2026'; expected a date as"),
        ({"Date received": "2026-02-30"}, "'Date received' is '2026-02-30'"),
        ({"Date received": ""}, "'Date received' is empty"),
        ({"Date sent to company": "soon"}, "'Date sent to company' is 'soon'"),
        ({"Product": "Timeshare"}, "unknown product 'Timeshare'"),
        ({"Product": ""}, "'Product' is empty"),
        ({"Company": "  "}, "'Company' is empty"),
    ],
)
def test_a_bad_row_is_told_with_line_and_reason_and_the_others_are_read(
    reading: Reading, change: dict[str, str], reason: str
) -> None:
    before, bad, after = reading(csv_of(rows_of({}, change, {})))
    assert isinstance(before, Row)
    assert isinstance(after, Row)
    assert isinstance(bad, RowError)
    assert (bad.line, after.line) == (3, 4)
    assert bad.reason.startswith(reason)


def test_a_repeated_complaint_id_names_the_line_it_stood_in(reading: Reading) -> None:
    first, second = reading(csv_of(rows_of({}, {"Complaint ID": "7000001"})))
    assert isinstance(first, Row)
    assert second == RowError(3, "duplicate: Complaint ID 7000001 already stood in line 2")


def test_a_row_without_complaint_id_is_known_by_its_row_id_where_there_is_one(reading: Reading) -> None:
    [row] = good(reading(csv_of(rows_of({"Complaint ID": "", "row_id": "cuny:00017"}), ("row_id", *COLUMNS))))
    assert row.key == "cfpb-cuny:00017"


def test_lines_are_counted_through_line_breaks_in_narratives(reading: Reading) -> None:
    told = {"Consumer complaint narrative": 'First.\nSecond, with a "quote".\n\nThird.'}
    first, bad, last = reading(csv_of(rows_of(told, {"Product": "?"}, {})))
    assert isinstance(first, Row)
    assert first.data["private"]["story"] == told["Consumer complaint narrative"]
    assert [row.line for row in (first, bad, last)] == [2, 6, 7]


@pytest.mark.parametrize("cut", [lambda line: line + ",more", lambda line: line.rsplit(",", 3)[0]])
def test_a_wrong_number_of_columns_is_told(reading: Reading, cut: Callable[[str], str]) -> None:
    lines = csv_of(rows_of({}, {"Consumer complaint narrative": ""}, {})).splitlines()
    lines[2] = cut(lines[2])
    _, bad, after = reading("\n".join(lines))
    assert isinstance(bad, RowError)
    assert bad.line == 3
    assert "columns, expected the header's 16" in bad.reason
    assert isinstance(after, Row)


def test_a_quote_that_is_never_closed_costs_only_its_own_row(reading: Reading) -> None:
    lines = csv_of(rows_of(*[{"Consumer complaint narrative": "plain"}] * 6)).splitlines()
    lines[3] = lines[3].replace("plain", '"open')
    found = reading("\n".join(lines))
    assert [row.line for row in found if isinstance(row, Row)] == [2, 3, 5, 6, 7]
    assert [row.line for row in found if isinstance(row, RowError)] == [4]


def test_bytes_that_are_not_utf8_are_told_by_line_and_column(reading: Reading) -> None:
    content = csv_of(rows_of({}, {"Company": "Caf\xe9"}, {})).encode().replace("\xe9".encode(), b"\xe9")
    before, bad, after = reading(content)
    assert bad == RowError(3, "not UTF-8: byte 0xe9 in 'Company'; save the file as UTF-8")
    assert isinstance(before, Row)
    assert isinstance(after, Row)


def test_a_byte_order_mark_and_windows_line_ends_are_let_be(reading: Reading) -> None:
    plain = csv_of(rows_of({}, {}))
    assert good(reading(b"\xef\xbb\xbf" + plain.replace("\n", "\r\n").encode())) == good(reading(plain))


def test_empty_lines_are_nothing(reading: Reading) -> None:
    assert len(good(reading(csv_of(rows_of({})) + "\n\n"))) == 1


@pytest.mark.parametrize("content", ["", "name,age\nA,3\n", csv_of(rows_of({}), COLUMNS[:-1]), "Product;Company\n"])
def test_another_file_is_refused_at_once_with_what_came_and_what_is_expected(reading: Reading, content: str) -> None:
    with pytest.raises(WrongHeader, match=r"missing: .*Came: .*Expected, comma-separated: Date received, Product"):
        reading(content)


def test_a_column_that_stands_twice_is_refused(reading: Reading) -> None:
    with pytest.raises(WrongHeader, match="column twice: company"):
        reading(csv_of([], (*COLUMNS, "Company")))


def test_the_same_company_is_always_the_same_firm_however_it_is_written(reading: Reading) -> None:
    found = good(reading(csv_of(rows_of({"Company": "Wells Fargo & Company"}, {"Company": "WELLS FARGO  & COMPANY"}))))
    assert found[0].data["pujk"] == found[1].data["pujk"]


def test_a_story_is_put_together_where_no_narrative_was_published(reading: Reading) -> None:
    [row] = good(reading(csv_of(rows_of({"Consumer complaint narrative": " "}))))
    for part in ("ACME LENDING", "Conventional home mortgage", "Trouble during payment process", "did not publish"):
        assert part in row.data["private"]["story"]
    assert row.data["loss"] is None


def test_a_narrative_too_long_for_a_submission_is_cut_and_says_so(reading: Reading) -> None:
    [row] = good(reading(csv_of(rows_of({"Consumer complaint narrative": "words " * 5000}))))
    story = row.data["private"]["story"]
    assert len(story) <= 20_000
    assert story.endswith("[Cut: the narrative has 29999 characters.]")


@pytest.mark.parametrize(
    ("product", "sub_product", "code", "sector"),
    [
        ("Debt collection", "Credit card debt", "credit_card", "BANK"),
        ("Debt collection", "Auto debt", "vehicle_financing", "MF"),
        ("Debt collection", "Medical debt", "p2p_lending", "P2P"),
        ("Checking or savings account", "CD (Certificate of Deposit)", "time_deposit", "BANK"),
        ("Money transfer, virtual currency, or money service", "Virtual currency", "securities_brokerage", "SEK"),
        ("Vehicle loan or lease", "Lease", "leasing", "MF"),
    ],
)
def test_a_more_exact_sub_product_decides(
    reading: Reading, product: str, sub_product: str, code: str, sector: str
) -> None:
    [row] = good(reading(csv_of(rows_of({"Product": product, "Sub-product": sub_product}))))
    assert row.data["product"] == code
    assert row.data["pujk"]["code"].startswith(sector)


def test_the_rule_uses_only_codes_of_the_taxonomy_and_sectors_of_the_directory() -> None:
    taxonomy = Path(__file__).parents[2] / "contracts/src/contracts/data/taxonomy.json"
    codes = {entry["code"] for entry in json.loads(taxonomy.read_text(encoding="utf-8"))}
    assert {code for code, _ in PRODUCTS.values()} | {code for _, code, _ in SUB_PRODUCTS} <= codes
    assert {code for _, code in ISSUES} <= codes
    sectors = {firm.sector for firm in load_firms()}
    assert {sector for _, asked in PRODUCTS.values() for sector in asked} <= sectors


def test_a_swallowed_row_that_happens_to_fit_the_columns_is_found_again(reading: Reading) -> None:
    lines = csv_of(rows_of({}, {"Consumer complaint narrative": "", "Company": "A"}, {})).splitlines()
    head, tail = lines[2].split(",", 1)
    lines[2] = f'"{head},{tail}'
    lines[3] = 'x"' + lines[3][lines[3].index(",") :]
    found = reading("\n".join(lines))
    assert [row.line for row in found] == [2, 3, 4]
    assert isinstance(found[0], Row)
    assert all(isinstance(row, RowError) for row in found[1:])
