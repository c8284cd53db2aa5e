"""Does a decider bring both sides together, and does the firm say what it thinks and keep its promise, page by page?"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from contracts.numbers import shown
from e2e.test_disputes import FIRMS_WORDS, Dispute, later
from e2e.test_firm_acts import people as people
from kit.browser import DESK, PHONE, a_page, is_for_everybody, let_in, log_in
from kit.browser import browser as browser
from kit.running import Suite
from playwright.sync_api import Browser, Page, expect


def objected(running: Suite, people: dict[str, Any], **but: Any) -> Dispute:
    """A browser's thread runs no other event loop."""
    dispute = Dispute(running, running.bring(**but), people)
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, dispute.objected()).result()
    return dispute


def wide(page: Page, on: bool) -> None:
    size = DESK if on else PHONE
    page.set_viewport_size({"width": size["width"], "height": size["height"]})


def test_both_are_brought_together_and_what_ojk_may_not_settle_goes_to_laps_sjk(
    running: Suite, people: dict[str, Any], browser: Browser
) -> None:
    dispute, found = objected(running, people, loss=12_500_000), list[str]()
    number = shown(dispute.number, "complaint")
    with a_page(browser, running) as ojk, a_page(browser, running, viewport=PHONE) as firm:
        log_in(ojk, let_in(running, "Putu Wulandari", "decider"))
        log_in(firm, let_in(running, "Siti Nurhaliza", "service", firm="BANK-002"), "/pujk")
        ojk.goto("/desk/cases?queue=objected")
        found += is_for_everybody(ojk)
        ojk.get_by_role("link", name=number).click()
        expect(ojk.get_by_text("Saya belum menerima seluruh uang saya.").first).to_be_visible()
        ojk.goto(dispute.place)
        wide(ojk, False)
        ojk.get_by_role("link", name="Buka fasilitasi").click()
        found += is_for_everybody(ojk)
        ojk.get_by_role("dialog").get_by_role("button", name="Ya").click()
        expect(ojk.get_by_role("status")).to_be_visible()

        firm.goto(f"/pujk/layanan/{dispute.number}")
        found += is_for_everybody(firm)
        firm.get_by_role("link", name="Sampaikan tanggapan").click()
        ojk.select_option("#kind", "session-planned")
        ojk.fill("#on", later(3))
        ojk.fill("#at", "10:00")
        ojk.fill("#text", "Daring; tautan dikirim lewat surel.")
        ojk.get_by_role("button", name="Simpan langkah").click()
        expect(ojk.get_by_role("status")).to_be_visible()
        found += is_for_everybody(ojk)
        firm.fill("#text", FIRMS_WORDS)
        firm.get_by_role("button", name="Lanjut").click()
        firm.get_by_role("button", name="Ya").click()
        expect(firm.get_by_role("region", name="Yang terjadi sejak itu")).to_contain_text("Pertemuan dijadwalkan")
        firm.get_by_role("button", name="Lanjut").click()
        found += is_for_everybody(firm)
        firm.get_by_role("button", name="Ya").click()
        expect(firm.get_by_role("status")).to_be_visible()
        wide(firm, True)

        ojk.goto(dispute.place)
        expect(ojk.get_by_text(FIRMS_WORDS)).to_be_visible()
        wide(ojk, True)
        found += is_for_everybody(ojk)
        ojk.select_option("#outcome", "settled")
        ojk.fill("#terms", "PUJK membayar Rp500.000 dalam lima hari.")
        ojk.fill("#promised_0", later(5))
        ojk.fill("#amount_0", "500000")
        ojk.get_by_role("button", name="Lanjut").click()
        found += is_for_everybody(ojk)
        ojk.get_by_role("button", name="Ya").click()
        expect(ojk.get_by_role("status")).to_be_visible()

        firm.goto("/pujk/pengaduan?state=owed")
        expect(firm.get_by_role("row").filter(has_text=number)).to_contain_text("Janji berjalan")
        wide(firm, False)
        firm.goto(f"/pujk/layanan/{dispute.number}")
        firm.get_by_role("link", name="Ambil alih layanan ini").click()
        firm.get_by_role("dialog").get_by_role("button", name="Ya").click()
        found += is_for_everybody(firm)
        firm.get_by_role("link", name="Nyatakan janji sudah dipenuhi").click()
        found += is_for_everybody(firm)
        firm.fill("#text", "Ditransfer hari ini pukul 10.00.")
        firm.get_by_role("button", name="Ya, sudah dipenuhi").click()
        expect(firm.get_by_role("status")).to_be_visible()
        found += is_for_everybody(firm)
        _sent_to_laps(objected(running, people, loss=600_000_000), ojk, firm, found)
    assert found == []


def _sent_to_laps(dispute: Dispute, page: Page, firm: Page, found: list[str]) -> None:
    """Over the limit: the clock of LAPS SJK explains itself, and the firm reads where its dispute is."""
    page.goto(dispute.place)
    expect(page.get_by_text("OJK tidak dapat memfasilitasi")).to_be_visible()
    page.get_by_role("link", name="Kirim ke LAPS SJK").click()
    page.get_by_role("dialog").get_by_role("button", name="Ya").click()
    expect(page.get_by_role("status")).to_be_visible()
    page.get_by_text("Hitungan hari demi hari").click()
    found += is_for_everybody(page)
    with page.expect_download() as file:
        page.get_by_role("link", name="Unduh berkas").click()
    assert file.value.suggested_filename == f"laps-{dispute.number}.zip"
    wide(page, False)
    found += is_for_everybody(page)
    page.goto("/desk/cases?queue=at-laps")
    found += is_for_everybody(page)
    firm.goto(f"/pujk/layanan/{dispute.number}")
    found += is_for_everybody(firm)
