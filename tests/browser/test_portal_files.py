"""Do a firm's people bring files with what they do, see what is not taken of them, and open what is there?"""

from pathlib import Path

from browser.test_portal_pages import FIRM, brought, told
from kit import papers
from kit.browser import PHONE, a_page, is_for_everybody, let_in, log_in
from kit.browser import browser as browser
from kit.running import Suite
from playwright.sync_api import Browser, FilePayload, expect


def file(name: str, content: bytes) -> FilePayload:
    return FilePayload(name=name, mimeType="application/octet-stream", buffer=content)


def test_a_follow_up_and_a_proposal_bring_files(running: Suite, browser: Browser, tmp_path: Path) -> None:
    number, found = brought(running), []
    letter, large, program = papers.pdf(), tmp_path / "besar.pdf", b"MZ\x90\0" + b"\0" * 9_000
    large.write_bytes(papers.pdf(10 * 2**20 + 1))
    with a_page(browser, running, viewport=PHONE) as page:
        log_in(page, let_in(running, "Dewi Lestari", "deciding", firm=FIRM), "/pujk")
        page.goto(f"/pujk/layanan/{number}/ambil-alih")
        page.get_by_role("button", name="Ya").click()
        page.get_by_role("link", name="Tambah tindak lanjut").click()
        page.select_option("#kind", "contacted-consumer")
        page.fill("#text", "Konsumen dihubungi.")
        page.set_input_files(
            "#attachments", [file("alat.pdf", program), file("surat.pdf", letter), file("foto.png", program)]
        )
        found += is_for_everybody(page)
        page.get_by_role("dialog").get_by_role("button", name="Tambah").click()
        # One that is not taken keeps no other out.
        for name in ("alat.pdf", "foto.png"):
            expect(page.locator("#attachments-wrong")).to_contain_text(f"{name} bukan foto")
        expect(page.locator("#text")).to_have_value("Konsumen dihubungi.")
        expect(page.get_by_label("surat.pdf")).to_be_checked()
        found += is_for_everybody(page)
        page.set_input_files("#attachments", large)
        page.get_by_role("button", name="Tambah").click()
        expect(page.locator("#attachments-wrong")).to_contain_text(
            "besar.pdf terlalu besar; satu berkas paling besar 10 MB"
        )
        page.get_by_role("button", name="Tambah").click()
        told(page, "Tindak lanjut ditambahkan.")
        with page.expect_download() as opened:
            page.locator(".history").get_by_role("link", name="surat.pdf").click()
        assert opened.value.path().read_bytes() == letter
        expect(page.locator(".history")).to_contain_text("tidak diperiksa")
        found += is_for_everybody(page)
        page.get_by_role("link", name="Usulkan penyelesaian ke OJK").click()
        page.select_option("#kind", "explanation")
        page.check("#answer_1-refused")
        page.check("#answer_2-refused")
        page.fill("#text", "Transaksi dilakukan oleh konsumen.")
        page.set_input_files("#attachments", file("mutasi.pdf", papers.pdf()))
        page.get_by_role("button", name="Lanjut").click()
        expect(page.get_by_role("list", name="Lampiran")).to_contain_text("mutasi.pdf")
        page.get_by_role("button", name="Tidak").click()
        expect(page.locator("input[name=attached]")).to_be_checked()
        page.get_by_role("button", name="Lanjut").click()
        page.get_by_role("button", name="Ya, usulkan").click()
        told(page, "Usulan dikirim ke OJK.")
        expect(page.get_by_role("region", name="Usulan").get_by_role("link", name="mutasi.pdf")).to_be_visible()
    assert found == []
    state = (running.mongo["pujk_gateway"]["cases"].find_one({"_id": number}) or {})["state"]
    ids = [one["id"] for one in state["files"]]
    assert (state["entries"][2]["attachments"], state["proposals"][0]["attachments"]) == (ids[:1], ids[1:])
    assert "surat" not in str(state)
