"""Does the leaflet hold, word by word, from the confidential letter to the proposal that OJK accepts? One walk, one
test for each of its headings, in Indonesian; the guide shows its pictures (`make guide`)."""

import io
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pypdf
import pytest
from contracts.numbers import shown
from kit import papers
from kit.browser import DESK, PHONE, a_page, is_for_everybody, let_in, log_in
from kit.browsing import code_of, seed_of_text
from kit.firms import NAMES, Onboarded, a_firm
from kit.leaflet import FIRM, Walk, brought
from kit.people import OWN_PASSWORD
from kit.running import Suite
from playwright.sync_api import Browser, FilePayload, expect
from pujk_gateway.pages.guide import FOLDER, PDF, PICTURES, TEXTS

SITI = "Siti Nurhaliza"
PRIVATE = {
    "consumer": {
        "name": "Ratna Wijayanti",
        "nik": "3171014501900001",
        "email": "ratna@example.org",
        "phone": "+62 812 5550 0199",
    },
    "story": "Saya menarik tunai Rp1.500.000 di ATM. Uang tidak keluar, tetapi saldo berkurang. "
    "Sudah tiga minggu saya menunggu kabar dari bank.",
    "demands": ["Kembalikan Rp1.500.000 ke rekening saya.", "Jelaskan mengapa pengembaliannya lama."],
}


@pytest.fixture(scope="module")
def walk(running: Suite, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    folder = Path(os.environ.get("GUIDE") or tmp_path_factory.mktemp("guide"))
    about: dict[str, Any] = {"demands": [{"amount": 1_500_000}, {}], "private": PRIVATE}
    with a_page(browser, running, viewport=DESK) as page:
        indication = brought(running, kind="indication", **about)["number"]
        yield Walk(running, browser, page, folder, brought(running, **about), indication)


def test_surat_rahasia_dan_masuk_pertama_kali(walk: Walk, running: Suite) -> None:
    """OJK names the firm's three people; what the letter of one of them tells is typed in."""
    page, office = walk.page, Onboarded(running, FIRM)
    people = {seat: {"name": name, "position": "Kepala"} for seat, name in {**NAMES, "service": SITI}.items()}
    assert office.ask("PUT", body=a_firm(name="PT Bank Mandiri (Persero) Tbk", people=people)).status_code == 200
    page.goto("/pujk")
    page.fill("#username", office.account("service"))
    page.fill("#password", office.password("service"))
    page.get_by_role("button", name="Lanjut").click()
    seed = seed_of_text(page.locator("p.secret").text_content() or "")
    walk.picture("masuk")
    page.fill("#code", code_of(seed))
    page.fill("#new", OWN_PASSWORD)
    page.locator("input[type=password]").last.fill(OWN_PASSWORD)
    page.get_by_role("button", name=re.compile("Lanjut|Simpan|Masuk")).last.click()
    expect(page.locator("ul.codes li")).to_have_count(10)
    page.get_by_role("link", name="Sudah saya simpan").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(SITI)
    walk.picture("awal")


def test_daftar_indikasi_menurut_hari_bulan_dan_tahun(walk: Walk) -> None:
    page = walk.page
    page.get_by_role("navigation").get_by_role("link", name="Indikasi pengaduan").click()
    walk.choose_today()
    expect(page.get_by_role("link", name=shown(walk.indication, "indication"))).to_be_visible()
    walk.picture("indikasi")


def test_rincian_menurut_nomor_layanan_dan_riwayat_layanan(walk: Walk) -> None:
    page = walk.page
    page.get_by_role("link", name=shown(walk.indication, "indication")).click()
    expect(page.get_by_role("heading", name="Riwayat Layanan")).to_be_visible()
    expect(page.get_by_text("Uang tidak keluar")).to_be_visible()
    expect(page.get_by_text("3171014501900001")).to_have_count(0)
    walk.picture("nomor-layanan")


def test_daftar_pengaduan_menurut_hari_bulan_dan_tahun(walk: Walk) -> None:
    page = walk.page
    page.get_by_role("navigation").get_by_role("link", name="Pengaduan", exact=True).click()
    walk.choose_today()
    walk.picture("pengaduan")
    page.goto("/pujk")
    page.fill("#nomor", shown(walk.ticket, "complaint"))
    page.get_by_role("button", name="Buka").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(shown(walk.ticket, "complaint"))


def test_rincian_menurut_nomor_tiket_dan_riwayat_tindak_lanjut(walk: Walk) -> None:
    page = walk.page
    expect(page.get_by_role("heading", name="Riwayat Tindak Lanjut")).to_be_visible()
    page.get_by_text("Hitungan hari demi hari").click()
    expect(page.get_by_text("hari kerja ke-10")).to_be_visible()
    walk.picture("nomor-tiket")


def test_ambil_alih_layanan_ini(walk: Walk) -> None:
    page = walk.page
    page.get_by_role("link", name="Ambil alih layanan ini").click()
    walk.picture("ambil-alih")
    page.get_by_role("dialog").get_by_role("button", name="Ya").click()
    walk.told("Layanan ini sekarang Anda tangani.")


def test_tambah_tindak_lanjut(walk: Walk) -> None:
    page = walk.page
    page.get_by_role("link", name="Tambah tindak lanjut").click()
    page.select_option("#kind", "documents-checked")
    page.fill("#text", "Jurnal ATM dan rekaman kamera diperiksa: uang tidak keluar.")
    file = FilePayload(name="jurnal-atm.pdf", mimeType="application/pdf", buffer=papers.pdf())
    page.set_input_files("#attachments", file)
    walk.picture("tindak-lanjut")
    page.get_by_role("dialog").get_by_role("button", name="Tambah").click()
    walk.told("Tindak lanjut ditambahkan.")
    expect(page.get_by_text("Jurnal ATM dan rekaman kamera")).to_be_visible()
    expect(page.get_by_role("link", name="jurnal-atm.pdf").first).to_be_visible()


def test_minta_dokumen_konsumen(walk: Walk) -> None:
    page = walk.page
    page.get_by_role("link", name="Minta dokumen").click()
    page.fill("#text", "Mohon kirim foto struk ATM dan halaman rekening koran tanggal 3 sampai 5.")
    walk.picture("dokumen")
    page.get_by_role("button", name="Lanjut").click()
    page.get_by_role("button", name="Ya").click()
    walk.told("Permintaan dikirim kepada konsumen.")


def test_lampiran_pengaduan(walk: Walk) -> None:
    walk.consumer_brings("struk-atm.pdf")
    walk.page.goto(f"/pujk/layanan/{walk.ticket}")
    files = walk.page.get_by_role("region", name="Lampiran Pengaduan")
    expect(files.get_by_role("link", name="struk-atm.pdf")).to_be_visible()
    files.scroll_into_view_if_needed()
    walk.picture("lampiran")


def test_minta_perpanjangan_waktu(walk: Walk) -> None:
    page = walk.page
    page.get_by_role("link", name="Minta perpanjangan").click()
    page.fill("#text", "Rekaman kamera masih diminta dari penyedia ATM.")
    walk.picture("waktu")
    page.get_by_role("button", name="Lanjut").click()
    page.get_by_role("button", name="Ya").click()
    expect(page.get_by_role("status")).to_be_visible()


def test_menolak_yang_bukan_untuk_pujk_ini(walk: Walk) -> None:
    page = walk.page
    page.goto(f"/pujk/layanan/{walk.indication}/tolak")
    page.locator("select#kind").select_option("not-our-customer")
    page.fill("#text", "Nomor rekening tidak ada pada kami.")
    walk.picture("menolak")


def test_usulkan_penyelesaian_ke_ojk(walk: Walk, running: Suite) -> None:
    with a_page(walk.browser, running, viewport=DESK) as page:
        walk.page = page
        log_in(page, let_in(running, "Dewi Lestari", "deciding", firm=FIRM), "/pujk")
        page.goto(f"/pujk/layanan/{walk.ticket}")
        page.get_by_role("link", name="Usulkan penyelesaian ke OJK").click()
        page.select_option("#kind", "monetary-relief")
        page.check("#answer_1-granted")
        page.fill("#amount_1", "Rp1.500.000")
        page.fill("#promised_1", (datetime.now(UTC) + timedelta(days=60)).date().isoformat())
        page.fill("#why_1", "Rekaman ATM: uang tidak keluar pada 3 Maret.")
        page.check("#answer_2-granted")
        page.fill("#text", "Saldo dikembalikan. Selisih kas ATM baru ditemukan pada penutupan bulan.")
        film = FilePayload(name="rekaman-atm.pdf", mimeType="application/pdf", buffer=papers.pdf())
        page.set_input_files("#attachments", film)
        page.get_by_role("button", name="Lanjut").click()
        expect(page.get_by_text("Rp1.500.000").first).to_be_visible()
        page.get_by_role("group", name="Bukti untuk tuntutan 1").get_by_label("rekaman-atm.pdf").check()
        page.get_by_role("button", name="Ya, usulkan").scroll_into_view_if_needed()
        walk.picture("usul")
        page.get_by_role("button", name="Ya, usulkan").click()
        walk.told("Usulan dikirim ke OJK.")
        expect(page.get_by_text("Rekaman ATM: uang tidak keluar pada 3 Maret.")).to_be_visible()


def test_ojk_menerima_usulan(walk: Walk, running: Suite) -> None:
    with a_page(walk.browser, running, viewport=DESK) as page:
        log_in(page, let_in(running, "Putu Wulandari", "decider"))
        page.goto(f"/desk/cases/{walk.ticket}")
        page.get_by_role("link", name="Terima usulan").click()
        page.get_by_role("button", name="Ya, terima").click()
        expect(page.get_by_role("status")).to_contain_text("Usulan diterima")
    walk.page = walk.own
    walk.page.goto(f"/pujk/layanan/{walk.ticket}")
    walk.page.get_by_role("heading", name="Riwayat Tindak Lanjut").scroll_into_view_if_needed()
    walk.picture("sesudah")


def test_the_guide_shows_every_heading_of_the_walk_to_anybody(walk: Walk, running: Suite, browser: Browser) -> None:
    assert sorted(one.stem for one in walk.folder.glob("*.jpg")) == sorted(PICTURES), "one picture for each heading"
    assert walk.grave == []
    for screen in ({"viewport": PHONE, "color_scheme": "dark"}, {"viewport": DESK, "locale": "en-GB"}):
        with a_page(browser, running, **screen) as page:
            page.goto("/pujk/panduan")
            assert is_for_everybody(page) == []
            expect(page.locator("section.guide-part img")).to_have_count(len(PICTURES))
            if os.environ.get("GUIDE"):
                page.goto("/pujk/panduan?lang=id")
                walk.print_page(page, PDF)
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(PDF.read_bytes())).pages)
    told = re.sub(r"\s+", "", normalize("NFKC", text))
    for part in TEXTS["parts"]:
        assert (FOLDER / f"{part['picture']}.jpg").is_file()
        for line in (part["title"]["id"], *part["steps"]["id"]):
            assert re.sub(r"\s+", "", line) in told, f"make guide: the PDF does not say {line!r}"
