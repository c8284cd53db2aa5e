"""Does OJK see how the whole is doing, and everybody the totals: what was brought by the door stands in the figures."""

import csv
import io
import re

from kit.browser import PHONE, a_page, is_for_everybody, let_in, log_in
from kit.running import Suite
from playwright.sync_api import Browser, Page, expect
from slkt_local.waiting import wait_until


def counted(page: Page, what: str) -> int:
    """The number beside a line of the first table."""
    row = page.locator("table").first.get_by_role("row").filter(has=page.get_by_role("rowheader", name=what))
    return int(re.sub(r"\D", "", row.get_by_role("cell").first.inner_text()))


def complaints(running: Suite) -> int:
    """As a program of OJK's is told."""
    answer = running.http.get(f"{running.url('tracking')}/statistics", headers=running.staff("qa"))
    return int(next(one["count"] for one in answer.raise_for_status().json()["kinds"] if one["code"] == "complaint"))


def test_what_was_brought_stands_in_the_figures_of_this_year(running: Suite, browser: Browser) -> None:
    before = complaints(running)
    for _ in range(3):
        running.bring()
    wait_until(lambda: complaints(running) >= before + 3, what="the figures follow", timeout_seconds=60)
    with a_page(browser, running) as page:
        log_in(page, let_in(running, "Sari Penyelia", "supervisor"))
        page.get_by_role("navigation").get_by_role("link", name="Statistik").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Statistik layanan")
        assert counted(page, "Pengaduan") >= before + 3
        expect(page.get_by_role("img", name="Dari bulan ke bulan")).to_be_visible()
        assert is_for_everybody(page) == []
        with page.expect_download() as taken:
            page.get_by_role("link", name="Unduh CSV").click()
        lines = csv.DictReader(io.StringIO(taken.value.path().read_text("utf-8-sig")))
        kinds = {line["code"]: line["total"] for line in lines if line["table"] == "kind"}
        assert int(kinds["complaint"]) >= before + 3
        page.get_by_text("Pilih kurun waktu lain").click()
        page.get_by_label("Tahun", exact=True).select_option("2013")
        page.get_by_label("Bagian tahun").select_option(label="Triwulan 2")
        page.get_by_role("button", name="Tampilkan").first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Triwulan 2 2013")
        expect(page.get_by_text("Tidak ada layanan yang diterima")).to_be_visible()
        page.goto("/desk/statistics?from=2026-03-02&to=2026-03-01")
        expect(page.locator("#to-wrong")).to_contain_text("lebih awal")
        assert is_for_everybody(page) == []
    for but in ({"viewport": PHONE}, {"viewport": PHONE, "color_scheme": "dark", "java_script_enabled": False}):
        with a_page(browser, running, **but) as page:
            page.goto("/statistik")
            expect(page.get_by_role("heading", level=1)).to_contain_text("Layanan konsumen dalam angka")
            # What was brought today is told when its month is over.
            expect(page.get_by_text("ditampilkan mulai 1 ").first).to_be_visible()
            expect(page.get_by_role("table")).to_have_count(0)
            page.get_by_text("Pilih kurun waktu lain").click()
            assert "Triwulan" not in page.get_by_label("Bagian tahun").inner_text()
            if "color_scheme" not in but:
                assert is_for_everybody(page) == []
