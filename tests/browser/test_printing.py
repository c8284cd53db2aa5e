"""Does a printed page show all that its screen shows? And does whoever may open a matter find the way to it?"""

import io

import pypdf
import pytest
from browser.test_portal_pages import FIRM, brought
from contracts.numbers import shown
from kit.browser import a_page, is_for_everybody, let_in, log_in
from kit.running import Suite
from playwright.sync_api import Browser, Page, ViewportSize, expect

#: A4, portrait, between its margins.
SHEET: ViewportSize = {"width": 718, "height": 1000}
WIDER = """() => [...document.querySelectorAll('.table-box, main')]
    .filter(one => one.scrollWidth > one.clientWidth + 1).map(one => one.className)"""


def printed(page: Page) -> str:
    page.set_viewport_size(SHEET)
    page.emulate_media(media="print")
    assert page.evaluate(WIDER) == []
    sheets = pypdf.PdfReader(io.BytesIO(page.pdf(format="A4"))).pages
    return " ".join(" ".join(one.extract_text() for one in sheets).split())


def test_a_table_is_printed_with_all_its_columns_and_no_form(running: Suite, browser: Browser) -> None:
    written = shown(brought(running), "complaint")
    with a_page(browser, running) as page:
        log_in(page, let_in(running, "Ketut Arsip", "auditor"))
        page.goto("/desk/audit/intake")
        heads = page.locator("thead th").all_inner_texts()
        assert len(heads) == 6
        text = printed(page)
        assert [one for one in heads if one not in text] == []
        assert text.count("selesai") >= 10, "what came of each"
        assert "Urutan" not in text and "Cari" not in text
    with a_page(browser, running) as page:
        log_in(page, let_in(running, "Siti Aminah", "service", firm=FIRM), "/pujk")
        page.goto("/pujk/pengaduan?sort=received&down=1")
        heads = [one.split("\n")[0].strip(" ▲▼↕") for one in page.locator("thead th").all_inner_texts()]
        text = printed(page)
        assert [one for one in heads if one not in text] == []
        assert written.split()[-1] in text and "Cari" not in text


@pytest.mark.long
def test_a_cso_finds_a_matter_at_its_firm_and_the_way_back(running: Suite, browser: Browser) -> None:
    written = shown(brought(running), "complaint")
    for name, role in (("Made Ramah", "cso"), ("Nyoman Saksama", "qa")):
        with a_page(browser, running) as page:
            log_in(page, let_in(running, name, role))
            page.get_by_role("navigation").get_by_role("link", name="Usulan").click()
            expect(page.get_by_role("heading", level=1)).to_have_text("Cari perkara dengan nomornya")
            page.fill("#number", "12")
            page.get_by_role("button", name="Buka").click()
            expect(page.get_by_role("alert")).to_be_visible()
            assert is_for_everybody(page) == [] and page.locator("table").count() == 0
            page.fill("#number", written)
            page.get_by_role("button", name="Buka").click()
            expect(page.get_by_role("heading", name=written)).to_be_visible()
            page.get_by_role("link", name="Cari perkara").click()
            expect(page.locator("#number")).to_be_visible()
