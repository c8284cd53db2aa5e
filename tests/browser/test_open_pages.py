"""Does an open page of a matter live on a phone? It hears what is new, takes what a consumer says besides answers,
tells by their clock and who looked; it can be left, installed, and read without a network."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chassis.permits import Permit
from kit.browser import DESK, PHONE, WITHOUT_IN_SOAK, a_page, is_for_everybody
from kit.browser import browser as browser
from kit.facts import AMatter
from kit.keydesk import key_desk
from kit.office import UNTIL, Office
from kit.servers import Suite
from kit.tracked import pin_for, tracking_alone, wait_entries
from playwright.sync_api import Browser, Page, expect
from slkt_local.secrets import make_secrets

from contracts import intake

OPEN = "Kapan dana saya kembali, bila tanggal itu hari libur?"


@pytest.fixture(scope="module")
def office(suite: Suite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    secrets = make_secrets(tmp_path_factory.mktemp("secrets"))
    with key_desk() as desk, tracking_alone(suite, secrets, desk, tmp_path_factory.mktemp("logs")) as service:
        yield Office(suite, secrets, desk, service.url)


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("open")


def asked(office: Office, region: str | None = None) -> AMatter:
    """A question that was answered."""
    story = AMatter()
    office.desk.keys[story.number] = story.secret
    story.registered("question", region=region)
    story.answered("Dana kembali paling lambat 14 hari kerja setelah laporan lengkap.")
    office.hear(story)
    return story


def more(office: Office, story: AMatter, *said: Any) -> None:
    """What happens elsewhere meanwhile."""
    new = AMatter(story.number)
    new.said = [story.says(one) for one in said]
    office.say(new)
    wait_entries(office.suite, story, len(story.said))


def viewed(story: AMatter, role: str, pujk: str | None, *fields: str) -> intake.DataViewed:
    why = story.seal({"text": "Menghubungi konsumen tentang dokumen yang kurang."})
    return intake.DataViewed(by="budi-42", role=role, pujk=pujk, fields=fields, sealed=why)


@WITHOUT_IN_SOAK
def test_an_answer_that_did_not_answer_is_asked_about_once_and_the_service_is_rated(
    office: Office, browser: Browser, pictures: Path, script: bool
) -> None:
    story, found = asked(office), list[str]()
    with a_page(browser, office.known, viewport=PHONE, java_script_enabled=script) as page:  # type: ignore[arg-type]
        office.opens(page, story)
        expect(page.get_by_text("Dana kembali paling lambat 14 hari kerja")).to_be_visible()
        page.get_by_text("Ini belum menjawab pertanyaan saya", exact=True).click()
        page.screenshot(path=pictures / f"answered-{script}.png", full_page=True)
        found += is_for_everybody(page) if script else []
        page.get_by_role("textbox", name="Apa yang belum terjawab?").fill(OPEN)
        page.get_by_role("button", name="Minta jawaban sekali lagi").click()
        expect(page.get_by_role("status")).to_contain_text("Pertanyaan Anda kami buka kembali.")
        wait_entries(office.suite, story, len(story.said) + 1)
        page.goto("/track/matter")
        expect(page.get_by_text("Anda menyatakan jawaban belum menjawab")).to_be_visible()
        expect(page.get_by_text(OPEN)).to_be_visible()
        expect(page.get_by_text("Ini belum menjawab pertanyaan saya", exact=True)).to_have_count(0)
        page.get_by_role("radio", name=re.compile("Baik$")).first.check()
        page.get_by_label("Saran untuk kami").fill("Jawabannya cepat.")
        page.get_by_role("button", name="Kirim penilaian").click()
        expect(page.get_by_role("status")).to_contain_text("Terima kasih atas penilaian Anda.")
        page.get_by_text("Ubah", exact=True).click()
        page.get_by_label("Kabari saya lewat").select_option("whatsapp")
        page.get_by_label("Ponsel saya boleh berbunyi").select_option(label="di luar jam di bawah ini")
        page.screenshot(path=pictures / f"preferences-{script}.png", full_page=True)
        page.get_by_role("button", name="Simpan", exact=True).click()
        expect(page.get_by_role("status")).to_contain_text("Mulai sekarang kami mengabari Anda dengan cara ini.")
        expect(page.get_by_text("Tidak pada pukul 21:00–06:00 WIB")).to_be_visible()
    assert found == []


def test_an_open_page_shows_what_is_new_by_itself_and_leaves_alone_what_is_being_written(
    office: Office, browser: Browser, pictures: Path
) -> None:
    story = asked(office, region="73")
    with a_page(browser, office.known, viewport=PHONE) as page:  # type: ignore[arg-type]
        office.opens(page, story)
        expect(page.get_by_text("Halaman ini diperbarui sendiri.")).to_be_visible()
        expect(page.get_by_text("Belum ada yang membuka data tersamar Anda.")).to_be_visible()
        expect(page.get_by_text("Petugas OJK yang menangani layanan Anda membaca cerita Anda.")).to_be_visible()
        # The matter's region is Sulawesi Selatan: 09.00 in Jakarta.
        expect(page.locator(".history time").last).to_contain_text("pukul 10.01 WITA")
        page.get_by_role("link", name="WIT", exact=True).click()
        expect(page.locator(".history time").last).to_contain_text("pukul 11.01 WIT")
        page.locator("a.language").click()
        expect(page.get_by_role("heading", name="Who looked at my data")).to_be_visible()
        page.locator("a.language").click()
        more(office, story, viewed(story, "cso", None, "consumer.phone", "consumer.email"))
        expect(page.get_by_text("Petugas layanan OJK").first).to_be_visible()
        expect(page.get_by_text("Ada perkembangan baru. Halaman ini baru saja diperbarui.")).to_be_visible()
        expect(page.locator(".looks")).to_contain_text("nomor telepon, alamat surel")
        expect(page.locator(".looks")).to_contain_text("Menghubungi konsumen tentang dokumen yang kurang.")
        assert "budi-42" not in page.content()
        page.screenshot(path=pictures / "looked.png", full_page=True)
        page.get_by_text("Ini belum menjawab pertanyaan saya", exact=True).click()
        page.get_by_role("textbox", name="Apa yang belum terjawab?").fill(OPEN)
        more(office, story, intake.ServiceReopened(standing=intake.IntakeStanding(kind="question")))
        expect(page.get_by_text("Kirim dulu yang sedang Anda tulis")).to_be_visible()
        expect(page.get_by_role("textbox", name="Apa yang belum terjawab?")).to_have_value(OPEN)
        page.reload()
        expect(page.get_by_role("heading", level=1)).to_have_text("Dibuka kembali")
        page.screenshot(path=pictures / "reopened.png", full_page=True)
        assert is_for_everybody(page) == []
        page.get_by_role("button", name="Tutup layanan ini").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Lacak Layanan Anda")
        page.goto("/track/matter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Lacak Layanan Anda")


def test_two_matters_in_one_browser_are_told_apart(office: Office, browser: Browser) -> None:
    one, other = asked(office), asked(office)
    with a_page(browser, office.known) as page:  # type: ignore[arg-type]
        office.opens(page, one)
        expect(page.get_by_text("Halaman ini diperbarui sendiri.")).to_be_visible()
        first, tab = page.locator("#matter").get_attribute("data-number"), page.context.new_page()
        office.opens(tab, other)
        second = tab.locator("#matter").get_attribute("data-number")
        more(office, one, viewed(one, "cso", None, "consumer.phone"))
        expect(page.get_by_text("Halaman ini tidak diperbarui lagi.")).to_be_visible()
        assert page.locator("#matter").get_attribute("data-number") == first
        page.get_by_role("link", name="WITA", exact=True).click()
        expect(page.get_by_text("Layanan lain itulah yang tampak di sini.")).to_be_visible()
        assert page.locator("#matter").get_attribute("data-number") == second != first
        office.opens(page, one)
        expect(page.locator(".looks")).to_contain_text("nomor telepon")
        expect(page.get_by_text("Di peramban ini dibuka layanan lain.")).to_be_hidden()


def test_a_mails_link_rates_once_without_a_log_in(office: Office, browser: Browser, pictures: Path) -> None:
    story = asked(office)
    link = f"/track/link/{office.links.made(Permit(story.number, 'feedback', UNTIL))}"
    with a_page(browser, office.known, viewport=PHONE, color_scheme="dark") as page:  # type: ignore[arg-type]
        page.goto(link)
        page.screenshot(path=pictures / "rates.png", full_page=True)
        assert is_for_everybody(page) == []
        page.get_by_role("radio", name=re.compile("Sangat baik$")).check()
        page.get_by_role("button", name="Kirim penilaian").click()
        expect(page.get_by_role("status")).to_contain_text("Terima kasih atas penilaian Anda.")
        page.goto(link)
        expect(page.get_by_role("status")).to_contain_text("Layanan ini sudah dinilai")
        expect(page.get_by_role("button", name="Kirim penilaian")).to_have_count(0)
        expect(page.get_by_text("Dana kembali")).to_have_count(0)


def keeps(page: Page) -> str:
    return str(page.evaluate("JSON.stringify(localStorage)"))


def test_what_its_owner_keeps_is_read_without_a_network_and_can_be_removed(
    office: Office, browser: Browser, pictures: Path
) -> None:
    story = asked(office)
    with a_page(browser, office.known, viewport=PHONE) as page:  # type: ignore[arg-type]
        manifest = page.request.get("/manifest.webmanifest").json()
        assert (manifest["display"], manifest["start_url"]) == ("standalone", "/")
        for icon in manifest["icons"]:
            assert page.request.get(icon["src"]).headers["content-type"] == "image/png"
        office.opens(page, story)
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        assert keeps(page) == "{}"
        page.get_by_label("Simpan posisi terakhir di ponsel ini").check()
        assert "Terjawab" in keeps(page) and pin_for(office.secrets, story.number) not in keeps(page)
        assert "Dana kembali" not in keeps(page)
        kept = page.evaluate(
            "caches.keys().then(async (all) => (await (await caches.open(all[0])).keys()).map((r) => r.url))"
        )
        assert any(one.endswith("/track/offline") for one in kept)
        assert not any("/track/matter" in one or one.endswith("/") for one in kept)
        page.context.set_offline(True)
        page.goto("/track/matter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Tidak ada internet")
        expect(page.get_by_text("Terjawab")).to_be_visible()
        page.screenshot(path=pictures / "offline.png", full_page=True)
        assert is_for_everybody(page) == []
        page.context.set_offline(False)
        page.goto("/")
        expect(page.get_by_text("Terjawab")).to_be_visible()
        page.screenshot(path=pictures / "start.png", full_page=True)
        page.set_viewport_size(DESK)  # type: ignore[arg-type]
        page.screenshot(path=pictures / "start-desk.png", full_page=True)
        page.get_by_role("button", name="Hapus dari ponsel ini").click()
        expect(page.get_by_text("Terjawab")).to_have_count(0)
        assert keeps(page) == "{}"
