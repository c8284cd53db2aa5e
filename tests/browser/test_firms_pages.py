"""Does OJK's administrator get a firm in, with one log-in for all services: three people, their letters, an end?"""

import re
from pathlib import Path
from uuid import uuid4

import pytest
from kit.browser import PHONE, a_page, is_for_everybody, let_in, log_in
from kit.running import Suite
from playwright.sync_api import Browser, Page, expect

SEATS = {"product": "Siti Nurhaliza", "service": "Budi Santoso", "deciding": "Dewi Lestari"}


def onboard(page: Page, code: str) -> None:
    page.goto("/desk/firms")
    page.get_by_role("link", name="Daftarkan PUJK").click()
    page.fill("#pujk", code)
    page.fill("#firm", "PT Bank Contoh Sejahtera Tbk")
    page.fill("#address", "Jl. Jenderal Sudirman Kav. 25\nJakarta Selatan 12920")
    for seat, name in SEATS.items():
        page.fill(f"#name_{seat}", name)
        page.fill(f"#position_{seat}", "Kepala Divisi")
    page.get_by_role("button", name="Daftarkan").click()
    # No ticket ever went there: a slip of the finger would make a firm that never gets one.
    page.fill("#pujk_again", code)
    page.get_by_role("button", name="Daftarkan").click()
    expect(page.get_by_role("status")).to_contain_text("surat rahasia")


def test_one_log_in_opens_the_gateways_pages_and_a_firm_comes_in(
    running: Suite, browser: Browser, tmp_path: Path
) -> None:
    person, code = let_in(running, "Made Wirawan", "administrator"), f"BANK-{uuid4().hex[:6].upper()}"
    with a_page(browser, running, viewport=PHONE) as page:
        page.goto("/desk/firms")
        assert re.search(r"/staff/log-in\?to=", page.url), "nobody is in yet"
        log_in(page, person)
        onboard(page, code)
        assert is_for_everybody(page) == []
        page.locator("a[data-dialog$=deciding-1-letter]").click()
        assert is_for_everybody(page) == []
        with page.expect_download() as letter:
            page.get_by_role("button", name="Ya, buat surat baru").click()
        letter.value.save_as(tmp_path / "letter.pdf")
        assert (tmp_path / "letter.pdf").read_bytes().startswith(b"%PDF")
        # The page stays: its dialog closes by itself, and can be asked again.
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(page.locator("a[data-dialog$=deciding-1-letter]")).to_be_focused()
        page.keyboard.press("Enter")
        box = page.get_by_role("dialog").bounding_box()
        assert box and box["y"] > 40 and box["y"] + box["height"] < PHONE["height"] - 40, "in the middle"
        with page.expect_download():
            page.get_by_role("button", name="Ya, buat surat baru").click()
        page.goto(f"/desk/firms/{code}")
        expect(page.get_by_text(f"S-2/{code}/SLKT/")).to_be_visible()
        page.goto(f"/desk/firms/{code}/seats/service")
        # The pass runs out while the form is filled in: nobody types it twice.
        page.context.clear_cookies(name=re.compile("slkt-(pass|entered)"))
        page.fill("#name", "Ani Wijaya")
        page.fill("#position", "Kepala Bagian")
        page.get_by_role("button", name="Ganti sekarang").click()
        expect(page.get_by_text("Ani Wijaya")).to_be_visible()
        page.get_by_role("button", name="Keluar", exact=True).click()
        page.wait_for_url("**/staff/log-in")
        page.goto(f"/desk/firms/{code}")
        assert re.search(r"/staff/log-in\?to=", page.url), "who is out is out everywhere"


@pytest.mark.long
def test_an_officers_account_ends_on_a_day(running: Suite, browser: Browser) -> None:
    person, code = let_in(running, "Gede Putra", "administrator"), f"BANK-{uuid4().hex[:6].upper()}"
    with a_page(browser, running) as page:
        log_in(page, person)
        onboard(page, code)
        page.locator("a[data-dialog$=service-1-expiry]").click()
        dialog = page.get_by_role("dialog")
        assert is_for_everybody(page) == []
        dialog.get_by_label("Berlaku sampai").fill("2020-01-31")
        dialog.get_by_role("button", name="Ya, simpan").click()
        expect(page.locator("#expires-wrong")).to_contain_text("sepuluh tahun ke depan")
        assert is_for_everybody(page) == []
        page.fill("#expires", "2031-01-31")
        page.get_by_role("button", name="Ya, simpan").click()
        expect(page.get_by_role("status")).to_have_text("Masa berlaku sudah disimpan.")
        expect(page.get_by_text("31 Januari 2031")).to_have_count(1)
        page.goto(f"/desk/firms/{code}/seats/service")
        page.fill("#name", "Ani\u0007Wijaya")
        page.fill("#position", "Kepala Bagian")
        page.get_by_role("button", name="Ganti sekarang").click()
        expect(page.locator("#name-wrong")).to_contain_text("karakter kendali")


@pytest.mark.long
def test_without_a_script_a_firm_is_looked_up_and_leaves(running: Suite, browser: Browser) -> None:
    person, code = let_in(running, "Komang Adi", "administrator"), f"BANK-{uuid4().hex[:6].upper()}"
    with a_page(browser, running, java_script_enabled=False) as page:
        log_in(page, person)
        onboard(page, code)
        page.goto(f"/desk/firms?q={code.lower()}&state=onboarded")
        page.get_by_role("link", name="PT Bank Contoh Sejahtera Tbk").click()
        cases = running.mongo["pujk_gateway"]["cases"]
        cases.insert_one({"_id": code, "state": {"listed": {"pujk": code, "kind": "complaint", "rank": 1}}})
        page.get_by_role("link", name="Keluarkan").click()
        cases.delete_one({"_id": code})
        expect(page.get_by_text("Masih ada 1 layanan terbuka")).to_be_visible()
        page.get_by_role("button", name="Ya, keluarkan").click()
        expect(page.get_by_role("status")).to_have_text("PUJK dikeluarkan.")
        assert page.get_by_role("link", name="Buat surat rahasia").count() == 0
        seated = page.locator("dd").filter(has_text=re.compile(f"^{code.lower()}-product-\\d+$")).first.inner_text()
        for refused in ("seats/product", "leave", f"people/{seated}/unlock", "systems/broker"):
            page.goto(f"/desk/firms/{code}/{refused}")
            expect(page.get_by_role("heading", level=1)).to_have_text("Keadaan sudah berubah")


def test_a_firms_systems_are_connected_and_nothing_is_made_twice(running: Suite, browser: Browser) -> None:
    person, code = let_in(running, "Wayan Dharma", "administrator"), f"BANK-{uuid4().hex[:6].upper()}"
    with a_page(browser, running, viewport=PHONE) as page:
        log_in(page, person)
        onboard(page, code)
        page.get_by_role("link", name="Hubungkan sistem PUJK").click()
        page.get_by_role("link", name="Buat akses antrean").click()
        page.get_by_role("button", name="Ya, buat").click()
        expect(page.get_by_text(f"pujk-{code.lower()}")).to_be_visible()
        page.reload()
        expect(page.get_by_role("status")).to_contain_text("tidak ada yang dibuat lagi")
        # The worker makes queues in a moment; until then the page says to wait.
        for _ in range(40):
            page.get_by_role("button", name="Pakai antrean").click()
            if page.get_by_role("status").count():
                break
        expect(page.get_by_text("Tiket dan kabar dikirim ke antrean PUJK.")).to_be_visible()
        page.get_by_role("link", name="Berhenti memakai antrean").click()
        assert is_for_everybody(page) == []
        page.get_by_role("link", name="Tidak").or_(page.get_by_role("button", name="Tidak")).first.click()
        expect(page.get_by_text("Tiket dan kabar dikirim ke antrean PUJK.")).to_be_visible()
        page.fill("#system", "Sistem pengaduan")
        page.get_by_role("button", name="Tambah").click()
        told = page.locator(".once").inner_text()
        assert is_for_everybody(page) == []
        page.get_by_role("link", name="Kembali").click()
        assert told not in page.content(), "a secret is told once"
        assert is_for_everybody(page) == []
        page.get_by_role("link", name="Buat rahasia lagi").click()
        page.get_by_role("button", name="Ya, buat").click()
        page.get_by_role("link", name="Kembali").click()
        page.get_by_role("link", name="Cabut").last.click()
        page.get_by_role("button", name="Ya, cabut").click()
        expect(page.get_by_text("Dicabut", exact=True)).to_be_visible()
        page.get_by_role("link", name="Hapus sistem").click()
        page.get_by_role("button", name="Ya, hapus").click()
        expect(page.get_by_role("status")).to_have_text("Sistem dihapus.")


def test_who_is_no_administrator_reads_why_not(running: Suite, browser: Browser) -> None:
    with a_page(browser, running) as page:
        log_in(page, let_in(running, "Ketut Sari", "cso"))
        page.goto("/desk/firms")
        expect(page.get_by_role("heading", level=1)).to_have_text("Tidak diizinkan")
        assert page.get_by_role("navigation").get_by_role("link", name="PUJK").count() == 0
