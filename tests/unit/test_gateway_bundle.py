"""What LAPS SJK gets can be checked by anybody, without us or a network, by the two lines that come with it."""

import hashlib
import json
import re
import subprocess
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pypdf
import pytest
from kit.bundles import FILES, a_bundle, an_audit_key, contents
from pujk_gateway.adapters.bundle import fingerprint, safe
from pujk_gateway.domain.parts import Obligation

KEY = an_audit_key()


async def unpacked(folder: Path) -> dict[str, bytes]:
    made, _ = await a_bundle(KEY)
    with ZipFile(BytesIO(made)) as archive:
        assert archive.testzip() is None
        archive.extractall(folder)
        return {name: archive.read(name) for name in archive.namelist()}


def lines(folder: Path) -> tuple[str, str]:
    """What the bundle itself tells to type."""
    told = (folder / "CARA-PERIKSA.txt").read_text("utf-8")
    found = re.findall(r"^ {3}(openssl pkeyutl .*|python3 -c .*)$", told, re.M)
    return found[0], found[1]


def typed(line: str, folder: Path) -> str:
    return subprocess.run(["bash", "-c", line], cwd=folder, capture_output=True, text=True, check=False).stdout


async def test_the_list_tells_all_that_is_in_it_and_is_signed(tmp_path: Path) -> None:
    made, sha256 = await a_bundle(KEY)
    with ZipFile(BytesIO(made)) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    listed = json.loads(found["manifest.json"])
    assert hashlib.sha256(found["manifest.json"]).hexdigest() == sha256
    assert {one["name"] for one in listed["files"]} == found.keys() - {"manifest.json", "manifest.json.sig"}
    for one in listed["files"]:
        content = found[one["name"]]
        assert (one["size"], one["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    assert [found[f"bukti/{name}"] for name in ("01-rekening_koran_maret_.pdf", "02-layar.png")] == list(FILES.values())
    assert (listed["number"], listed["key"]) == (contents().case.number, "pujk_gateway:1")
    assert found["berkas.pdf"].startswith(b"%PDF-")
    assert fingerprint(found["kunci.pem"]) in found["CARA-PERIKSA.txt"].decode()


async def test_anybody_checks_it_by_the_lines_that_come_with_it(tmp_path: Path) -> None:
    files = await unpacked(tmp_path)
    signature, hashes = lines(tmp_path)
    assert "Verified Successfully" in typed(signature, tmp_path)
    good = typed(hashes, tmp_path).splitlines()
    assert len(good) == len(files) - 2 and all(line.startswith("COCOK") for line in good)
    (tmp_path / "bukti/02-layar.png").write_bytes(b"another")
    assert [line for line in typed(hashes, tmp_path).splitlines() if line.startswith("BERBEDA")] == [
        "BERBEDA bukti/02-layar.png"
    ]
    (tmp_path / "manifest.json-palsu.pdf").write_bytes(b"slipped in")
    assert typed(hashes, tmp_path).splitlines()[-1] == "TIDAK TERDAFTAR manifest.json-palsu.pdf"
    (tmp_path / "manifest.json").write_bytes(files["manifest.json"].replace(b'"size": 23', b'"size": 24'))
    assert "Verified Successfully" not in typed(signature, tmp_path)


async def test_all_words_are_there_as_they_were_written_and_what_shows_an_answer(tmp_path: Path) -> None:
    what = contents()
    proposal, story = what.case.proposals[0], "Saldo hilang. العربية 中文 😀"
    proposal.answers[0].sealed, proposal.answers[0].evidence = "1.firm", [what.dossier.attachments[0].id]
    what = replace(what, dossier=what.dossier.model_copy(update={"story": story}))
    made, _ = await a_bundle(KEY, what)
    with ZipFile(BytesIO(made)) as archive:
        said = json.loads(archive.read("isi.json"))
        paper = " ".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(archive.read("berkas.pdf"))).pages)
    assert said["story"] == story
    [answer] = said["proposals"][0]["answers"]
    assert (answer["text"], answer["evidence"]) == (what.texts["1.firm"], ["bukti/01-rekening_koran_maret_.pdf"])
    assert [one["called"] for one in said["evidence"]] == [one.name for one in what.dossier.attachments]
    assert "note" not in {one["kind"] for one in said["timeline"]}, "OJK's notes are its own"
    assert "Bukti: bukti/01-rekening_koran_maret_.pdf" in paper and "../../layar.png" in paper


@pytest.mark.parametrize(("said", "printed"), [(None, "Tidak dinyatakan"), (False, "Tidak"), (True, "Ya")])
async def test_what_nobody_said_of_a_court_is_not_told_as_a_no(said: bool | None, printed: str) -> None:
    what = contents()
    what.case.in_court = said
    made, _ = await a_bundle(KEY, what)
    with ZipFile(BytesIO(made)) as archive:
        paper = pypdf.PdfReader(BytesIO(archive.read("berkas.pdf"))).pages[0].extract_text()
    assert re.search(rf"pengadilan atau arbitrase\s+{printed}\n", paper)


async def test_every_answer_names_the_firm_that_gave_it() -> None:
    what = contents()
    case, former = what.case, what.case.rounds[0]
    case.rounds.append(replace(former, round=2, pujk="BANK-002", name="PT Bank Dua", ended_at=None))
    former.ended_at = former.started_at + timedelta(days=2)
    case.proposals.append(replace(case.proposals[0], round=2))
    case.entries.append(replace(next(one for one in case.entries if one.what == "taken-over"), round=2))
    case.obligations.append(Obligation(1, date(2026, 5, 1), 2, 1, 900_000))
    made, _ = await a_bundle(KEY, what)
    with ZipFile(BytesIO(made)) as archive:
        said = json.loads(archive.read("isi.json"))
        paper = " ".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(archive.read("berkas.pdf"))).pages)
    one, two = {"code": "BANK-001", "name": "PT BANK-001"}, {"code": "BANK-002", "name": "PT Bank Dua"}
    assert two.items() <= said["firm"].items()
    assert [one.items() <= each["firm"].items() for each in said["rounds"]] == [True, False]
    assert [each["firm"]["code"] for each in said["proposals"]] == ["BANK-001", "BANK-002"]
    assert (said["timeline"][-1]["firm"]["code"], said["timeline"][0]["firm"]["code"]) == ("BANK-002", "BANK-001")
    assert (said["promises"][0]["firm"]["code"], said["facilitation"]["outcome"]) == ("BANK-002", "not-settled")
    flat = " ".join(paper.split())
    assert "PT BANK-001 (BANK-001), usulan 1" in flat and "PT Bank Dua (BANK-002), usulan 1" in flat
    assert "Diambil alih petugas (PT BANK-001 (BANK-001))" in flat and "(PUJK)" not in flat.split("Linimasa")[1]
    assert "Putaran 1: PT BANK-001 (BANK-001)" in flat and "Janji PUJK" in flat


async def test_the_same_matter_at_the_same_moment_is_the_same_bundle() -> None:
    what = contents()
    assert await a_bundle(KEY, what) == await a_bundle(KEY, what)


def test_an_audit_key_vouches_for_nothing_that_could_be_an_entry_or_a_root() -> None:
    for said in (b"0" * 64, b"eyJhbGciOiJFZERTQSJ9.e30", b""):
        with pytest.raises(ValueError, match="JSON objects"):
            KEY.vouches(said)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "etc_passwd"),
        ("C:\\temp\\a.pdf", "C_temp_a.pdf"),
        ("rekening koran.pdf", "rekening_koran.pdf"),
        (".bashrc", "bashrc"),
        ("///", "lampiran"),
        ("x" * 300 + ".pdf", "x" * 76 + ".pdf"),
    ],
)
def test_a_files_name_is_taken_for_nothing_else(name: str, kept: str) -> None:
    assert safe(name) == kept
