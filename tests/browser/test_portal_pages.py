"""Do a firm's people get their work done, from the list to the proposal: on a phone, at a desk, without a script? Is
a stale form told what changed?"""

import asyncio
import csv
import io
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from contracts.numbers import shown
from kit.browser import PHONE, Somebody, a_page, is_for_everybody, let_in, log_in
from kit.running import Suite, eventually
from playwright.sync_api import Browser, Page, expect

FIRM = "BANK-008"
#: The desk is walked by test_leaflet.py.
PHONE_AT_NIGHT = {"viewport": PHONE, "color_scheme": "dark"}


def brought(running: Suite, **but: Any) -> str:
    """A ticket that stands in the firm's list."""
    private = {"demands": ["Kembalikan saldo saya.", "Perbaiki catatan saya."]}
    about: dict[str, Any] = {"pujk": {"name": "BANK MANDIRI"}, "demands": [{"amount": 750_000}, {}], "private": private}
    number = str(running.bring(**about, **but)["number"])
    cases = running.mongo["pujk_gateway"]["cases"]
    wanted = {"_id": number, "state.listed.pujk": FIRM}
    listed = eventually(lambda: cases.count_documents(wanted), f"{number} is listed")
    with ThreadPoolExecutor(1) as aside:
        # This thread's event loop is the browser's.
        aside.submit(asyncio.run, listed).result()
    return number


@pytest.fixture
def siti(running: Suite) -> Somebody:
    return let_in(running, "Siti Nurhaliza", "service", firm=FIRM)


def told(page: Page, text: str) -> None:
    expect(page.get_by_role("status")).to_have_text(text)


def test_from_the_list_to_the_proposal_on_a_phone(running: Suite, browser: Browser, siti: Somebody) -> None:
    number, found = brought(running), []
    written = shown(number, "complaint")
    with a_page(browser, running, **PHONE_AT_NIGHT) as page:
        log_in(page, siti, "/pujk")
        found += is_for_everybody(page)
        page.fill("#nomor", written.lower())
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text(written)
        page.get_by_role("navigation").get_by_role("link", name="Pengaduan", exact=True).click()
        found += is_for_everybody(page)
        page.goto("/pujk/pengaduan?sort=received&down=1")
        page.get_by_role("link", name=written).click()
        expect(page.get_by_text("Saldo tabungan saya berkurang")).to_be_visible()
        page.get_by_text("Hitungan hari demi hari").click()
        expect(page.get_by_text("hari kerja ke-10")).to_be_visible()
        found += is_for_everybody(page)
        page.get_by_role("link", name="Ambil alih layanan ini").press("Enter")
        page.get_by_role("dialog").get_by_role("button", name="Ya").press("Enter")
        told(page, "Layanan ini sekarang Anda tangani.")
        page.get_by_role("link", name="Tambah tindak lanjut").click()
        found += is_for_everybody(page)
        page.select_option("#kind", "contacted-consumer")
        page.fill("#text", "Konsumen dihubungi.")
        page.get_by_role("dialog").get_by_role("button", name="Tambah").click()
        told(page, "Tindak lanjut ditambahkan.")
        expect(page.get_by_text("Konsumen dihubungi.")).to_be_visible()
        assert page.get_by_role("link", name="Usulkan penyelesaian").count() == 0, "it takes the deciding seat"
        page.goto(f"/pujk/layanan/{number}/usul")
        expect(page.get_by_role("heading", level=1)).to_have_text("Tidak diizinkan")
    with a_page(browser, running, **PHONE_AT_NIGHT) as page:
        log_in(page, let_in(running, "Dewi Lestari", "deciding", firm=FIRM), "/pujk")
        page.goto(f"/pujk/layanan/{number}")
        page.get_by_role("link", name="Usulkan penyelesaian ke OJK").click()
        page.select_option("#kind", "monetary-relief")
        page.check("#answer_1-granted")
        page.fill("#amount_1", "Rp750.000")
        page.check("#answer_2-refused")
        page.fill("#amount_2", "sedikit")
        page.fill("#text", "Saldo dikembalikan setelah pemeriksaan.")
        page.get_by_role("button", name="Lanjut").click()
        expect(page.locator("#amount_2")).to_be_focused()
        found += is_for_everybody(page)
        page.fill("#amount_2", "")
        expect(page.locator("#promised_1-wrong")).to_have_text(re.compile("Tulis sampai kapan uangnya dibayar"))
        page.fill("#promised_1", (datetime.now(UTC) + timedelta(days=9)).date().isoformat())
        page.get_by_role("button", name="Lanjut").click()
        expect(page.get_by_text("Penggantian uang, Rp750.000")).to_be_visible()
        found += is_for_everybody(page)
        page.get_by_role("button", name="Tidak").click()
        expect(page.locator("#text")).to_have_value("Saldo dikembalikan setelah pemeriksaan.")
        page.get_by_role("button", name="Lanjut").click()
        page.get_by_role("button", name="Ya, usulkan").click()
        told(page, "Usulan dikirim ke OJK.")
        found += is_for_everybody(page)
    assert found == []
    proposal = (running.mongo["pujk_gateway"]["cases"].find_one({"_id": number}) or {})["state"]["proposals"][0]
    assert (proposal["amount"], [one["answer"] for one in proposal["answers"]]) == (750_000, ["granted", "refused"])


@pytest.mark.long
def test_without_a_script_a_stale_form_tells_what_changed_and_keeps_what_was_typed(
    running: Suite, browser: Browser, siti: Somebody
) -> None:
    number = brought(running)
    with a_page(browser, running, java_script_enabled=False) as page:
        log_in(page, siti, "/pujk")
        page.goto(f"/pujk/layanan/{number}")
        page.get_by_role("link", name="Ambil alih layanan ini").click()
        page.get_by_role("button", name="Ya").click()
        page.get_by_role("link", name="Tambah tindak lanjut").click()
        page.select_option("#kind", "visit")
        page.fill("#text", "Kunjungan ke rumah konsumen.")
        meanwhile = page.context.new_page()
        meanwhile.goto(f"/pujk/layanan/{number}/minta-dokumen")
        meanwhile.fill("#text", "Salinan mutasi rekening.")
        meanwhile.get_by_role("button", name="Lanjut").click()
        meanwhile.get_by_role("button", name="Ya").click()
        told(meanwhile, "Permintaan dikirim kepada konsumen.")
        page.get_by_role("button", name="Tambah").click()
        expect(page.get_by_role("region", name="Yang terjadi sejak itu")).to_contain_text("Dokumen konsumen diminta")
        expect(page.locator("#text")).to_have_value("Kunjungan ke rumah konsumen.")
        page.get_by_role("button", name="Tambah").click()
        told(page, "Tindak lanjut ditambahkan.")
        expect(page.locator(".badges")).to_contain_text("Menunggu dokumen")
        page.get_by_role("link", name="Dokumen sudah diterima").click()
        page.get_by_role("button", name="Ya").click()
        told(page, "Batas waktu berjalan lagi.")
        page.get_by_role("link", name="Lepas layanan ini").click()
        page.get_by_role("button", name="Ya").click()
        told(page, "Layanan ini tidak lagi Anda tangani.")


def test_a_list_is_filtered_downloaded_and_looks_again_by_itself(
    running: Suite, browser: Browser, siti: Somebody
) -> None:
    number = brought(running, kind="indication")
    with a_page(browser, running) as page:
        log_in(page, siti, "/pujk")
        page.goto("/pujk/indikasi?day=31&month=2")
        expect(page.get_by_role("alert")).to_contain_text("tidak ada di kalender")
        page.goto("/pujk/indikasi")
        page.get_by_text("Saringan lain").click()
        page.select_option("#product", "savings")
        page.select_option("#holder", "-")
        page.get_by_role("button", name="Proses").click()
        row = page.get_by_role("link", name=shown(number, "indication"))
        expect(row).to_be_visible()
        with page.expect_download() as file:
            page.get_by_role("link", name="CSV").click()
        lines = list(csv.reader(io.StringIO(file.value.path().read_text(encoding="utf-8-sig"))))
        assert [lines[0][0], len({len(line) for line in lines})] == ["Nomor", 1]
        assert shown(number, "indication") in [line[0] for line in lines] and "Sari Dewi" not in str(lines)
        with page.expect_download() as file:
            page.get_by_role("link", name="XLSX").click()
        assert file.value.path().read_bytes().startswith(b"PK")
        # Whoever looks away and back need not wait.
        with page.expect_response(re.compile("/terbaru")) as first:
            page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        with page.expect_response(re.compile("/terbaru")) as second:
            page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        assert (first.value.status, second.value.status) == (200, 304)
        another = brought(running, kind="indication")
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(page.get_by_role("link", name=shown(another, "indication"))).to_be_visible()
