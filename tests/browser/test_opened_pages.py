"""What is masked is opened with a reason that the history tells; who lost a ticket to a colleague is told; OJK sees
everything of a matter on one page."""

from browser.test_portal_pages import FIRM, brought
from kit.browser import PHONE, a_page, is_for_everybody, let_in, log_in
from kit.browser import browser as browser
from kit.running import Suite
from playwright.sync_api import Browser, Page, expect

NIK, MAIL = "3171014501900001", "sari-"
WHY = "Memastikan nasabah yang dimaksud."


def opens(page: Page, found: list[str], at: str) -> None:
    """From the page of a matter: what nobody chose is told, what was chosen is shown there and nowhere else."""
    expect(page.get_by_text("***0001", exact=True)).to_be_visible()
    assert NIK not in page.content()
    page.get_by_role("link", name="Buka data").click()
    page.get_by_role("dialog").get_by_label("Alasan").fill(WHY)
    page.get_by_role("dialog").get_by_role("button", name="Buka data").click()
    expect(page.locator("#fields-wrong")).to_contain_text("Pilih paling sedikit satu")
    found += is_for_everybody(page)
    page.get_by_label("NIK").check()
    page.get_by_role("button", name="Buka data").click()
    expect(page.get_by_text(NIK)).to_be_visible()
    expect(page.get_by_text("***@example.org")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("Data dibuka dan tercatat di riwayat.")
    found += is_for_everybody(page)
    page.get_by_role("link", name="Samarkan lagi").click()
    expect(page.get_by_text("***0001", exact=True)).to_be_visible()
    assert NIK not in page.content()
    expect(page.locator("#history").locator("..")).to_contain_text("Data pribadi dibuka: NIK")
    expect(page.get_by_text(WHY).first).to_be_visible()


def test_what_is_opened_stands_in_the_history_and_who_lost_a_ticket_is_told(running: Suite, browser: Browser) -> None:
    number, found = brought(running), list[str]()
    siti, dewi = (
        let_in(running, name, seat, firm=FIRM) for name, seat in (("Siti N.", "service"), ("Dewi L.", "product"))
    )
    with a_page(browser, running) as page:
        log_in(page, siti, "/pujk")
        page.goto(f"/pujk/layanan/{number}")
        opens(page, found, "firm")
        page.goto(f"/pujk/layanan/{number}/ambil-alih")
        page.get_by_role("button", name="Ya").click()
        with a_page(browser, running, viewport=PHONE, java_script_enabled=False) as other:
            log_in(other, dewi, "/pujk")
            other.goto(f"/pujk/layanan/{number}")
            other.get_by_role("link", name="Ambil alih layanan ini").click()
            expect(other.get_by_text("Siti N.").first).to_be_visible()
            other.get_by_role("button", name="Ya").click()
            other.get_by_role("link", name="Buka data").click()
        page.goto("/pujk")
        expect(page.get_by_role("status")).to_contain_text("Dewi L. mengambil alih P")
        found += is_for_everybody(page)
        page.get_by_role("button", name="Mengerti").click()
        expect(page.get_by_role("status")).to_have_count(0)
    with a_page(browser, running) as page:
        log_in(page, let_in(running, "Rina K.", "decider"))
        page.goto(f"/desk/cases/{number}")
        expect(page.get_by_text("Saldo tabungan saya berkurang")).to_be_visible()
        expect(page.get_by_text("S*** D***", exact=True)).to_be_visible()
        expect(page.get_by_text("Data pribadi dibuka: NIK")).to_be_visible()
        opens(page, found, "ojk")
        page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
        found += is_for_everybody(page)
    assert found == []
    state = (running.mongo["pujk_gateway"]["cases"].find_one({"_id": number}) or {})["state"]
    views = [(one["by"], one["pujk"], one["opened"]) for one in state["entries"] if one["what"] == "data-viewed"]
    assert [(pujk, opened) for _, pujk, opened in views] == [(FIRM, ["consumer.nik"]), (None, ["consumer.nik"])]
    assert state["handed"] == []
