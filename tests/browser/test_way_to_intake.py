"""Can a consumer add a document and withdraw from the page of their matter? It leads to intake's with a permit for that
one act, and back; no PIN is asked for twice, and nothing is done that was not asked about."""

from base64 import b64decode
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from chassis.permits import Permit, Permits
from kit.browser import PHONE, WITHOUT_IN_SOAK, a_page, is_for_everybody
from kit.browser import browser as browser
from kit.running import Suite
from playwright.sync_api import Browser, Page, expect
from slkt_local.waiting import wait_until


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("ways")


def opens(page: Page, running: Suite, receipt: dict[str, str]) -> None:
    wait_until(lambda: bool(running.track(receipt)), what="the matter is on the page", timeout_seconds=20)
    page.goto("/")
    page.fill("#number", receipt["number"])
    page.fill("#pin", receipt["pin"])
    page.get_by_role("button", name="Lihat", exact=True).click()


@WITHOUT_IN_SOAK
def test_a_document_is_added_and_the_matter_withdrawn_from_its_page(
    running: Suite, browser: Browser, pictures: Path, script: bool
) -> None:
    receipt, found = running.bring(), list[str]()
    with a_page(browser, running, viewport=PHONE, java_script_enabled=script) as page:
        opens(page, running, receipt)
        if script:
            # By way of the entry, which passes the stream on as it comes.
            expect(page.get_by_text("Halaman ini diperbarui sendiri.")).to_be_visible()
        page.get_by_role("button", name="Tambah dokumen").click()
        expect(page.get_by_role("heading", name="Tambah dokumen")).to_be_visible()
        page.screenshot(path=pictures / f"file-{script}.png", full_page=True)
        found += is_for_everybody(page) if script else []
        page.set_input_files("#attachments", {"name": "bukti.exe", "mimeType": "image/png", "buffer": b"MZ\x90\0" * 99})
        page.get_by_role("button", name="Kirim dokumen").click()
        expect(page.get_by_text("“bukti.exe” tidak dapat diterima.").first).to_be_visible()
        text = b"Mutasi rekening bulan Maret"
        page.set_input_files("#attachments", {"name": "mutasi.txt", "mimeType": "text/plain", "buffer": text})
        page.get_by_role("button", name="Kirim dokumen").click()
        expect(page.get_by_role("status")).to_contain_text("mutasi.txt")
        page.screenshot(path=pictures / f"taken-{script}.png", full_page=True)
        page.get_by_role("link", name="Kembali ke layanan").first.click()
        wait_until(
            lambda: "intake.service-amended" in running.facts(receipt["number"]), what="said", timeout_seconds=20
        )
        page.reload()
        expect(page.get_by_text("Dokumen ditambahkan")).to_be_visible()
        page.get_by_role("button", name="Cabut layanan ini").click()
        expect(page.get_by_role("heading", name="Cabut layanan ini?")).to_be_visible()
        page.screenshot(path=pictures / f"end-{script}.png", full_page=True)
        found += is_for_everybody(page) if script else []
        page.get_by_role("link", name="Tidak, kembali").click()
        expect(page.get_by_text("Dokumen ditambahkan")).to_be_visible()
        page.get_by_role("button", name="Cabut layanan ini").click()
        page.get_by_role("button", name="Ya, cabut layanan ini").click()
        expect(page.get_by_role("heading", name="Permintaan Anda sudah kami terima")).to_be_visible()
        page.get_by_role("link", name="Kembali ke layanan").click()
        expect(
            page.get_by_role("button", name="Tambah dokumen").or_(page.get_by_text("Dicabut").first).first
        ).to_be_visible()
    said = running.facts(receipt["number"])
    assert said.count("intake.service-amended") == 1 and said.count("intake.withdrawal-asked") == 1
    assert found == []


def test_a_permit_leads_to_the_one_act_it_was_made_for(running: Suite) -> None:
    receipt, here = running.bring(), {"Sec-Fetch-Site": "same-origin"}
    ways = Permits(b64decode(running.stack.secrets.pin_key), "way to intake")
    soon, gone = datetime.now(UTC) + timedelta(minutes=5), datetime.now(UTC) - timedelta(minutes=1)

    def asks(place: str, permit: str, sure: str = "", headers: dict[str, str] = here) -> int:
        data = {"permit": permit, "sure": sure}
        return running.http.post(f"{running.url('intake')}/lapor/{place}", data=data, headers=headers).status_code

    attach, late = ways.made(Permit(receipt["number"], "attach", soon)), Permit(receipt["number"], "withdraw", gone)
    assert [asks("berkas", attach), asks("cabut", attach, "1"), asks("cabut", ways.made(late), "1")] == [200, 404, 404]
    good = ways.made(Permit(receipt["number"], "withdraw", soon))
    assert asks("cabut", good, "1", {"Sec-Fetch-Site": "cross-site"}) == 403
    assert asks("cabut", good) == 200 and "intake.withdrawal-asked" not in running.facts(receipt["number"])
    other = Permits(b64decode(running.stack.secrets.pin_key), "page of a matter")
    assert asks("cabut", other.made(Permit(receipt["number"], "withdraw", soon)), "1") == 404
    assert [asks("cabut", good, "1"), asks("cabut", good, "1")] == [200, 200]
    wait_until(lambda: "intake.withdrawal-asked" in running.facts(receipt["number"]), what="said", timeout_seconds=20)
    assert running.facts(receipt["number"]).count("intake.withdrawal-asked") == 1
