"""Do consumers bring a matter on a phone, in Indonesian, with and without a script; are they told before whether this
is the right door; and does what they get in the end open the tracking page?"""

import json
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from kit.browser import PHONE, WITH_AND_WITHOUT, a_page, is_for_everybody
from kit.browser import browser as browser
from kit.running import Suite
from playwright.sync_api import Browser, Page, expect

NARROW = {"width": 360, "height": 780}
FIRST_VIEW_BYTES = 100_000
ILLEGAL = [{"name": "Dompet Kilat Jaya", "aliases": ["DompetKJ"], "activity": "Peer To Peer Lending"}]


@pytest.fixture(scope="module")
def listed(running: Suite) -> Iterator[Suite]:
    """With a list of illegal entities."""
    url = f"{running.url('routing')}/illegal-entities"
    headers = running.staff("administrator")
    running.http.put(url, content=json.dumps(ILLEGAL), headers=headers).raise_for_status()
    yield running
    running.http.put(url, content="[]", headers=headers).raise_for_status()


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pictures")


def begins(page: Page, kind: str) -> None:
    page.goto("/lapor")
    page.get_by_role("button", name=kind).click()


def onwards(page: Page) -> None:
    page.get_by_role("button", name="Lanjut", exact=True).click()


def sends(page: Page) -> None:
    """Nobody is believed to fill in five steps within three seconds: who was so fast presses once more."""
    done, again = page.locator("[data-number]"), page.get_by_text("Periksa dulu isiannya")
    while not done.count():
        page.get_by_role("button", name="Kirim ke OJK").click()
        expect(done.or_(again)).to_be_visible()


def problem(page: Page, pujk: str, moved: str = "Tidak") -> None:
    page.fill("#pujk", pujk)
    page.select_option("#product", label="Tabungan")
    page.select_option("#issue", label="Biaya dan denda")
    page.get_by_role("group", name="Apakah uang Anda").get_by_label(moved).check()
    onwards(page)


@WITH_AND_WITHOUT
def test_five_steps_on_a_phone_end_with_a_receipt_that_opens_the_tracking_page(
    listed: Suite, browser: Browser, pictures: Path, script: bool
) -> None:
    found, story = list[str](), f"Potongan biaya {uuid4().hex[:8]} yang tidak pernah saya setujui."
    with a_page(browser, listed, viewport=NARROW, java_script_enabled=script) as page:

        def look(name: str) -> None:
            page.screenshot(path=pictures / f"{name}-{script}.png", full_page=True)
            found.extend(is_for_everybody(page) if script else [])

        page.goto("/")
        page.locator('main a[href^="/lapor"]').click()
        look("start")
        page.get_by_role("button", name="Pengaduan").click()
        problem(page, "bank mandiri", "Ya, uang saya")
        page.get_by_role("link", name="Perbaiki isian saya").click()
        expect(page.get_by_text("Tercatat sebagai Bank Mandiri")).to_be_visible()
        problem(page, "bank rakyt indonesia", "Ya, uang saya")
        page.get_by_role("group", name="Yang mana maksud Anda?").get_by_label("Bank Rakyat Indonesia").check()
        look("which")
        onwards(page)
        expect(page.get_by_role("heading", name="Hubungi IASC sekarang juga")).to_be_visible()
        look("moved")
        page.get_by_role("link", name="Lanjutkan sebagai pengaduan").click()
        page.fill("#story", story)
        page.fill("#loss", "600 juta")
        page.fill("#demand_1", "Kembalikan biaya itu")
        page.fill("#amount_1", "banyak")
        page.get_by_label("Belum").check()
        page.locator("#in_court").get_by_label("Tidak").check()
        onwards(page)
        expect(page.locator("#amount_1-wrong")).to_contain_text("dengan angka")
        look("wrong")
        page.fill("#amount_1", "1,5 juta")
        onwards(page)
        expect(page.get_by_role("heading", name="Adukan dulu ke Bank Rakyat Indonesia")).to_be_visible()
        expect(page.get_by_role("heading", name="nilai di atas Rp500.000.000")).to_be_visible()
        page.get_by_role("link", name="Lanjutkan sebagai pengaduan").click()
        page.fill("#name", "Sri Rahayu")
        page.fill("#nik", "3171 2345 0190 0001")
        page.fill("#email", "sri@example.org")
        look("person")
        onwards(page)
        page.set_input_files("#files", {"name": "bukti.txt", "mimeType": "text/plain", "buffer": b"rekening koran"})
        if not script:
            page.get_by_role("button", name="Unggah berkas ini").click()
        expect(page.get_by_text("1 berkas sudah masuk")).to_be_visible()
        onwards(page)
        expect(page.get_by_text("Bank Rakyat Indonesia (Persero)")).to_be_visible()
        page.get_by_label("Saya setuju OJK meneruskan").check()
        look("check")
        sends(page)
        expect(page.get_by_role("heading", level=1)).to_have_text("Terkirim. Ini tanda terima Anda")
        number, pin = page.locator("[data-number]").inner_text(), page.locator("[data-pin]").inner_text()
        assert pin.replace(" ", "") not in page.url + page.content().replace(pin, "")
        expect(page.get_by_text("10 hari kerja")).to_be_visible()
        look("receipt")
        kept = page.evaluate("Object.keys(localStorage).length") if script else 0
        page.goto("/")
        page.fill("#number", number)
        page.fill("#pin", pin)
        page.get_by_role("button", name="Lihat").click()
        expect(page.locator(".matter .number")).to_have_text(number)
    assert (found, kept) == ([], 0)
    matter = listed.mongo["intake"]["services"].find_one({"_id": "".join(filter(str.isdigit, number))})
    assert matter and (matter["state"]["channel"], len(matter["state"]["attachments"])) == ("web", 1)
    assert story not in str(list(listed.mongo["intake"]["drafts"].find()))


def test_who_is_at_the_wrong_door_is_told_where_to_go_and_may_still_go_on(listed: Suite, browser: Browser) -> None:
    with a_page(browser, listed, viewport=PHONE) as page:
        begins(page, "Pengaduan")
        problem(page, "dompet kilat jya")
        expect(page.locator("main .btn-primary")).to_have_text("Ubah menjadi informasi untuk OJK")
        expect(page.get_by_role("heading", name="Dompet Kilat Jaya ada di daftar entitas ilegal")).to_be_visible()
        expect(page.get_by_text("satgaspasti@ojk.go.id")).to_be_visible()
        assert is_for_everybody(page) == []
        page.get_by_role("button", name="Ubah menjadi informasi untuk OJK").click()
        expect(page.get_by_role("heading", name="Apa yang ingin Anda sampaikan?")).to_be_visible()
        expect(page.locator("#demand_1")).to_have_count(0)
        page.fill("#story", "Mereka menagih dengan ancaman.")
        onwards(page)
        page.fill("#name", "Budi")
        onwards(page)
        onwards(page)
        sends(page)
        expect(page.locator("[data-number]")).to_contain_text("L ")
        page.get_by_role("button", name="Sudah saya simpan").click()
        expect(page.get_by_role("status")).to_have_text("Isian Anda sudah dihapus.")
        page.goto("/lapor/tanda-terima")
        expect(page.get_by_role("status")).to_contain_text("Tidak ada isian di peramban ini")


def test_words_of_a_draft_that_is_gone_never_stand_in_the_next_one(listed: Suite, browser: Browser) -> None:
    """Also where a page of the old one is still open in another tab."""
    secret = f"Rahasia {uuid4().hex[:8]}"
    with a_page(browser, listed, viewport=NARROW) as page:
        begins(page, "Pertanyaan")
        page.goto("/lapor/cerita")
        other = page.context.new_page()
        other.goto("/lapor/hapus")
        other.get_by_role("button", name="Ya, hapus").click()
        expect(other.get_by_role("status")).to_have_text("Isian Anda sudah dihapus.")
        page.fill("#story", secret)
        begins(other, "Pengaduan")
        other.goto("/lapor/cerita")
        expect(other.locator("#story")).to_have_value("")
        expect(other.locator("[data-restored]")).to_be_hidden()
        assert secret not in other.evaluate("JSON.stringify(localStorage)")
        other.fill("#story", "Yang ini milik isian baru.")
        other.reload()
        expect(other.locator("#story")).to_have_value("Yang ini milik isian baru.")
        page.fill("#story", secret)
        other.goto("/lapor/tersimpan")
        other.goto("/lapor")
        assert secret not in other.evaluate("JSON.stringify(localStorage)")
        assert "isian baru" in other.evaluate("JSON.stringify(localStorage)")


def test_a_lost_connection_loses_nothing_and_the_first_view_is_light(listed: Suite, browser: Browser) -> None:
    with a_page(browser, listed, viewport=NARROW) as page:
        network = page.context.new_cdp_session(page)
        network.send("Network.enable")
        loaded = list[float]()
        network.on("Network.loadingFinished", lambda said: loaded.append(said["encodedDataLength"]))
        page.goto("/lapor")
        page.wait_for_load_state("networkidle")
        assert 10_000 < sum(loaded) <= FIRST_VIEW_BYTES, sum(loaded)
        page.get_by_role("button", name="Pertanyaan").click()
        page.fill("#pujk", "bank mandiri")
        expect(page.locator("#firms option").first).to_have_attribute("value", "Bank Mandiri (Persero)")
        onwards(page)
        page.fill("#story", "Apakah penawaran ini berizin?")
        page.context.set_offline(True)
        onwards(page)
        expect(page.get_by_text("Tidak ada sambungan internet")).to_be_visible()
        page.context.set_offline(False)
        page.reload()
        expect(page.locator("#story")).to_have_value("Apakah penawaran ini berizin?")
        page.get_by_role("button", name="Simpan, isi lagi nanti").click()
        expect(page.get_by_role("heading", name="Isian Anda tersimpan")).to_be_visible()
        page.goto("/lapor/masalah")
        meant = page.get_by_text("Tercatat sebagai Bank Mandiri")
        expect(meant).to_be_visible()
        page.fill("#pujk", "bank mandiri taspen")
        expect(meant).to_be_hidden()
        page.fill("#pujk", "bank mandiri")
        expect(meant).to_be_visible()
        page.evaluate("localStorage.clear()")
        page.goto("/lapor")
        page.goto("/lapor/lampiran")
        page.context.set_offline(True)
        page.set_input_files("#files", {"name": "bukti.txt", "mimeType": "text/plain", "buffer": b"rekening koran"})
        expect(page.get_by_text("Belum ada yang terkirim")).to_be_visible()
        page.context.set_offline(False)
        page.get_by_role("button", name="Unggah berkas ini").click()
        expect(page.get_by_text("1 berkas sudah masuk")).to_be_visible()
        page.goto("/lapor")
        page.get_by_role("link", name="Lanjutkan mengisi").click()
        onwards(page)
        expect(page.locator("#story")).to_have_value("Apakah penawaran ini berizin?")
